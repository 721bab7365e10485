"""Requests over REST, as the tests of the web send them."""

from collections.abc import Callable
from typing import Any

import httpx

Json = dict[str, Any]
AssertProblem = Callable[..., Json]
COUNTING: Json = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
}


def ask(client: httpx.Client, question: str, encoding: str = "list", **request: Any) -> httpx.Response:
    """The answer to a question."""
    return client.post(f"/api/v1/analyses/{question}?encoding={encoding}", json=request)


def constant(steps: int = 11, **biases: float) -> Json:
    """A run of one unit whose weights are 0: its gates are constant, at σ of their bias."""
    packed = [biases.get(name, 0.0) for name in ("input_gate", "forget_gate", "candidate", "output_gate")]
    weights = {
        "weight_ih_l0": [[0.0]] * 4,
        "weight_hh_l0": [[0.0]] * 4,
        "bias_ih_l0": packed,
        "bias_hh_l0": [0.0] * 4,
    }
    return {
        "model": {"type": "weights", "state_dict": weights},
        "sequence": {"type": "numbers", "values": [0.0] * steps},
    }


async def get(app: Any, path: str) -> httpx.Response:
    """What an application answers without a server."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return await client.get(path)
