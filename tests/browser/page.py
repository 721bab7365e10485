"""What the charts of an open page hold, and how to wait for a run of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, expect

UNTRAINED = "/?model=random&source=signal&time=78&unit=0"  # sunspots through a random cell

Open = Callable[..., Page]


def settle(page: Page) -> None:
    """Waits until the run that the inputs ask for is answered and drawn."""
    expect(page.locator("#agreement")).to_be_visible(timeout=20_000)
    drawn = "document.querySelectorAll('#gates .heatmaplayer .hm image').length >= 6"
    page.wait_for_function(f"() => document.getElementById('panel-gates').hidden || {drawn}")


def heatmaps(page: Page) -> list[list[list[float]]]:
    """The z of the six heatmaps as they are drawn, each (T, H)."""
    drawn: list[list[list[float]]] = page.evaluate(
        """() => document.getElementById("gates").data
             .filter(trace => trace.type === "heatmap" && trace.meta !== "features")
             .map(trace => [...trace.z].map(row => [...row]))"""
    )
    return drawn


def sequence(page: Page) -> list[list[float]]:
    """The lines of the sequence's row, one list a feature."""
    drawn: list[list[float]] = page.evaluate(
        """() => document.getElementById("gates").data
             .filter(trace => trace.type === "scatter" && trace.mode === "lines").map(trace => [...trace.y])"""
    )
    return drawn


def x_range(page: Page, chart: str = "gates") -> list[float]:
    """The steps on screen."""
    shown: list[float] = page.evaluate(f'() => document.getElementById("{chart}")._fullLayout.xaxis.range')
    return shown


@contextmanager
def another_run(page: Page) -> Iterator[dict[str, Any]]:
    """Waits until what happens inside has led to another answer, and until that is drawn; yields room for it."""
    answer: dict[str, Any] = {}
    with page.expect_response(lambda response: "/api/v1/traces" in response.url and response.ok) as response:
        yield answer
    answer.update(response.value.json())
    steps, units = answer["sequence"]["steps"], answer["model"]["hidden_size"]
    page.wait_for_function(
        """([steps, units]) => {
             const drawn = document.getElementById("gates").data
               ?.filter(trace => trace.type === "heatmap" && trace.meta !== "features");
             return drawn?.length === 6 && drawn[0].z.length === steps && drawn[0].z[0].length === units;
           }""",
        arg=[steps, units],
    )
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    """Waits until no run is under way and the last answer is drawn: the page says it is busy until then."""
    expect(page.locator("body")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#agreement")).to_be_visible()


def answers_drawn(page: Page, tab: str, *charts: str) -> None:
    """Waits until the answers of a tab are there and drawn."""
    for chart in charts:
        page.wait_for_function(f"() => document.getElementById('{chart}')?.data?.length > 0")
    expect(page.locator(f"#panel-{tab} .answer[aria-busy=true]")).to_have_count(0)


def answer_to(question: str) -> Callable[[Response], bool]:
    """Tells the server's answer to a question from other responses."""
    return lambda response: f"/analyses/{question}" in response.url and response.ok


def drag(page: Page, kind: str, *paths: Path) -> None:
    """One event of files that a hand drags over the page: dragEnter, dragOver, dragCancel or drop."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    event = {"type": kind, "x": 700, "y": 400, "data": data}
    page.context.new_cdp_session(page).send("Input.dispatchDragEvent", event)


def drop(page: Page, *paths: Path) -> None:
    for kind in ("dragEnter", "dragOver", "drop"):
        drag(page, kind, *paths)
