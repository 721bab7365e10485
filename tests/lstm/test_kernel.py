"""The compiled loop computes what the plain one computes."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from gatescope import LSTMNetwork, LSTMSimpleCell, trace
from gatescope.lstm import kernel
from gatescope.lstm.cell import DIRECTIONS, GATES, Direction
from gatescope.lstm.layer import State, plain_loop, starting_state

TOLERANCES = {torch.float32: 2e-6, torch.float64: 1e-12}
sizes = st.integers(1, 41)


def largest_difference(cell: LSTMSimpleCell, x: Tensor, state: State, direction: Direction) -> float:
    with torch.no_grad():
        assert kernel.applies(cell, x, state)
        compiled = kernel.run(cell, x, state, backward=direction == "backward")
        plain = plain_loop(cell, x, state, direction)
    assert [tensor.shape for tensor in compiled] == [tensor.shape for tensor in plain]
    return max(float((one - other).abs().max()) for one, other in zip(compiled, plain, strict=True))


@settings(max_examples=60)
@given(data=st.data(), input_size=sizes, hidden_size=sizes, steps=st.integers(1, 30), seed=st.integers(0, 10_000))
def test_it_equals_the_plain_loop(
    data: st.DataObject, input_size: int, hidden_size: int, steps: int, seed: int
) -> None:
    torch.manual_seed(seed)
    dtype = data.draw(st.sampled_from(list(TOLERANCES)))
    batch = data.draw(st.sampled_from([(), (1,), (3,), (16,)]))
    proj_size = data.draw(st.sampled_from([0, max(0, hidden_size - 1)]))
    cell = LSTMSimpleCell(input_size, hidden_size, data.draw(st.booleans()), dtype=dtype, proj_size=proj_size)
    x = torch.randn(steps, *batch, input_size, dtype=dtype) * data.draw(st.sampled_from([1e-40, 1.0, 3.0]))
    hidden, previous = torch.randn(*batch, cell.output_size, dtype=dtype), torch.randn(*batch, hidden_size, dtype=dtype)
    direction = data.draw(st.sampled_from(DIRECTIONS))
    assert largest_difference(cell, x, State(hidden, previous), direction) <= TOLERANCES[dtype]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("batch", [1, 9])
def test_two_threads_that_share_the_units_or_the_sequences_compute_what_one_does(
    monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype, direction: Direction, batch: int
) -> None:
    monkeypatch.setattr(kernel, "SHARED_FROM", 0)
    monkeypatch.setattr(kernel, "WORTH_A_THREAD", 0)
    torch.manual_seed(0)
    cell, x = LSTMSimpleCell(3, 77, dtype=dtype), torch.randn(300, batch, 3, dtype=dtype)
    state = starting_state(cell, x, None)
    steps = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        with torch.no_grad():
            steps.append(kernel.run(cell, x, state, backward=direction == "backward"))
        assert largest_difference(cell, x, state, direction) <= TOLERANCES[dtype]
    for other in steps[1:]:
        torch.testing.assert_close(steps[0], other, rtol=0, atol=TOLERANCES[dtype])


def test_many_runs_at_once_that_share_their_units_do_not_wait_for_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "SHARED_FROM", 0)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    cell, x = LSTMSimpleCell(3, 40), torch.randn(200, 3)
    state = starting_state(cell, x, None)
    with torch.no_grad():
        expected = plain_loop(cell, x, state).hidden_state

    def compute(_: int) -> Tensor:
        with torch.no_grad():
            return kernel.run(cell, x, state, backward=False).hidden_state

    with ThreadPoolExecutor(6) as runs:
        for step in runs.map(compute, range(24)):
            torch.testing.assert_close(step, expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_activations_are_exact_from_saturation_to_denormals(dtype: torch.dtype) -> None:
    """One unit whose forget gate is σ(x) and whose candidate is tanh(x), for x from −10⁴ to 10⁴."""
    cell = LSTMSimpleCell(1, 1, dtype=dtype)
    for name in GATES.values():
        nn.init.zeros_(getattr(cell, name).bias)
        with torch.no_grad():
            getattr(cell, name).weight.copy_(torch.tensor([[1.0, 0.0]]))
    magnitudes = torch.logspace(-310 if dtype == torch.float64 else -44, 4, 4000, dtype=torch.float64)
    x = torch.cat([-magnitudes, torch.zeros(1, dtype=torch.float64), magnitudes]).to(dtype)[:, None]
    zeros = State(x.new_zeros(1), x.new_zeros(1))
    with torch.no_grad():
        step = kernel.run(cell, x, zeros, backward=False)
    eps = torch.finfo(dtype).eps
    torch.testing.assert_close(step.forget_gate, torch.sigmoid(x), rtol=0, atol=2 * eps)
    torch.testing.assert_close(step.candidate, torch.tanh(x), rtol=8 * eps, atol=0)


def test_what_is_not_a_number_stays_so() -> None:
    cell = LSTMSimpleCell(1, 3)
    x = torch.tensor([[0.0], [math.nan], [0.0]])
    with torch.no_grad():
        step = kernel.run(cell, x, starting_state(cell, x, None), backward=False)
    assert torch.isfinite(step.hidden_state[0]).all()
    assert torch.isnan(step.hidden_state[1:]).all()


def test_several_layers_and_directions_equal_torch() -> None:
    torch.manual_seed(3)
    lstm = nn.LSTM(5, 13, 3, bidirectional=True, proj_size=4)
    x = torch.randn(700, 2, 5)
    with torch.no_grad():
        layers = trace(LSTMNetwork.from_torch(lstm), x).layers[-2:]
        expected = lstm(x)[0]
    torch.testing.assert_close(torch.cat([layer.hidden_state for layer in layers], dim=-1), expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize(("dtype", "expected"), [(torch.float32, True), (torch.float64, True), (torch.bfloat16, False)])
def test_it_stands_in_only_where_it_can(dtype: torch.dtype, expected: bool) -> None:
    cell = LSTMSimpleCell(2, 3, dtype=dtype)
    x = torch.zeros(4, 2, dtype=dtype)
    assert kernel.applies(cell, x, starting_state(cell, x, None)) is expected


@pytest.mark.parametrize("asked_of", ["weights", "sequence", "state"])
def test_where_a_gradient_is_asked_for_it_flows_and_elsewhere_none_is_kept(asked_of: str) -> None:
    cell = LSTMSimpleCell(2, 3).requires_grad_(asked_of == "weights")
    x = torch.zeros(4, 2, requires_grad=asked_of == "sequence")
    state = (torch.zeros(3), torch.zeros(3, requires_grad=asked_of == "state"))
    assert trace(cell, x, state).layers[0].hidden_state.requires_grad
    with torch.no_grad():
        assert not trace(cell, x, state).layers[0].hidden_state.requires_grad
