from collections.abc import Iterator

import httpx
import pytest
from tests.conftest import running_server
from tests.wire import AssertProblem

from gatescope.web.app import create_app
from gatescope.web.settings import Settings

TOKEN = "a+b/c=&%d"  # noqa: S105
ENCODED = "a%2Bb%2Fc%3D%26%25d"
REQUEST = {"model": {"type": "random", "hidden_size": 2}, "sequence": {"type": "numbers", "values": [1, 2, 3]}}


@pytest.fixture(scope="module")
def guarded() -> Iterator[httpx.Client]:
    """A client of a server that asks for a token."""
    with running_server(Settings(token=TOKEN)) as client:
        yield client


@pytest.fixture(autouse=True)
def forgetful(guarded: httpx.Client) -> None:
    guarded.cookies.clear()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Cookie": f"token={TOKEN}"},
        {"Cookie": 'a="; =;;, \\'},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/models"),
        ("GET", f"/api/v1/models?token={ENCODED}"),
        ("POST", "/api/v1/traces"),
        ("DELETE", "/api/v1/models/x"),
        ("GET", "/api/nothing"),
    ],
)
def test_the_api_is_refused_to_who_does_not_show_the_token(
    guarded: httpx.Client, assert_problem: AssertProblem, headers: dict[str, str], method: str, path: str
) -> None:
    response = guarded.request(method, path, headers=headers, json=REQUEST if method == "POST" else None)
    assert_problem(response, "token-required", code="token_required")
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN not in response.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_program_shows_it_in_a_header(guarded: httpx.Client, scheme: str) -> None:
    response = guarded.post("/api/v1/traces", json=REQUEST, headers={"Authorization": f"{scheme} {TOKEN}"})
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/", "/index.html"])
def test_the_first_visit_of_the_page_takes_it_from_the_address_and_sets_a_cookie(
    guarded: httpx.Client, path: str
) -> None:
    visit = guarded.get(f"{path}?model=zoo&token={ENCODED}&unit=3")
    assert (visit.status_code, visit.headers["location"]) == (303, "./?model=zoo&unit=3")
    assert visit.headers["cache-control"] == "no-store"
    cookie = visit.headers["set-cookie"]
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.lower().split("; "))
    assert TOKEN not in cookie
    assert guarded.get("/api/v1/models").status_code == 200


@pytest.mark.parametrize("token", ["wrong", "", "%00", "%ff", "%ed%a0%80"])
def test_a_wrong_token_leaves_the_address_and_sets_none(guarded: httpx.Client, token: str) -> None:
    visit = guarded.get(f"/?token={token}")
    assert (visit.status_code, visit.headers["location"]) == (303, "./")
    assert "set-cookie" not in visit.headers
    assert guarded.get("/api/v1/models").status_code == 401


def test_a_first_visit_leads_to_no_other_host(guarded: httpx.Client) -> None:
    address = guarded.base_url.copy_with(raw_path=f"//evil.example/?token={ENCODED}".encode())
    assert guarded.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/main.js", "/docs", "/openapi.json"])
def test_probes_and_pages_are_open(guarded: httpx.Client, path: str) -> None:
    assert guarded.get(path).status_code in {200, 503}


def test_a_page_of_another_origin_is_refused_with_the_token_too(
    guarded: httpx.Client, assert_problem: AssertProblem
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Sec-Fetch-Site": "cross-site"}
    assert_problem(guarded.get("/api/v1/models", headers=headers), "cross-site-request")


def test_two_servers_on_one_host_do_not_take_one_anothers_cookies() -> None:
    cookies = httpx.Cookies()
    for token in ("one", "two"):
        with running_server(Settings(token=token)) as client:
            client.cookies = cookies
            assert client.get("/api/v1/models").status_code == 401
            client.get(f"/?token={token}")
            assert client.get("/api/v1/models").status_code == 200
            cookies = client.cookies
    assert len(cookies) == 2


def test_openapi_names_the_two_ways_where_a_token_is_asked_for() -> None:
    assert "securitySchemes" not in create_app(Settings()).openapi()["components"]
    description = create_app(Settings(token=TOKEN)).openapi()
    kinds = {(scheme["type"], scheme.get("scheme")) for scheme in description["components"]["securitySchemes"].values()}
    assert kinds == {("http", "bearer"), ("apiKey", None)}
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert ("security" in operation) == ("401" in operation["responses"]) == path.startswith("/api/")
