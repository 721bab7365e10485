"""A layer or a unit that is not there is refused with the same code, whichever question asks for it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from gatescope import LSTMNetwork, trace
from gatescope.analysis import (
    StateTarget,
    compare_quantity,
    contributions,
    half_lives,
    integrated_gradients,
    retention,
    silence_each_unit,
    state_gradients,
    writes,
)
from gatescope.errors import InvalidInput
from gatescope.lstm.trace import Trace

X = torch.zeros(6, 2)
Ask = Callable[[LSTMNetwork, Trace], Any]
LAYERS: list[Ask] = [
    lambda _, run: compare_quantity(run, run, 2, "cell_state"),
    lambda network, run: contributions(network, run, 2, 0, 0),
    lambda _, run: half_lives(run, 2),
    lambda network, run: integrated_gradients(network, run, StateTarget(0, layer=2)),
    lambda _, run: retention(run, 2, 0),
    lambda network, _: silence_each_unit(network, X, 2),
    lambda network, run: state_gradients(network, run, layer=2),
    lambda _, run: writes(run, 2, 0),
]
UNITS: list[Ask] = [
    lambda network, run: contributions(network, run, 0, 0, 5),
    lambda network, run: integrated_gradients(network, run, StateTarget(5)),
    lambda _, run: retention(run, 0, 5),
    lambda network, run: state_gradients(network, run, 5),
    lambda _, run: writes(run, 0, 0, [5]),
]


@pytest.mark.parametrize(
    ("ask", "code"), [*((ask, "no_such_layer") for ask in LAYERS), *((ask, "no_such_unit") for ask in UNITS)]
)
def test_one_mistake_has_one_code(ask: Ask, code: str) -> None:
    network = LSTMNetwork(2, 5, 2)
    with pytest.raises(InvalidInput) as caught:
        ask(network, trace(network, X))
    assert caught.value.code == code
