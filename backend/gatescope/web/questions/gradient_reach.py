"""Why an LSTM and no plain RNN?"""

from typing import Any

from pydantic import BaseModel, Field

from gatescope.analysis import gradient_reach
from gatescope.lstm.initialisation import DEFAULT_FORGET_BIAS
from gatescope.web.answers.description import fields_of
from gatescope.web.answers.schemas import Gradients
from gatescope.web.questions.question import Question
from gatescope.web.requests.conditions import refuse_interventions
from gatescope.web.requests.fields import Seed
from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Runner


class GradientReachRequest(TraceRequest):
    """A run, whose sequence and size untrained networks are given."""

    unit: int = Field(0, ge=0, description="Whose hidden state is asked about, in each of the networks.")
    step: int | None = Field(None, ge=0, description="T; null: the last.")
    seed: Seed = Field(0, description="Draws the weights of all three.")
    forget_bias: float = Field(DEFAULT_FORGET_BIAS, description="b_f of the LSTM.")


class GradientReachAnswer(BaseModel):
    """The Euclidean norm of a unit's gradient ∂h_T/∂h_t at each step up to T, (T + 1), in networks of one size."""

    seed: int
    forget_bias: float
    unit: int
    end: int = Field(description="T.")
    rnn: Gradients = Field(description="The plain RNN with tanh.")
    gru: Gradients
    lstm: Gradients = Field(description="With C_t held.")
    lstm_cell_state: Gradients = Field(description="‖∂h_T/∂C_t‖.")


def _gradient_reach(request: GradientReachRequest, runner: Runner) -> dict[str, Any]:
    run = runner.run(request)
    refuse_interventions(request)
    reach = gradient_reach(
        run.trace.fed,
        run.model.network.first_cell.hidden_size,
        seed=request.seed,
        forget_bias=request.forget_bias,
        unit=request.unit,
        end=request.step,
    )
    return fields_of(GradientReachAnswer, reach)


GRADIENT_REACH = Question(
    name="gradient_reach",
    summary="Why an LSTM and no plain RNN?",
    description=(
        "Pascanu et al. (2013): gradients vanish or explode. Untrained RNN, GRU and LSTM on what the model is fed."
    ),
    request=GradientReachRequest,
    example={
        "model": {"type": "random", "hidden_size": 16},
        "sequence": {"type": "signal", "name": "sunspots", "steps": 101},
        "unit": 0,
    },
    answer=GradientReachAnswer,
    compute=_gradient_reach,
    passes=lambda _: 20,  # of three networks in float64, step by step
)
