"""The trained networks that Gatescope ships: safetensors files whose metadata say what they are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from gatescope.errors import InvalidInput
from gatescope.lstm.network import LSTMNetwork
from gatescope.models.checkpoint import assemble, find_lstms

ZOO = ("anbn", "reber", "adding", "quotes", "sunspots", "echo")
KEY = "gatescope"


@dataclass(frozen=True)
class ZooModel:
    """A shipped network; ``described`` holds the task, the seed, the names of inputs and outputs, and the claim."""

    network: LSTMNetwork
    described: Mapping[str, Any]

    @property
    def vocabulary(self) -> tuple[str, ...] | None:
        """The tokens of a network of text."""
        return tuple(self.described["outputs"]) if self.described["output_kind"] == "next_token" else None


@cache
def load_zoo(name: str) -> ZooModel:
    """One of the networks of `ZOO`.

    Raises:
        InvalidInput: there is none of that name.
    """
    if name not in ZOO:
        raise InvalidInput(
            f"there is no shipped model {name[:40]!r}; there are {', '.join(ZOO)}", field="name", code="unknown_zoo"
        )
    with torch.inference_mode(False):  # it outlives the request that reads it first
        return read_zoo(Path(str(files("gatescope.models.sources").joinpath("zoo", f"{name}.safetensors"))))


def read_zoo(path: Path) -> ZooModel:
    """A network as `write_zoo` wrote it."""
    with safe_open(path, framework="pt") as file:
        described = json.loads(file.metadata()[KEY])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    softmax = described["output_kind"] == "next_token"
    return ZooModel(assemble(find_lstms(tensors), "lstm", read_out="read_out", softmax=softmax), described)


def write_zoo(path: Path, network: LSTMNetwork, described: Mapping[str, Any]) -> None:
    """Writes a network of one layer with its read-out and description."""
    assert network.read_out is not None  # noqa: S101 - training puts it there
    tensors = {f"lstm.{name}": tensor for name, tensor in network.to_state_dict().items()}
    # A softmax after the linear layer puts a number before its names.
    read_out = {name.removeprefix("0."): tensor.detach() for name, tensor in network.read_out.state_dict().items()}
    tensors |= {f"read_out.{name}": tensor for name, tensor in read_out.items()}
    save_file(tensors, path, metadata={KEY: json.dumps(described)})
