"""Which past step wrote what is in a cell now?"""

from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import writes
from gatescope.web.answers.schemas import Vector
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.places import UnitRequest, find_layer
from gatescope.web.run import Runner


class WritesRequest(UnitRequest):
    """A run, one of its units, and a step."""

    step: int = Field(ge=0)


class WritesAnswer(BaseModel):
    """What the cell state of a unit is made of after a step."""

    step: int
    steps: list[int] = Field(description="Those computed up to the step, in the order they ran, (S).")
    parts: Vector = Field(description="What is left after the step of what each of them wrote, (S).")
    initial: float = Field(description="What is left of the state before the first step.")
    sum: float = Field(description="All parts and the initial one.")
    cell_state: float = Field(description="As it was computed.")
    residual: float = Field(description="The cell state less the sum: rounding, and what was put in where C was held.")


def _writes(request: WritesRequest, runner: Runner) -> dict[str, Any]:
    traced = runner.run(request).trace
    written = writes(traced, find_layer(request, traced), request.step, [request.unit])
    parts = written.parts[:, 0]  # (S)
    return {
        "step": written.step,
        "steps": written.steps.tolist(),
        "parts": parts,
        "initial": written.initial.item(),
        "sum": (parts.sum() + written.initial).item(),
        "cell_state": written.cell_state.item(),
        "residual": written.residual.item(),
    }


WRITES = Question(
    name="writes",
    summary="Which past step wrote what is in a cell now?",
    description=(
        "Levy et al. (2018): the cell state as a sum over steps. What a step wrote depended on those before it."
    ),
    request=WritesRequest,
    example={**COUNTING, "unit": 5, "step": 14},
    answer=WritesAnswer,
    compute=_writes,
)
