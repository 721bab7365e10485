import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from tests.browser.page import UNTRAINED, Open, another_run, heatmaps, settle
from tests.wire import QUANTITIES

Download = Callable[[Page, str], Path]


@pytest.fixture
def download(tmp_path: Path) -> Download:
    """Downloads in the format given and tells where the file lies."""

    def save(page: Page, format_: str) -> Path:
        page.get_by_role("button", name="Save ▾").click()
        with page.expect_download() as download:
            page.locator(f"[data-format={format_}]").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return save


def test_a_link_reopens_the_view(ready: Open) -> None:
    page = ready(UNTRAINED)
    with another_run(page):
        page.get_by_label("Signal", exact=True).select_option("Noise")
    with another_run(page):
        page.get_by_label("Units (hidden size)").fill("6")
    page.get_by_label("Units (hidden size)").blur()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.wait_for_url("**time=199*")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = ready(link)
    assert heatmaps(other) == heatmaps(page)
    expect(other.locator("#player output")).to_have_text("t 199 / 199 · unit 1")
    expect(other.get_by_label("Signal", exact=True)).to_have_value("noise")
    expect(other.get_by_label("Units (hidden size)")).to_have_value("6")


def test_back_undoes_an_input(ready: Open) -> None:
    page = ready(UNTRAINED)
    before = heatmaps(page)
    with another_run(page):
        page.get_by_label("Units (hidden size)").fill("6")
    with another_run(page):
        page.go_back()
    expect(page.get_by_label("Units (hidden size)")).to_have_value("16")
    assert heatmaps(page) == before


def test_what_was_typed_is_not_in_the_address_but_survives_a_reload(ready: Open) -> None:
    page = ready("/?model=random&source=text")
    with another_run(page):
        page.locator("#sequence-text").fill("secret words")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("It holds all settings, but not your data.")).to_be_visible()
    assert "secret" not in page.url
    page.reload()
    settle(page)
    expect(page.locator("#sequence-text")).to_have_value("secret words")
    assert len(heatmaps(page)[0]) == len("secret words")


def test_the_curl_command_gives_the_same_run(ready: Open) -> None:
    page = ready("/?model=random&source=text")
    with another_run(page):
        page.locator("#sequence-text").fill('it\'s a "test" \\ of $quoting\n끝')
    page.get_by_role("button", name="Save ▾").click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_text("curl command copied.")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    layer = json.loads(done.stdout)["layers"][0]
    assert np.array_equal(heatmaps(page), np.array([layer[name] for name in QUANTITIES], np.float32))


def test_a_picture_of_all_charts_is_downloaded(ready: Open, download: Download) -> None:
    page = ready(UNTRAINED)
    png = download(page, "png").read_bytes()
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[start : start + 4]) for start in (16, 20))
    assert width > 1000
    assert height > 1500
    svg = ET.fromstring(download(page, "svg").read_text())  # noqa: S314 - what our own page made
    text = " ".join(svg.itertext())
    for name in QUANTITIES:
        assert name.replace("_", " ") in text


def test_the_steps_on_screen_are_downloaded_as_csv(ready: Open, download: Download) -> None:
    page = ready("/?model=random&source=signal&zoom=10-19")
    content = download(page, "csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 10 * 16
    drawn = heatmaps(page)
    for row in (rows[0], rows[77], rows[-1]):
        for index, name in enumerate(QUANTITIES):
            assert float(row[name]) == drawn[index][int(row["time"])][int(row["unit"])]
    assert {int(row["time"]) for row in rows} == set(range(10, 20))


def test_the_whole_run_is_downloaded_as_json(ready: Open, download: Download, client: httpx.Client) -> None:
    content = json.loads(download(ready("/?model=random&source=signal&hidden_size=3&steps=20"), "json").read_text())
    answer = client.post("/api/v1/traces?weights=true", json=content["request"]).json()
    assert set(content) == {"request", *answer}
    for name in QUANTITIES:
        assert np.array_equal(content["layers"][0][name], np.array(answer["layers"][0][name], np.float32))
    assert content["sequence"]["features"] == answer["sequence"]["features"]
