"""Embeddings and linear layers of a file that fit before and after one of its LSTMs."""

from collections.abc import Mapping
from heapq import nsmallest

import torch
from torch import Tensor, nn

from gatescope.lstm.layout import Layout

PART = ("weight", "bias")  # the tensors of an embedding or a linear layer
MOST_PARTS = 16  # embeddings around one LSTM, and linear layers


class Parts:
    """The embeddings and linear layers among tensors, by the size that has to fit."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._fronts: dict[int, list[str]] = {}
        self._read_outs: dict[int, list[str]] = {}
        for name, tensor in sorted(tensors.items()):
            if not name.endswith(".weight") or tensor.dim() != 2:
                continue
            layer, width = name.removesuffix(".weight"), tensor.shape[1]
            bias = tensors.get(f"{layer}.bias")
            if bias is None:
                self._fronts.setdefault(width, []).append(layer)
            if bias is None or bias.shape == tensor.shape[:1]:
                self._read_outs.setdefault(width, []).append(layer)

    def around(self, module: str, layout: Layout) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """The embeddings and the linear layers that fit an LSTM, and how many more there are.

        Those that share more of the LSTM's path stand first.
        """
        path = module.split(".")[:-1]

        def distance(other: str) -> int:
            its = other.split(".")[:-1]
            shared = sum(1 for one, another in zip(path, its, strict=False) if one == another)
            return len(path) + len(its) - 2 * shared

        fitting = self._fronts.get(layout.input_size, []), self._read_outs.get(layout.output_size, [])
        fronts, read_outs = (tuple(nsmallest(MOST_PARTS, layers, key=distance)) for layers in fitting)
        return fronts, read_outs, sum(map(len, fitting)) - len(fronts) - len(read_outs)


def embedding(tensors: Mapping[str, Tensor], name: str) -> nn.Embedding:
    """The embedding of that name, in float32."""
    table = tensors[f"{name}.weight"].to(torch.float32)  # (V, I)
    return nn.Embedding(table.shape[0], table.shape[1], _weight=table)


def linear(tensors: Mapping[str, Tensor], name: str) -> nn.Linear:
    """The linear layer of that name, in float32."""
    state = {part: tensors[f"{name}.{part}"].to(torch.float32) for part in PART if f"{name}.{part}" in tensors}
    outputs, inputs = state["weight"].shape
    layer = nn.Linear(inputs, outputs, bias="bias" in state)
    layer.load_state_dict(state)
    return layer
