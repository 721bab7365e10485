"""A response whose body is a list of parts, which are sent one by one and never joined."""

from collections.abc import Callable, Sequence

from fastapi import Response
from starlette.types import Receive, Scope, Send


class InParts(Response):
    """The parts one after the other, with the length of all together.

    Args:
        parts: the body.
        media_type: its type.
        on_end: called when they are sent, or cannot be.
    """

    def __init__(self, parts: Sequence[bytes], media_type: str, on_end: Callable[[], None]) -> None:
        super().__init__(media_type=media_type, headers={"Content-Length": str(sum(map(len, parts)))})
        self.parts = parts
        self.on_end = on_end

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the head and the parts."""
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for part in self.parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.parts = ()
            self.on_end()
