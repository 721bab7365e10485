"""What is known to be true of LSTMs comes out, measured, for the shipped models.

The figures are told: ``pytest -rA tests/analysis/test_ground_truths.py``.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from gatescope import Intervention, trace
from gatescope.models.sources.shipped import load_zoo
from gatescope.training import TASKS, Sample
from gatescope.training.tasks import reber

Tell = Callable[[str, object], None]
FRESH = 50_000_000  # seeds of texts that neither training nor the shipped figures used
TEXTS = 100  # of anbn, each of five words or so
STREAM = 20_000  # steps of a continual stream
BLOCK = 1_000


@torch.no_grad()
def right(name: str, sample: Sample, interventions: Sequence[Intervention] = ()) -> Tensor:
    """At which steps a shipped model says rightly what comes next, or need not know, (T)."""
    output = trace(load_zoo(name).network, sample.values, interventions=interventions).output
    assert output is not None
    return (output.argmax(dim=-1) == sample.targets) | ~sample.asked


def acceptance(interventions: Sequence[Intervention] = ()) -> float:
    """The share of the words of drawn texts that the shipped anbn model accepts.

    As Gers & Schmidhuber (2001) have it: a word is accepted if every next character that is decided by what went
    before is the likeliest, from its first a to the full stop.
    """
    accepted: list[bool] = []
    for seed in range(FRESH, FRESH + TEXTS):
        sample = TASKS["anbn"].sample(seed)
        assert sample.text is not None
        is_right = right("anbn", sample, interventions)
        stops = [step for step, character in enumerate(sample.text) if character == "."]
        accepted += [bool(is_right[first:last].all()) for first, last in pairwise(stops)]
    return sum(accepted) / len(accepted)


@pytest.mark.parametrize("quantity", ["cell_state", "hidden_state"])
def test_without_its_counter_anbn_is_not_accepted_and_without_most_others_it_is(quantity: str, tell: Tell) -> None:
    model = load_zoo("anbn")
    counter, size = model.described["claim"]["unit"], model.network.first_cell.hidden_size
    whole = acceptance()
    shares = [acceptance([Intervention(quantity, 0.0, units=(unit,))]) for unit in range(size)]
    tell("words accepted", f"{whole:.1%}")
    for unit, share in enumerate(shares):
        tell(f"with the {quantity} of unit {unit} held at 0{', the counter' * (unit == counter)}", f"{share:.1%}")
    others = shares[:counter] + shares[counter + 1 :]
    assert whole > 0.99
    assert shares[counter] < 0.2
    assert sum(share > 0.9 for share in others) > len(others) / 2


def growth(largest: Tensor) -> float:
    """The power of the time with which the largest state of each block of steps (N) grows: 0 not at all, 1 linearly."""
    time = torch.arange(1, len(largest) + 1, dtype=torch.float64).log()
    time -= time.mean()
    return float(time @ largest.log() / (time @ time))


@torch.no_grad()
def largest_states(values: Tensor, interventions: Sequence[Intervention] = ()) -> Tensor:
    """The largest |C| of each unit in each block of steps of the shipped reber model, (N, H), float64."""
    (layer,) = trace(load_zoo("reber").network, values, interventions=interventions).layers
    sizes = layer.cell_state.double().abs()  # (T, H)
    return sizes.reshape(len(sizes) // BLOCK, BLOCK, -1).amax(dim=1)


@pytest.mark.parametrize("seed", range(3))
def test_on_a_continual_stream_the_cell_state_grows_without_bound_unless_the_forget_gate_forgets(
    seed: int, tell: Tell
) -> None:
    """Gers, Schmidhuber & Cummins (2000), of the recurrence: the shipped model learned with its forget gate.

    It learned on streams of 60 steps; this one is 333 times as long.
    """
    sample = reber.generate(torch.Generator().manual_seed(FRESH + seed), STREAM)
    open_gate = [Intervention("forget_gate", 1.0)]
    held, own = largest_states(sample.values, open_gate), largest_states(sample.values)
    for name, states in (("held at 1", held), ("its own", own)):
        largest = states.amax(dim=1)  # (N)
        told = ", ".join(f"{float(value):.1f}" for value in largest[[0, 4, 9, 14, 19]])
        tell(f"forget gate {name}: largest |C| in thousand steps 1, 5, 10, 15 and 20", told)
        tell(f"forget gate {name}: it grows as time to the power of", f"{growth(largest):.2f}")
        tell(f"forget gate {name}: by a step", f"{float(largest[-1] - largest[0]) / (STREAM - BLOCK):.5f}")
    accuracies = [float(right("reber", sample, held)[sample.asked].double().mean()) for held in ((), open_gate)]
    tell("right where the letter is decided, with its own forget gate and with it held at 1", accuracies)
    assert all(growth(unit) > 0.8 for unit in held.T)
    assert held[-1].min() > 100 * own.max()
    assert abs(growth(own.amax(dim=1))) < 0.25
    assert own[10:].max() < 1.5 * own[:10].max()
    assert accuracies[0] > 0.99
    assert accuracies[1] < 0.7
