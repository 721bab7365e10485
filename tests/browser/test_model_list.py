"""The list of stored models: a deletion can be undone, and the pages of one browser tell each other."""

import os
import shutil
import time
from pathlib import Path
from zlib import crc32

import httpx
import pytest
import torch
from playwright.sync_api import Page, expect
from tests.browser.page import UNTRAINED, Open, another_run, heatmaps, settle
from torch import nn

STANDS = 10_000  # ms in which a deletion can be undone


def store(page: Page, tmp_path: Path, name: str, units: int = 6) -> None:
    torch.manual_seed(crc32(name.encode()))  # tensors that no other test has stored
    torch.save(nn.LSTM(1, units).state_dict(), tmp_path / name)
    upload(page, tmp_path / name)


def upload(page: Page, path: Path) -> None:
    with another_run(page):
        page.get_by_label("Upload a model").set_input_files(path)


def stored(client: httpx.Client) -> list[str]:
    return [model["name"] for model in client.get("/api/v1/models").json()["models"]]


def delete(page: Page) -> None:
    with another_run(page) as answer:
        page.get_by_role("button", name="Delete").click()
    assert answer["model"]["type"] == "random"


def wait_until_gone(client: httpx.Client, name: str) -> None:
    """A page that is left does not tell when the server has answered."""
    end = time.monotonic() + 20
    while name in stored(client):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_undo_brings_a_deleted_model_back_with_its_choices(ready: Open, tmp_path: Path, client: httpx.Client) -> None:
    page = ready(UNTRAINED)
    store(page, tmp_path, "undone.pt", units=40)
    page.get_by_label("Scaling").select_option("min–max")
    page.keyboard.press("Escape")
    page.goto(page.url.replace("unit=0", "unit=33"))
    settle(page)
    before, address = heatmaps(page), page.url
    delete(page)
    expect(page.get_by_label("Which LSTM").locator("option", has_text="undone.pt")).to_have_count(0)
    expect(page.get_by_role("status").get_by_text("Deleted “undone.pt”.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    with another_run(page):
        page.keyboard.press("Enter")
    expect(page.get_by_label("Which LSTM").locator("option:checked")).to_have_text("undone.pt")
    expect(page.get_by_label("Which LSTM")).to_be_focused()
    assert heatmaps(page) == before
    page.wait_for_url(address)
    assert "undone.pt" in stored(client)


def test_a_deletion_reaches_the_server_when_it_is_too_late_to_undo_it(
    ready: Open, tmp_path: Path, client: httpx.Client
) -> None:
    page = ready(UNTRAINED)
    page.clock.install()
    store(page, tmp_path, "late.pt", units=4)
    delete(page)
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.clock.fast_forward(STANDS)
    assert "late.pt" not in stored(client)
    expect(page.locator(".message")).to_have_count(0)


def test_a_page_that_is_left_deletes_at_once(ready: Open, tmp_path: Path, client: httpx.Client) -> None:
    page = ready(UNTRAINED)
    store(page, tmp_path, "left.pt")
    delete(page)
    assert "left.pt" in stored(client)
    page.goto("/docs")
    wait_until_gone(client, "left.pt")


def test_a_model_that_could_not_be_deleted_is_back_and_the_page_says_so(
    ready: Open, tmp_path: Path, client: httpx.Client
) -> None:
    page = ready(UNTRAINED, expected="net::ERR")
    page.clock.install()
    store(page, tmp_path, "sturdy.pt")
    delete(page)
    page.route("**/api/v1/models/*", lambda route: route.abort("connectionrefused"))
    page.clock.fast_forward(STANDS)
    said = "“sturdy.pt” could not be deleted and is back in the list. The server does not answer. Is it still running?"
    expect(page.get_by_role("status").get_by_text(said)).to_be_visible()
    expect(page.get_by_label("Which LSTM").locator("option", has_text="sturdy.pt")).to_have_count(1)
    page.get_by_role("button", name="Hide this message").click()
    expect(page.locator(".message")).to_have_count(0)
    assert "sturdy.pt" in stored(client)


def test_the_same_file_under_another_name_outlives_the_first(ready: Open, tmp_path: Path, client: httpx.Client) -> None:
    page = ready(UNTRAINED)
    store(page, tmp_path, "original.pt", units=9)
    shutil.copy(tmp_path / "original.pt", tmp_path / "copy.pt")
    upload(page, tmp_path / "copy.pt")
    with another_run(page):
        page.get_by_label("Which LSTM").select_option("original.pt")
    delete(page)
    page.goto("/docs")
    wait_until_gone(client, "original.pt")
    page.goto(UNTRAINED)
    settle(page)
    with another_run(page) as answer:
        page.get_by_label("Which LSTM").select_option("copy.pt")
    assert answer["model"]["hidden_size"] == 9


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_model_deleted_in_one_tab_is_missed_by_name_in_the_other_until_its_file_is_dropped(
    ready: Open, tmp_path: Path, language: str
) -> None:
    page = ready(UNTRAINED)
    store(page, tmp_path, "shared.pt", units=5)
    other = page.context.new_page()
    other.goto(f"{page.url}&language={language}")
    settle(other)
    shown = heatmaps(other)
    delete(page)
    assert heatmaps(other) == shown  # it can still be undone
    page.goto("/docs")
    expect(other.locator("#missing")).to_contain_text("shared.pt")
    expect(other.locator("#gates")).to_be_hidden()
    with another_run(other):
        other.locator("#model-file-input").set_input_files(tmp_path / "shared.pt")
    expect(other.locator("#missing")).to_be_empty()
    assert heatmaps(other) == shown


def test_a_model_added_or_renamed_in_one_tab_is_listed_in_the_other(ready: Open, tmp_path: Path) -> None:
    page = ready(UNTRAINED)
    other = page.context.new_page()
    other.goto(UNTRAINED)
    settle(other)
    store(page, tmp_path, "added.pt")
    listed = other.get_by_label("Which LSTM").locator("option")
    expect(listed.filter(has_text="added.pt")).to_have_count(1)
    name = page.get_by_label("Name", exact=True)
    name.fill("renamed")
    name.press("Enter")
    expect(listed.filter(has_text="renamed")).to_have_count(1)
    expect(listed.filter(has_text="added.pt")).to_have_count(0)


def test_a_run_that_misses_its_model_fetches_the_list_anew(ready: Open, tmp_path: Path, client: httpx.Client) -> None:
    page = ready(UNTRAINED, expected="status of 422")
    store(page, tmp_path, "vanished.pt")
    (gone,) = (model for model in client.get("/api/v1/models").json()["models"] if model["name"] == "vanished.pt")
    client.delete(f"/api/v1/models/{gone['id']}")
    page.get_by_label("Steps", exact=True).fill("50")
    expect(page.locator("#missing")).to_contain_text("vanished.pt")


def test_a_model_with_a_damaged_description_is_seen_and_can_be_deleted(ready: Open, client: httpx.Client) -> None:
    identifier = "0" * 31 + "d"
    description = Path(os.environ["GATESCOPE_DATA_DIR"]) / f"{identifier}.json"
    description.write_text("{")
    page = ready(UNTRAINED)
    page.locator("#model-id").select_option(label=f"{identifier} (damaged)")
    expect(page.get_by_text("upload its file again, or delete it").first).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.reload()
    wait_until_gone(client, identifier)
    assert not description.exists()
