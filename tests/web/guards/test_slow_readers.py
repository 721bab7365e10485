"""A client that does not read its answer is cut off, and its answer is no longer in memory."""

import socket

import pytest
from starlette.types import Message, Receive, Scope, Send
from tests.conftest import Serve
from tests.wire import Json

from gatescope.web.guards.slow_readers import PIECE, SlowReaders

LARGE: Json = {  # more than the buffers of two sockets take
    "model": {"type": "random", "hidden_size": 49, "seed": 0},
    "sequence": {"type": "signal", "name": "sine", "steps": 20_000},
}


def test_who_does_not_read_is_cut_off_and_others_have_the_room(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatescope.web.app.SEND_SECONDS", 0.5)
    client = serve(max_answer_bytes_in_flight=4)  # each large answer takes all the room
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=60) as deaf:
        request = client.build_request("POST", "/api/v1/traces", json=LARGE)
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        deaf.sendall(f"POST {request.url.path} HTTP/1.1\r\n{head}\r\n".encode() + request.content)
        deaf.recv(1)
        assert client.post("/api/v1/traces?encoding=base64", json=LARGE).status_code == 200
        received = 0
        while part := deaf.recv(2**20):
            received += len(part)
        assert received < 6 * 49 * 20_000, "the answer broke off before a byte for each of its numbers"


@pytest.mark.anyio
@pytest.mark.parametrize("size", [0, 5, PIECE, PIECE + 1, 3 * PIECE])
@pytest.mark.parametrize("more", [False, True])
async def test_pieces_are_the_body(size: int, more: bool) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sent: list[Message] = []

    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": more})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await SlowReaders(app, 1)({}, receive, send)
    assert b"".join(message["body"] for message in sent) == body
    assert [message["more_body"] for message in sent] == [True] * (len(sent) - 1) + [more]
    assert max(len(message["body"]) for message in sent) <= PIECE
