"""What the server names, the page says in every language."""

import ast
from pathlib import Path

import pytest
from tests.texts import LANGUAGES, TEXTS

from gatescope.sequences import SIGNALS

ROOT = Path(__file__).parents[3]


def limits() -> set[str]:
    """What the limits are of, where that is written out."""
    calls = (
        node
        for path in (ROOT / "backend").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "LimitExceeded"
    )
    return {str(call.args[0].value) for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def codes() -> set[str]:
    """Those that are written out where an error is made."""
    keywords = (
        node
        for path in (ROOT / "backend").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant)
    )
    return {str(node.value.value) for node in keywords if isinstance(node.value, ast.Constant)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language: str) -> None:
    assert len(codes()) > 50
    assert {code for code in codes() if f"error.{code}" not in TEXTS[language]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_limited_has_a_text(language: str) -> None:
    assert len(limits()) > 2
    assert {limit for limit in limits() if f"error.value.{limit}" not in TEXTS[language]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_signal_and_every_parameter_of_one_has_a_text(language: str) -> None:
    signals = {key for name in SIGNALS for key in (f"signal.{name}", f"signal.{name}.explained")}
    parameters = {f"parameter.{parameter.name}" for signal in SIGNALS.values() for parameter in signal.parameters}
    assert signals | parameters <= TEXTS[language].keys()
