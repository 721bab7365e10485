"""Which units does the output need? Each is silenced in turn, and the effect is measured.

A unit is silenced when its hidden state, or its cell state, is held at 0 from the first step to the last: an ablation
by zero. Two units that do the same can replace one another, so that each by itself seems to matter little. A network
that is trained without the unit might do as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import torch
from torch import Tensor, nn

from gatescope.analysis.places import cell_at, check_state, layer_index
from gatescope.errors import InvalidInput
from gatescope.lstm.cell import Direction, LSTMSimpleCell
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.layer import joined
from gatescope.lstm.magnitude import check_magnitudes
from gatescope.lstm.network import LSTMNetwork, as_network
from gatescope.lstm.trace import Trace, trace


@dataclass(frozen=True)
class Targets:
    """The right outputs.

    values: token numbers (T), or values (T, O).
    asked: the steps at which the answer can be known, (T) of bool; every step if None.
    choices: the tokens that count as answers, (O) of bool; all if None.
    """

    values: Tensor
    asked: Tensor | None = None
    choices: Tensor | None = None


@dataclass(frozen=True)
class Score:
    """The score of an output at the steps asked.

    loss: for tokens the mean of −ln p(target), for values the mean square error.
    accuracy: the share of steps at which the target is the likeliest token; None for values.
    """

    loss: float
    accuracy: float | None


@dataclass(frozen=True)
class SilencedUnit:
    """The effect of silencing a unit.

    change: the root mean square change of what is measured, over all steps and numbers.
    largest, step: the largest size of a change, and its step, the first of several.
    score: of the output without the unit; None without targets.
    """

    unit: int
    change: float
    largest: float
    step: int
    score: Score | None


@dataclass(frozen=True)
class Silencing:
    """A run, and the effect of silencing each of its units.

    measured: the output of the read-out; without one the hidden states of the last layer, all but the unit's own.
    score: of the output as it is; None without targets.
    size: the number of units.
    units: one unit after the other; each is run when it is asked for.
    """

    measured: Literal["output", "hidden_state"]
    score: Score | None
    size: int
    units: Iterator[SilencedUnit]


Without = Callable[[int], Tensor]  # from a unit to what is measured without it, (T, O)
ScoreOf = Callable[[Tensor], Score]  # from an output, (T, O)


def silence_each_unit(
    model: LSTMSimpleCell | LSTMNetwork,
    x: Tensor,
    layer: int = 0,
    direction: Direction = "forward",
    quantity: str = "hidden_state",
    *,
    targets: Targets | None = None,
    initial_state: tuple[Tensor, Tensor] | None = None,
    interventions: Sequence[Intervention] = (),
) -> Silencing:
    """Runs the sequence as it is; iterating over ``units`` runs it again without each unit of a layer in turn.

    `rank_silenced` puts them in order. A run begins at the layer of the unit, since the layers below do not change.

    Args:
        model: a cell or a network.
        x: one sequence, as `gatescope.trace` takes it.
        layer: the layer whose units are silenced.
        direction: of the layer.
        quantity: held at 0: ``hidden_state`` (the unit says nothing; with a projection a projected unit) or
            ``cell_state`` (it remembers nothing).
        targets: the right outputs.
        initial_state: as `gatescope.trace` takes it.
        interventions: those of all the runs.

    Raises:
        InvalidInput: there is no such layer, direction or quantity, x is a batch or does not fit, or there are targets
            and no read-out; a number could be beyond its dtype.

    Source: ablation by zero, as in Lakretz et al., "The emergence of number and syntax units in LSTM language models",
    2019.
    """
    check_state(quantity)
    with torch.no_grad():
        plain = trace(model, x, initial_state, interventions)
    network = as_network(model)
    cell = cell_at(network, plain, layer_index(plain, layer, direction))
    check_magnitudes(network, plain, interventions)  # without a unit no number is larger
    if targets is not None:
        _check_targets(targets, plain.output)
    size = cell.output_size if quantity == "hidden_state" else cell.hidden_size
    last = joined(plain.layers[-len(network.directions) :])  # (T, D·P)
    observed = last if plain.output is None else plain.output  # (T, D·P) or (T, O)
    is_observed = plain.output is None and layer == network.num_layers - 1 and size == cell.output_size
    own = network.directions.index(direction) * size if is_observed else None
    score = None if targets is None else partial(_score, targets, is_probability=_is_probability(network.read_out))
    run = _run_from(layer, network, plain)
    above = [replace(each, layer=each.layer - layer) for each in interventions if each.layer >= layer]

    def without(unit: int) -> Tensor:
        return run([*above, Intervention(quantity, 0.0, 0, direction, (unit,))])

    return Silencing(
        measured="hidden_state" if plain.output is None else "output",
        score=score(observed) if score else None,
        size=size,
        units=_each(size, without, observed, own, score),
    )


def rank_silenced(units: Iterable[SilencedUnit]) -> tuple[SilencedUnit, ...]:
    """The units by how much silencing them changes, the most first."""
    return tuple(sorted(units, key=lambda unit: unit.change, reverse=True))


def _each(size: int, without: Without, plain: Tensor, own: int | None, score: ScoreOf | None) -> Iterator[SilencedUnit]:
    """One unit after the other; ``own``: the column of unit 0, if hidden states of the layer itself are measured."""
    for unit in range(size):
        changed = without(unit)  # (T, O)
        sizes = (changed - plain).to(torch.float64).abs_()  # (T, O)
        if own is not None:
            sizes[:, own + unit] = 0
        step = int(sizes.amax(dim=1).argmax())
        largest = float(sizes[step].amax())
        numbers = max(1, sizes.numel() - (len(sizes) if own is not None else 0))
        change = float(sizes.square_().sum().div_(numbers).sqrt())
        yield SilencedUnit(unit, change, largest, step, score(changed) if score else None)


def _run_from(layer: int, network: LSTMNetwork, plain: Trace) -> Callable[[Sequence[Intervention]], Tensor]:
    """The run from a layer up as a function of interventions, (T, O) or (T, D·P)."""
    directions = len(network.directions)
    below = layer * directions
    fed = joined(plain.layers[below - directions : below]) if layer else plain.fed  # (T, D·P)
    upper = network.with_cells([cell for _, _, cell in network.places()][below:])
    starts = [each.initial_state for each in plain.layers[below:]]
    state = (torch.stack([start[0] for start in starts]), torch.stack([start[1] for start in starts]))

    @torch.no_grad()
    def run(interventions: Sequence[Intervention]) -> Tensor:
        last = joined(upper.layers(fed, state, interventions)[-directions:])  # (T, D·P)
        return upper.read_out(last) if upper.read_out else last

    return run


def _is_probability(read_out: nn.Module | None) -> bool:
    """Tells whether a read-out ends in a softmax."""
    return isinstance(list(read_out.modules())[-1], nn.Softmax) if read_out else False


def _check_targets(targets: Targets, output: Tensor | None) -> None:
    if output is None:
        raise InvalidInput("the model has no read-out, so it has no output", field="model", code="no_read_out")
    values, (steps, outputs) = targets.values, output.shape
    if values.is_floating_point():
        fits = values.shape == output.shape
    else:
        fits = values.shape == (steps,) and bool(((values >= 0) & (values < outputs)).all())
    for chosen, size in ((targets.asked, steps), (targets.choices, outputs)):
        fits = fits and (chosen is None or chosen.shape == (size,))
    if not fits:
        message = f"the targets must be numbers of tokens below {outputs}, ({steps}), or values ({steps}, {outputs})"
        raise InvalidInput(message, field="targets", code="targets_do_not_fit")


def _score(targets: Targets, output: Tensor, *, is_probability: bool) -> Score:
    output = output.to(torch.float64)  # (T, O)
    asked = slice(None) if targets.asked is None else targets.asked
    if targets.values.is_floating_point():
        return Score(float((output - targets.values)[asked].square().mean()), None)
    logits = output.clamp_min(torch.finfo(torch.float32).tiny).log() if is_probability else output.log_softmax(dim=-1)
    if targets.choices is not None:
        logits = logits.masked_fill(~targets.choices, -torch.inf)
    chosen, right = logits[asked], targets.values[asked]  # (N, O), (N)
    loss = nn.functional.cross_entropy(chosen, right)
    return Score(float(loss), float((chosen.argmax(dim=-1) == right).to(torch.float64).mean()))
