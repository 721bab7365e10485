"""POST /api/v1/analyses/what_if: what follows when a gate is held, a weight is another, or the state before?"""

from typing import Annotated, Any

import torch
from fastapi import APIRouter, Body, Response

from gatescope.web.answers.wire import Encoding
from gatescope.web.questions.answering import Answering, AskedEncoding
from gatescope.web.questions.compared import ComparedAnswer, compared
from gatescope.web.questions.place import LayerRequest, find_layer
from gatescope.web.requests.inputs import changed
from gatescope.web.requests.schemas import Quantity
from gatescope.web.run import prepare_trace, run_trace

EXAMPLE = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
    "interventions": [{"quantity": "forget_gate", "value": 0.9, "units": [5]}],
    "quantity": "cell_state",
}
AS_IT_IS: dict[str, Any] = {"initial_state": None, "interventions": [], "changes": []}


class WhatIfRequest(LayerRequest):
    """A run with what is held, changed or started from, one of its layers, and what to show of it."""

    quantity: Quantity = "cell_state"


def add_what_if(router: APIRouter, answering: Answering) -> None:
    """The route."""

    @router.post("/what_if", summary="What follows when something is held or changed?", response_model=ComparedAnswer)
    async def what_if(
        request: Annotated[WhatIfRequest, Body(examples=[EXAMPLE])], encoding: AskedEncoding = Encoding.LIST
    ) -> Response:
        """The run without the interventions, the changes and the initial state, beside the one with them."""
        return await answering.send(lambda: _what_if(request, answering), encoding)


@torch.no_grad()
def _what_if(request: WhatIfRequest, answering: Answering) -> dict[str, Any]:
    plain = request.model_copy(update=AS_IT_IS)
    # Prepared once: a model drawn from no given seed is the same in both runs.
    before = prepare_trace(plain, answering.settings, answering.store, with_weights=False)
    after = changed(before, request.changes)
    first, second = run_trace(plain, before), run_trace(request, after)
    return compared(first, second, (before, after), find_layer(request, first), request.quantity)
