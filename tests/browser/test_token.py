"""A server that asks for a token: the page says what is missing, and one visit with the token is enough."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.page import Open, settle
from tests.conftest import Serve

STATUS = {"en": "The server asks for a token.", "ko": "서버에 토큰이 필요합니다."}
WITHOUT = {"en": "This server asks for a token", "ko": "토큰이 필요한데"}


@pytest.mark.parametrize("language", WITHOUT)
@pytest.mark.parametrize("address", ["/", "/?token=wrong"])
def test_a_page_without_the_token_says_so_in_words(open_page: Open, serve: Serve, language: str, address: str) -> None:
    origin = str(serve(token="right").base_url).rstrip("/")  # noqa: S106
    page = open_page(address, origin=origin, locale=language, expected="status of 401")
    expect(page.locator("#alert")).to_contain_text(WITHOUT[language])
    expect(page.locator("#toolbar .status")).to_have_text(STATUS[language])


def test_one_visit_with_the_token_opens_the_page_and_every_later_one(open_page: Open, serve: Serve) -> None:
    origin = str(serve(token="right").base_url).rstrip("/")  # noqa: S106
    page = open_page("/?model=random&token=right&source=signal", origin=origin)
    settle(page)
    assert "token" not in page.url
    assert "model=random" in urlsplit(page.url).query
    assert page.evaluate("() => document.cookie") == "", "no script can read it"
    page.reload()
    settle(page)
    page.go_back()
    assert "token" not in page.url
    later = page.context.new_page()
    later.goto("/")
    settle(later)
