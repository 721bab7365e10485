import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gatescope import LSTMSimpleCell
from gatescope.errors import InvalidInput

sizes = st.integers(1, 9)
seeds = st.integers(0, 2**31)


def test_code_written_for_the_tutorials_cell_runs_unchanged() -> None:
    torch.manual_seed(0)
    cell = LSTMSimpleCell(10, 20)
    inputs = torch.randn(6, 3, 10)
    h, C = torch.zeros(3, 20), torch.zeros(3, 20)
    outputs = []
    for x in inputs:
        h, C = cell(x, (h, C))
        outputs.append(h)
    assert torch.stack(outputs).shape == (6, 3, 20)
    assert cell.W_f.weight.shape == cell.W_i.weight.shape == cell.W_C.weight.shape == cell.W_o.weight.shape == (20, 30)

    optimiser = torch.optim.SGD(cell.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        h, C = torch.zeros(3, 20), torch.zeros(3, 20)
        for x in inputs:
            h, C = cell(x, (h, C))
        loss = nn.functional.mse_loss(h, torch.ones_like(h))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)


def test_two_steps_worked_out_by_hand() -> None:
    """One unit, one feature, x = (1, 1), from h = C = 0; every gate is chosen so that its value is a round number.

    All weights on h are 0, so both steps have the same gates:
    f = σ(0) = 1/2, i = σ(ln 3) = 3/4, C̃ = tanh(ln 2) = 3/5, o = σ(−ln 3) = 1/4.
    C_1 = 1/2·0 + 3/4·3/5 = 9/20,  C_2 = 1/2·9/20 + 9/20 = 27/40.
    h_1 = tanh(9/20)/4,            h_2 = tanh(27/40)/4.
    """
    cell = LSTMSimpleCell(1, 1, dtype=torch.float64)
    pushes = {"W_f": 0.0, "W_i": math.log(3), "W_C": math.log(2), "W_o": -math.log(3)}
    with torch.no_grad():
        for name, push in pushes.items():
            getattr(cell, name).weight.copy_(torch.tensor([[push, 0.0]], dtype=torch.float64))
            getattr(cell, name).bias.zero_()
    x = torch.ones(1, 1, dtype=torch.float64)
    zero = torch.zeros(1, 1, dtype=torch.float64)
    first = cell.step(x, (zero, zero))
    second = cell.step(x, (first.hidden_state, first.cell_state))
    for step, cell_state in ((first, 9 / 20), (second, 27 / 40)):
        expected = [1 / 2, 3 / 4, 3 / 5, 1 / 4, cell_state, math.tanh(cell_state) / 4]
        assert [value.item() for value in step] == pytest.approx(expected, abs=1e-15)


def test_the_previous_hidden_state_stands_after_the_input_in_the_concatenation() -> None:
    """W_f = [2, −1]: f = σ(2·x − h); with x = 1 and h = 2, f = σ(0) = 1/2."""
    cell = LSTMSimpleCell(1, 1)
    with torch.no_grad():
        cell.W_f.weight.copy_(torch.tensor([[2.0, -1.0]]))
        cell.W_f.bias.zero_()
    step = cell.step(torch.tensor([1.0]), (torch.tensor([2.0]), torch.tensor([0.0])))
    assert step.forget_gate.item() == 0.5


@given(sizes, sizes, sizes, seeds, st.sampled_from([torch.float32, torch.float64]))
def test_the_laws_of_the_cell_hold(inputs: int, units: int, batch: int, seed: int, dtype: torch.dtype) -> None:
    torch.manual_seed(seed)
    cell = LSTMSimpleCell(inputs, units, dtype=dtype)
    x = torch.randn(batch, inputs, dtype=dtype)
    h_prev, C_prev = torch.randn(2, batch, units, dtype=dtype)
    step = cell.step(x, (h_prev, C_prev))
    combined = torch.cat([x, h_prev], dim=1)

    def push(gate: nn.Linear) -> torch.Tensor:
        return combined @ gate.weight.T + gate.bias

    close: dict[str, Any] = {"rtol": 0, "atol": 1e-6 if dtype == torch.float32 else 1e-14}
    torch.testing.assert_close(step.forget_gate, push(cell.W_f).sigmoid(), **close)
    torch.testing.assert_close(step.input_gate, push(cell.W_i).sigmoid(), **close)
    torch.testing.assert_close(step.candidate, push(cell.W_C).tanh(), **close)
    torch.testing.assert_close(step.output_gate, push(cell.W_o).sigmoid(), **close)
    torch.testing.assert_close(step.cell_state, step.forget_gate * C_prev + step.input_gate * step.candidate, **close)
    torch.testing.assert_close(step.hidden_state, step.output_gate * step.cell_state.tanh(), **close)


@given(sizes, sizes, seeds)
def test_one_sequence_alone_equals_its_row_in_a_batch(inputs: int, units: int, seed: int) -> None:
    torch.manual_seed(seed)
    cell = LSTMSimpleCell(inputs, units)
    x, state = torch.randn(4, inputs), torch.randn(2, 4, units)
    together = cell.step(x, (state[0], state[1]))
    alone = cell.step(x[2], (state[0, 2], state[1, 2]))
    for whole, single in zip(together, alone, strict=True):
        torch.testing.assert_close(whole[2], single, rtol=0, atol=1e-6)


def test_it_is_differentiable() -> None:
    torch.manual_seed(0)
    cell = LSTMSimpleCell(3, 4, dtype=torch.float64)
    x, h, C = (torch.randn(2, size, dtype=torch.float64, requires_grad=True) for size in (3, 4, 4))
    assert torch.autograd.gradcheck(lambda *inputs: tuple(cell.step(inputs[0], inputs[1:])), (x, h, C))


def test_a_zero_forget_gate_with_bias_one_keeps_seventy_three_percent_a_step() -> None:
    cell = LSTMSimpleCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.W_f.bias.fill_(1)
    state = (torch.zeros(1), torch.ones(1))
    step = cell.step(torch.zeros(1), state)
    assert step.forget_gate.item() == pytest.approx(0.7311, abs=5e-5)
    for _ in range(10):
        state = cell(torch.zeros(1), state)
    assert state[1].item() == pytest.approx(0.0436, abs=5e-5)


@pytest.mark.parametrize(
    ("x", "h", "C", "wrong"),
    [
        ((2, 4), (2, 5), (2, 5), "x"),
        ((2, 3), (2, 4), (2, 5), "h"),
        ((2, 3), (2, 5), (2, 1), "C"),
    ],
)
def test_a_wrong_width_is_named(x: tuple[int, ...], h: tuple[int, ...], C: tuple[int, ...], wrong: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^{wrong} has shape .* its last axis must be [35]$") as raised:
        LSTMSimpleCell(3, 5)(torch.zeros(x), (torch.zeros(h), torch.zeros(C)))
    assert raised.value.field == wrong


def test_it_prints_its_sizes() -> None:
    assert repr(LSTMSimpleCell(3, 5)).startswith("LSTMSimpleCell(\n  3, 5\n")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_it_runs_on_a_gpu() -> None:
    cell = LSTMSimpleCell(3, 5, device="cuda")
    h, C = cell(torch.ones(2, 3, device="cuda"), (torch.zeros(2, 5, device="cuda"), torch.zeros(2, 5, device="cuda")))
    assert h.is_cuda
    assert C.is_cuda
