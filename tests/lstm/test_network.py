from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gatescope import LSTMNetwork, agreement, trace
from gatescope.errors import InvalidInput

TOLERANCES = {torch.float32: 2e-6, torch.float64: 1e-12}
Run = tuple[nn.LSTM, torch.Tensor, tuple[torch.Tensor, torch.Tensor] | None]


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Any nn.LSTM, a sequence that it takes, and an initial state or none."""
    hidden_size = draw(st.integers(1, 9))
    dtype = draw(st.sampled_from(list(TOLERANCES)))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    lstm = nn.LSTM(
        draw(st.integers(1, 5)),
        hidden_size,
        draw(st.integers(1, 3)),
        bias=draw(st.booleans()),
        batch_first=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        proj_size=draw(st.integers(0, hidden_size - 1)),
        dtype=dtype,
    )
    batch = draw(st.one_of(st.just(()), st.integers(1, 4).map(lambda size: (size,))))
    steps = draw(st.integers(1, 12))
    shape = (*batch, steps) if lstm.batch_first else (steps, *batch)
    places = lstm.num_layers * (2 if lstm.bidirectional else 1)
    state = None
    if draw(st.booleans()):
        hidden = torch.randn(places, *batch, lstm.proj_size or hidden_size, dtype=dtype)
        state = (hidden, torch.randn(places, *batch, hidden_size, dtype=dtype))
    return lstm, torch.randn(*shape, lstm.input_size, dtype=dtype), state


@given(runs())
def test_it_computes_what_torch_computes(run: Run) -> None:
    lstm, x, state = run
    network = LSTMNetwork.from_torch(lstm)
    ours, (h, C) = network(x, state)
    theirs, (h_torch, C_torch) = lstm(x, state)
    close: dict[str, Any] = {"rtol": 0, "atol": TOLERANCES[x.dtype]}
    torch.testing.assert_close(ours, theirs, **close)
    torch.testing.assert_close(h, h_torch, **close)
    torch.testing.assert_close(C, C_torch, **close)


@given(runs())
def test_a_trace_agrees_in_every_layer_and_direction(run: Run) -> None:
    lstm, x, state = run
    network = LSTMNetwork.from_torch(lstm)
    traced = trace(network, x, state)
    assert agreement(network, traced).largest <= TOLERANCES[x.dtype]
    assert [(layer.layer, layer.direction) for layer in traced.layers] == [
        (layer, direction) for layer in range(lstm.num_layers) for direction in network.directions
    ]
    steps, *batch = traced.fed.shape[:-1]
    for layer in traced.layers:
        assert layer.cell_state.shape == (steps, *batch, lstm.hidden_size)
        assert layer.hidden_state.shape == (steps, *batch, lstm.proj_size or lstm.hidden_size)


@given(runs())
def test_the_law_of_the_cell_state_holds_in_every_layer_and_direction(run: Run) -> None:
    lstm, x, state = run
    for layer in trace(lstm, x, state).layers:
        written = layer.input_gate * layer.candidate
        expected = layer.forget_gate * layer.previous_state.cell_state + written
        torch.testing.assert_close(layer.cell_state, expected, rtol=0, atol=TOLERANCES[x.dtype])


@given(runs())
def test_weights_go_to_torch_and_back_exactly(run: Run) -> None:
    network = LSTMNetwork.from_torch(run[0])
    back = LSTMNetwork.from_torch(network.to_torch())
    before, after = network.to_state_dict(), back.to_state_dict()
    assert before.keys() == after.keys() == run[0].state_dict().keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert (back.batch_first, back.directions) == (network.batch_first, network.directions)


@pytest.mark.parametrize("bias", [True, False])
def test_a_torch_cell_is_a_network_of_one_layer(bias: bool) -> None:
    cell, x = nn.LSTMCell(3, 4, bias=bias), torch.randn(6, 2, 3)
    states, state = [], None
    for x_t in x:
        state = cell(x_t, state)
        states.append(state[0])
    for source in (cell, cell.state_dict()):
        output, _ = LSTMNetwork.from_torch(source)(x)
        torch.testing.assert_close(output, torch.stack(states), rtol=0, atol=1e-6)


def test_front_and_read_out_are_traced_too() -> None:
    network = LSTMNetwork(5, 4, 2, bidirectional=True)
    network.front, network.read_out = nn.Embedding(10, 5), nn.Linear(8, 3)
    tokens = torch.tensor([1, 7, 3])
    traced = trace(network, tokens)
    assert torch.equal(traced.fed, network.front(tokens))
    assert traced.output is not None
    expected = network.read_out(network(traced.fed)[0])
    torch.testing.assert_close(traced.output, expected)
    assert trace(LSTMNetwork(5, 4), torch.zeros(2, 5)).output is None


def test_gradients_reach_every_weight() -> None:
    network = LSTMNetwork(2, 3, 2, bidirectional=True, proj_size=2)
    torch.autograd.backward(trace(network, torch.randn(5, 2)).layers[-1].hidden_state.sum())
    reached = {name for name, parameter in network.named_parameters() if parameter.grad is not None}
    # The last layer's forward direction feeds nothing that was summed.
    assert {name for name, _ in network.named_parameters()} - reached == {
        name for name, _ in network.named_parameters() if name.startswith("cells.2.")
    }


def state_dict(**changes: torch.Tensor | None) -> dict[str, torch.Tensor]:
    weights = {**nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2).state_dict(), **changes}
    return {name: tensor for name, tensor in weights.items() if tensor is not None}


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"weight_ih_l0": None}, "missing_tensor", "weight_ih_l0 is missing"),
        ({"bias_hh_l1_reverse": None}, "missing_tensor", "bias_hh_l1_reverse is missing"),
        ({"weight_hr_l1": None}, "missing_tensor", "weight_hr_l1 is missing"),
        ({"weight_ih_l1": torch.zeros(16, 3)}, "wrong_shape", r"weight_ih_l1 has shape \(16, 3\); .* \(16, 4\)"),
        ({"weight_hh_l0": torch.zeros(16, 4)}, "wrong_shape", r"weight_hh_l0 has shape \(16, 4\); .* \(16, 2\)"),
        ({"weight_ch_l0": torch.zeros(1)}, "unknown_tensor", "weight_ch_l0 does not belong"),
    ],
)
def test_a_state_dict_that_does_not_fit_together_is_refused_by_name(
    changes: dict[str, torch.Tensor | None], code: str, named: str
) -> None:
    with pytest.raises(InvalidInput, match=named) as raised:
        LSTMNetwork.from_torch(state_dict(**changes))
    assert raised.value.code == code


def test_a_state_for_another_number_of_layers_is_refused() -> None:
    with pytest.raises(InvalidInput, match="for 1 layers and directions; the network has 4"):
        LSTMNetwork(2, 3, 2, bidirectional=True)(torch.zeros(5, 2), (torch.zeros(1, 3), torch.zeros(1, 3)))
