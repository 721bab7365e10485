"""The LSTM nodes of an ONNX file, with the embeddings and linear layers beside them.

Operator: https://onnx.ai/onnx/operators/onnx__LSTM.html. Its gates are packed in the order i, o, f, c.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gatescope.models.contents import Contents, missing_extra, refused

TO_PYTORCH = [0, 2, 3, 1]  # i, o, f, c → i, f, c, o
PASSING = {"Transpose", "Squeeze", "Unsqueeze", "Reshape", "Identity", "Dropout"}  # between two layers of one LSTM
OTHER_KINDS = {"GRU": "a GRU", "RNN": "a plain RNN", "DynamicQuantizeLSTM": "a quantised LSTM"}
DIRECTIONS_LAST = [0, 2, 1, 3]  # from Y, (T, D, B, H), to (T, B, D, H)
INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
SUFFIXES = ("", "_reverse")
Array = np.ndarray[Any, Any]


def read_onnx(path: Path) -> Contents:
    """Reads an ONNX file; nothing in it is run, and no other file is opened.

    Raises:
        InvalidInput: the file is broken, keeps tensors in other files, or the package onnx is not there.
    """
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise missing_extra("ONNX", "onnx") from error
    try:
        model = onnx.load_model(path, load_external_data=False)
    except (DecodeError, ValueError) as error:
        raise refused("this is not a sound ONNX file", "broken_file") from error
    graphs = list(_graphs(model.graph))
    if not any(graph.node for graph in graphs):
        raise refused("this is not a sound ONNX file: it has no nodes", "broken_file")
    return _Reader(graphs).read()


def _graphs(graph: Any) -> Iterator[Any]:
    """A graph and those inside its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node:
                    yield from _graphs(inner)


