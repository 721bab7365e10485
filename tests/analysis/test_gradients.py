"""Gradients through time are those of autograd and of finite differences."""

from typing import Any, Literal

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Drawn, runs_for_gradients
from torch import Tensor

from gatescope import LSTMNetwork, LSTMSimpleCell, State, Step, trace
from gatescope.analysis import state_gradients
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction
from gatescope.lstm.layer import LayerTrace

Target = int | Literal["norm", "sum"]
EXACT: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-13}


def reduced(values: Tensor, target: Target) -> Tensor:
    if isinstance(target, int):
        return values[target]
    return values.sum() if target == "sum" else values.norm()


def by_autograd(
    cell: LSTMSimpleCell, x: Tensor, layer: LayerTrace, target: Target, quantity: str, end: int
) -> tuple[list[Tensor], list[Tensor]]:
    """∂target/∂C_t and ∂target/∂x_t, from the step computed first to the end, through steps with a graph."""
    state, cell_states, hidden_states, inputs = layer.initial_state, [], [], []
    order = range(len(x) - 1, end - 1, -1) if layer.direction == "backward" else range(end + 1)
    for t in order:
        inputs.append(x[t].detach().requires_grad_())
        step = cell.step(inputs[-1], state)
        # h is made anew from C, so that the gradient of C holds what it does through h.
        h = step.output_gate * torch.tanh(step.cell_state)
        state = State(h if cell.W_h is None else cell.W_h(h), step.cell_state)
        cell_states.append(state.cell_state)
        hidden_states.append(state.hidden_state)
    value = reduced(getattr(state, quantity), target)
    given = [*cell_states, *inputs]
    gradients = torch.autograd.grad(value, given, allow_unused=True, materialize_grads=True)
    return list(gradients[: len(order)]), list(gradients[len(order) :])


@given(
    runs_for_gradients(),
    st.sampled_from([0, 1, "norm", "sum"]),
    st.sampled_from(["cell_state", "hidden_state"]),
    st.data(),
)
def test_gradients_are_those_of_autograd_in_every_layer_and_direction(
    run: Drawn, target: Target, quantity: Literal["cell_state", "hidden_state"], data: st.DataObject
) -> None:
    network, x, traced, steps = run.network, run.x, run.trace, run.steps
    units = run.hidden_size if quantity == "cell_state" else network.first_cell.output_size
    target = 0 if target == units else target
    end = data.draw(st.integers(0, steps - 1))
    for (number, direction, cell), layer in zip(network.places(), traced.layers, strict=True):
        below = [each.hidden_state for each in traced.layers if each.layer == number - 1]
        got = torch.cat(below, -1) if below else x
        gradients = state_gradients(
            network, traced, target, quantity=quantity, layer=number, direction=direction, end=end
        )
        cell_states, inputs = by_autograd(cell, got, layer, target, quantity, end)
        steps_back = range(steps - 1, end - 1, -1) if direction == "backward" else range(end + 1)
        torch.testing.assert_close(gradients.cell_state[list(steps_back)], torch.stack(cell_states), **EXACT)
        torch.testing.assert_close(gradients.inputs[list(steps_back)], torch.stack(inputs), **EXACT)
        untouched = [t for t in range(steps) if t not in steps_back]
        assert not gradients.cell_state[untouched].any()
        assert not gradients.inputs[untouched].any()


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_runs_longer_than_a_chunk_are_walked_whole_and_the_trace_stays_as_it_was(direction: Direction) -> None:
    torch.manual_seed(5)
    network = LSTMNetwork(2, 4, bidirectional=True, dtype=torch.float64)
    for _, _, cell in network.places():
        torch.nn.init.constant_(cell.W_f.bias, 6)  # so that something arrives from 600 steps away
    x = torch.randn(600, 2, dtype=torch.float64, requires_grad=True)
    traced = trace(network, x)
    layer = traced.layers[network.directions.index(direction)]
    before = [getattr(layer, name).detach().clone() for name in Step._fields]
    gradients = state_gradients(network, traced, 1, direction=direction)
    (inputs,) = torch.autograd.grad(layer.cell_state[gradients.end, 1], x)
    torch.testing.assert_close(gradients.inputs, inputs, **EXACT)
    assert inputs[599 - gradients.end].abs().max() > 1e-6
    assert all(torch.equal(getattr(layer, name), tensor) for name, tensor in zip(Step._fields, before, strict=True))


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("quantity", ["cell_state", "hidden_state"])
def test_gradients_are_finite_differences(
    direction: Direction, quantity: Literal["cell_state", "hidden_state"]
) -> None:
    torch.manual_seed(1)
    network = LSTMNetwork(2, 4, bidirectional=True, dtype=torch.float64)
    x = torch.randn(7, 2, dtype=torch.float64)
    gradients = state_gradients(network, trace(network, x), 2, quantity=quantity, direction=direction)
    place = network.directions.index(direction)

    def value(x: Tensor) -> float:
        with torch.no_grad():
            return float(getattr(trace(network, x).layers[place], quantity)[gradients.end, 2])

    for step in range(7):
        for feature in range(2):
            push = torch.zeros_like(x)
            push[step, feature] = 1e-6
            difference = (value(x + push) - value(x - push)) / 2e-6
            assert float(gradients.inputs[step, feature]) == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_the_gradients_of_the_states_are_finite_differences() -> None:
    torch.manual_seed(2)
    cell = LSTMSimpleCell(2, 4, dtype=torch.float64)
    x = torch.randn(9, 2, dtype=torch.float64)
    traced = trace(cell, x)
    gradients = state_gradients(cell, traced, 1)
    layer = traced.layers[0]

    def resumed(step: int, C: Tensor, h: Tensor) -> float:
        rest = trace(cell, x[step + 1 :], (h, C)).layers[0]
        return float(rest.cell_state[-1, 1].detach())

    for step in range(8):
        C, h, o = (tensor[step].detach() for tensor in (layer.cell_state, layer.hidden_state, layer.output_gate))
        for unit in range(4):
            push = torch.zeros(4, dtype=torch.float64)
            push[unit] = 1e-6
            ahead, behind = (resumed(step, at, o * torch.tanh(at)) for at in (C + push, C - push))
            assert float(gradients.cell_state[step, unit]) == pytest.approx((ahead - behind) / 2e-6, rel=1e-6, abs=1e-9)
            ahead, behind = (resumed(step, C, at) for at in (h + push, h - push))
            assert float(gradients.hidden_state[step, unit]) == pytest.approx(
                (ahead - behind) / 2e-6, rel=1e-6, abs=1e-9
            )


