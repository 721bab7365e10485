import subprocess
import sys
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.wire import QUANTITIES
from torch import nn

from gatescope import LSTMNetwork, LSTMSimpleCell, from_torch, trace
from gatescope.errors import InvalidInput

TOLERANCES = {torch.float32: 1e-6, torch.float64: 1e-12}


@st.composite
def runs(draw: st.DrawFn) -> tuple[nn.LSTM, torch.Tensor, tuple[torch.Tensor, torch.Tensor] | None]:
    """An nn.LSTM, a sequence (T, I) or (T, B, I), and an initial state or none."""
    steps, units, inputs = draw(st.integers(1, 20)), draw(st.integers(1, 33)), draw(st.integers(1, 9))
    batch = draw(st.one_of(st.just(()), st.integers(1, 5).map(lambda size: (size,))))
    dtype = draw(st.sampled_from(list(TOLERANCES)))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    lstm = nn.LSTM(inputs, units, bias=draw(st.booleans()), dtype=dtype)
    state = torch.randn(2, *batch, units, dtype=dtype).unbind() if draw(st.booleans()) else None
    return lstm, torch.randn(steps, *batch, inputs, dtype=dtype), state  # type: ignore[return-value]


@given(runs())
def test_it_equals_torch(run: tuple[nn.LSTM, torch.Tensor, tuple[torch.Tensor, torch.Tensor] | None]) -> None:
    lstm, x, state = run
    (layer,) = trace(from_torch(lstm), x, state).layers
    packed = None if state is None else (state[0].unsqueeze(0), state[1].unsqueeze(0))
    cell_states = []
    for x_t in x:  # nn.LSTM tells C of the last step only, so it goes step by step
        _, packed = lstm(x_t.unsqueeze(0), packed)
        cell_states.append(packed[1][0])
    hidden_states, _ = lstm(x, None if state is None else (state[0].unsqueeze(0), state[1].unsqueeze(0)))
    close: dict[str, Any] = {"rtol": 0, "atol": TOLERANCES[x.dtype]}
    torch.testing.assert_close(layer.hidden_state, hidden_states, **close)
    torch.testing.assert_close(layer.cell_state, torch.stack(cell_states), **close)


@given(runs())
def test_the_laws_hold_at_every_step(
    run: tuple[nn.LSTM, torch.Tensor, tuple[torch.Tensor, torch.Tensor] | None],
) -> None:
    lstm, x, state = run
    cell = from_torch(lstm)
    (layer,) = trace(cell, x, state).layers
    h_before = torch.cat([layer.initial_state.hidden_state.unsqueeze(0), layer.hidden_state[:-1]])
    C_before = torch.cat([layer.initial_state.cell_state.unsqueeze(0), layer.cell_state[:-1]])
    combined = torch.cat([x, h_before], dim=-1)
    close: dict[str, Any] = {"rtol": 0, "atol": TOLERANCES[x.dtype]}
    torch.testing.assert_close(layer.forget_gate, cell.W_f(combined).sigmoid(), **close)
    torch.testing.assert_close(layer.input_gate, cell.W_i(combined).sigmoid(), **close)
    torch.testing.assert_close(layer.candidate, cell.W_C(combined).tanh(), **close)
    torch.testing.assert_close(layer.output_gate, cell.W_o(combined).sigmoid(), **close)
    written = layer.input_gate * layer.candidate
    torch.testing.assert_close(layer.cell_state, layer.forget_gate * C_before + written, **close)
    torch.testing.assert_close(layer.hidden_state, layer.output_gate * layer.cell_state.tanh(), **close)


def test_an_nn_lstm_can_be_traced_as_it_is() -> None:
    lstm = nn.LSTM(2, 3)
    x = torch.randn(5, 2)
    (layer,) = trace(lstm, x).layers
    torch.testing.assert_close(layer.hidden_state, lstm(x)[0])


def test_every_tensor_is_time_major_and_the_layer_is_named() -> None:
    (layer,) = trace(LSTMSimpleCell(2, 3), torch.zeros(5, 4, 2)).layers
    assert (layer.layer, layer.direction) == (0, "forward")
    assert {tuple(getattr(layer, name).shape) for name in QUANTITIES} == {(5, 4, 3)}
    assert {tuple(tensor.shape) for tensor in layer.initial_state} == {(4, 3)}


