"""The page in a real Chromium against a real server; a console error or a request off the origin fails any test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from tests.browser.page import Open, settle

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=20_000)  # of a busy machine


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's own Chromium, which asks nothing of the network by itself."""
    executable = os.environ.get("GATESCOPE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {"executable_path": executable, "args": [*QUIET, *sandbox]}


@pytest.fixture
def open_page(browser: Browser, client: httpx.Client) -> Iterator[Open]:
    """Opens the page in a context of its own; what a test expects to go wrong it names in ``expected``."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []
    home = str(client.base_url).rstrip("/")

    def open_(path: str = "/", *, expected: str | None = None, origin: str = home, **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en", **options}
        context = browser.new_context(base_url=origin, permissions=["clipboard-read", "clipboard-write"], **options)
        contexts.append(context)

        def report(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not (expected and expected in message.text):
                problems.append(f"{message.type} on the console: {message.text}")

        # Of the context, so that further tabs are watched as well.
        context.on("console", report)
        context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
        allowed = (f"{origin}/", "blob:", "data:")
        context.on(
            "request",
            lambda request: problems.extend([] if request.url.startswith(allowed) else [f"asks {request.url}"]),
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def ready(open_page: Open) -> Open:
    """Opens the page and waits until its first run is drawn."""

    def open_ready(*arguments: Any, **options: Any) -> Page:
        page = open_page(*arguments, **options)
        settle(page)
        return page

    return open_ready