@given(runs_for_gradients(), st.data())
def test_the_direct_path_is_the_product_of_the_forget_gates(run: Drawn, data: st.DataObject) -> None:
    network, traced, steps = run.network, run.trace, run.steps
    end = data.draw(st.integers(0, steps - 1))
    for layer in traced.layers:
        gradients = state_gradients(network, traced, "sum", layer=layer.layer, direction=layer.direction, end=end)
        for t in range(steps):
            passed = layer.forget_gate[t + 1 : end + 1] if layer.direction == "forward" else layer.forget_gate[end:t]
            is_before = t <= end if layer.direction == "forward" else t >= end
            torch.testing.assert_close(gradients.direct[t], passed.detach().prod(0) * is_before, **EXACT)


def test_without_recurrent_weights_nothing_but_the_direct_path_is_left() -> None:
    torch.manual_seed(3)
    cell = LSTMSimpleCell(2, 5)
    with torch.no_grad():
        for gate in (cell.W_f, cell.W_i, cell.W_C, cell.W_o):
            gate.weight[:, 2:] = 0
        gradients = state_gradients(cell, trace(cell, torch.randn(20, 2)), 4)
    torch.testing.assert_close(gradients.cell_state, gradients.direct, **EXACT)
    assert gradients.norms()["direct"][-1] == 1


def test_ten_steps_of_an_untouched_forget_gate_of_bias_one_leave_four_per_cent() -> None:
    cell = LSTMSimpleCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.W_f.bias.fill_(1)
        gradients = state_gradients(cell, trace(cell, torch.zeros(11, 1)), 0)
    assert float(gradients.direct[0, 0]) == pytest.approx(0.0436, abs=5e-5)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"target": 5}, "no_such_unit"),
        ({"target": -1}, "no_such_unit"),
        ({"target": "largest"}, "unknown_target"),
        ({"quantity": "candidate"}, "unknown_quantity"),
        ({"layer": 2}, "no_such_layer"),
        ({"direction": "backward"}, "no_such_direction"),
        ({"end": 6}, "no_such_step"),
    ],
)
def test_what_is_not_there_is_refused(arguments: dict[str, Any], code: str) -> None:
    network = LSTMNetwork(2, 5, 2)
    with pytest.raises(InvalidInput) as caught:
        state_gradients(network, trace(network, torch.zeros(6, 2)), **arguments)
    assert caught.value.code == code


def test_a_batch_and_a_trace_of_another_model_are_refused() -> None:
    network = LSTMNetwork(2, 5)
    with pytest.raises(InvalidInput, match="batch of 3"):
        state_gradients(network, trace(network, torch.zeros(6, 3, 2)))
    with pytest.raises(InvalidInput, match="another model"):
        state_gradients(network, trace(LSTMNetwork(2, 5, 2), torch.zeros(6, 2)))
