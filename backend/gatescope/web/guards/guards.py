"""Checks of the host, the origin and the size of every request, and headers of every response."""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatescope.web.guards.hosts import host_name
from gatescope.web.problems.handlers import BodyTooLarge
from gatescope.web.problems.responses import body_too_large, problem

API = "/api/"
UPLOADS = "/api/v1/models"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOT_CACHED = (API, "/healthz", "/readyz")


class ResponseHeaders:
    """Adds the security headers and a cache policy to every response that does not set its own.

    Args:
        app: the next one.
        content_policy: the Content-Security-Policy.
    """

    def __init__(self, app: ASGIApp, content_policy: str) -> None:
        self.app = app
        self.headers = {"Content-Security-Policy": content_policy, **SECURITY_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cache = "no-store" if scope["path"].startswith(NOT_CACHED) else "no-cache"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**self.headers, "Cache-Control": cache}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HostGuard:
    """Refuses a Host header that is not allowed, so that no foreign name can be rebound to this server.

    Args:
        app: the next one.
        allowed: names and addresses, without ports; ``*`` allows all.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self.app = app
        self.allowed = frozenset(map(host_name, allowed))
        self.allows_all = "*" in allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its host is allowed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        hosts = Headers(scope=scope).getlist("host")
        name = host_name(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            refusal = problem("malformed-host", "a request needs exactly one Host header with a valid host and port")
        elif not self.allows_all and name not in self.allowed:
            message = "the Host header names no host of this server (setting GATESCOPE_ALLOWED_HOSTS)"
            refusal = problem("wrong-host", message, setting="GATESCOPE_ALLOWED_HOSTS")
        else:
            await self.app(scope, receive, send)
            return
        await refusal(scope, receive, send)


class CrossSiteGuard:
    """Refuses requests to the API sent for a page of another origin, and bodies of another type than expected.

    A foreign page can make a browser send requests to a server on the reader's own machine. Browsers mark
    them with ``Sec-Fetch-Site`` and ``Origin``; older ones are stopped by the content type, neither of which a
    foreign page can set without a preflight.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may use the API."""
        if scope["type"] == "http" and scope["path"].startswith(API):
            headers = Headers(scope=scope)
            if _is_foreign(headers):
                refusal = problem("cross-site-request", "a page of another origin may not use this API")
                await refusal(scope, receive, send)
                return
            expected = _expected_type(scope)
            if expected and _media_type(headers) != expected:
                refusal = problem("unsupported-content-type", f"the header Content-Type must be {expected}")
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


class BodyLimit:
    """Refuses a body of too many bytes, by its declared length and by what arrives.

    Args:
        app: the next one.
        limit: for JSON.
        upload_limit: for a model file.
    """

    def __init__(self, app: ASGIApp, limit: int, upload_limit: int) -> None:
        self.app = app
        self.limit = limit
        self.upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, setting = self.limit, "GATESCOPE_MAX_BODY_BYTES"
        if _is_upload(scope):
            limit, setting = self.upload_limit, "GATESCOPE_MAX_MODEL_BYTES"
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > limit:
            await body_too_large(limit, setting)(scope, receive, send)
            return
        arrived = 0

        async def receive_counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > limit:
                raise BodyTooLarge(limit, setting)
            return message

        await self.app(scope, receive_counted, send)


def _is_foreign(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return True
    origin = headers.get("origin")
    # The scheme is not compared: a proxy in front may speak TLS where this server does not.
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()


def _is_upload(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == UPLOADS)


def _expected_type(scope: Scope) -> str | None:
    if _is_upload(scope):
        return "application/octet-stream"
    return "application/json" if scope["method"] in {"POST", "PUT", "PATCH"} else None


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
