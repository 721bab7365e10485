// Starts Swagger UI on this server's own description; no request leaves the origin.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  validatorUrl: null,
});
