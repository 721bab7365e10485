"""Names that strangers chose are drawn letter by letter, wherever they stand: no link, no tag, no other text moved."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch
from playwright.sync_api import FilePayload, Locator, Page, expect
from tests.browser.page import UNTRAINED, Open, another_run, answers_drawn, wait_until_idle
from torch import nn

NAMES = [
    "<",
    "<s>",
    "&lt;unk&gt;&#60;&nbsp;&no;",
    "</s>",
    "<b>bold</b>",
    '<a href="https://evil.example">link</a>',
    '<a href="javascript:alert(1)">script</a>',
    '<span style="color:red;font-size:99px">large</span>',
    "x<sub>2</sub><br>y",
    "%{y:.9f}%{customdata}<extra>e</extra>",
    "$x^2$",
    "שלום",
    "👨‍👩‍👧",
]
MOVING = {"\u202eevil": "[U+202E]evil", "\u200b": "[U+200B]", "a" + "\u0301" * 50: "a" + "\u0301" * 4 + "…"}
VOCABULARY = [*NAMES, *MOVING]
SHOWN = [*NAMES, *MOVING.values()]

LINKS = "a[href*=evil], a[href^=javascript], svg a"
LOOKS = ", ".join(f"svg text {sign}" for sign in ("[style*=font]", "[style*=color]", "[style*=fill]", "[dy^='-']"))
MARKUP = f"""() => [...document.querySelectorAll("{LINKS}, {LOOKS}")].map((element) => element.outerHTML)"""
TEXTS = """(element) => [...element.querySelectorAll("text")]
  .map((text) => text.textContent.replaceAll(/[\u2068\u2069]/g, ""))"""

HOVERED = f"""(text) => [...document.querySelectorAll("#gates .hoverlayer .hovertext")]
  .flatMap({TEXTS}).some((shown) => shown.includes(text))"""


def texts(part: Locator) -> list[str]:
    """The texts that are drawn in a part of a chart, without the signs that isolate them."""
    found: list[str] = part.evaluate(TEXTS)
    return found


def is_plain(page: Page) -> None:
    """Nothing on the page is a link of a stranger, and in no chart has a part of a text a look of its own."""
    assert page.evaluate(MARKUP) == []


def shows(page: Page, row: str, time: int, text: str, depth: float = 0.5) -> None:
    """The mouse over a point of a row brings up this text; depth: from the row's top, 0, to its bottom, 1."""
    find = "async (row) => (await import('/charts/plot.js')).rowOf('gates', row)"
    place = page.evaluate_handle(find, row).as_element()
    assert place
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    steps = page.evaluate("() => document.getElementById('gates').layout.xaxis.range[1] + 0.5")
    page.mouse.move(0, 0)
    page.mouse.move(box["x"] + box["width"] * (time + 0.5) / steps, box["y"] + box["height"] * depth, steps=3)
    page.wait_for_function(HOVERED, arg=text)
    is_plain(page)


class Speaker(nn.Module):
    """A tagger of as many tags as there are tokens, in a module with a strange name."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(tokens, 3)
        self.rnn = nn.LSTM(3, 4)
        self.head = nn.Linear(4, tokens)


@pytest.fixture
def strange_model(tmp_path: Path) -> Path:
    parts = Speaker(len(VOCABULARY)).state_dict()
    path = tmp_path / "<a href=x><b>model&amp;.pt"
    torch.save({f"<b>{name}": tensor for name, tensor in parts.items()}, path)
    return path


def test_tokens_of_a_vocabulary_are_drawn_as_they_are(ready: Open, strange_model: Path) -> None:
    page = ready(UNTRAINED, expected="status of 422")
    with another_run(page):
        page.get_by_label("Upload a model").set_input_files(strange_model)
    content = json.dumps(VOCABULARY).encode()
    vocabulary: FilePayload = {"name": "<b>.json", "mimeType": "application/json", "buffer": content}
    page.get_by_label("Add a vocabulary").set_input_files(vocabulary)
    expect(page.locator("#inputs")).to_contain_text("Vocabulary of")
    words = ["<", "שלום", *list(MOVING)[1:]]  # a text is cut at every other sign
    with another_run(page) as answer:
        page.locator("#sequence-text").fill(" ".join(words))
    assert answer["sequence"]["characters"] == words
    assert answer["output"]["names"] == VOCABULARY

    gates = page.locator("#gates")
    drawn = texts(gates)
    assert set(SHOWN) <= set(drawn), "the axis of the output names each"
    for time, word in enumerate(words):
        expected = SHOWN[VOCABULARY.index(word)]
        shows(page, "sequence", time, f"“{expected}”")
    for place, name in enumerate(SHOWN):
        shows(page, "output", len(words) - 1, f"“{name}”", (place + 0.5) / len(SHOWN))
    for tab, charts in {"memory": ["writes"], "gradients": ["gradients", "connectivity"], "health": []}.items():
        page.locator(f"#tab-{tab}").click()
        answers_drawn(page, tab, *charts)
        is_plain(page)
    page.locator("#tab-whatif").click()
    page.locator("#panel-whatif [data-preset]").first.click()
    wait_until_idle(page)
    answers_drawn(page, "whatif", "what-if")
    assert set(SHOWN) <= set(texts(page.locator("#what-if")))
    is_plain(page)


@pytest.mark.parametrize("count", [6, len(SHOWN)], ids=["lines", "heatmap"])
def test_headers_of_a_table_are_drawn_as_they_are(ready: Open, count: int) -> None:
    page = ready(UNTRAINED)
    names = VOCABULARY[:count]
    table = io.StringIO()
    csv.writer(table).writerows([names, *[[(row * place) % 5 + 0.5 for place in range(count)] for row in range(4)]])
    with another_run(page):
        page.get_by_role("button", name="Numbers", exact=True).click()
    content = table.getvalue().encode()
    file: FilePayload = {"name": "<a href=x><b>&amp;table.csv", "mimeType": "text/csv", "buffer": content}
    with another_run(page) as answer:
        page.get_by_label("Choose a file").set_input_files(file)
    assert answer["sequence"]["features"] == names
    is_plain(page)
    if count <= 8:
        assert set(names) <= set(texts(page.locator("#gates")))
    else:
        for place, name in enumerate(SHOWN):
            shows(page, "sequence", 1, f" · {name}", (place + 0.5) / count)
    is_plain(page)
    page.get_by_role("button", name="Save ▾").click()
    with page.expect_download() as download:
        page.locator("[data-format=png]").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Save ▾").click()
    with page.expect_download() as download:
        page.locator("[data-format=svg]").click()
    picture = list(ElementTree.parse(download.value.path()).iter())  # noqa: S314 - our own
    assert not [part for part in picture if part.tag.endswith(("}a", "}tspan"))]
    assert count > 8 or set(names) <= {part.text for part in picture}
    page.locator("#tab-compare").click()
    page.locator("#keep-run").click()
    page.locator("#panel-compare [aria-pressed]").first.click()
    answers_drawn(page, "compare", "comparison")
    is_plain(page)
