"""Who may use the API: whoever knows the token, in a header, or in a cookie that the page's first visit sets."""

import hashlib
import hmac
from typing import Any
from urllib.parse import unquote_plus

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gatescope.web.problems.responses import documented, problem

API = "/api/"
PAGES = frozenset({"/", "/index.html"})
PARAMETER = "token"  # of the page's address
BEARER, COOKIE = "token", "token_cookie"  # as OpenAPI names the two ways


class TokenGuard:
    """Refuses requests to the API that do not show the token.

    The page and its files are open, so that the page can say what is missing; so are the probes. A visit of the page
    with ``?token=…`` is sent on to the same address without it, with a cookie if the token is right.

    Args:
        app: the next one.
        token: that of the settings.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self.token = token
        self.cookie_name, self.cookie_value = _cookie(token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may use what it asks for."""
        if scope["type"] == "http" and scope["path"].startswith(API) and not self._is_known(Headers(scope=scope)):
            message = "this server asks for its token, in the header Authorization: Bearer … or in the page's cookie"
            refusal = problem("token-required", message, headers={"WWW-Authenticate": 'Bearer realm="Gatescope"'})
            await refusal(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in PAGES and _given(scope) is not None:
            await self._welcome(scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _is_same(token.strip(), self.token):
            return True
        cookies = [cookie_parser(header).get(self.cookie_name, "") for header in headers.getlist("cookie")]
        return any(_is_same(cookie, self.cookie_value) for cookie in cookies)

    def _welcome(self, scope: Scope) -> Response:
        rest = "&".join(part for part in _parts(scope) if not _is_token(part))
        # Relative, so that it also leads back below the path of a proxy, and never to another host.
        headers = {"Location": f"./?{rest}" if rest else "./", "Cache-Control": "no-store"}
        response = Response(status_code=303, headers=headers)
        if _is_same(_given(scope) or "", self.token):
            is_secure = scope["scheme"] == "https"
            response.set_cookie(self.cookie_name, self.cookie_value, httponly=True, samesite="strict", secure=is_secure)
        return response


def describe_token(description: dict[str, Any], token: str) -> None:
    """Add to an OpenAPI ``description`` that the API asks for ``token``."""
    description["components"]["securitySchemes"] = {
        BEARER: {"type": "http", "scheme": "bearer", "description": "The setting GATESCOPE_TOKEN of the server."},
        COOKIE: {"type": "apiKey", "in": "cookie", "name": _cookie(token)[0], "description": "The page's cookie."},
    }
    refusal = {str(status): response for status, response in documented("token-required").items()}
    for path, operations in description["paths"].items():
        if path.startswith(API):
            for operation in operations.values():
                operation["security"] = [{BEARER: []}, {COOKIE: []}]
                operation["responses"].update(refusal)


def _cookie(token: str) -> tuple[str, str]:
    """Name and value: of another server on the same host another, and nothing from which the token can be read."""
    name, value = (hmac.new(token.encode(), use, hashlib.sha256).hexdigest() for use in (b"name", b"value"))
    return f"gatescope_{name[:8]}", value


def _is_same(given: str, expected: str) -> bool:
    """Compare in a time that tells neither a letter nor the length."""
    digests = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, expected))
    return hmac.compare_digest(*digests)


def _parts(scope: Scope) -> list[str]:
    query: bytes = scope["query_string"]
    return [part for part in query.decode("latin-1").split("&") if part]


def _is_token(part: str) -> bool:
    return part.partition("=")[0] == PARAMETER


def _given(scope: Scope) -> str | None:
    """The token in the address, None if there is none."""
    given = [unquote_plus(part.partition("=")[2]) for part in _parts(scope) if _is_token(part)]
    return given[0] if given else None
