"""What the server refuses, the page says in both languages."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def codes() -> set[str]:
    """Those that are written out where an error is made."""
    keywords = (
        node
        for path in (ROOT / "backend").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant)
    )
    return {str(node.value.value) for node in keywords if isinstance(node.value, ast.Constant)}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_code_has_a_text(language: str) -> None:
    texts = json.loads((ROOT / "frontend" / "i18n" / f"{language}.json").read_text("utf-8"))
    assert len(codes()) > 50
    assert {code for code in codes() if f"error.{code}" not in texts} == set()
