import io
import json

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.browser.page import UNTRAINED, Open, another_run, heatmaps, sequence

TABLE = "warm,cold\n1,10\n2,20\n4,40\n8,80\n"


def choose(page: Page, source: str) -> None:
    page.get_by_role("group", name="Sequence").get_by_role("button", name=source).click()


def upload(page: Page, name: str, content: bytes) -> None:
    payload: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("Choose a file").set_input_files(payload)


def test_pasted_numbers_change_the_plots(ready: Open) -> None:
    page = ready(UNTRAINED)
    with another_run(page):
        choose(page, "Numbers")
    with another_run(page) as answer:
        page.get_by_label("Numbers, one step a line").fill("3 1 4 1 5 9 2 6")
    assert answer["sequence"]["steps"] == 8
    assert len(heatmaps(page)[0]) == 8
    fed = np.array([3, 1, 4, 1, 5, 9, 2, 6])
    assert np.allclose(sequence(page), [(fed - fed.mean()) / fed.std()], atol=1e-6)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("table.csv", TABLE.encode()),
        ("table.tsv", TABLE.replace(",", "\t").encode("utf-16")),
        ("table.json", json.dumps({"warm": [1, 2, 4, 8], "cold": [10, 20, 40, 80]}).encode()),
    ],
)
def test_a_text_file_becomes_the_sequence_and_can_be_edited(ready: Open, name: str, content: bytes) -> None:
    page = ready("/?model=random&source=numbers&scaling=none")
    with another_run(page) as answer:
        upload(page, name, content)
    assert answer["sequence"]["features"] == ["warm", "cold"]
    assert sequence(page) == [[1, 2, 4, 8], [10, 20, 40, 80]]
    expect(page.get_by_label("Numbers, one step a line")).to_have_value(
        content.decode("utf-16" if name.endswith("tsv") else "utf-8")
    )


def test_a_korean_spreadsheets_file_is_read_with_its_names(ready: Open) -> None:
    page = ready("/?model=random&source=numbers&scaling=none")
    with another_run(page) as answer:
        upload(page, "기온.csv", "기온,습도\n21,40\n22,50\n".encode("cp949"))
    assert answer["sequence"]["features"] == ["기온", "습도"]


def test_a_numpy_file_becomes_the_sequence_and_can_be_removed(ready: Open) -> None:
    array = np.arange(12, dtype=np.float32).reshape(6, 2)
    file = io.BytesIO()
    np.save(file, array)
    page = ready("/?model=random&source=numbers&scaling=none")
    with another_run(page):
        upload(page, "array.npy", file.getvalue())
    assert sequence(page) == array.T.tolist()
    expect(page.locator("#inputs").get_by_text("array.npy")).to_be_visible()
    with another_run(page) as answer:
        page.get_by_role("button", name="Remove the file").click()
    assert answer["sequence"]["type"] == "table"


def test_a_file_dropped_anywhere_becomes_the_sequence(ready: Open) -> None:
    page = ready(UNTRAINED)
    with another_run(page) as answer:
        page.evaluate(
            """text => {
                 const dataTransfer = new DataTransfer();
                 dataTransfer.items.add(new File([text], "dropped.csv"));
                 const drop = new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true});
                 document.querySelector("main").dispatchEvent(drop);
               }""",
            TABLE,
        )
    assert answer["sequence"]["columns"] == ["warm", "cold"]


def test_columns_are_picked_and_scaling_is_said(ready: Open) -> None:
    page = ready("/?model=random&source=numbers&scaling=none")
    with another_run(page):
        upload(page, "table.csv", TABLE.encode())
    with another_run(page):
        page.get_by_role("checkbox", name="warm").uncheck()
    assert sequence(page) == [[10, 20, 40, 80]]
    with another_run(page):
        page.get_by_label("Scaling").select_option("min–max")
    assert np.allclose(sequence(page), [[0, 1 / 7, 3 / 7, 1]])
    expect(page.get_by_text("Fed = (x − 10) / 70.")).to_be_visible()
    with another_run(page):
        page.get_by_role("button", name="All columns with numbers").click()
    assert len(sequence(page)) == 2


def test_a_signal_with_another_parameter_changes_the_plots(ready: Open) -> None:
    page = ready("/?model=random&source=signal&scaling=none")
    with another_run(page):
        page.get_by_label("Signal", exact=True).select_option("Sine")
    with another_run(page):
        page.get_by_label("Period (steps)").fill("8")
    with another_run(page) as answer:
        page.get_by_label("Steps", exact=True).fill("16")
    assert answer["sequence"]["steps"] == 16
    assert np.allclose(sequence(page), [np.sin(np.arange(16) / 8 * 2 * np.pi)], atol=1e-6)


def test_a_text_is_drawn_as_a_ribbon_of_its_characters(ready: Open) -> None:
    page = ready(UNTRAINED)
    with another_run(page):
        choose(page, "Text")
    with another_run(page) as answer:
        page.get_by_label("Text, one character a step").fill("망각 게이트 👩‍🚀")
    assert answer["sequence"]["characters"] == [*"망각 게이트 ", "👩‍🚀"]
    ribbon = page.locator("#gates .scatterlayer .textpoint")
    expect(ribbon).to_have_text([*"망각␣게이트␣", "👩‍🚀"])
    expect(page.get_by_text("Alphabet of 7, one feature each: ␣ 각 게 망 이 트 👩‍🚀")).to_be_visible()


def test_a_long_text_is_read_after_zooming_in(ready: Open) -> None:
    page = ready("/?model=random&source=text")
    with another_run(page):
        page.get_by_label("Text, one character a step").fill("lorem ipsum " * 50)
    ribbon = page.locator("#gates .scatterlayer .textpoint")
    expect(ribbon).to_have_count(0)
    assert "zoom in to read it" in page.evaluate("document.getElementById('gates').layout.annotations[1].text")
    for _ in range(4):
        page.keyboard.press("Escape")
        page.locator("#zoom_in").click()
    expect(ribbon.first).to_be_visible()


def test_the_model_is_drawn_anew_from_its_inputs(ready: Open) -> None:
    page = ready(UNTRAINED)
    with another_run(page):
        page.get_by_label("Units (hidden size)").fill("5")
    assert len(heatmaps(page)[0][0]) == 5
    with another_run(page) as answer:
        page.get_by_label("Initialisation").select_option("Chrono")
    assert answer["model"]["initialisation"] == "chrono"
    expect(page.get_by_label("Forget bias")).to_have_count(0)
    before = heatmaps(page)
    with another_run(page):
        page.get_by_role("button", name="Draw another seed").click()
    assert heatmaps(page) != before
