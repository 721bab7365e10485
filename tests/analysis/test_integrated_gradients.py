"""What each input added makes up the whole difference from the baseline."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.drawn import Drawn, runs_for_gradients
from torch import Tensor, nn

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.analysis import OutputTarget, StateTarget, integrated_gradients, recomputation, state_gradients
from gatescope.analysis.gradients import Quantity
from gatescope.analysis.quadrature import gauss_legendre
from gatescope.errors import InvalidInput


@settings(max_examples=25)
@given(runs_for_gradients(reads=True), st.data())
def test_what_the_inputs_added_to_an_output_is_the_whole_difference(run: Drawn, data: st.DataObject) -> None:
    traced = run.trace
    assert traced.output is not None
    step, output = data.draw(st.integers(0, run.steps - 1)), data.draw(st.integers(0, 3))
    split = integrated_gradients(run.network, traced, OutputTarget(step, output), tolerance=1e-11, points=512)
    baseline = trace(run.network, torch.zeros_like(run.x), run.state).output
    assert baseline is not None
    assert split.value == pytest.approx(float(traced.output[step, output].detach()), abs=1e-12)
    assert split.baseline_value == pytest.approx(float(baseline[step, output].detach()), abs=1e-12)
    assert float(split.attributions.sum()) == pytest.approx(split.value - split.baseline_value, abs=1e-9)
    assert abs(split.completeness_gap) < 1e-9


@settings(max_examples=25)
@given(runs_for_gradients(), st.sampled_from(["cell_state", "hidden_state"]), st.data())
def test_what_the_inputs_added_to_a_state_is_the_whole_difference(
    run: Drawn, quantity: Quantity, data: st.DataObject
) -> None:
    baseline = torch.randn(run.input_size, dtype=torch.float64)
    before = trace(run.network, baseline.expand_as(run.x), run.state)
    step = data.draw(st.integers(0, run.steps - 1))
    for layer, other in zip(run.trace.layers, before.layers, strict=True):
        target = StateTarget(0, quantity, layer.layer, layer.direction, step)
        split = integrated_gradients(run.network, run.trace, target, baseline=baseline, tolerance=1e-11, points=512)
        difference = (getattr(layer, quantity) - getattr(other, quantity))[step, 0].detach()
        assert float(split.attributions.sum()) == pytest.approx(float(difference), abs=1e-9)
        assert abs(split.completeness_gap) < 1e-9


def test_the_initial_state_of_the_run_is_kept() -> None:
    torch.manual_seed(0)
    cell = LSTMSimpleCell(2, 4, dtype=torch.float64)
    state = (torch.randn(4, dtype=torch.float64), torch.randn(4, dtype=torch.float64))
    traced = trace(cell, torch.randn(5, 2, dtype=torch.float64), state)
    split = integrated_gradients(cell, traced, StateTarget(3), tolerance=1e-11)
    assert split.value == pytest.approx(float(traced.layers[0].cell_state[-1, 3].detach()), abs=1e-12)
    assert abs(split.completeness_gap) < 1e-9


def test_attributions_are_those_of_the_integral_by_autograd() -> None:
    torch.manual_seed(1)
    network = LSTMNetwork(2, 4, 2, dtype=torch.float64)
    x, baseline = torch.randn(2, 6, 2, dtype=torch.float64)
    traced = trace(network, x)
    split = integrated_gradients(network, traced, StateTarget(1, layer=1), baseline=baseline, points=8)
    places, weights = np.polynomial.legendre.leggauss(8)
    total = torch.zeros_like(x)
    for place, weight in zip((places + 1) / 2, weights / 2, strict=True):
        point = (baseline + place * (x - baseline)).requires_grad_()
        total += weight * torch.autograd.grad(trace(network, point).layers[1].cell_state[-1, 1], point)[0]
    torch.testing.assert_close(split.attributions, (x - baseline) * total, rtol=1e-9, atol=1e-13)


def test_few_points_leave_a_gap_that_is_told_and_more_of_them_close_it() -> None:
    torch.manual_seed(2)
    cell = LSTMSimpleCell(2, 8)
    traced = trace(cell, 60 * torch.randn(40, 2))
    few, many = (integrated_gradients(cell, traced, StateTarget(0), points=points) for points in (8, 4096))
    assert (few.points, few.converged) == (8, False)
    assert abs(few.completeness_gap) > 1e-2
    assert 8 < many.points <= 4096
    assert many.converged
    assert abs(many.completeness_gap) < 2e-4 * abs(many.value - many.baseline_value) + 1e-5


def test_where_the_target_is_smooth_few_points_do() -> None:
    torch.manual_seed(2)
    cell = LSTMSimpleCell(2, 8)
    assert integrated_gradients(cell, trace(cell, torch.randn(40, 2)), StateTarget(0)).points == 8


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_long_run_is_as_one_without_stretches(bidirectional: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(4)
    network = LSTMNetwork(2, 4, 2, bidirectional=bidirectional, dtype=torch.float64)
    for _, _, cell in network.places():
        nn.init.constant_(cell.W_f.bias, 3)
    traced = trace(network, torch.randn(300, 2, dtype=torch.float64))
    target = StateTarget(1, "hidden_state", layer=1)
    split = integrated_gradients(network, traced, target, points=8)
    monkeypatch.setattr(recomputation, "STRETCH", 300)
    whole = integrated_gradients(network, traced, target, points=8)
    torch.testing.assert_close(split.attributions, whole.attributions, rtol=1e-9, atol=1e-15)
    assert split.attributions[0].abs().min() > 0


def test_close_to_the_baseline_it_is_the_gradient_times_the_step() -> None:
    torch.manual_seed(3)
    cell = LSTMSimpleCell(2, 4, dtype=torch.float64)
    x = torch.randn(9, 2, dtype=torch.float64)
    push = 1e-6 * torch.randn(9, 2, dtype=torch.float64)
    split = integrated_gradients(cell, trace(cell, x + push), StateTarget(2), baseline=x)
    expected = push * state_gradients(cell, trace(cell, x), 2).inputs
    torch.testing.assert_close(split.attributions, expected, rtol=1e-4, atol=1e-14)


@pytest.mark.parametrize("points", [1, 2, 7, 32, 512])
def test_the_points_of_the_integral_are_those_of_numpy(points: int) -> None:
    places, weights = gauss_legendre(points)
    expected_places, expected_weights = np.polynomial.legendre.leggauss(points)
    np.testing.assert_allclose(places.numpy(), (expected_places + 1) / 2, rtol=0, atol=1e-13)
    np.testing.assert_allclose(weights.numpy(), expected_weights / 2, rtol=0, atol=1e-13)


def refused(target: OutputTarget | StateTarget, baseline: Tensor | None = None, points: int = 8) -> str:
    network = LSTMNetwork(2, 5)
    network.read_out = nn.Linear(5, 3)
    with pytest.raises(InvalidInput) as caught:
        integrated_gradients(network, trace(network, torch.zeros(6, 2)), target, baseline=baseline, points=points)
    return caught.value.code


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (OutputTarget(6), "no_such_step"),
        (OutputTarget(0, 3), "no_such_output"),
        (StateTarget(5), "no_such_unit"),
        (StateTarget(0, step=-1), "no_such_step"),
        (StateTarget(0, layer=1), "no_such_layer"),
        (StateTarget(0, direction="backward"), "no_such_direction"),
    ],
)
def test_a_target_that_is_not_there_is_refused(target: OutputTarget | StateTarget, code: str) -> None:
    assert refused(target) == code


def test_a_baseline_that_does_not_fit_and_too_many_points_are_refused() -> None:
    assert refused(OutputTarget(), torch.zeros(3)) == "baseline_shape"
    assert refused(OutputTarget(), torch.full((2,), torch.nan)) == "not_finite_baseline"
    assert refused(OutputTarget(), points=7) == "points_range"
    assert refused(OutputTarget(), points=4097) == "points_range"


def test_an_output_of_a_model_without_a_read_out_is_refused() -> None:
    cell = LSTMSimpleCell(2, 5)
    with pytest.raises(InvalidInput, match="read-out"):
        integrated_gradients(cell, trace(cell, torch.zeros(6, 2)), OutputTarget())
