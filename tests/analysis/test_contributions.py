"""What each input pushed sums to the pre-activation, whose activation is the traced gate."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.drawn import Allocations, Drawn, drawn_runs, large_run, nbytes, zero_weights

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.analysis import contributions
from gatescope.errors import InvalidInput

GATES = {"forget_gate": "W_f", "input_gate": "W_i", "candidate": "W_C", "output_gate": "W_o"}


@given(drawn_runs(), st.data())
def test_the_pushes_sum_to_the_pre_activation_of_the_traced_gate(run: Drawn, data: st.DataObject) -> None:
    for index, layer, cell in run.layers:
        steps, units = layer.cell_state.shape
        step, unit = data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, units - 1))
        split = contributions(run.network, run.trace, index, step, unit)
        assert list(split.gates) == list(GATES)
        for name, pushes in split.gates.items():
            assert pushes.of_input.shape == (cell.input_size,)
            assert pushes.of_hidden_state.shape == (cell.output_size,)
            parts = float(pushes.of_input.sum() + pushes.of_hidden_state.sum()) + pushes.of_bias
            assert pushes.pre_activation == pytest.approx(parts, rel=1e-12, abs=1e-12)
            activate = torch.tanh if name == "candidate" else torch.sigmoid
            activation = float(activate(torch.tensor(pushes.pre_activation, dtype=torch.float64)))
            assert activation == pytest.approx(float(getattr(layer, name)[step, unit]), abs=1e-5)
            assert pushes.activation == float(getattr(layer, name)[step, unit])


@given(drawn_runs(), st.data())
def test_each_push_is_a_weight_times_what_the_cell_was_given(run: Drawn, data: st.DataObject) -> None:
    for index, layer, cell in run.layers:
        steps, units = layer.cell_state.shape
        step, unit = data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, units - 1))
        below = [each.hidden_state for each in run.trace.layers if each.layer == layer.layer - 1]
        x = torch.cat(below, dim=1)[step] if below else run.x[step]
        h = layer.previous_state.hidden_state[step]
        for name, pushes in contributions(run.network, run.trace, index, step, unit).gates.items():
            weight = getattr(cell, GATES[name]).weight[unit].double()
            torch.testing.assert_close(pushes.of_input, weight[: len(x)] * x.double())
            torch.testing.assert_close(pushes.of_hidden_state, weight[len(x) :] * h.double())


@given(drawn_runs(), st.data())
def test_kept_and_written_make_the_new_cell_state(run: Drawn, data: st.DataObject) -> None:
    for index, layer, cell in run.layers:
        steps, units = layer.cell_state.shape
        step, unit = data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, units - 1))
        split = contributions(run.network, run.trace, index, step, unit)
        assert split.previous_cell_state == float(layer.previous_state.cell_state[step, unit])
        assert split.kept + split.written == pytest.approx(split.cell_state, rel=1e-5, abs=1e-5)
        if not cell.proj_size:
            assert split.hidden_state == pytest.approx(float(layer.hidden_state[step, unit]), abs=1e-5)


def test_with_zero_weights_the_bias_alone_pushes() -> None:
    cell = LSTMSimpleCell(1, 2)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        torch.nn.init.ones_(cell.W_f.bias)
    pushes = contributions(cell, zero_weights(1.0), 0, 5, 1).gates["forget_gate"]
    assert (pushes.of_bias, pushes.pre_activation) == (1.0, 1.0)
    assert pushes.activation == pytest.approx(0.7311, abs=5e-5)


def test_a_long_run_costs_no_more_than_one_step() -> None:
    run = large_run(bidirectional=True)
    for index, layer, _ in run.layers:
        with Allocations() as made:
            contributions(run.network, run.trace, index, 500, 7)
        assert made.total <= 0.01 * nbytes(layer)


@pytest.mark.parametrize(("place", "field"), [((1, 0, 0), "layer"), ((0, 11, 0), "step"), ((0, 0, 2), "unit")])
def test_what_is_not_there_is_refused(place: tuple[int, int, int], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        contributions(LSTMSimpleCell(1, 2), zero_weights(1.0), *place)
    assert caught.value.field == field


@pytest.mark.parametrize("model", [LSTMSimpleCell(2, 2), LSTMSimpleCell(1, 3), LSTMNetwork(1, 2, 2)])
def test_another_model_than_the_one_traced_is_refused(model: LSTMSimpleCell | LSTMNetwork) -> None:
    with pytest.raises(InvalidInput) as caught:
        contributions(model, zero_weights(1.0), 0, 0, 0)
    assert caught.value.code == "trace_of_another_model"


def test_a_batch_is_refused() -> None:
    cell = LSTMSimpleCell(1, 2)
    with torch.no_grad(), pytest.raises(InvalidInput, match="batch"):
        contributions(cell, trace(cell, torch.ones(5, 3, 1)), 0, 0, 0)
