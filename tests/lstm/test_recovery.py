"""Gates recovered from nn.LSTM's hidden states are those of the plain loop; the same code runs on every device."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescope import LSTMSimpleCell, trace
from gatescope.lstm import recovery
from gatescope.lstm.cell import DIRECTIONS, Direction
from gatescope.lstm.layer import plain_loop, starting_state

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here"))]


@pytest.mark.parametrize("device", DEVICES)
@settings(max_examples=25)
@given(data=st.data(), hidden_size=st.integers(2, 33), steps=st.integers(1, 20), seed=st.integers(0, 1000))
def test_it_equals_the_plain_loop(device: str, data: st.DataObject, hidden_size: int, steps: int, seed: int) -> None:
    torch.manual_seed(seed)
    batch = data.draw(st.sampled_from([(), (3,)]))
    direction: Direction = data.draw(st.sampled_from(DIRECTIONS))
    proj_size = data.draw(st.sampled_from([0, hidden_size - 1]))
    cell = LSTMSimpleCell(3, hidden_size, data.draw(st.booleans()), proj_size=proj_size, device=device).double()
    x = torch.randn(steps, *batch, 3, dtype=torch.float64, device=device)
    with torch.no_grad():
        state = starting_state(cell, x, None)
        step = recovery.run(cell, x, state, backward=direction == "backward")
        expected = plain_loop(cell, x, state, direction)
    torch.testing.assert_close(step, expected, rtol=0, atol=1e-12)


def test_it_leaves_a_cpu_to_the_loops() -> None:
    cell, x = LSTMSimpleCell(2, 3), torch.zeros(4, 2)
    assert not recovery.applies(cell, x, starting_state(cell, x, None))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_a_trace_on_a_gpu_is_recovered_and_equals_the_trace_on_the_cpu() -> None:
    torch.manual_seed(0)
    cell, x = LSTMSimpleCell(5, 64), torch.randn(300, 4, 5)
    with torch.no_grad():
        expected = trace(cell, x).layers[0].cell_state
        cell_state = trace(cell.cuda(), x.cuda()).layers[0].cell_state
    torch.testing.assert_close(cell_state.cpu(), expected, rtol=0, atol=1e-4)
