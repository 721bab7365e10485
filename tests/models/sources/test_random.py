import pytest
import torch

from gatescope.models.sources.random import random_model


def test_a_random_model_can_be_drawn_again_from_its_description() -> None:
    first = random_model(3, 5, initialisation="chrono", steps=40)
    again = random_model(3, 5, initialisation="chrono", steps=40, seed=first.seed)
    assert torch.equal(first.cell.W_f.bias, again.cell.W_f.bias)
    assert first.cell.W_f.weight.dtype == torch.float32


@pytest.mark.parametrize(
    ("initialisation", "given", "described"), [("xavier", None, 1.0), ("xavier", 0.0, 0.0), ("pytorch", None, None)]
)
def test_the_forget_bias_in_use_is_described(initialisation: str, given: float | None, described: float | None) -> None:
    model = random_model(3, 5, initialisation=initialisation, steps=40, forget_bias=given)  # type: ignore[arg-type]
    assert model.forget_bias == described
