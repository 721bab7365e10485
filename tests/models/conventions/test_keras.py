"""Files that Keras itself wrote compute here what Keras computes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.models.inspection import inspect

from gatescope import agreement, load_model, trace
from gatescope.models.checkpoint import assemble
from gatescope.models.content import Content
from gatescope.models.conventions import translate


def test_a_file_goes_through_the_reader_of_untrusted_files(keras_files: Path) -> None:
    assert load_model(keras_files / "plain.keras").first_cell.hidden_size == 4


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        *[
            (name, suffix)
            for name in ("plain", "without_bias", "bidirectional")
            for suffix in (".keras", ".weights.h5")
        ],
        ("stacked", ".keras"),  # the weights alone do not say that one layer feeds the other
    ],
)
@torch.no_grad()
def test_the_hidden_states_are_those_of_keras(keras_files: Path, name: str, suffix: str) -> None:
    x = torch.from_numpy(np.load(keras_files / "inputs.npz")["numbers"])  # (T, I)
    network = assemble(inspect(keras_files / f"{name}{suffix}"))
    traced = trace(network, x)
    hidden_states = torch.cat([layer.hidden_state for layer in traced.layers[-len(network.directions) :]], dim=-1)
    expected = torch.from_numpy(np.load(keras_files / f"{name}.npy"))
    torch.testing.assert_close(hidden_states, expected, rtol=0, atol=1e-6)
    assert agreement(network, traced).holds


@pytest.mark.parametrize("suffix", [".keras", ".weights.h5"])
def test_the_embedding_and_the_dense_layer_stand_around_it(keras_files: Path, suffix: str) -> None:
    network = assemble(inspect(keras_files / f"text{suffix}"), front="embedding", read_out="dense")
    output = trace(network, torch.from_numpy(np.load(keras_files / "inputs.npz")["tokens"])).output
    assert output is not None
    torch.testing.assert_close(output, torch.from_numpy(np.load(keras_files / "text.npy")), rtol=0, atol=1e-6)


DEEP: Any = "lstm"
for _ in range(50_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "settings",
    [
        [],
        DEEP,
        {"config": []},
        {"class_name": ["LSTM"], "config": {"name": []}},
        {"class_name": "Sequential", "config": []},
        {"class_name": "Sequential", "config": {"layers": {}}},
        {"class_name": "Sequential", "config": {"layers": [None, 3, [], {"config": []}, {"class_name": ["Dropout"]}]}},
        {"class_name": "Bidirectional", "config": {"merge_mode": "concat", "layer": [], "backward_layer": 3}},
    ],
    ids=lambda settings: str(settings)[:40] if settings is not DEEP else "deep",
)
def test_settings_of_any_shape_leave_the_lstm_as_it_is(settings: Any) -> None:
    shapes = ((3, 16), (4, 16), (16,))
    tensors = {f"layers/lstm/cell/vars/{number}": torch.zeros(shape) for number, shape in enumerate(shapes)}
    groups = {"layers/lstm/cell/vars": {"name": "cell"}, "layers/lstm/vars": {"name": "lstm"}}
    reading = translate(Content(tensors, settings=settings, attributes=groups))
    assert [lstm.name for lstm in reading.lstms] == ["lstm"]
