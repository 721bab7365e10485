"""A client that does not read its answer is cut off, so that the answer does not stay in memory."""

from collections.abc import Iterator

from anyio import fail_after
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE = 2**18  # bytes


class SlowReaders:
    """Sends answers in pieces, each of which waits until the client has taken most of what went before.

    Args:
        app: the next one.
        seconds: in which a client must take a piece.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; end the connection if its answer is not taken."""

        async def send_in_time(message: Message) -> None:
            for piece in _pieces(message):
                try:
                    with fail_after(self.seconds):
                        await send(piece)
                except TimeoutError:
                    raise ClientDisconnect from None  # as good as gone

        await self.app(scope, receive, send_in_time)


def _pieces(message: Message) -> Iterator[Message]:
    """A message as it is, or its long body in pieces, of which the last is empty: it waits for those before it."""
    body = message.get("body", b"")
    if len(body) <= PIECE:
        yield message
        return
    for start in range(0, len(body), PIECE):
        yield {**message, "body": body[start : start + PIECE], "more_body": True}
    if not message.get("more_body", False):
        yield {**message, "body": b"", "more_body": False}
