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
