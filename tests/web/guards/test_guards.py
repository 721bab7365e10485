import socket
from collections.abc import Iterator

import httpx
import pytest
from tests.conftest import Serve
from tests.web.rest import AssertProblem

REQUEST = {
    "model": {"type": "random", "hidden_size": 2, "seed": 1},
    "sequence": {"type": "numbers", "values": [1, 2, 3]},
}


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost:8000", "localhost.", "localhost.:1", "127.0.0.1:65535", "[::1]", "[::1]:80", "[0:0::1]"],
)
def test_allowed_hosts_are_served_however_they_are_spelled(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example:8000", "[::2]"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/signals"])
def test_any_other_host_is_refused(client: httpx.Client, assert_problem: AssertProblem, host: str, path: str) -> None:
    error = assert_problem(client.get(path, headers={"Host": host}), "wrong-host", code="wrong_host")
    assert error["context"] == {"setting": "GATESCOPE_ALLOWED_HOSTS"}


@pytest.mark.parametrize(
    "host", ["", "localhost:port", "localhost:123456", "user@localhost", "[::1", "[::z]", "[1:2]", "a/b", "a b"]
)
def test_a_malformed_host_is_refused(client: httpx.Client, assert_problem: AssertProblem, host: str) -> None:
    assert_problem(client.get("/healthz", headers={"Host": host}), "malformed-host", code="malformed_host")


@pytest.mark.parametrize("hosts", [b"", b"Host: localhost\r\nHost: localhost\r\n"], ids=["none", "two"])
def test_there_must_be_exactly_one_host(client: httpx.Client, hosts: bytes) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")


def test_a_star_allows_all_hosts(serve: Serve) -> None:
    client = serve(allowed_hosts=("*",))
    assert client.get("/healthz", headers={"Host": "any.example:81"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://localhost:1"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v1/traces"), ("GET", "/api/v1/signals")])
def test_a_page_of_another_origin_may_not_use_the_api(
    client: httpx.Client, assert_problem: AssertProblem, headers: dict[str, str], method: str, path: str
) -> None:
    body = REQUEST if method == "POST" else None
    assert_problem(client.request(method, path, json=body, headers=headers), "cross-site-request")


def test_a_foreign_preflight_is_answered_without_permission(
    client: httpx.Client, assert_problem: AssertProblem
) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    response = client.options("/api/v1/traces", headers=headers)
    assert_problem(response, "cross-site-request")
    assert not any(name.startswith("access-control") for name in response.headers)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_page_itself_may_use_the_api(client: httpx.Client, scheme: str) -> None:
    host = f"{client.base_url.host}:{client.base_url.port}"
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": f"{scheme}://{host}"}
    assert client.post("/api/v1/traces", json=REQUEST, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
def test_only_json_is_read(client: httpx.Client, assert_problem: AssertProblem, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = client.post("/api/v1/traces", content=b"{}", headers=headers)
    assert_problem(response, "unsupported-content-type", code="unsupported_content_type")


def test_json_may_name_its_charset(client: httpx.Client) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    request = httpx.Request("POST", "http://x", json=REQUEST)
    assert client.post("/api/v1/traces", content=request.content, headers=headers).status_code == 200


@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "streamed"])
def test_a_body_beyond_the_limit_is_refused(serve: Serve, assert_problem: AssertProblem, is_declared: bool) -> None:
    client = serve(max_body_bytes=1000)

    def pieces() -> Iterator[bytes]:
        yield from [b"[" + b"1," * 200] * 5

    content = b"".join(pieces()) if is_declared else pieces()
    response = client.post("/api/v1/traces", content=content, headers={"Content-Type": "application/json"})
    error = assert_problem(response, "body-too-large", code="body_too_large")
    assert error["context"] == {"limit": 1000, "setting": "GATESCOPE_MAX_BODY_BYTES"}
    assert "1,000 bytes" in error["message"]


def test_a_body_at_the_limit_is_read(serve: Serve) -> None:
    content = httpx.Request("POST", "http://x", json=REQUEST).content
    client = serve(max_body_bytes=len(content))
    headers = {"Content-Type": "application/json"}
    assert client.post("/api/v1/traces", content=content, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/docs", 200),
        ("GET", "/api/v1/signals", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/api/v1/traces", 415),
        ("GET", "/vendor/plotly.css", 200),
    ],
)
def test_every_response_carries_the_security_headers(client: httpx.Client, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["cache-control"] == ("no-store" if path.startswith("/api/") else "no-cache")
    policy = response.headers["content-security-policy"]
    for directive in ("default-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
        assert directive in policy
    assert "script-src" not in policy
    assert "http" not in policy
