"""The static page, Plotly for it, the documentation page, and the explanation of each kind of problem."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

import fastapi_offline
import plotly
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

import gatescope
from gatescope.web.problems.kinds import PROBLEMS
from gatescope.web.routes.plotly_styles import plotly_style_hashes, plotly_stylesheet

PACKAGE = Path(gatescope.__file__).parent
DOCUMENTATION = Path(__file__).parent / "documentation"
SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data"
PLOTLY_SCRIPT = "vendor/plotly.min.js"  # as the page names it
# Plotly and Swagger UI set style attributes, and Swagger UI inserts style elements; neither needs a script of its own.
POLICY = (
    "default-src 'self'; style-src-attr 'unsafe-inline'; style-src-elem 'self' {styles}; img-src 'self' data: blob:; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def content_policy() -> str:
    """The Content-Security-Policy of the page: everything from this server, and no script but its files."""
    return POLICY.format(styles=" ".join(plotly_style_hashes()))


@cache
def versioned_plotly() -> str:
    """The address of Plotly's script, which is another for another version."""
    return f"vendor/plotly.{hashlib.sha256(_plotly()).hexdigest()[:16]}.min.js"


@cache
def _plotly() -> bytes:
    """Plotly's script, cached: read from disk piece by piece it takes longer than all the rest of the page."""
    return (PLOTLY / "plotly.min.js").read_bytes()


def frontend_directory() -> Path:
    """The folder of the page: inside the installed package, or beside ``backend/`` in the repository."""
    installed = PACKAGE / "frontend"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "frontend"


def page_content() -> str:
    """The page, with links to all its modules, so that a browser loads them all at once."""
    directory = frontend_directory()
    modules = sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*.js"))
    links = "".join(f'<link rel="modulepreload" href="{name}" />' for name in modules)
    content = (directory / "index.html").read_text(encoding="utf-8")
    return content.replace(PLOTLY_SCRIPT, versioned_plotly()).replace("</head>", f"{links}</head>")


def add_pages(app: FastAPI) -> None:
    """Serve everything that is not the API from ``app``."""
    # The operating system's table may give scripts a type that browsers refuse to run as a module.
    mimetypes.add_type("text/javascript", ".js")
    app.include_router(_router())
    app.mount("/docs/assets", StaticFiles(directory=SWAGGER_UI))
    app.frontend("/", directory=frontend_directory(), fallback=None)


def _router() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    plotly_files = StaticFiles(directory=PLOTLY)
    documentation_files = StaticFiles(directory=DOCUMENTATION)

    @router.api_route("/vendor/plotly.min.js", methods=["GET", "HEAD"])
    async def plotly_script(request: Request) -> Response:
        return await plotly_files.get_response("plotly.min.js", request.scope)

    @router.api_route(f"/{versioned_plotly()}", methods=["GET", "HEAD"])
    async def versioned_plotly_script() -> Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{versioned_plotly()}"'}
        return Response(_plotly(), media_type="text/javascript", headers=headers)

    @router.api_route("/", methods=["GET", "HEAD"])
    @router.api_route("/index.html", methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        content = page_content()
        etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
        known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if etag in known:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(content, media_type="text/html", headers={"ETag": etag})

    @router.api_route("/vendor/plotly.css", methods=["GET", "HEAD"])
    async def plotly_style() -> Response:
        return Response(plotly_stylesheet(), media_type="text/css")

    @router.api_route("/docs", methods=["GET", "HEAD"])
    async def documentation(request: Request) -> Response:
        response = await documentation_files.get_response("index.html", request.scope)
        response.headers["Content-Security-Policy"] = POLICY.format(styles="'unsafe-inline'")
        return response

    @router.api_route("/docs/start.js", methods=["GET", "HEAD"])
    async def documentation_start(request: Request) -> Response:
        return await documentation_files.get_response("start.js", request.scope)

    @router.api_route("/problems/{name}", methods=["GET", "HEAD"])
    async def problem_kind(name: str) -> Response:
        if name not in PROBLEMS:
            raise HTTPException(404)
        kind = PROBLEMS[name]
        return PlainTextResponse(f"{kind.title} (status {kind.status})\n\n{kind.description}\n")

    return router
