"""What a unit keeps is the product of its forget gates, from any step to any later one."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Allocations, Drawn, drawn_runs, large_run, nbytes, zero_weights

from gatescope import LSTMSimpleCell, trace
from gatescope.analysis import half_lives, retention
from gatescope.errors import InvalidInput
from gatescope.lstm.trace import Trace


def with_forget_gate(gates: list[float]) -> Trace:
    """A trace of one unit whose forget gate was held at these values."""
    with torch.no_grad():
        traced = trace(LSTMSimpleCell(1, 1), torch.ones(len(gates), 1))
    (layer,) = traced.layers
    return replace(traced, layers=(replace(layer, forget_gate=torch.tensor(gates)[:, None]),))


@pytest.mark.parametrize(("forget_bias", "gate", "share"), [(1.0, 0.7311, 0.0436), (0.0, 0.5, 0.000977)])
def test_with_zero_weights_the_bias_alone_tells_what_ten_steps_keep(
    forget_bias: float, gate: float, share: float
) -> None:
    shares = retention(zero_weights(forget_bias), 0, 0)
    assert float(shares.retained[0, 1]) == pytest.approx(gate, abs=5e-5)
    assert float(shares.retained[0, 10]) == pytest.approx(share, rel=1e-3)


@given(drawn_runs(), st.data())
def test_each_entry_is_the_product_of_the_gates_between(run: Drawn, data: st.DataObject) -> None:
    for index, layer, _ in run.layers:
        steps, units = layer.forget_gate.shape
        unit = data.draw(st.integers(0, units - 1))
        start = data.draw(st.integers(0, steps - 1))
        stop = data.draw(st.integers(start + 1, steps))
        most = data.draw(st.integers(2, 12))
        shares = retention(run.trace, index, unit, start=start, stop=stop, most=most)
        shown = shares.steps.tolist()
        gates = layer.forget_gate[:, unit].double().tolist()
        assert shown == sorted(set(shown))
        assert {start, stop - 1} == {shown[0], shown[-1]}
        assert len(shown) == min(most, stop - start)
        for a, s in enumerate(shown):
            for b, t in enumerate(shown):
                share = float(shares.retained[a, b])
                if layer.direction == "forward" and s <= t:
                    assert share == pytest.approx(math.prod(gates[s + 1 : t + 1]), rel=1e-9)
                elif layer.direction == "backward" and t <= s:
                    assert share == pytest.approx(math.prod(gates[t:s]), rel=1e-9)
                else:
                    assert math.isnan(share)


@given(st.lists(st.sampled_from([0.0, 1e-30, 0.5, 1.0, -0.5, -1.0]), min_size=1, max_size=20))
def test_a_gate_at_zero_keeps_exactly_nothing_one_at_one_everything_and_one_held_below_0_turns_the_sign(
    gates: list[float],
) -> None:
    retained = retention(with_forget_gate(gates), 0, 0).retained
    held = torch.tensor(gates).tolist()
    for s in range(len(gates)):
        for t in range(s, len(gates)):
            product = math.prod(held[s + 1 : t + 1])
            share = float(retained[s, t])
            assert (share == product) if product in (0, 1) else share == pytest.approx(product, rel=1e-9, abs=1e-300)


@given(drawn_runs())
def test_after_a_half_life_of_its_mean_gate_half_is_left(run: Drawn) -> None:
    for index, layer, _ in run.layers:
        lives = half_lives(run.trace, index)
        assert lives.shape == layer.forget_gate.shape[1:]
        mean = layer.forget_gate.double().log().mean(dim=0).exp()  # the geometric mean, (H)
        shut = mean == 0
        assert bool((lives[shut] == 0).all())
        forgetting = ~shut & (mean < 1 - 1e-9)  # nearer to 1 float64 tells the two too roughly apart
        halves = mean[forgetting] ** lives[forgetting]
        torch.testing.assert_close(halves, torch.full_like(halves, 0.5), rtol=1e-6, atol=0)


def test_half_lives_exist_for_gates_at_their_ends_too() -> None:
    assert float(half_lives(with_forget_gate([0.5] * 9), 0)) == 1
    assert float(half_lives(with_forget_gate([1.0] * 9), 0)) == math.inf
    assert float(half_lives(with_forget_gate([-0.5] * 9), 0)) == pytest.approx(1), "held below 0, its size is halved"
    assert float(half_lives(with_forget_gate([1.0, 0.0, 1.0]), 0)) == 0


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_long_run_takes_no_square_of_its_length(bidirectional: bool) -> None:
    run = large_run(20_000, 8, bidirectional=bidirectional)
    for index, layer, _ in run.layers:
        with Allocations() as made:
            shares = retention(run.trace, index, 3)
            half_lives(run.trace, index)
        assert shares.retained.shape == (200, 200)
        assert made.total <= 4 * nbytes(layer)


@pytest.mark.parametrize(
    ("arguments", "field", "code"),
    [
        ({"layer": 1}, "layer", "no_such_layer"),
        ({"layer": -1}, "layer", "no_such_layer"),
        ({"unit": 2}, "unit", "no_such_unit"),
        ({"start": 11}, "start", "integer_range"),
        ({"start": 3, "stop": 3}, "stop", "integer_range"),
        ({"stop": 12}, "stop", "integer_range"),
        ({"most": 1}, "most", "integer_range"),
        ({"most": 401}, "most", "integer_range"),
    ],
)
def test_what_is_not_there_is_refused(arguments: dict[str, int], field: str, code: str) -> None:
    with pytest.raises(InvalidInput, match="it must be") as caught:
        retention(zero_weights(1.0), **{"layer": 0, "unit": 0, **arguments})
    assert (caught.value.field, caught.value.code) == (field, code)


def test_a_batch_is_refused() -> None:
    with torch.no_grad():
        traced = trace(LSTMSimpleCell(1, 2), torch.ones(5, 3, 1))
    with pytest.raises(InvalidInput, match="batch") as caught:
        half_lives(traced, 0)
    assert caught.value.code == "one_sequence"
