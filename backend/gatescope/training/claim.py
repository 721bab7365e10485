"""What a trained network can do, measured on inputs that it has never seen."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gatescope.lstm.network import LSTMNetwork
from gatescope.lstm.trace import Trace, trace
from gatescope.training.task import Sample, Task
from gatescope.training.tasks.anbn import sample_of, word

COUNT = 50  # fresh inputs
LONGEST_TRIED = 400


@dataclass(frozen=True)
class Claim:
    """The figures of a network.

    accuracy: share of right answers where they are decided, for tokens; error: root mean square error, for values;
    naive: the same error for a guess without a network; unit: the one whose cell state follows the task's quantity
    best, and correlation: how well, with its sign; longest: the largest n of aⁿbⁿ up to which every word is right.
    """

    unit: int
    correlation: float
    accuracy: float | None = None
    error: float | None = None
    naive: float | None = None
    longest: int | None = None


@torch.inference_mode()
def measure(task: Task, network: LSTMNetwork, seed: int, unit: int | None = None, count: int = COUNT) -> Claim:
    """Runs fresh inputs.

    Args:
        task: what the network was trained on.
        network: as `train` gives it.
        seed: of the inputs.
        unit: the one whose correlation to tell; the best if None.
        count: how many inputs.
    """
    samples = [task.sample(seed + index) for index in range(count if task.fresh is None else 1)]
    traces = [trace(network, sample.values) for sample in samples]
    correlations = _correlations(samples, traces)  # (H)
    unit = int(correlations.abs().argmax()) if unit is None else unit
    correlation = float(correlations[unit])
    if task.vocabulary:
        accuracy = _accuracy(task, samples, traces)
        return Claim(unit, correlation, accuracy, longest=longest_word(network) if task.name == "anbn" else None)
    return Claim(unit, correlation, error=_error(samples, traces), naive=_naive(task, samples))


def longest_word(network: LSTMNetwork) -> int:
    """The largest n for which aⁿbⁿ, and all shorter words, are continued rightly to the end."""
    for n in range(1, LONGEST_TRIED + 1):
        sample = sample_of("." + word(n))
        output = trace(network, sample.values).output
        assert output is not None  # noqa: S101 - `train` puts a read-out there
        if not (output.argmax(dim=-1) == sample.targets)[sample.asked].all():
            return n - 1
    return LONGEST_TRIED


def _correlations(samples: list[Sample], traces: list[Trace]) -> Tensor:
    """Pearson's r of each unit's cell state with the quantity, over all steps of all inputs, (H)."""
    cells = torch.cat([run.layers[0].cell_state for run in traces]).double()  # (N, H)
    quantity = torch.cat([sample.quantity for sample in samples]).double()  # (N)
    together = torch.corrcoef(torch.cat([quantity[:, None], cells], dim=1).T)  # (1 + H, 1 + H)
    return together[0, 1:].nan_to_num()


def _accuracy(task: Task, samples: list[Sample], traces: list[Trace]) -> float:
    output = torch.cat([_output(run) for run in traces])  # (N, V)
    targets = torch.cat([sample.targets for sample in samples])  # (N)
    asked = torch.cat([sample.asked for sample in samples])  # (N)
    if task.choices:
        allowed = torch.tensor([token in task.choices for token in task.outputs])
        output = output.masked_fill(~allowed, -1)
    return float((output.argmax(dim=-1) == targets)[asked].double().mean())


def _error(samples: list[Sample], traces: list[Trace]) -> float:
    differences = [(_output(run) - sample.targets)[sample.asked] for sample, run in zip(samples, traces, strict=True)]
    return float(torch.cat(differences).square().mean().sqrt())


def _naive(task: Task, samples: list[Sample]) -> float:
    """What comes next is what is now, for a forecast; else always the mean."""
    targets = torch.cat([sample.targets[sample.asked] for sample in samples])  # (N, O)
    guess = torch.cat([sample.values[sample.asked] for sample in samples]) if task.fresh else targets.mean()
    return float((guess - targets).square().mean().sqrt())


def _output(run: Trace) -> Tensor:
    assert run.output is not None  # noqa: S101 - `train` puts a read-out there
    return run.output
