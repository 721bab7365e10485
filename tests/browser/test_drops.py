"""What is dropped on the page goes where the page says, as a hand drops it: files of the system, and folders."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from tests.browser.page import UNTRAINED, Open, another_run, drag, drop, heatmaps, sequence
from torch import nn

REFUSED = "status of 422"
TABLE = "day,warm,cold\nMon,1,10\nTue,2,20\nWed,4,40\n"
Written = Callable[[str, str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(name: str, content: str) -> Path:
        (tmp_path / name).write_text(content)
        return tmp_path / name

    return write


def model(tmp_path: Path, name: str, features: int, units: int) -> Path:
    torch.manual_seed(units)
    torch.save(nn.LSTM(features, units).state_dict(), tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en", {"Session": "The whole view", "Trained model": "Model", "Numbers or a text": "Sequence"}),
        ("ko", {"세션": "화면 전체", "학습한 모델": "모델", "숫자 또는 텍스트": "시퀀스"}),
    ],
)
@pytest.mark.parametrize("end", ["drop", "leave", "Escape"])
def test_the_page_shows_where_a_drop_will_go_while_files_are_over_it(
    ready: Open, written: Written, language: str, rows: dict[str, str], end: str
) -> None:
    page = ready(UNTRAINED, locale=language)
    path = written("notes.pdf", "")
    drag(page, "dragEnter", path)
    drag(page, "dragOver", path)
    overlay = page.locator("#drops")
    for kind, place in rows.items():
        row = overlay.locator("dl > div", has=page.get_by_text(kind, exact=True))
        expect(row.locator("dd")).to_have_text(place)
    if end == "drop":
        drag(page, end, path)
    elif end == "leave":  # which the browser tells of its own accord only where a hand holds the mouse
        page.locator("main").dispatch_event("dragleave")
    else:
        page.keyboard.press(end)
    expect(overlay).to_be_empty()


def test_a_model_its_vocabulary_and_a_text_are_dropped_together(ready: Open, tmp_path: Path, written: Written) -> None:
    page = ready(UNTRAINED)
    text = written("story.txt", "abba ab")
    vocabulary = written("tokens.json", json.dumps({"a": 0, "b": 1, " ": 2}))
    with another_run(page) as answer:
        drop(page, text, vocabulary, model(tmp_path, "reader.pt", 3, 8))
    assert answer["model"]["name"] == "reader.pt"
    assert answer["sequence"]["characters"] == list("abba ab")
    expect(page.locator("#origin")).to_contain_text("reader.pt")
    expect(page.get_by_text("Vocabulary of 3 tokens")).to_be_visible()


def test_of_several_models_the_last_is_chosen_and_the_others_are_stored(ready: Open, tmp_path: Path) -> None:
    page = ready(UNTRAINED)
    with another_run(page) as answer:
        drop(page, model(tmp_path, "one.pt", 1, 5), model(tmp_path, "two.pt", 1, 7))
    assert answer["model"]["name"] == "two.pt"
    expect(page.get_by_label("Which LSTM").locator("option", has_text="one.pt")).to_have_count(1)


def test_what_is_not_taken_is_said(ready: Open, tmp_path: Path, written: Written) -> None:
    page = ready(UNTRAINED)
    (tmp_path / "photos").mkdir()
    with another_run(page) as answer:
        files = [written(name, TABLE) for name in ("first.csv", "second.csv", "paper.pdf")]
        drop(page, *files, tmp_path / "photos")
    assert answer["sequence"]["features"] == ["warm", "cold"]
    said = page.locator("#messages")
    expect(said).to_contain_text("Not taken: second.csv. A view has one sequence")
    expect(said).to_contain_text("Not taken: paper.pdf. Files of this kind are not read here.")
    expect(said).to_contain_text("Folders are not taken: photos.")


def test_nothing_goes_to_another_model_than_the_one_it_was_dropped_with(ready: Open, written: Written) -> None:
    page = ready(UNTRAINED, expected=REFUSED)
    before = heatmaps(page)
    drop(page, written("broken.pt", "no model"), written("its.csv", TABLE))
    expect(page.locator("[data-field='model.file']")).to_contain_text("This is no safetensors")
    expect(page.locator("#messages")).to_contain_text("Not taken: its.csv. The file before was refused.")
    assert heatmaps(page) == before


def test_a_session_is_taken_alone(ready: Open, written: Written) -> None:
    page = ready(UNTRAINED)
    drop(page, written("table.csv", TABLE), written("view.gatescope", "no session"))
    expect(page.get_by_text("This is not a session file of Gatescope.")).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("Not taken: table.csv.")
    expect(page.locator("[data-value=signal]")).to_have_attribute("aria-pressed", "true")


def test_a_dropped_text_is_read_by_a_model_of_text(ready: Open, written: Written) -> None:
    page = ready()
    with another_run(page) as answer:
        drop(page, written("word.txt", ".aabb.ab."))
    assert answer["model"]["type"] == "zoo"
    assert answer["sequence"]["characters"] == list(".aabb.ab.")
    expect(page.locator("#origin")).to_contain_text("word.txt")


def test_numbers_for_a_model_of_text_are_refused_in_sight_and_the_untrained_one_takes_them(
    ready: Open, written: Written
) -> None:
    page = ready(expected=REFUSED)
    drop(page, written("week.csv", TABLE))
    expect(page.locator("#alert .error")).to_be_visible()
    expect(page.get_by_role("button", name="Numbers", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Numbers, one step a line")).to_have_value(TABLE)
    with another_run(page) as answer:
        page.get_by_role("button", name="Let the untrained LSTM take these numbers").click()
    assert answer["model"]["type"] == "random"
    assert answer["sequence"]["features"] == ["warm", "cold"]
    expect(page.locator("#alert")).to_be_empty()


def test_of_more_columns_than_the_model_takes_those_that_fit_can_be_picked(
    ready: Open, tmp_path: Path, written: Written
) -> None:
    page = ready(f"{UNTRAINED}&scaling=none", expected=REFUSED)
    drop(page, model(tmp_path, "narrow.pt", 1, 11), written("week.csv", TABLE))
    expect(page.locator("#alert .error")).to_contain_text("The sequence has 2 features; the model takes 1.")
    expect(page.get_by_role("checkbox", name="day")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="cold")).to_be_checked()
    with another_run(page) as answer:
        page.get_by_role("checkbox", name="cold").uncheck()
    assert answer["model"]["name"] == "narrow.pt"
    assert np.array_equal(sequence(page), [[1, 2, 4]])
    expect(page.get_by_role("checkbox", name="warm")).to_be_checked()


def test_a_vocabulary_without_a_model_of_ones_own_is_said(ready: Open, written: Written) -> None:
    page = ready(UNTRAINED)
    drop(page, written("tokens.json", '["a", "b"]'))
    expect(page.locator("#messages")).to_contain_text("A vocabulary goes to a model of yours")
