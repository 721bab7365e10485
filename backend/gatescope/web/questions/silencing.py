"""Which units does the output need? Each is told as soon as it is computed."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Literal

import torch
from pydantic import BaseModel, Field

from gatescope.analysis import SilencedUnit, Silencing, Targets, rank_silenced, silence_each_unit
from gatescope.lstm.cell import Direction
from gatescope.web.questions.question import COUNTING, Event, Question
from gatescope.web.requests.conditions import read_initial_state, read_interventions
from gatescope.web.requests.places import LayerRequest
from gatescope.web.run import Runner, Setup


class SilencingRequest(LayerRequest):
    """A run, and the layer whose units are silenced in turn; what the run holds in any case stays held."""

    quantity: Literal["hidden_state", "cell_state"] = Field(
        "hidden_state", description="What is held at 0: nothing is heard of the unit, or it remembers nothing."
    )


class ScoreAnswer(BaseModel):
    """How right the output is at the steps where the task asks for something."""

    loss: float | None = Field(description="Of tokens the mean of −ln p(target), of values the mean square error.")
    accuracy: float | None = Field(description="The share of right tokens; null for values.")


class SilencedUnitAnswer(BaseModel):
    """What silencing a unit does."""

    unit: int
    change: float = Field(description="Root mean square change of what is measured; units are ranked by it.")
    largest: float = Field(description="The largest size of a change.")
    step: int = Field(description="Where that is, the first of several.")
    score: ScoreAnswer | None = Field(description="How right the output is without the unit; for a task only.")


class SilencingAnswer(BaseModel):
    """Every unit of a layer, the one that changes the most first."""

    layer: int
    direction: Direction
    quantity: Literal["hidden_state", "cell_state"]
    measured: Literal["output", "hidden_state"] = Field(
        description="What changes are measured of: the output, or without a read-out the last layer's hidden states, "
        "all but the unit's own."
    )
    score: ScoreAnswer | None = Field(description="How right the output is as it is; for a task only.")
    units: list[SilencedUnitAnswer]


def _silencing(request: SilencingRequest, runner: Runner) -> Iterator[Event]:
    setup = runner.prepare(request)
    silencing = silence_each_unit(
        setup.model.network,
        setup.input.x,
        request.layer,
        request.direction,
        request.quantity,
        targets=_targets(setup),
        initial_state=read_initial_state(request.initial_state, setup.model.network),
        interventions=read_interventions(request.interventions),
    )
    return tell(request, silencing)


def _targets(setup: Setup) -> Targets | None:
    task = setup.input.task
    if setup.targets is None or task is None:
        return None
    choices = torch.tensor([token in task.choices for token in task.outputs]) if task.choices else None  # (O)
    return Targets(setup.targets, setup.input.asked, choices)


def tell(request: SilencingRequest, silencing: Silencing) -> Iterator[Event]:
    """An event after each unit, and at last the answer."""
    units: list[SilencedUnit] = []
    for unit in silencing.units:
        units.append(unit)
        yield "progress", {"done": len(units), "of": silencing.size}
    yield (
        "result",
        {
            "layer": request.layer,
            "direction": request.direction,
            "quantity": request.quantity,
            "measured": silencing.measured,
            "score": silencing.score and asdict(silencing.score),
            "units": [asdict(unit) for unit in rank_silenced(units)],
        },
    )


SILENCING = Question(
    name="silencing",
    summary="Which units does the output need?",
    description="Each unit of a layer is silenced in turn, and the sequence run again.",
    request=SilencingRequest,
    example=COUNTING,
    answer=SilencingAnswer,
    compute=_silencing,
    is_streamed=True,
)
