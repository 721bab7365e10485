"""What the analyses say of one run fits together, in every layer and direction, with a projection or without."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Drawn, drawn_runs, runs_for_gradients

from gatescope import Intervention, trace
from gatescope.analysis import contributions, half_lives, retention, state_gradients, writes
from gatescope.analysis.places import as_it_ran
from gatescope.lstm.layer import LayerTrace
from gatescope.lstm.trace import Trace

GATES = ("forget_gate", "input_gate", "candidate", "output_gate")


def drawn_place(data: st.DataObject, layer: LayerTrace) -> tuple[int, int]:
    """A step and a unit."""
    steps, units = layer.cell_state.shape
    return data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, units - 1))


@given(drawn_runs(), st.data())
def test_what_is_kept_over_two_spans_is_the_product_of_what_is_kept_over_each(run: Drawn, data: st.DataObject) -> None:
    for index, layer, _ in run.layers:
        _, unit = drawn_place(data, layer)
        steps = sorted(data.draw(st.lists(st.integers(0, run.steps - 1), min_size=3, max_size=3)))
        a, b, c = reversed(steps) if layer.direction == "backward" else steps
        retained = retention(run.trace, index, unit).retained
        torch.testing.assert_close(retained[a, c], retained[a, b] * retained[b, c], rtol=1e-9, atol=1e-300)
        assert bool((retained.diagonal() == 1).all())


@given(drawn_runs())
def test_over_the_whole_sequence_the_half_life_and_the_retention_tell_the_same(run: Drawn) -> None:
    for index, layer, _ in run.layers:
        for unit, half_life in enumerate(half_lives(run.trace, index).tolist()):
            first = as_it_ran(layer, layer.forget_gate)[0, unit].double()
            ends = (-1, 0) if layer.direction == "backward" else (0, -1)
            whole = float(first * retention(run.trace, index, unit).retained[ends])
            if half_life > 0 and whole > 1e-300:
                assert whole == pytest.approx(0.5 ** (run.steps / half_life), rel=1e-6)


@given(runs_for_gradients(), st.data())
def test_the_direct_path_of_a_gradient_is_what_the_unit_keeps(run: Drawn, data: st.DataObject) -> None:
    for index, layer, _ in run.layers:
        end, unit = drawn_place(data, layer)
        gradients = state_gradients(
            run.network, run.trace, unit, layer=layer.layer, direction=layer.direction, end=end
        ).direct
        retained = retention(run.trace, index, unit).retained[:, end].nan_to_num(0)
        torch.testing.assert_close(gradients[:, unit], retained, rtol=1e-9, atol=1e-300)
        assert not gradients[:, [other for other in range(run.hidden_size) if other != unit]].any()


@given(drawn_runs(), st.data())
def test_of_all_that_was_written_the_last_step_s_part_is_what_the_step_panel_calls_written(
    run: Drawn, data: st.DataObject
) -> None:
    for index, layer, _ in run.layers:
        step, unit = drawn_place(data, layer)
        panel, parts = contributions(run.network, run.trace, index, step, unit), writes(run.trace, index, step, [unit])
        assert float(parts.parts[-1, 0]) == pytest.approx(panel.written, rel=1e-12)
        rest = float(parts.initial[0] + parts.parts[:-1, 0].sum())
        assert rest == pytest.approx(panel.kept, rel=1e-5, abs=1e-5)


@given(drawn_runs())
def test_a_forget_gate_below_one_bounds_the_cell_state_by_the_largest_write(run: Drawn) -> None:
    """|C_t| ≤ |C_0| + max|i ⊙ C̃| / (1 − max f), the sum of a geometric series; at f = 1 there is no bound."""
    for _, layer, _ in run.layers:
        f, written = layer.forget_gate.double(), (layer.input_gate * layer.candidate).double().abs()
        bound = layer.initial_state.cell_state.double().abs() + written.amax(dim=0) / (1 - f.amax(dim=0))  # (H)
        assert bool((layer.cell_state.double().abs() <= bound * (1 + 1e-5) + 1e-5).all())


def held_run(run: Drawn, data: st.DataObject, quantity: str) -> tuple[int, Trace, Intervention]:
    """The run again, with a quantity of a unit held at one step, and where its layer stands."""
    index = data.draw(st.integers(0, len(run.layers) - 1))
    layer = run.trace.layers[index]
    step, unit = drawn_place(data, layer)
    value = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    held = Intervention(quantity, value, layer.layer, layer.direction, (unit,), step, step)
    with torch.no_grad():
        return index, trace(run.network, run.x, run.state, [held]), held


@given(drawn_runs(), st.sampled_from(GATES), st.data())
def test_where_a_gate_was_held_the_parts_still_sum_to_the_cell_state(
    run: Drawn, quantity: str, data: st.DataObject
) -> None:
    _, traced, _ = held_run(run, data, quantity)
    for index, layer in enumerate(traced.layers):
        step, _ = drawn_place(data, layer)
        split = writes(traced, index, step)
        whole = split.initial + split.parts.sum(dim=0)
        torch.testing.assert_close(whole, layer.cell_state[step].double(), rtol=1e-5, atol=1e-5)


@given(drawn_runs(), st.data())
def test_where_a_cell_state_was_held_what_the_parts_miss_is_what_holding_it_changed(
    run: Drawn, data: st.DataObject
) -> None:
    index, traced, held = held_run(run, data, "cell_state")
    assert held.units is not None
    split = writes(traced, index, held.first, held.units)
    panel = contributions(run.network, traced, index, held.first, held.units[0])
    changed = held.value - (panel.kept + panel.written)
    assert float(split.residual) == pytest.approx(changed, rel=1e-5, abs=1e-5)
