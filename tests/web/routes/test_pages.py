import re
from html.parser import HTMLParser

import httpx
import pytest

from gatescope.web.problems.kinds import PROBLEMS, ProblemKind
from gatescope.web.routes.plotly_styles import plotly_style_hashes, plotly_stylesheet


class References(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline_scripts = 0
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.addresses += [address for name in ("src", "href") if (address := attributes.get(name))]
        self.inline_scripts += tag == "script" and "src" not in attributes


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_refers_to_files_of_this_server_only_and_all_are_there(client: httpx.Client, path: str) -> None:
    page = client.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    references = References(page.text)
    assert references.inline_scripts == 0
    assert references.addresses
    for address in references.addresses:
        assert "//" not in address
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/main.js", "/docs/start.js", "/vendor/plotly.min.js"])
def test_scripts_have_the_type_that_modules_need(client: httpx.Client, path: str) -> None:
    assert client.get(path).headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/main.js", "/vendor/plotly.min.js", "/docs", "/docs/assets/swagger-ui.css"])
def test_an_unchanged_file_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/../pyproject.toml", "/%2e%2e/pyproject.toml", "/vendor/../../LICENSE", "/i18n"])
def test_nothing_outside_the_frontend_is_served(client: httpx.Client, path: str) -> None:
    address = client.base_url.copy_with(raw_path=path.encode())  # httpx would resolve the dots of a text
    assert client.send(httpx.Request("GET", address)).status_code == 404


@pytest.mark.parametrize("kind", PROBLEMS.values(), ids=PROBLEMS)
def test_the_type_of_a_problem_is_the_address_of_its_explanation(client: httpx.Client, kind: ProblemKind) -> None:
    assert kind.description in client.get(kind.type).text


def test_plotlys_rules_are_found_in_the_installed_version() -> None:
    stylesheet = plotly_stylesheet()
    assert stylesheet.count("\n") > 50
    for selector in (".js-plotly-plot .plotly .modebar-btn", ".js-plotly-plot .plotly .main-svg", ".plotly-notifier p"):
        assert re.search(rf"^{re.escape(selector)} {{[^{{}}]+}}$", stylesheet, re.MULTILINE)
    assert not re.search(r"\b[XY]\b(?!\()", re.sub(r"{.*?}", "", stylesheet)), "a placeholder is left"


def test_the_policy_allows_the_style_elements_that_plotly_inserts(client: httpx.Client) -> None:
    assert len(plotly_style_hashes()) == 1
    policy = client.get("/").headers["content-security-policy"]
    assert f"style-src-elem 'self' {plotly_style_hashes()[0]};" in policy


def test_the_page_names_every_module_that_it_is_made_of(client: httpx.Client) -> None:
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)" />', client.get("/").text)
    assert "tabs/gates/heatmaps.js" in named
    for name in named:
        assert client.get(f"/{name}").headers["content-type"].startswith("text/javascript")


def test_plotly_is_asked_for_once_and_never_again(client: httpx.Client) -> None:
    (address,) = re.findall(r'"(vendor/plotly\.[0-9a-f]{16}\.min\.js)"', client.get("/").text)
    script = client.get(address)
    assert "immutable" in script.headers["cache-control"]
    assert script.content == client.get("/vendor/plotly.min.js").content
