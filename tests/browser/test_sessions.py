"""A session's file opens the same view on another machine: another server, another browser."""

import json
from pathlib import Path

import httpx
import pytest
import torch
from playwright.sync_api import FilePayload, Page, expect
from tests.browser.page import Open, another_run, heatmaps, settle
from tests.conftest import Serve
from torch import nn

import gatescope

WORDS = "abba dad cab"


class CharRNN(nn.Module):
    """As people write it: an embedding, two layers, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(4)
        self.embed = nn.Embedding(5, 6)
        self.rnn = nn.LSTM(6, 7, 2)
        self.head = nn.Linear(7, 5)


@pytest.fixture
def elsewhere(serve: Serve, tmp_path: Path) -> str:
    """The address of another server, on which nothing is stored."""
    return str(serve(data_dir=str(tmp_path / "elsewhere")).base_url).rstrip("/")


@pytest.fixture
def view(ready: Open, tmp_path: Path, client: httpx.Client) -> Page:
    """A view of a model and a text of the reader's own: the second layer, in What if, with an intervention."""
    for stored in client.get("/api/v1/models").json()["models"]:  # another test's would have a vocabulary already
        client.delete(f"/api/v1/models/{stored['id']}")
    page = ready("/", expected="status of 422")  # until a text is typed that the vocabulary has
    torch.save(CharRNN().state_dict(), tmp_path / "char-rnn.pt")
    with another_run(page):
        page.get_by_label("Upload a model").set_input_files(tmp_path / "char-rnn.pt")
    vocabulary: FilePayload = {
        "name": "vocabulary.json",
        "mimeType": "application/json",
        "buffer": json.dumps(list("abcd ")).encode(),
    }
    page.get_by_label("Add a vocabulary").set_input_files(vocabulary)
    expect(page.get_by_text("Vocabulary of 5 tokens")).to_be_visible()
    with another_run(page):
        page.locator("#sequence-text").fill(WORDS)
    page.get_by_role("button", name="Layer 1").click()
    page.get_by_role("tab", name="What if").click()
    page.get_by_role("button", name="Hold it closed (0)").click()
    expect(page.locator("#what-if")).to_be_visible()
    return page


def saved(page: Page, what: str, path: Path) -> Path:
    page.get_by_role("button", name="Save ▾").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=what, exact=True).click()
    path /= download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_session(page: Page, path: Path) -> None:
    page.locator("#session-file").set_input_files(path)


def is_the_view(page: Page) -> None:
    expect(page.locator("#what-if")).to_be_visible()
    expect(page.locator("#sequence-text")).to_have_value(WORDS)
    expect(page.locator("#origin")).to_contain_text(f"char-rnn.pt › rnn · “{WORDS}” · 12 steps")
    expect(page.get_by_role("button", name="Layer 1")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Embedding before it")).to_have_value("embed")


def test_a_session_with_the_model_opens_the_same_view_on_another_server(
    view: Page, open_page: Open, elsewhere: str, tmp_path: Path
) -> None:
    path = saved(view, "Session with the model", tmp_path)
    assert path.name == "char-rnn.gatescope"
    view.get_by_role("tab", name="Gates").click()
    drawn = heatmaps(view)
    page = open_page(f"{elsewhere}/", origin=elsewhere)
    settle(page)
    open_session(page, path)
    is_the_view(page)
    page.get_by_role("tab", name="Gates").click()
    settle(page)
    assert heatmaps(page) == drawn
    # It is a file of safetensors like any other, which holds the weights bit for bit.
    lstm = gatescope.load_model(path, "rnn").to_torch().state_dict()
    for name, weight in CharRNN().rnn.state_dict().items():
        assert not name.startswith("weight") or torch.equal(lstm[name], weight)


def test_a_session_without_the_model_names_the_file_to_drop_and_comes_whole_with_it(
    view: Page, open_page: Open, elsewhere: str, tmp_path: Path
) -> None:
    path = saved(view, "Session (inputs and choices)", tmp_path)
    page = open_page(f"{elsewhere}/", origin=elsewhere, expected="status of 422")
    settle(page)
    open_session(page, path)
    expect(page.locator("#missing")).to_contain_text("The model char-rnn.pt is not stored on this server.")
    expect(page.locator("#sequence-text")).to_have_value(WORDS)
    expect(page.locator("#panels")).to_be_hidden()
    page.get_by_label("Upload a model").set_input_files(tmp_path / "char-rnn.pt")
    is_the_view(page)
    expect(page.get_by_text("Vocabulary of 5 tokens")).to_be_visible()  # from the session: a checkpoint has none


def test_a_session_of_numbers_comes_back_with_their_file_and_the_run_it_is_compared_with(
    ready: Open, tmp_path: Path
) -> None:
    page = ready("/?model=random&source=numbers&scaling=none&tab=compare")
    csv: FilePayload = {"name": "prices.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,5\n8,13\n"}
    page.get_by_label("Choose a file").set_input_files(csv)
    expect(page.locator("#origin")).to_contain_text("prices.csv")
    page.get_by_role("button", name="Keep this run as A").click()
    page.get_by_label("Units (hidden size)").fill("3")
    page.get_by_label("Units (hidden size)").fill("16")
    page.locator("#sequence-text").fill("1,2\n4,5")
    expect(page.locator("#origin")).to_contain_text("pasted numbers · 2 steps")
    expect(page.locator("#comparison")).to_be_visible()
    path = saved(page, "Session (inputs and choices)", tmp_path)
    assert path.name == "session.gatescope"
    other = ready("/")
    open_session(other, path)
    expect(other.locator("#origin")).to_contain_text("pasted numbers · 2 steps")
    expect(other.locator("#comparison")).to_be_visible()


def test_opening_a_session_keeps_what_was_there_as_a_workspace(ready: Open, tmp_path: Path) -> None:
    page = ready("/?model=random&source=text")
    with another_run(page):
        page.locator("#sequence-text").fill("the session")
    path = saved(page, "Session (inputs and choices)", tmp_path)
    with another_run(page):
        page.locator("#sequence-text").fill("written since")
    open_session(page, path)
    expect(page.locator("#sequence-text")).to_have_value("the session")
    settle(page)
    page.get_by_role("button", name="Workspace").click()
    expect(page.locator("#workspaces")).to_contain_text("“written since”")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x08" + bytes(7) + b'{"a":{}}', bytes(100)])
def test_a_file_that_is_no_session_is_said_to_be_none(ready: Open, content: bytes, tmp_path: Path) -> None:
    page = ready("/")
    (tmp_path / "broken.gatescope").write_bytes(content)
    open_session(page, tmp_path / "broken.gatescope")
    expect(page.get_by_text("This is not a session file of Gatescope.")).to_be_visible()
