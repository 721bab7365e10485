"""What requests to the API and its answers are made of, in the tests."""

import base64
import io
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np

Json = dict[str, Any]
AssertProblem = Callable[..., Json]
BYTES = {"Content-Type": "application/octet-stream"}
QUANTITIES = ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state")
COUNTING: Json = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
}  # the run of the first visit: a trained model that counts


def constant_gates(steps: int, **biases: float) -> Json:
    """A run of one unit whose weights are 0: each gate stays at σ, the candidate at tanh, of its bias."""
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


def ask(client: httpx.Client, question: str, encoding: str = "list", **request: Any) -> httpx.Response:
    """Posts a question."""
    return client.post(f"/api/v1/analyses/{question}?encoding={encoding}", json=request)


def npy(values: Any) -> str:
    """An array as a file of NumPy, in base64."""
    file = io.BytesIO()
    np.save(file, np.asarray(values))
    return base64.b64encode(file.getvalue()).decode()
