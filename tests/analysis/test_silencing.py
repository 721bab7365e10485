"""Silencing units one by one is what holding them by hand gives, and the network's own answers get worse by it."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.drawn import Drawn, drawn_runs
from torch import Tensor, nn

from gatescope import Intervention, LSTMNetwork, LSTMSimpleCell, trace
from gatescope.analysis import Silencing, Targets, rank_silenced, silence_each_unit
from gatescope.errors import InvalidInput
from gatescope.lstm.layer import joined
from gatescope.lstm.trace import Trace
from gatescope.models.sources.shipped import load_zoo
from gatescope.training import TASKS


def last_layer(traced: Trace, directions: int) -> Tensor:
    return joined(traced.layers[-directions:])


@settings(max_examples=60)
@given(
    data=st.data(),
    run=drawn_runs(),
    with_read_out=st.booleans(),
    quantity=st.sampled_from(["hidden_state", "cell_state"]),
)
def test_each_unit_changes_what_holding_it_at_zero_by_hand_changes(
    data: st.DataObject, run: Drawn, with_read_out: bool, quantity: Any
) -> None:
    network, directions = run.network, len(run.network.directions)
    layer = data.draw(st.integers(0, network.num_layers - 1))
    direction = data.draw(st.sampled_from(network.directions))
    held = [Intervention("forget_gate", 0.5, layer=data.draw(st.integers(0, network.num_layers - 1)), first=0)]
    if with_read_out:
        network.read_out = nn.Linear(network.first_cell.output_size * directions, 2, dtype=run.x.dtype)
    result = silence_each_unit(network, run.x, layer, direction, quantity, initial_state=run.state, interventions=held)
    assert result.measured == ("output" if with_read_out else "hidden_state")
    units = list(result.units)
    cell = network.first_cell
    assert result.size == len(units) == (cell.output_size if quantity == "hidden_state" else cell.hidden_size)
    with torch.no_grad():
        plain = trace(network, run.x, run.state, held)
        for unit in units:
            silent = Intervention(quantity, 0.0, layer, direction, (unit.unit,))
            silenced = trace(network, run.x, run.state, [*held, silent])
            if with_read_out:
                assert plain.output is not None
                assert silenced.output is not None
                changes = silenced.output - plain.output
            else:
                changes = last_layer(silenced, directions) - last_layer(plain, directions)
                if layer == network.num_layers - 1 and result.size == cell.output_size:
                    own = network.directions.index(direction) * cell.output_size + unit.unit
                    changes = changes[:, [column for column in range(changes.shape[1]) if column != own]]
            changes = changes.double()
            expected = float(changes.square().mean().sqrt()) if changes.numel() else 0
            assert unit.change == pytest.approx(expected, rel=1e-5, abs=1e-7)
            largest = changes.abs().max() if changes.numel() else 0
            assert unit.largest == pytest.approx(float(largest), rel=1e-5, abs=1e-7)


def test_units_are_ranked_by_what_changes_most() -> None:
    units = list(counting().units)
    changes = [unit.change for unit in rank_silenced(units)]
    assert changes == sorted((unit.change for unit in units), reverse=True)
    assert [unit.unit for unit in units] == list(range(6))


def counting(**more: Any) -> Silencing:
    """The shipped model that counts, on an input of its task."""
    sample = TASKS["anbn"].sample(0)
    targets = Targets(sample.targets, sample.asked)
    return silence_each_unit(load_zoo("anbn").network, sample.values, targets=targets, **more)


def test_the_score_is_the_share_of_right_tokens_and_their_cross_entropy() -> None:
    sample, silencing = TASKS["anbn"].sample(0), counting()
    with torch.no_grad():
        output = trace(load_zoo("anbn").network, sample.values).output
    assert output is not None
    assert silencing.score is not None
    right = output.double()[sample.asked, sample.targets[sample.asked]]
    assert silencing.score.loss == pytest.approx(float(-right.log().mean()), rel=1e-3)
    assert silencing.score.accuracy == 1
    assert all(unit.score and unit.score.loss >= silencing.score.loss for unit in silencing.units)


def test_logits_are_scored_as_their_softmax_is() -> None:
    torch.manual_seed(0)
    network, x, linear = LSTMNetwork(2, 4), torch.randn(9, 2), nn.Linear(4, 3)
    scores = []
    for read_out in (linear, nn.Sequential(linear, nn.Softmax(dim=-1))):
        network.read_out = read_out
        scores.append(silence_each_unit(network, x, targets=Targets(torch.arange(9) % 3)).score)
    logits, probabilities = scores
    assert logits is not None
    assert probabilities is not None
    assert logits.loss == pytest.approx(probabilities.loss, rel=1e-6)
    assert logits.accuracy == probabilities.accuracy


def test_the_answer_is_looked_for_among_the_choices_alone() -> None:
    network = LSTMNetwork(1, 2)
    network.read_out = nn.Linear(2, 3)
    nn.init.zeros_(network.read_out.weight)
    network.read_out.bias = nn.Parameter(torch.tensor([1.0, 2.0, 9.0]))
    targets, choices = torch.ones(5, dtype=torch.int64), torch.tensor([True, True, False])
    of_all = silence_each_unit(network, torch.ones(5, 1), targets=Targets(targets)).score
    of_two = silence_each_unit(network, torch.ones(5, 1), targets=Targets(targets, choices=choices)).score
    assert of_all is not None
    assert of_two is not None
    assert (of_all.accuracy, of_two.accuracy) == (0, 1)
    assert of_two.loss == pytest.approx(math.log(1 + math.exp(-1)), rel=1e-6)


def test_values_are_scored_by_their_mean_square_error() -> None:
    sample, network = TASKS["adding"].sample(0), load_zoo("adding").network
    silencing = silence_each_unit(network, sample.values, targets=Targets(sample.targets, sample.asked))
    with torch.no_grad():
        output = trace(network, sample.values).output
    assert output is not None
    assert silencing.score is not None
    assert silencing.score.accuracy is None
    expected = (output - sample.targets)[sample.asked].square().mean()
    assert math.sqrt(silencing.score.loss) == pytest.approx(float(expected.sqrt()), rel=1e-4)


def test_a_unit_alone_in_its_layer_has_no_other_to_change() -> None:
    (unit,) = silence_each_unit(LSTMSimpleCell(1, 1), torch.ones(5, 1)).units
    assert (unit.change, unit.largest) == (0, 0)


def test_no_unit_is_run_before_it_is_asked_for() -> None:
    ran = 0

    class Counted(nn.Linear):
        def forward(self, x: Tensor) -> Tensor:
            nonlocal ran
            ran += 1
            return super().forward(x)

    network = LSTMNetwork(1, 8)
    network.read_out = Counted(8, 1)
    silencing = silence_each_unit(network, torch.ones(5, 1))
    assert ran == 1
    next(silencing.units)
    next(silencing.units)
    assert ran == 3


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"quantity": "forget_gate"}, "quantity", "unknown_quantity"),
        ({"layer": 1}, "layer", "no_such_layer"),
        ({"direction": "backward"}, "direction", "no_such_direction"),
        ({"targets": Targets(torch.zeros(5, dtype=torch.int64))}, "model", "no_read_out"),
        ({"interventions": [Intervention("cell_state", 0.0, units=(9,))]}, "interventions.0.units", "no_such_unit"),
    ],
)
def test_what_is_not_there_cannot_be_silenced(wrong: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        silence_each_unit(LSTMNetwork(1, 3), torch.ones(5, 1), **wrong)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    "targets",
    [
        Targets(torch.full((5,), 2)),
        Targets(torch.full((5,), -1)),
        Targets(torch.zeros(4, dtype=torch.int64)),
        Targets(torch.zeros(5, 3)),
        Targets(torch.zeros(5, 2), asked=torch.ones(4, dtype=torch.bool)),
        Targets(torch.zeros(5, dtype=torch.int64), choices=torch.ones(3, dtype=torch.bool)),
    ],
)
def test_targets_that_do_not_fit_the_output_are_refused(targets: Targets) -> None:
    network = LSTMNetwork(1, 3)
    network.read_out = nn.Linear(3, 2)
    with pytest.raises(InvalidInput) as caught:
        silence_each_unit(network, torch.ones(5, 1), targets=targets)
    assert caught.value.code == "targets_do_not_fit"


def test_a_batch_is_refused_and_an_output_that_could_overflow_is_said() -> None:
    network = LSTMNetwork(1, 3)
    with pytest.raises(InvalidInput, match="one sequence"):
        silence_each_unit(network, torch.ones(5, 2, 1))
    network.read_out = nn.Linear(3, 1)
    nn.init.constant_(network.read_out.weight, 3e37)
    with pytest.raises(InvalidInput) as caught:
        silence_each_unit(network, torch.ones(5, 1), interventions=[Intervention("hidden_state", 9.0, first=2)])
    assert (caught.value.code, caught.value.context["step"]) == ("overflow", 2)
