"""The kinds of problem that the server answers with: names, HTTP statuses, titles, explanations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its stable name, HTTP status, title, and what to do about it."""

    name: str
    status: int
    title: str
    description: str

    @property
    def type(self) -> str:
        """The ``type`` of RFC 9457: a reference to the page of this server that explains the kind."""
        return f"/problems/{self.name}"


PROBLEMS = {
    kind.name: kind
    for kind in (
        ProblemKind(
            "invalid-input",
            422,
            "Invalid input",
            "A value is wrong. The errors name each field and say what is allowed.",
        ),
        ProblemKind(
            "limit-exceeded",
            422,
            "Limit exceeded",
            "A value is larger than a limit of this server. The error names the limit and its setting.",
        ),
        ProblemKind(
            "body-too-large",
            413,
            "Body too large",
            "The body has more bytes than GATESCOPE_MAX_BODY_BYTES allows, or GATESCOPE_MAX_MODEL_BYTES for a model.",
        ),
        ProblemKind(
            "malformed-json",
            400,
            "Malformed JSON",
            "The body is not JSON. The error gives the line and the column.",
        ),
        ProblemKind(
            "unsupported-content-type",
            415,
            "Unsupported content type",
            "The API reads JSON (Content-Type: application/json), and model files (application/octet-stream).",
        ),
        ProblemKind("not-found", 404, "Not found", "There is nothing at this address; /docs lists the API."),
        ProblemKind(
            "method-not-allowed",
            405,
            "Method not allowed",
            "The address exists; the Allow header lists its methods.",
        ),
        ProblemKind(
            "malformed-host",
            400,
            "Malformed Host header",
            "A request needs exactly one Host header that holds a name or an address, and a port if any.",
        ),
        ProblemKind(
            "wrong-host",
            421,
            "Wrong host",
            "The Host header names no host of this server; GATESCOPE_ALLOWED_HOSTS lists them.",
        ),
        ProblemKind(
            "token-required",
            401,
            "Token required",
            "The server asks for its token (GATESCOPE_TOKEN): in the header Authorization: Bearer, or in the cookie "
            "that the page gets when it is opened with ?token= in its address.",
        ),
        ProblemKind(
            "cross-site-request",
            403,
            "Cross-site request",
            "A web page of another origin sent this request; only Gatescope's page and programs may use the API.",
        ),
        ProblemKind(
            "not-ready",
            503,
            "Not ready",
            "The server has not yet finished the trace by which it checks itself.",
        ),
        ProblemKind(
            "storage-unavailable",
            507,
            "Storage unavailable",
            "The model cannot be kept: GATESCOPE_DATA_DIR cannot be written to, or its disk is full.",
        ),
        ProblemKind(
            "out-of-time",
            503,
            "Out of time",
            "The computation took longer than GATESCOPE_MAX_SECONDS and was stopped; a smaller one may end in time.",
        ),
        ProblemKind(
            "overloaded",
            503,
            "Overloaded",
            "The server computes as much as it can, and too many wait; the header Retry-After says when to ask again.",
        ),
        ProblemKind(
            "temporary-folder-unavailable",
            507,
            "Temporary folder unavailable",
            "The file cannot be read: the server's folder for temporary files cannot be written to, or is full.",
        ),
        ProblemKind("shutting-down", 503, "Shutting down", "The server is stopping and took back what it had begun."),
        ProblemKind(
            "internal-error",
            500,
            "Internal error",
            "A fault of Gatescope. The server's log holds it under the id given.",
        ),
    )
}
