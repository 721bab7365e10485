"""The REST API, its documentation and the static page, served by FastAPI."""
