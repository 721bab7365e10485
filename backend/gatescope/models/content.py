"""What a container gives to the conventions: named tensors, and what the file says beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from gatescope.errors import InvalidInput


@dataclass(frozen=True)
class Node:
    """An operation of a graph; an input or output that is left out has an empty name."""

    operation: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """What a file holds, before a convention gives a meaning to its names.

    tensors: dense ones by their names or paths in the file; a mapping may read each only when it is asked for, so
    look at the names first. omitted: tensors that the file holds and the container does not give, and why. settings:
    the description of the model, as JSON. attributes: texts that belong to a group of tensors, by the group's path.
    nodes: the operations of a graph, in their order.
    """

    tensors: Mapping[str, Tensor]
    omitted: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()


def refusal(message: str, code: str, **context: str | int) -> InvalidInput:
    """The error of a file that is not let in."""
    return InvalidInput(message, field="file", code=code, **context)


def missing_extra(kind: str, extra: str) -> InvalidInput:
    """The error of a file whose reader is not installed."""
    command = f"pip install 'gatescope[{extra}]'"
    return refusal(f"reading {kind} files needs an optional part: {command}", "missing_extra", command=command)
