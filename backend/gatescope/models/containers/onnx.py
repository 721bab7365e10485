"""ONNX files: a graph of operations and its initializers (https://onnx.ai); nothing in one is run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gatescope.models.content import Content, Node, missing_extra, refusal


def match(path: Path, start: bytes) -> bool:
    """Whether its first field is the version of its format, a small number, since ONNX has no signature."""
    return start.startswith(b"\x08") or path.suffix == ".onnx"


def read(path: Path) -> Content:
    """The nodes of all graphs, the initializers and the constants; no other file is opened."""
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise missing_extra("ONNX", "onnx") from error
    try:
        graphs = list(_graphs(onnx.load_model(path, load_external_data=False).graph))
        nodes = tuple(_node(proto) for graph in graphs for proto in graph.node)
    except (DecodeError, ValueError) as error:
        raise refusal("this is not a sound ONNX file", "broken_file") from error
    if not nodes:
        raise refusal("this is not a sound ONNX file: it has no nodes", "broken_file")
    sparse = {proto.values.name: "sparse" for graph in graphs for proto in graph.sparse_initializer}
    return Content(Initializers(graphs), omitted=sparse, nodes=nodes)


class Initializers(Mapping[str, Tensor]):
    """The initializers and constants of graphs; each is read, floating point as float32, when it is asked for."""

    def __init__(self, graphs: list[Any]) -> None:
        nodes = [node for graph in graphs for node in graph.node]
        self._protos = {proto.name: proto for graph in graphs for proto in graph.initializer}
        self._protos |= {
            node.output[0]: attribute.t
            for node in nodes
            if node.op_type == "Constant"
            for attribute in node.attribute
            if attribute.name == "value"
        }
        for node in nodes:  # exporters share equal weights through an Identity
            if node.op_type == "Identity" and node.input[0] in self._protos:
                self._protos[node.output[0]] = self._protos[node.input[0]]

    def __contains__(self, name: object) -> bool:
        return name in self._protos

    def __iter__(self) -> Iterator[str]:
        return iter(self._protos)

    def __len__(self) -> int:
        return len(self._protos)

    def __getitem__(self, name: str) -> Tensor:
        from onnx import TensorProto, numpy_helper

        proto = self._protos[name]
        if proto.data_location == TensorProto.EXTERNAL or proto.external_data:
            raise refusal(f"{name} lies in another file; save the model as one file", "external_data", tensor=name)
        try:
            array = numpy_helper.to_array(proto)
            return torch.from_numpy(np.array(array, None if array.dtype.kind in "biu" else np.float32))
        except (ValueError, TypeError, KeyError) as error:
            raise refusal(f"{name} does not hold what it claims", "broken_file") from error


def _graphs(graph: Any) -> Iterator[Any]:
    """A graph and those inside its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node:
                    yield from _graphs(inner)


def _node(proto: Any) -> Node:
    from onnx.helper import get_attribute_value

    attributes = {attribute.name: _plain(get_attribute_value(attribute)) for attribute in proto.attribute}
    return Node(proto.op_type, proto.name, tuple(proto.input), tuple(proto.output), attributes)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return [_plain(item) for item in value] if isinstance(value, list) else value