class _Reader:
    """Walks the nodes of the graphs and collects tensors."""

    def __init__(self, graphs: list[Any]) -> None:
        self.nodes = [node for graph in graphs for node in graph.node]
        self.protos = {proto.name: proto for graph in graphs for proto in graph.initializer}
        self.protos |= {
            node.output[0]: attribute.t
            for node in self.nodes
            if node.op_type == "Constant"
            for attribute in node.attribute
            if attribute.name == "value"
        }
        for node in self.nodes:  # exporters share equal weights through an Identity
            if node.op_type == "Identity" and node.input[0] in self.protos:
                self.protos[node.output[0]] = self.protos[node.input[0]]
        self.sparse = {proto.values.name for graph in graphs for proto in graph.sparse_initializer}
        self.makers = {output: node for node in self.nodes for output in node.output if output}
        self.names: set[str] = set()
        self.tensors: dict[str, Tensor] = {}
        self.unsupported: dict[str, str] = {}
        self.layers: dict[str, tuple[str, int, tuple[int, ...]]] = {}  # by the name of Y: module, layer, shape

    def read(self) -> Contents:
        for index, node in enumerate(self.nodes):
            name = node.name or f"{node.op_type.lower()}_{index}"
            if name in self.names:
                name = f"{name}_{index}"
            self.names.add(name)
            if node.op_type == "LSTM":
                reason = self._unsupported(node)
                if reason:
                    self.unsupported[name] = f"an LSTM with {reason}"
                else:
                    self._lstm(name, node)
            elif node.op_type in OTHER_KINDS:
                self.unsupported[name] = OTHER_KINDS[node.op_type]
            elif node.op_type in ("Gather", "Gemm", "MatMul"):
                self._neighbour(name, node)
        return Contents(self.tensors, self.unsupported)

    def _unsupported(self, node: Any) -> str | None:
        """What of a node `torch.nn.LSTM` cannot do, or that is not in the file."""
        attributes, inputs = _attributes(node), _inputs(node)
        if "P" in inputs and self._nonzero(inputs["P"]):
            return f"peepholes (input P, {inputs['P']})"
        if "clip" in attributes or attributes.get("input_forget"):
            return f"the attribute {'clip' if 'clip' in attributes else 'input_forget'}"
        if attributes.get("activation_alpha") or attributes.get("activation_beta"):
            return "activations of its own (attributes activation_alpha and activation_beta)"
        activations = [name.lower() for name in attributes.get("activations", [])]
        if activations not in ([], ["sigmoid", "tanh", "tanh"], ["sigmoid", "tanh", "tanh"] * 2):
            return f"the activations {', '.join(activations)}"
        if attributes.get("direction", "forward") == "reverse":
            return "the direction reverse only"
        for name in ("W", "R", "B"):
            if name in inputs and inputs[name] not in self.protos:
                kind = "sparse" if inputs[name] in self.sparse else "computed"
                return f"weights that are {kind} (input {name}, {inputs[name]})"
        for name in ("initial_h", "initial_c"):
            if inputs.get(name) in self.protos and self._nonzero(inputs[name]):
                return f"an initial state of its own (input {name}, {inputs[name]})"
        return None

    def _nonzero(self, name: str) -> bool:
        return name not in self.protos or bool(self._array(name).any())

    def _lstm(self, name: str, node: Any) -> None:
        inputs = _inputs(node)
        from_input, from_hidden = self._array(inputs["W"]), self._array(inputs["R"])  # (D, 4H, I), (D, 4H, H)
        if from_input.ndim != 3 or from_hidden.ndim != 3 or len(from_input) > 2 or from_hidden.shape[1] % 4:
            raise refused(f"{inputs['W']} and {inputs['R']} of {name} do not fit together", "broken_file")
        directions, rows, _ = from_hidden.shape
        bias = self._array(inputs["B"]) if "B" in inputs else np.zeros((directions, 2 * rows), from_input.dtype)
        module, layer = self._place(name, node, from_hidden.shape)
        for direction, suffix in enumerate(SUFFIXES[:directions]):
            try:
                of_input, of_hidden = np.split(bias[direction], 2)  # (4H), (4H)
                parts = {
                    "weight_ih": from_input[direction],
                    "weight_hh": from_hidden[direction],
                    "bias_ih": of_input,
                    "bias_hh": of_hidden,
                }
                packed = {part: _in_pytorch_order(array) for part, array in parts.items()}
            except (ValueError, IndexError) as error:
                raise refused(f"the weights of {name} do not fit together", "broken_file") from error
            for part, tensor in packed.items():
                self.tensors[f"{module}.{part}_l{layer}{suffix}"] = tensor

    def _place(self, name: str, node: Any, shape: tuple[int, ...]) -> tuple[str, int]:
        """The module and layer of a node: above the one whose Y it takes, if they can be layers of one LSTM."""
        below = self._source(_inputs(node)["X"])
        known = self.layers.get(below) if below else None
        module, layer = (known[0], known[1] + 1) if known and known[2] == shape else (name, 0)
        if f"{module}.weight_ih_l{layer}" in self.tensors:  # another one stands above the same layer already
            module, layer = name, 0
        if node.output and node.output[0]:
            self.layers[node.output[0]] = (module, layer, shape)
        return module, layer

    def _source(self, name: str) -> str | None:
        """Follows an input back through nodes that only reshape."""
        for _ in self.nodes:
            maker = self.makers.get(name)
            if maker is None or maker.op_type not in PASSING:
                return name
            if maker.op_type == "Transpose" and _attributes(maker).get("perm") != DIRECTIONS_LAST:
                return None  # it changes what is time, or what is the batch
            name = maker.input[0]
        return None

    def _neighbour(self, name: str, node: Any) -> None:
        place = 0 if node.op_type == "Gather" else 1
        if len(node.input) <= place or node.input[place] not in self.protos:
            return
        weight = self._array(node.input[place])
        attributes = _attributes(node)
        is_scaled = attributes.get("alpha", 1) != 1 or attributes.get("beta", 1) != 1 or attributes.get("transA")
        if weight.ndim != 2 or weight.dtype.kind != "f" or attributes.get("axis", 0) or is_scaled:
            return
        if node.op_type == "Gather" or attributes.get("transB"):
            self.tensors[f"{name}.weight"] = _tensor(weight)
        else:
            self.tensors[f"{name}.weight"] = _tensor(weight.T)
        bias = self._bias(node)
        if bias is not None and node.op_type != "Gather":
            self.tensors[f"{name}.bias"] = _tensor(bias)

    def _bias(self, node: Any) -> Array | None:
        """Of a Gemm its third input; of a MatMul what the next node adds."""
        candidates = list(node.input[2:3])
        if node.op_type == "MatMul":
            adders = [other for other in self.nodes if other.op_type == "Add" and node.output[0] in other.input]
            candidates = [name for other in adders for name in other.input if name in self.protos]
        arrays = [self._array(name) for name in candidates if name in self.protos]
        return next((array for array in arrays if array.ndim == 1), None)

    def _array(self, name: str) -> Array:
        from onnx import TensorProto, numpy_helper

        proto = self.protos[name]
        if proto.data_location == TensorProto.EXTERNAL or proto.external_data:
            raise refused(f"{name} lies in another file; save the model as one file", "external_data", tensor=name)
        try:
            return numpy_helper.to_array(proto)
        except (ValueError, TypeError, KeyError) as error:
            raise refused(f"{name} does not hold what it claims", "broken_file") from error


def _attributes(node: Any) -> dict[str, Any]:
    from onnx.helper import get_attribute_value

    values = {attribute.name: get_attribute_value(attribute) for attribute in node.attribute}
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return [_text(item) for item in value] if isinstance(value, list) else value


def _inputs(node: Any) -> Mapping[str, str]:
    """The names of a node's inputs by their role; those left out are left out."""
    return {role: name for role, name in zip(INPUTS, node.input, strict=False) if name}


def _in_pytorch_order(array: Array) -> Tensor:
    """(4H, …) with the gates in PyTorch's order."""
    return torch.cat([_tensor(array).chunk(4)[gate] for gate in TO_PYTORCH])


def _tensor(array: Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32))
