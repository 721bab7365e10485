import math
from typing import Any

import pytest
import torch

from gatescope import LSTMSimpleCell, initialise
from gatescope.errors import InvalidInput

GATES = ("W_f", "W_i", "W_C", "W_o")


def drawn(method: Any, hidden_size: int = 200, **options: Any) -> LSTMSimpleCell:
    cell = LSTMSimpleCell(50, hidden_size)
    initialise(cell, method, **options)
    return cell


def is_uniform(values: torch.Tensor, bound: float) -> bool:
    """Within ±bound, reaching it, and with the standard deviation of a uniform distribution, bound/√3."""
    spread = values.std().item()
    return bool(0.95 * bound < values.abs().max() <= bound) and abs(spread / (bound / math.sqrt(3)) - 1) < 0.05


def test_pytorchs_default_is_uniform_over_one_over_the_root_of_the_units() -> None:
    cell = drawn("pytorch", seed=3)
    for parameter in cell.parameters():
        assert is_uniform(parameter.detach(), 1 / math.sqrt(200)) or parameter.dim() == 1
        assert parameter.detach().abs().max() <= 1 / math.sqrt(200)
        assert parameter.detach().abs().max() > 0.9 / math.sqrt(200)


@pytest.mark.parametrize(("given", "bias"), [(None, 1.0), (0.0, 0.0), (1.0, 1.0), (-2.5, -2.5)])
def test_xavier_draws_each_gate_by_itself_and_sets_the_forget_bias(given: float | None, bias: float) -> None:
    cell = drawn("xavier", seed=3, forget_bias=given)
    for name in GATES:
        gate = getattr(cell, name)
        assert is_uniform(gate.weight.detach(), math.sqrt(6 / (250 + 200)))
        assert (gate.bias == (bias if name == "W_f" else 0)).all()


def test_chrono_spreads_memories_over_all_lengths() -> None:
    cell = drawn("chrono", seed=3, longest_dependency=101, hidden_size=4000)
    times = cell.W_f.bias.detach().exp()  # uniform in 1 … 100, after Tallec & Ollivier
    assert 1 <= times.min() < 2
    assert 99 < times.max() <= 100.001
    assert times.mean().item() == pytest.approx(50.5, rel=0.05)
    assert torch.equal(cell.W_i.bias, -cell.W_f.bias)
    assert (cell.W_C.bias == 0).all()
    assert (cell.W_o.bias == 0).all()


@pytest.mark.parametrize("steps", [1, 2])
def test_chrono_for_the_shortest_sequences_has_no_bias(steps: int) -> None:
    assert (drawn("chrono", seed=3, longest_dependency=steps).W_f.bias == 0).all()


@pytest.mark.parametrize("method", ["pytorch", "xavier", "chrono"])
def test_the_seed_that_is_returned_draws_the_same_weights_again(method: Any) -> None:
    options = {"longest_dependency": 30} if method == "chrono" else {}
    cell, again, other = LSTMSimpleCell(3, 4), LSTMSimpleCell(3, 4), LSTMSimpleCell(3, 4)
    seed = initialise(cell, method, **options)
    assert initialise(again, method, seed=seed, **options) == seed
    initialise(other, method, seed=(seed + 1) % 2**32, **options)
    assert all(torch.equal(*pair) for pair in zip(cell.parameters(), again.parameters(), strict=True))
    assert not torch.equal(cell.W_f.weight, other.W_f.weight)


def test_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    cell = LSTMSimpleCell(3, 4)
    torch.manual_seed(5)
    initialise(cell, "xavier", seed=1)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("method", ["pytorch", "xavier", "chrono"])
def test_a_cell_without_biases_is_drawn_too(method: Any) -> None:
    cell = LSTMSimpleCell(3, 4, bias=False)
    with torch.no_grad():
        cell.W_f.weight.zero_()
    initialise(cell, method, seed=1, **({"longest_dependency": 30} if method == "chrono" else {}))
    assert cell.W_f.weight.abs().sum() > 0


@pytest.mark.parametrize(
    ("method", "options", "field"),
    [
        ("pytorch", {"seed": -1}, "seed"),
        ("pytorch", {"seed": 2**32}, "seed"),
        ("pytorch", {"forget_bias": 1.0}, "forget_bias"),
        ("xavier", {"forget_bias": 1e308}, "forget_bias"),
        ("xavier", {"forget_bias": float("nan")}, "forget_bias"),
        ("chrono", {"forget_bias": 1.0, "longest_dependency": 4}, "forget_bias"),
        ("chrono", {}, "longest_dependency"),
        ("chrono", {"longest_dependency": 0}, "longest_dependency"),
    ],
)
def test_a_wrong_argument_is_named(method: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        drawn(method, **options)
    assert raised.value.field == field
