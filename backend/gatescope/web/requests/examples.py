"""Requests for a trace that the documentation shows, one for each kind of model and sequence."""

from typing import Any

RANDOM = {"type": "random", "hidden_size": 4, "initialisation": "pytorch", "seed": 7}

TRACE_REQUESTS: dict[str, Any] = {
    "a signal": {
        "model": {
            "type": "random",
            "hidden_size": 32,
            "initialisation": "xavier",
            "forget_bias": 1.0,
            "seed": 7,
        },
        "sequence": {"type": "signal", "name": "sine", "steps": 200, "parameters": {"period": 25}},
    },
    "numbers": {
        "model": RANDOM,
        "sequence": {"type": "numbers", "values": [[0.1, 2], [0.4, 3], [0.9, 5]], "features": ["a", "b"]},
    },
    "a table": {
        "model": RANDOM,
        "sequence": {
            "type": "table",
            "text": "day,rain\n1,0.5\n2,2.25\n3,0",
            "columns": [1],
            "scaling": "zscore",
        },
    },
    "a NumPy file": {
        "model": RANDOM,
        "sequence": {
            "type": "npy",
            "data": "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgIC"
            "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAPwAAgD8=",
        },
    },
    "text": {"model": RANDOM, "sequence": {"type": "text", "text": "gates 문"}},
    "your weights": {
        "model": {
            "type": "weights",
            "state_dict": {
                "weight_ih_l0": [[0.5], [0.5], [1.0], [0.5]],
                "weight_hh_l0": [[0.0], [0.0], [0.5], [0.0]],
                "bias_ih_l0": [0.0, 1.0, 0.0, 0.0],
                "bias_hh_l0": [0.0, 0.0, 0.0, 0.0],
            },
        },
        "sequence": {"type": "numbers", "values": [1, 0, -1]},
        "initial_state": {"hidden_state": [0.0], "cell_state": [0.5]},
    },
    "a changed model": {
        "model": {"type": "zoo", "name": "anbn"},
        "sequence": {"type": "task", "name": "anbn", "seed": 0},
        "changes": [
            {"type": "forget_bias", "value": 3, "units": [5]},
            {"type": "weight", "name": "weight_hh_l0", "row": 0, "column": 3, "value": 0.5},
        ],
    },
}
