from typing import Any

import httpx
import pytest

from gatescope.web.app import create_app
from gatescope.web.settings import Settings

REQUEST = {
    "model": {"type": "random", "hidden_size": 8, "seed": 0},
    "sequence": {"type": "numbers", "values": [1] * 30},
}
SCRIPT = "/vendor/plotly.min.js"
pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(Settings())


def from_(address: str, app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.0.3"])
@pytest.mark.parametrize("path", ["/", SCRIPT, "/openapi.json"])
async def test_nothing_is_compressed_for_the_machine_itself(app: Any, address: str, path: str) -> None:
    async with from_(address, app) as client:
        assert "content-encoding" not in (await client.get(path)).headers


@pytest.mark.parametrize("path", ["/", SCRIPT, "/main.js", "/openapi.json", "/i18n/ko.json"])
async def test_what_another_machine_gets_compressed_is_the_same(app: Any, path: str) -> None:
    async with from_("192.0.2.7", app) as client:
        compressed = await client.get(path, headers={"Accept-Encoding": "gzip"})
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert compressed.content == plain.content
    assert int(compressed.headers["content-length"]) < len(plain.content)
    for answer in (compressed, plain):
        assert answer.headers["vary"] == "Accept-Encoding"


async def test_an_answer_is_compressed_too(app: Any) -> None:
    async with from_("192.0.2.7", app) as client:
        answer = await client.post("/api/v1/traces", json=REQUEST, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["sequence"]["steps"] == 30


async def test_a_compressed_file_is_not_sent_again_while_it_is_unchanged(app: Any) -> None:
    async with from_("192.0.2.7", app) as client:
        first = await client.get(SCRIPT, headers={"Accept-Encoding": "gzip"})
        again = await client.get(SCRIPT, headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["etag"].startswith("W/")
    assert (again.status_code, again.content) == (304, b"")


async def test_a_range_is_a_range_of_the_file_itself(app: Any) -> None:
    async with from_("192.0.2.7", app) as client:
        part = await client.get(SCRIPT, headers={"Range": "bytes=0-1999", "Accept-Encoding": "gzip"})
        whole = await client.get(SCRIPT)
    assert part.status_code == 206
    assert "content-encoding" not in part.headers
    assert part.content == whole.content[:2000]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip;q=0", None), ("br", None), ("*", "gzip"), ("br, GZIP;q=0.5", "gzip"), ("*;q=0", None), ("gzip;q=x", None)],
)
async def test_the_client_chooses(app: Any, accepted: str, encoding: str | None) -> None:
    async with from_("192.0.2.7", app) as client:
        answer = await client.get("/main.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding


async def test_no_answer_of_a_few_bytes_is_compressed(app: Any) -> None:
    async with from_("192.0.2.7", app) as client:
        assert "content-encoding" not in (await client.get("/healthz")).headers
