"""Which units stand out?"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import LayerHealth, Saturation, Thresholds, health
from gatescope.analysis.health import Kind
from gatescope.lstm.cell import Direction
from gatescope.web.answers.description import fields_of
from gatescope.web.answers.schemas import Vector
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.fields import Strict
from gatescope.web.requests.mistakes import below
from gatescope.web.requests.places import LayerRequest, find_layer
from gatescope.web.run import Runner


class ThresholdsRequest(Strict):
    """From where on something is said of a unit."""

    left: float = Field(default=Thresholds.left, ge=0, le=1, description="A gate below it is all but shut.")
    right: float = Field(default=Thresholds.right, ge=0, le=1, description="A gate above it is all but open.")
    held_share: float = Field(
        default=Thresholds.held_share,
        ge=0,
        le=1,
        description="A gate is held there at no smaller a share of the steps.",
    )
    tiny: float = Field(
        default=Thresholds.tiny, ge=0, le=1, description="What stays below it is as good as nothing, in C or h."
    )
    saturated_state: float = Field(
        default=Thresholds.saturated_state, ge=0, le=1, description="Beyond it |tanh(C)| is saturated, …"
    )
    saturated_share: float = Field(
        default=Thresholds.saturated_share,
        ge=0,
        le=1,
        description="… which it must be at more than this share of the steps.",
    )
    drift_explained: float = Field(
        default=Thresholds.drift_explained,
        ge=0,
        le=1,
        description="Share of the variance of |C| that a line must explain, …",
    )
    drift_rise: float = Field(
        default=Thresholds.drift_rise,
        ge=0,
        le=1000,
        description="… and what it must gain over the sequence, for a drift.",
    )
    constant: float = Field(
        default=Thresholds.constant, ge=0, le=1, description="A cell state that moves by no more is constant."
    )
    fewest_steps: int = Field(
        default=Thresholds.fewest_steps, ge=1, le=10_000, description="Of a shorter sequence there are no findings."
    )


class HealthRequest(LayerRequest):
    """A run, one of its layers, and the thresholds."""

    thresholds: ThresholdsRequest = ThresholdsRequest()


class SaturationAnswer(BaseModel):
    """For each unit, the share of steps at which a gate is beyond a threshold."""

    left: Vector = Field(description="Below `left`, (H).")
    right: Vector = Field(description="Above `right`, (H).")


class GateSaturationAnswer(BaseModel):
    """The saturation of each gate."""

    forget_gate: SaturationAnswer
    input_gate: SaturationAnswer
    output_gate: SaturationAnswer


class OtherLayerAnswer(BaseModel):
    """The saturation of another layer or direction."""

    layer: int
    direction: Direction
    saturation: GateSaturationAnswer


class FindingAnswer(BaseModel):
    """Units of the layer of which the same can be said."""

    kind: Kind
    units: list[int] = Field(description="Ascending.")
    shares: list[float] = Field(
        description="For each the share of steps at which it holds; for a drift, of the variance that is explained."
    )
    thresholds: dict[str, float] = Field(description="Those that decided, by name.")


class HealthAnswer(BaseModel):
    """The saturation of the gates of a layer, and which of its units stand out."""

    steps: int = Field(description="Of which the shares are.")
    thresholds: dict[str, float] = Field(description="All that were used, by name.")
    saturation: GateSaturationAnswer
    findings: list[FindingAnswer]
    others: list[OtherLayerAnswer] = Field(description="The other layers and directions, to compare with.")


def _health(request: HealthRequest, runner: Runner) -> dict[str, Any]:
    traced = runner.run(request).trace
    index = find_layer(request, traced)
    with below("thresholds"):
        layers = health(traced, Thresholds(**request.thresholds.model_dump()))
    return {
        "steps": len(traced.fed),
        "thresholds": request.thresholds.model_dump(),
        "saturation": _shares(layers[index].saturation),
        "findings": [fields_of(FindingAnswer, finding) for finding in layers[index].findings],
        "others": [_other(layer) for layer in (*layers[:index], *layers[index + 1 :])],
    }


def _other(layer: LayerHealth) -> dict[str, Any]:
    return {"layer": layer.layer, "direction": layer.direction, "saturation": _shares(layer.saturation)}


def _shares(saturation: Mapping[str, Saturation]) -> dict[str, Any]:
    return {gate: fields_of(SaturationAnswer, shares) for gate, shares in saturation.items()}


HEALTH = Question(
    name="health",
    summary="Which units stand out?",
    description=(
        "Saturation after Karpathy et al. (2015). It is of this sequence alone, and a saturated gate is no fault."
    ),
    request=HealthRequest,
    example={**COUNTING, "thresholds": {"held_share": 0.9}},
    answer=HealthAnswer,
    compute=_health,
)
