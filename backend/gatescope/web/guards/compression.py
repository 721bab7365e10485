"""Compression of text for clients on another machine; of a file once, of an answer at the fastest level."""

import ipaddress
import zlib

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TYPES = ("text/", "application/json", "application/problem+json", "image/svg+xml")
SMALLEST = 1024  # bytes; less fits into one packet anyway
FILE_LEVEL, ANSWER_LEVEL = 9, 1
GZIP = 16 + zlib.MAX_WBITS


class Compression:
    """Sends bodies as gzip to clients that take it and are not on this machine.

    A body with an ETag is a file: it is compressed at its first request and cached.

    Args:
        app: the next one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files: dict[tuple[str, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back compressed where that pays."""
        if scope["type"] != "http" or scope["method"] == "HEAD" or _is_loopback(scope):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        accepted = _takes_gzip(headers.get("accept-encoding", "")) and "range" not in headers
        start: Message = {}
        body: list[bytes] = []

        async def send_compressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_compressible(message):
                MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
                if accepted:
                    start = message
                    return
            if not start:
                await send(message)
                return
            body.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(scope["path"], start, body, send)

        await self.app(scope, receive, send_compressed)

    async def _finish(self, path: str, start: Message, body: list[bytes], send: Send) -> None:
        headers = MutableHeaders(scope=start)
        etag = headers.get("etag")
        if etag is None:
            content = await anyio.to_thread.run_sync(_compress, body, ANSWER_LEVEL)
        else:
            if (path, etag) not in self.files:
                self.files[path, etag] = await anyio.to_thread.run_sync(_compress, body, FILE_LEVEL)
            content = self.files[path, etag]
            headers["ETag"] = f"W/{etag.removeprefix('W/')}"  # the same file, in other bytes
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(content))
        if "accept-ranges" in headers:
            del headers["accept-ranges"]
        await send(start)
        await send({"type": "http.response.body", "body": content})


def _compress(body: list[bytes], level: int) -> bytes:
    compressor = zlib.compressobj(level, wbits=GZIP)
    return b"".join([*map(compressor.compress, body), compressor.flush()])


def _is_compressible(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return bool(
        start["status"] not in (204, 206, 304)
        and headers.get("content-type", "").startswith(TYPES)
        and "content-encoding" not in headers
        and int(headers.get("content-length", "0")) >= SMALLEST
    )


def _takes_gzip(accepted: str) -> bool:
    """Tells whether the header Accept-Encoding names gzip, or anything, with no weight of 0."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        try:
            weights[name.strip()] = float(weight.partition("q=")[2] or 1)
        except ValueError:
            weights[name.strip()] = 0
    return weights.get("gzip", weights.get("*", 0)) > 0


def _is_loopback(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
