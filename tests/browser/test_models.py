"""A trained model goes from a file to every gate on the page."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import FilePayload, Page, expect
from tests.browser.page import UNTRAINED, Open, another_run, drop, heatmaps
from torch import nn


class Tagger(nn.Module):
    """Three layers in two directions with projections, inside a larger model."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.embed = nn.Embedding(4, 6)
        self.rnn = nn.LSTM(6, 8, 3, bidirectional=True, proj_size=5)
        self.head = nn.Linear(10, 4)
        self.counter = nn.GRU(6, 8)


def file(tmp_path: Path, content: Any, name: str = "tagger.pt") -> Path:
    torch.save(content, tmp_path / name)
    return tmp_path / name


def hidden_size(page: Page) -> int:
    return len(heatmaps(page)[-1][0])


def test_a_dropped_checkpoint_shows_every_gate_of_the_layer_and_direction_chosen(ready: Open, tmp_path: Path) -> None:
    page = ready(UNTRAINED)
    path = file(tmp_path, {"epoch": 1, "state_dict": Tagger(1).state_dict()})
    with another_run(page) as answer:
        drop(page, path)
    assert answer["agreement"]["largest"] <= 1e-6
    assert len(answer["layers"]) == 6
    expect(page.locator("#agreement")).to_contain_text("Equal to torch.nn.LSTM")
    expect(page.get_by_text("6 features, 8 units, 3 layers, projected to 5, both directions")).to_be_visible()
    expect(page.get_by_text("Also in the file, and not shown: state_dict.counter is a GRU.")).to_be_visible()
    expect(page.get_by_label("Embedding before it")).to_have_value("state_dict.embed")
    expect(page.get_by_label("Linear layer after it")).to_have_value("state_dict.head")
    first = heatmaps(page)
    page.get_by_role("button", name="Layer 2").click()
    page.get_by_role("button", name="backward", exact=True).click()
    expect(page.locator("#step .check.good")).to_be_visible()
    assert heatmaps(page) != first
    assert hidden_size(page) == 5
    expect(page.locator("#step")).to_contain_text("Layer 2, backward")
    expect(page.locator("#layers")).to_contain_text("Backward runs from the last step to the first.")
    address = page.url
    page.reload()
    expect(page.get_by_role("button", name="Layer 2")).to_have_attribute("aria-pressed", "true")
    assert page.url == address


def test_a_vocabulary_lets_the_model_take_text_and_its_output_is_drawn(ready: Open, tmp_path: Path) -> None:
    page = ready(UNTRAINED, expected="status of 422")
    with another_run(page):
        page.get_by_label("Upload a model").set_input_files(file(tmp_path, Tagger(2).state_dict()))
    vocabulary: FilePayload = {
        "name": "vocabulary.json",
        "mimeType": "application/json",
        "buffer": json.dumps({"a": 0, "b": 1, "문": 2, " ": 3}).encode(),
    }
    page.get_by_label("Add a vocabulary").set_input_files(vocabulary)
    expect(page.get_by_text("Vocabulary of 4 tokens")).to_be_visible()
    expect(page.locator("#inputs")).to_contain_text("is not in the model’s vocabulary")
    with another_run(page) as answer:
        page.get_by_label("Text, one character a step").fill("ab 문 ba")
    assert answer["sequence"]["characters"] == list("ab 문 ba")
    assert answer["output"]["names"] == ["a", "b", "문", " "]
    shown = page.evaluate("() => document.getElementById('gates').data.at(-1).type")
    assert shown == "heatmap", "a model that reads backward too is not asked what comes next"
    page.get_by_role("button", name="Remove the vocabulary").click()
    expect(page.get_by_label("Add a vocabulary")).to_be_attached()
    expect(page.locator("#alert")).to_contain_text("The model has no vocabulary")


def test_several_lstms_in_a_file_are_a_choice(ready: Open, tmp_path: Path) -> None:
    page = ready(UNTRAINED)
    parts = nn.ModuleDict({"encoder": nn.LSTM(2, 7), "decoder": nn.LSTM(3, 9)})
    with another_run(page) as answer:
        page.get_by_label("Upload a model").set_input_files(file(tmp_path, parts.state_dict()))
    chosen = answer["model"]["lstm"]
    other = ({"encoder", "decoder"} - {chosen}).pop()
    with another_run(page) as answer:
        page.get_by_label("LSTM in the file").select_option(other)
    assert answer["model"]["lstm"] == other
    assert answer["model"]["input_size"] == len(answer["sequence"]["features"])


def test_a_stored_model_is_renamed_chosen_again_and_deleted(ready: Open, tmp_path: Path) -> None:
    page = ready(UNTRAINED)
    with another_run(page):
        page.get_by_label("Upload a model").set_input_files(file(tmp_path, nn.LSTM(1, 6).state_dict()))
    name = page.get_by_label("Name", exact=True)
    name.fill("나의 모델")
    name.press("Enter")
    expect(page.get_by_label("Which LSTM").locator("option:checked")).to_have_text("나의 모델")
    with another_run(page):
        page.get_by_label("Which LSTM").select_option("Untrained, random weights")
    with another_run(page) as answer:
        page.get_by_label("Which LSTM").select_option("나의 모델")
    assert answer["model"]["hidden_size"] == 6
    with another_run(page) as answer:
        page.get_by_role("button", name="Delete").click()
    assert answer["model"]["type"] == "random"
    expect(page.get_by_label("Which LSTM").locator("option", has_text="나의 모델")).to_have_count(0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "This is no safetensors, PyTorch, ONNX or Keras file."),
        (b"PK\x03\x04" + bytes(100), "The file is broken or cut off."),
    ],
)
def test_a_file_that_is_refused_says_why_beside_the_button(
    ready: Open, tmp_path: Path, content: bytes, message: str
) -> None:
    page = ready(UNTRAINED, expected="status of 422")
    before = heatmaps(page)
    (tmp_path / "model.pt").write_bytes(content)
    page.get_by_label("Upload a model").set_input_files(tmp_path / "model.pt")
    expect(page.locator("[data-field='model.file']")).to_contain_text(message, timeout=20_000)
    assert heatmaps(page) == before


def test_a_link_to_a_model_that_is_gone_says_so(open_page: Open) -> None:
    page = open_page("/?model=stored&id=0000&model_name=gone.pt")
    expect(page.locator("#missing")).to_contain_text("The model gone.pt is not stored on this server.")
