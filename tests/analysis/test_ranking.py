"""Units are ranked by how well they follow a hypothesis, with chance beside it."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gatescope import LSTMNetwork, trace
from gatescope.analysis import count_difference, inside_quotes, is_token, position, rank_units
from gatescope.errors import InvalidInput
from gatescope.lstm.trace import Trace
from gatescope.models.sources.shipped import load_zoo
from gatescope.training import TASKS


def random_trace(seed: int, steps: int = 60) -> Trace:
    torch.manual_seed(seed)
    with torch.no_grad():
        return trace(LSTMNetwork(2, 5, 2, bidirectional=True), torch.randn(steps, 2))


def test_the_counter_of_anbn_is_found_and_shuffled_labels_are_not_followed() -> None:
    model = load_zoo("anbn")
    sample = TASKS["anbn"].sample(123)
    assert sample.text is not None
    ranking = rank_units(trace(model.network, sample.values), count_difference(sample.text[:-1], "a", "b"))
    best = ranking.units[0]
    assert best.unit == model.described["claim"]["unit"]
    assert best.held_out > 0.98 > ranking.chance


@given(seed=st.integers(0, 1000), steps=st.integers(8, 61))
def test_correlations_are_those_of_numpy_on_each_half(seed: int, steps: int) -> None:
    traced = random_trace(seed, steps)
    labels = torch.randn(steps, dtype=torch.float64)
    half = steps // 2
    for ranked in rank_units(traced, labels).units:
        layer = next(each for each in traced.layers if (each.layer, each.direction) == (ranked.layer, ranked.direction))
        values = layer.cell_state[:, ranked.unit].double().numpy()
        first, second = (
            np.corrcoef(values[part], labels.numpy()[part])[0, 1] for part in (slice(half), slice(half, None))
        )
        assert (ranked.correlation, ranked.held_out) == pytest.approx((first, second), abs=1e-6)


def test_all_units_of_all_layers_are_ranked_by_the_first_half() -> None:
    units = rank_units(random_trace(0), position(60), "hidden_state").units
    assert len({(unit.layer, unit.direction, unit.unit) for unit in units}) == 20
    sizes = [abs(unit.correlation) for unit in units]
    assert sizes == sorted(sizes, reverse=True)


def test_noise_is_seldom_followed_beyond_chance() -> None:
    beyond = 0
    for seed in range(40):
        ranking = rank_units(random_trace(seed), torch.randn(60))
        beyond += max(abs(unit.held_out) for unit in ranking.units) > ranking.chance
    assert beyond <= 8  # 5 % of 40 are 2


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        (torch.ones(60), "constant_hypothesis"),
        (torch.cat([torch.arange(30), torch.zeros(30)]), "constant_hypothesis"),
        (torch.arange(59.0), "wrong_size"),
        (torch.full((60,), torch.nan), "not_finite_hypothesis"),
    ],
)
def test_a_hypothesis_that_cannot_be_followed_is_refused(labels: torch.Tensor, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        rank_units(random_trace(0), labels)
    assert caught.value.code == code


def test_too_few_steps_are_refused() -> None:
    with pytest.raises(InvalidInput, match="needs 8"):
        rank_units(random_trace(0, 7), position(7))


def test_hypotheses_say_for_each_step_what_they_mean() -> None:
    assert inside_quotes('a"bc"d"').tolist() == [0, 1, 1, 1, 0, 0, 1]
    assert inside_quotes("«a»b", "«", "»").tolist() == [1, 1, 0, 0]
    assert count_difference("aab.b", "a", "b").tolist() == [1, 2, 1, 1, 0]
    assert is_token(("the", "cat"), "cat").tolist() == [0, 1]
    assert position(3).tolist() == [0, 1, 2]
