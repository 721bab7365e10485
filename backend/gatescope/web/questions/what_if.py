"""What follows from an intervention, a change of the model, or an initial state?"""

from typing import Any

from gatescope.web.answers.two_runs import TwoRunsAnswer, describe_two_runs
from gatescope.web.questions.question import COUNTING, Question
from gatescope.web.requests.fields import Quantity
from gatescope.web.requests.places import LayerRequest, find_layer
from gatescope.web.run import Runner

NO_CONDITIONS: dict[str, Any] = {"initial_state": None, "interventions": [], "changes": []}


class WhatIfRequest(LayerRequest):
    """A run with what is held, changed or started from, one of its layers, and what to show of it."""

    quantity: Quantity = "cell_state"


def _what_if(request: WhatIfRequest, runner: Runner) -> dict[str, Any]:
    plain = request.model_copy(update=NO_CONDITIONS)
    # Prepared once: a model drawn from no given seed is the same in both runs.
    setup = runner.prepare(plain)
    changed = setup.changed(request.changes)
    first, second = runner.run(plain, setup), runner.run(request, changed)
    return describe_two_runs(first, second, find_layer(request, first.trace), request.quantity)


WHAT_IF = Question(
    name="what_if",
    summary="What follows when something is held or changed?",
    description="The run without the interventions, the changes and the initial state, beside the one with them.",
    request=WhatIfRequest,
    example={
        **COUNTING,
        "interventions": [{"quantity": "forget_gate", "value": 0.9, "units": [5]}],
        "quantity": "cell_state",
    },
    answer=TwoRunsAnswer,
    compute=_what_if,
)
