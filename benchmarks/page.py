"""How soon the page answers, in Chromium: a visit, a click on Run, a step of the cursor.

Painted means: Plotly has told that it is done, and the frame after that has begun.
"""

import os
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from report import machine, options, report
from serving import served

SIZES = ((200, 32), (1000, 128), (2000, 256))
LAUNCH = {"args": ["--no-sandbox", "--disable-gpu"]}
VIEW = {"viewport": {"width": 1440, "height": 900}, "locale": "en"}
STEPS = 20  # of the cursor, in a turn

# From a click to the frame after all plots told that they are drawn.
CLICK = """() => new Promise(resolve => {
  const gates = document.getElementById("gates"), lines = document.getElementById("lines");
  const drawn = plot => new Promise(done => plot.once("plotly_afterplot", done));
  const start = performance.now();
  Promise.all([drawn(gates), drawn(lines)])
    .then(() => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start))));
  document.querySelector("#toolbar button.primary, #run").click();
})"""
# From a key to the end of the frame that shows the cursor at its new place.
STEP = """() => new Promise(resolve => {
  const start = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now() - start);
    channel.port2.postMessage(null);
  });
})"""
# Installed before the page's own scripts: when the sixth heatmap has an image.
VISIT = """new MutationObserver((_, observer) => {
  if (document.querySelectorAll("#gates .heatmaplayer .hm image").length < 6) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now(); }));
}).observe(document, {subtree: true, childList: true});"""


def main() -> None:
    """Measure and print one table."""
    chosen = options(__doc__, repeats=9)
    rows: list[dict[str, Any]] = []
    with served() as address, sync_playwright() as playwright:
        executable = os.environ.get("GATESCOPE_CHROMIUM")
        browser = playwright.chromium.launch(executable_path=executable, **LAUNCH)  # type: ignore[arg-type]
        cold = [_visit(browser, address, warm=False) for _ in range(chosen.repeats)]
        warm = [_visit(browser, address, warm=True) for _ in range(chosen.repeats)]
        rows += [{"what": "first visit, cold cache", "ms": cold}, {"what": "first visit, warm cache", "ms": warm}]
        for steps, units in SIZES:
            rows += _measure_run(browser, address, steps, units, chosen.repeats)
        described = machine("plotly", "torch") | {"Chromium": browser.version}
        browser.close()
    report("page", "The page, from what the reader does to what is painted: ms", rows, described, chosen.json)


def _visit(browser: Browser, address: str, *, warm: bool) -> float:
    """From the start of navigation until the six heatmaps of the first example are painted."""
    context = browser.new_context(**VIEW)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(VISIT)
    for _ in range(2 if warm else 1):
        page.goto(address)
        painted: float = page.wait_for_function("() => window.painted").json_value()
    context.close()
    return painted


def _measure_run(browser: Browser, address: str, steps: int, units: int, repeats: int) -> list[dict[str, Any]]:
    context = browser.new_context(**VIEW)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(VISIT)
    page.goto(f"{address}?model=random&source=signal&signal=noise&steps={steps}&hidden_size={units}&time=0&unit=0")
    page.wait_for_function("() => window.painted")
    size = f"{steps} × {units}"
    clicks = _times(page, CLICK, 1, repeats)
    moves = _times(page, STEP, STEPS, repeats)
    context.close()
    return [{"what": f"click on Run, {size}", "ms": clicks}, {"what": f"step of the cursor, {size}", "ms": moves}]


def _times(page: Page, script: str, inner: int, repeats: int) -> list[float]:
    once: Callable[[], float] = lambda: page.evaluate(script)  # noqa: E731
    once()  # the first one warms up
    return [once() for _ in range(repeats * inner)]


if __name__ == "__main__":
    main()
