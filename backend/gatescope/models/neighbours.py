"""Embeddings and linear layers of a file that fit before and after one of its LSTMs."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from gatescope.lstm.network import LSTMNetwork

PART = ("weight", "bias")  # the tensors of an embedding or a linear layer


def neighbours(
    module: str, network: LSTMNetwork, tensors: Mapping[str, Tensor]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of embeddings and of linear layers that fit, those that share more of the LSTM's path first."""
    cell = network.first_cell
    fronts, read_outs = [], []
    for name, tensor in tensors.items():
        if not name.endswith(".weight") or tensor.dim() != 2:
            continue
        other = name.removesuffix(".weight")
        bias = tensors.get(f"{other}.bias")
        if bias is None and tensor.shape[1] == cell.input_size:
            fronts.append(other)
        fits = bias is None or bias.shape == tensor.shape[:1]
        if fits and tensor.shape[1] == cell.output_size * len(network.directions):
            read_outs.append(other)

    def distance(other: str) -> int:
        path, its = module.split(".")[:-1], other.split(".")[:-1]
        shared = sum(1 for one, another in zip(path, its, strict=False) if one == another)
        return len(path) + len(its) - 2 * shared

    return tuple(sorted(fronts, key=distance)), tuple(sorted(read_outs, key=distance))


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
