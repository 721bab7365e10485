"""How far back is a unit's state felt?"""

from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import state_gradients
from gatescope.web.answers.schemas import Gradients
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.conditions import refuse_interventions
from gatescope.web.requests.places import UnitRequest, find_layer
from gatescope.web.run import Runner


class GradientsRequest(UnitRequest):
    """A run, one of its units, and a step T."""

    step: int | None = Field(None, ge=0, description="T; null: the step that the direction computes last.")


class GradientsAnswer(BaseModel):
    """How a unit's states at step T follow what each step t held and got; 0 for what T cannot know.

    Lists tell values below float32's 1e−45 as 0.
    """

    step: int
    cell_state: Gradients = Field(description="∂C_T/∂C_t of the unit with itself, with all detours, (T).")
    direct: Gradients = Field(description="What of it came along the cell alone: the product of the forget gates, (T).")
    cell_state_norms: Gradients = Field(description="‖∂C_T/∂C_t‖ over all units at step t, (T).")
    input_norms: Gradients = Field(
        description="‖∂h_T/∂x_t‖ over the features that the layer gets, (T); with a projection of the norm of all of h."
    )


def _gradients(request: GradientsRequest, runner: Runner) -> dict[str, Any]:
    run = runner.run(request)
    refuse_interventions(request)
    find_layer(request, run.trace)
    gradients = partial(
        state_gradients,
        run.model.network,
        run.trace,
        layer=request.layer,
        direction=request.direction,
        end=request.step,
    )
    of_cell = gradients(request.unit)
    # Projected hidden states are no unit's: then all of them are asked about.
    is_projected = run.model.network.first_cell.proj_size > 0
    of_hidden = gradients("norm" if is_projected else request.unit, quantity="hidden_state")
    return {
        "step": of_cell.end,
        "cell_state": of_cell.cell_state[:, request.unit],
        "direct": of_cell.direct[:, request.unit],
        "cell_state_norms": of_cell.cell_state.norm(dim=-1),
        "input_norms": of_hidden.inputs.norm(dim=-1),
    }


GRADIENTS = Question(
    name="gradients",
    summary="How far back is a unit's state felt?",
    description="Gradients of C and h at a step, with the product of the forget gates (Hochreiter & Schmidhuber 1997).",
    request=GradientsRequest,
    example={**COUNTING, "unit": 1, "step": 14},
    answer=GradientsAnswer,
    compute=_gradients,
    passes=lambda _: 10,  # in float64, step by step, twice
)