def test_a_state_for_one_sequence_serves_a_whole_batch() -> None:
    state = (torch.randn(3), torch.randn(3))
    cell, x = LSTMSimpleCell(2, 3), torch.randn(5, 4, 2)
    (shared,) = trace(cell, x, state).layers
    (spelled,) = trace(cell, x, (state[0].repeat(4, 1), state[1].repeat(4, 1))).layers
    assert torch.equal(shared.hidden_state, spelled.hidden_state)


def test_gradients_flow_through_a_whole_sequence() -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(2, 3, dtype=torch.float64)
    cell = from_torch(lstm)
    ours, theirs = (torch.linspace(-1, 1, 20, dtype=torch.float64).reshape(10, 2).requires_grad_() for _ in range(2))
    torch.autograd.backward(trace(cell, ours).layers[0].hidden_state[-1].sum())
    torch.autograd.backward(lstm(theirs)[0][-1].sum())
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=0, atol=1e-12)
    gradients = {name: parameter.grad for name, parameter in [*cell.named_parameters(), *lstm.named_parameters()]}
    of_cell, of_torch = gradients["W_f.weight"], gradients["weight_hh_l0"]
    assert of_cell is not None
    assert of_torch is not None
    # PyTorch packs i, f, C̃, o
    torch.testing.assert_close(of_cell[:, 2:], of_torch[3:6], rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [(0, 2), (2,), (1, 1, 1, 2)])
def test_a_sequence_of_a_wrong_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match=r"it must be \(T, I\) or \(T, B, I\) with at least one step"):
        trace(LSTMSimpleCell(2, 3), torch.zeros(shape))


MISTAKES = """
import numpy, torch
from torch import nn
from gatescope import LSTMNetwork, from_torch, trace
from gatescope.errors import InvalidInput
for mistake in (
    lambda: trace(nn.GRU(2, 3), torch.zeros(4, 2)),
    lambda: trace(nn.Sequential(nn.LSTM(2, 3)), torch.zeros(4, 2)),
    lambda: from_torch(nn.RNN(2, 3)),
    lambda: LSTMNetwork.from_torch(nn.GRUCell(2, 3)),
    lambda: trace(nn.LSTM(2, 3), numpy.zeros((4, 2))),
):
    try:
        mistake()
    except InvalidInput as error:
        print(error)
"""


def test_what_is_no_lstm_and_what_is_no_tensor_is_refused_by_its_kind() -> None:
    # In an interpreter of its own, where no annotations are checked.
    done = subprocess.run([sys.executable, "-c", MISTAKES], capture_output=True, text=True, check=True, timeout=120)
    of_models = [f"a {kind} is no LSTM; give an nn.LSTM" for kind in ("GRU", "Sequential", "RNN", "GRUCell")]
    told = [*of_models, "x is a ndarray; it must be a torch.Tensor"]
    lines = done.stdout.splitlines()
    assert len(lines) == len(told)
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))


def test_an_input_of_another_dtype_than_the_models_is_refused() -> None:
    network = LSTMNetwork(2, 3)
    for dtype in (torch.float64, torch.int64):
        with pytest.raises(InvalidInput, match=f"x is {dtype}; the model takes torch.float32"):
            trace(network, torch.zeros(4, 2, dtype=dtype))
    network.front = nn.Embedding(5, 2)
    with pytest.raises(InvalidInput, match=r"x is torch.float32; the model takes torch.int64"):
        trace(network, torch.zeros(4))


@pytest.mark.parametrize("name", ["hidden_state", "cell_state"])
def test_an_initial_state_of_a_wrong_shape_is_named(name: str) -> None:
    shapes = {"hidden_state": (4, 3), "cell_state": (4, 3), name: (5, 3)}
    state = (torch.zeros(shapes["hidden_state"]), torch.zeros(shapes["cell_state"]))
    with pytest.raises(InvalidInput, match=rf"initial {name} has shape \(5, 3\); it must be \(4, 3\)") as raised:
        trace(LSTMSimpleCell(2, 3), torch.zeros(6, 4, 2), state)
    assert raised.value.field == f"initial_state.{name}"
