"""Interventions hold and have their consequences, in the compiled loop and in the plain one alike."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gatescope import Intervention, LSTMNetwork, LSTMSimpleCell, trace
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, Step

STEPS = 12


@st.composite
def interventions(draw: st.DrawFn, layers: int, directions: tuple[Direction, ...], size: int) -> dict[str, Any]:
    """What an `Intervention` is made of; made outside, since its types are checked with random samples of them."""
    quantity = draw(st.sampled_from(Step._fields))
    first = draw(st.integers(0, STEPS - 1))
    return {
        "quantity": quantity,
        "value": draw(st.floats(-1, 1, width=32)),
        "layer": draw(st.integers(0, layers - 1)),
        "direction": draw(st.sampled_from(directions)),
        "units": draw(st.none() | st.lists(st.integers(0, size - 1), min_size=1).map(tuple)),
        "first": first,
        "last": draw(st.none() | st.integers(first, STEPS - 1)),
    }


def drawn_network(data: st.DataObject) -> LSTMNetwork:
    torch.manual_seed(data.draw(st.integers(0, 1000)))
    hidden_size = data.draw(st.integers(2, 35))
    return LSTMNetwork(
        3,
        hidden_size,
        data.draw(st.integers(1, 2)),
        bidirectional=data.draw(st.booleans()),
        proj_size=data.draw(st.sampled_from([0, hidden_size - 1])),
    )


@settings(max_examples=60)
@given(data=st.data(), batch=st.sampled_from([(), (5,)]))
def test_both_loops_hold_the_same_and_agree_on_what_follows(data: st.DataObject, batch: tuple[int, ...]) -> None:
    network = drawn_network(data)
    places = network.num_layers, network.directions, network.first_cell.output_size
    held = [Intervention(**drawn) for drawn in data.draw(st.lists(interventions(*places), min_size=1, max_size=4))]
    x = torch.randn(STEPS, *batch, 3)
    plain = trace(network, x, interventions=held)
    with torch.no_grad():
        compiled = trace(network, x, interventions=held)
    for one, other in zip(plain.layers, compiled.layers, strict=True):
        for name in Step._fields:
            torch.testing.assert_close(getattr(one, name), getattr(other, name), rtol=0, atol=2e-6)
    last = held[-1]
    layer = next(each for each in compiled.layers if (each.layer, each.direction) == (last.layer, last.direction))
    end = STEPS if last.last is None else last.last + 1
    units = slice(None) if last.units is None else list(last.units)
    assert bool((getattr(layer, last.quantity)[last.first : end][..., units] == last.value).all())


def test_a_forget_gate_held_at_one_and_an_input_gate_at_zero_keep_the_cell_state() -> None:
    torch.manual_seed(0)
    cell, x = LSTMSimpleCell(2, 5), torch.randn(20, 2)
    state = (torch.zeros(5), torch.arange(5.0))
    held = [Intervention("forget_gate", 1.0), Intervention("input_gate", 0.0)]
    layer = trace(cell, x, state, held).layers[0]
    torch.testing.assert_close(layer.cell_state, state[1].expand(20, 5), rtol=0, atol=0)


def test_nothing_changes_before_a_hold_begins_and_the_state_goes_on_from_it_after() -> None:
    torch.manual_seed(0)
    cell, x = LSTMSimpleCell(2, 5), torch.randn(20, 2)
    free = trace(cell, x).layers[0]
    held = trace(cell, x, interventions=[Intervention("cell_state", 0.0, units=(1, 3), first=5, last=7)]).layers[0]
    torch.testing.assert_close(free.cell_state[:5], held.cell_state[:5], rtol=0, atol=0)
    assert not bool(held.cell_state[5:8, [1, 3]].any())
    assert bool((held.cell_state[8:] != free.cell_state[8:]).any())
    expected = trace(cell, x[8:], (held.hidden_state[7], held.cell_state[7])).layers[0].cell_state
    torch.testing.assert_close(held.cell_state[8:], expected)


def test_gradients_flow_around_an_intervention() -> None:
    torch.manual_seed(0)
    cell, x = LSTMSimpleCell(1, 2), torch.randn(6, 1, requires_grad=True)
    traced = trace(cell, x, interventions=[Intervention("hidden_state", 0.0), Intervention("cell_state", 0.5, first=3)])
    (gradient,) = torch.autograd.grad(traced.layers[0].cell_state.sum(), x)
    assert bool((gradient[:3] != 0).all())
    assert not bool(gradient[3:].any())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "memory"}, "quantity"),
        ({"layer": 1}, "layer"),
        ({"direction": "backward"}, "direction"),
        ({"units": (0, 4)}, "units"),
        ({"units": (-1,)}, "units"),
        ({"first": 9}, "first"),
        ({"first": 5, "last": 4}, "last"),
        ({"last": 9}, "last"),
        ({"value": float("nan")}, "value"),
    ],
)
@pytest.mark.parametrize("model", [LSTMSimpleCell(1, 4), LSTMNetwork(1, 4)])
def test_an_intervention_on_what_is_not_there_is_refused(model: Any, wrong: dict[str, Any], field: str) -> None:
    x: Tensor = torch.zeros(9, 1)
    held = Intervention(**{"quantity": "forget_gate", "value": 1.0, **wrong})
    with pytest.raises(InvalidInput) as caught:
        trace(model, x, interventions=[Intervention("forget_gate", 1.0), held])
    assert caught.value.field == f"interventions.1.{field}"
