"""Gradients vanish in a plain RNN long before they do in an LSTM with an open forget gate."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from gatescope import LSTMSimpleCell, State, initialise
from gatescope.analysis import GradientReach, gradient_reach, vanishing
from gatescope.analysis.vanishing import drawn
from gatescope.errors import InvalidInput

Tell = Callable[[str, object], None]


def sequence(steps: int, features: int, seed: int = 0) -> Tensor:
    return torch.randn(steps, features, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def norms(values: Tensor, states: list[Tensor]) -> Tensor:
    """‖∂values/∂state‖ for each state, by autograd, a unit at a time."""
    rows = [torch.autograd.grad(value, states, retain_graph=True, materialize_grads=True) for value in values]
    return torch.stack([torch.stack([row[t] for row in rows]).norm() for t in range(len(states))])


@given(
    steps=st.integers(1, 12), hidden_size=st.integers(1, 6), features=st.integers(1, 4), seed=st.integers(0, 2**32 - 1)
)
def test_norms_are_those_of_autograd(steps: int, hidden_size: int, features: int, seed: int) -> None:
    x = sequence(steps, features, seed)
    reach = gradient_reach(x, hidden_size, seed=seed, forget_bias=0.5)
    for name, kind in (("rnn", nn.RNN), ("gru", nn.GRU)):
        cell = (nn.RNNCell if kind is nn.RNN else nn.GRUCell)(features, hidden_size, dtype=torch.float64)
        weights = drawn(kind, features, hidden_size, seed).state_dict()
        cell.load_state_dict({key.removesuffix("_l0"): tensor for key, tensor in weights.items()})
        states: list[Tensor] = []
        for x_t in x:
            states.append(cell(x_t, states[-1] if states else None))
        torch.testing.assert_close(getattr(reach, name), norms(states[-1], states), rtol=1e-8, atol=1e-14)


def test_a_sequence_longer_than_what_is_kept_at_a_time_is_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    x = sequence(70, 2)
    whole = gradient_reach(x, 3, seed=1)
    monkeypatch.setattr(vanishing, "CHUNK", 32)
    torch.testing.assert_close(gradient_reach(x, 3, seed=1).gru, whole.gru, rtol=1e-12, atol=0)


@given(steps=st.integers(1, 12), hidden_size=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_the_norms_of_the_lstm_are_those_of_autograd(steps: int, hidden_size: int, seed: int) -> None:
    x = sequence(steps, 3, seed)
    cell = LSTMSimpleCell(3, hidden_size, dtype=torch.float64)
    initialise(cell, "pytorch", seed=seed)
    nn.init.constant_(cell.W_f.bias, 0.5)
    state = State(torch.zeros(hidden_size, dtype=torch.float64), torch.zeros(hidden_size, dtype=torch.float64))
    hidden_states, cell_states = [], []
    for x_t in x:
        step = cell.step(x_t, state)
        state = State(step.output_gate * torch.tanh(step.cell_state), step.cell_state)
        hidden_states.append(state.hidden_state)
        cell_states.append(state.cell_state)
    reach = gradient_reach(x, hidden_size, seed=seed, forget_bias=0.5)
    close: dict[str, Any] = {"rtol": 1e-8, "atol": 1e-14}
    torch.testing.assert_close(reach.lstm, norms(hidden_states[-1], hidden_states), **close)
    torch.testing.assert_close(reach.lstm_cell_state, norms(hidden_states[-1], cell_states), **close)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("hidden_size", [16, 128])
def test_over_a_hundred_steps_the_rnn_s_gradient_is_smaller_by_orders_of_magnitude(
    seed: int, hidden_size: int, tell: Tell
) -> None:
    # Measured: 8e14 to 1e26 times smaller over six seeds and three sizes.
    reach = gradient_reach(sequence(101, 4, seed), hidden_size, seed=seed, forget_bias=1)
    tell("the LSTM's gradient over 100 steps ÷ the RNN's", f"{float(reach.lstm[0] / reach.rnn[0]):.1e}")
    assert float(reach.lstm[0]) > 1e9 * float(reach.rnn[0]) > 0
    assert float(reach.lstm[0]) > 1e-12


def test_it_is_the_forget_bias_that_lets_the_gradient_live() -> None:
    reaches = [gradient_reach(sequence(101, 4), 16, seed=0, forget_bias=bias).lstm[0] for bias in (0, 1, 3)]
    assert reaches[0] * 1e6 < reaches[1] < reaches[2] / 1e3


def test_the_norm_of_all_units_is_made_of_those_of_each() -> None:
    x = sequence(20, 3)
    units = [gradient_reach(x, 4, seed=7, unit=unit) for unit in range(4)]
    whole = gradient_reach(x, 4, seed=7)
    for name in ("rnn", "gru", "lstm", "lstm_cell_state"):
        of_units = torch.stack([getattr(each, name) for each in units])
        torch.testing.assert_close(of_units.norm(dim=0), getattr(whole, name))
    assert whole.rnn[-1] == 2  # √4: at the end, each unit has the gradient 1 with respect to itself
    assert units[0].lstm[-1] == 1


def test_a_seed_gives_the_same_networks_and_leaves_the_global_generator_alone() -> None:
    def run(seed: int | None) -> GradientReach:
        return gradient_reach(sequence(9, 2), 5, seed=seed)

    torch.manual_seed(4)
    before = torch.get_rng_state()
    first = run(3)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.gru, run(3).gru)
    assert not torch.equal(first.gru, run(4).gru)
    chosen = run(None)
    assert torch.equal(chosen.rnn, run(chosen.seed).rnn)


def test_an_earlier_end_knows_nothing_of_what_follows() -> None:
    x = sequence(9, 2)
    assert torch.equal(gradient_reach(x, 5, seed=3, end=4).lstm, gradient_reach(x[:5], 5, seed=3).lstm)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"x": torch.zeros(0, 2)}, "not_a_sequence"),
        ({"x": torch.zeros(4, 1, 2)}, "not_a_sequence"),
        ({"hidden_size": 0}, "hidden_size_range"),
        ({"forget_bias": float("nan")}, "not_finite_forget_bias"),
        ({"seed": -1}, "seed_range"),
        ({"unit": 3}, "no_such_unit"),
        ({"end": 4}, "no_such_step"),
    ],
)
def test_what_cannot_be_run_is_refused(arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        gradient_reach(**{"x": torch.zeros(4, 2), "hidden_size": 3, **arguments})
    assert caught.value.code == code
