"""The LSTM nodes of an ONNX graph, with the embeddings and linear layers beside them.

Operator: https://onnx.ai/onnx/operators/onnx__LSTM.html.
"""

import torch
from torch import Tensor

from gatescope.models.content import Content, Node, refusal
from gatescope.models.gate_orders import ONNX, repack
from gatescope.models.reading import LSTMReading, Reading

PASSING = {"Transpose", "Squeeze", "Unsqueeze", "Reshape", "Identity", "Dropout"}  # between two layers of one LSTM
OTHER_KINDS = {"GRU": "a GRU", "RNN": "a plain RNN", "DynamicQuantizeLSTM": "a quantised LSTM"}
DIRECTIONS_LAST = [0, 2, 1, 3]  # from Y, (T, D, B, H), to (T, B, D, H)
INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
SUFFIXES = ("", "_reverse")
MOST_ADDERS = 8  # of one product, in which its bias is looked for


def match(content: Content) -> bool:
    """Whether there is a graph."""
    return bool(content.nodes)


def translate(content: Content) -> Reading:
    """The LSTMs by the names of their first nodes; nodes that feed one another are layers of one LSTM."""
    translation = _Translation(content)
    for name, node in _named(content.nodes).items():
        translation.add(name, node)
    lstms = tuple(LSTMReading(name, weights) for name, weights in translation.weights.items())
    return Reading(lstms, translation.others, translation.unsupported)


class _Translation:
    """Collects what the nodes of a graph hold, in the order of the nodes."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.tensors = content.tensors
        self.adders: dict[str, list[Node]] = {}  # by what they add
        for node in content.nodes:
            for name in {*node.inputs} if node.operation == "Add" else ():
                self.adders.setdefault(name, []).append(node)
        self.sources: dict[str, str | None] = {}
        self.makers = {output: node for node in content.nodes for output in node.outputs if output}
        self.weights: dict[str, dict[str, Tensor]] = {}
        self.others: dict[str, Tensor] = {}
        self.unsupported: dict[str, str] = {}
        self.layers: dict[str, tuple[str, int, tuple[int, ...]]] = {}  # by the name of Y: module, layer, shape

    def add(self, name: str, node: Node) -> None:
        if node.operation == "LSTM":
            reason = self._unsupported(node)
            if reason:
                self.unsupported[name] = f"an LSTM with {reason}"
            else:
                self._lstm(name, node)
        elif node.operation in OTHER_KINDS:
            self.unsupported[name] = OTHER_KINDS[node.operation]
        elif node.operation in ("Gather", "Gemm", "MatMul"):
            self._neighbour(name, node)

    def _unsupported(self, node: Node) -> str | None:
        """What of a node `torch.nn.LSTM` cannot do, or that is not in the file."""
        attributes, inputs = node.attributes, _inputs(node)
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
            if name in inputs and inputs[name] not in self.tensors:
                kind = self.content.omitted.get(inputs[name], "computed")
                return f"weights that are {kind} (input {name}, {inputs[name]})"
        for name in ("initial_h", "initial_c"):
            if inputs.get(name) in self.tensors and self._nonzero(inputs[name]):
                return f"an initial state of its own (input {name}, {inputs[name]})"
        return None

    def _nonzero(self, name: str) -> bool:
        return name not in self.tensors or bool(self.tensors[name].any())

    def _lstm(self, name: str, node: Node) -> None:
        inputs = _inputs(node)
        from_input, from_hidden = self.tensors[inputs["W"]], self.tensors[inputs["R"]]  # (D, 4H, I), (D, 4H, H)
        if from_input.dim() != 3 or from_hidden.dim() != 3 or len(from_input) > 2 or from_hidden.shape[1] % 4:
            raise refusal(f"{inputs['W']} and {inputs['R']} of {name} do not fit together", "broken_file")
        directions, rows, _ = from_hidden.shape
        bias = self.tensors[inputs["B"]] if "B" in inputs else torch.zeros(directions, 2 * rows)  # (D, 8H)
        module, layer = self._place(name, node, from_hidden.shape)
        weights = self.weights.setdefault(module, {})
        for direction, suffix in enumerate(SUFFIXES[:directions]):
            try:
                of_input, of_hidden = bias[direction].chunk(2)  # (4H), (4H)
                parts = {
                    "weight_ih": from_input[direction],
                    "weight_hh": from_hidden[direction],
                    "bias_ih": of_input,
                    "bias_hh": of_hidden,
                }
                weights |= {f"{part}_l{layer}{suffix}": repack(packed, ONNX) for part, packed in parts.items()}
            except (ValueError, IndexError) as error:
                raise refusal(f"the weights of {name} do not fit together", "broken_file") from error

    def _place(self, name: str, node: Node, shape: tuple[int, ...]) -> tuple[str, int]:
        """The module and layer of a node: above the one whose Y it takes, if they can be layers of one LSTM."""
        below = self._source(_inputs(node)["X"])
        module, layer, shape_below = self.layers.get(below or "", (name, -1, shape))
        # Another one may stand above the same layer already.
        if shape_below != shape or f"weight_ih_l{layer + 1}" in self.weights.get(module, {}):
            module, layer = name, -1
        layer += 1
        if node.outputs and node.outputs[0]:
            self.layers[node.outputs[0]] = (module, layer, shape)
        return module, layer

    def _source(self, name: str) -> str | None:
        """Follows an input back through nodes that only reshape."""
        trail, source = set[str](), None
        while name not in trail:  # a stranger's graph may run in a circle
            trail.add(name)
            maker = self.makers.get(name)
            if name in self.sources:
                source = self.sources[name]
                break
            if maker is None or maker.operation not in PASSING:
                source = name
                break
            if maker.operation == "Transpose" and maker.attributes.get("perm") != DIRECTIONS_LAST:
                break  # it changes what is time, or what is the batch
            name = maker.inputs[0]
        self.sources |= dict.fromkeys(trail, source)
        return source

    def _neighbour(self, name: str, node: Node) -> None:
        place = 0 if node.operation == "Gather" else 1
        if len(node.inputs) <= place or node.inputs[place] not in self.tensors:
            return
        weight, attributes = self.tensors[node.inputs[place]], node.attributes
        is_scaled = attributes.get("alpha", 1) != 1 or attributes.get("beta", 1) != 1 or attributes.get("transA")
        if weight.dim() != 2 or not weight.is_floating_point() or attributes.get("axis", 0) or is_scaled:
            return
        is_transposed = node.operation != "Gather" and not attributes.get("transB")
        self.others[f"{name}.weight"] = weight.T if is_transposed else weight
        bias = self._bias(node)
        if bias is not None and node.operation != "Gather":
            self.others[f"{name}.bias"] = bias

    def _bias(self, node: Node) -> Tensor | None:
        """Of a Gemm its third input; of a MatMul what the next node adds."""
        candidates = list(node.inputs[2:3])
        if node.operation == "MatMul":
            candidates = [name for other in self.adders.get(node.outputs[0], [])[:MOST_ADDERS] for name in other.inputs]
        tensors = [self.tensors[name] for name in candidates if name in self.tensors]
        return next((tensor for tensor in tensors if tensor.dim() == 1), None)


def _named(nodes: tuple[Node, ...]) -> dict[str, Node]:
    """The nodes by their names; one without a name, or with that of another, is told apart by its place."""
    named: dict[str, Node] = {}
    for place, node in enumerate(nodes):
        name = node.name or f"{node.operation.lower()}_{place}"
        named[f"{name}_{place}" if name in named else name] = node
    return named


def _inputs(node: Node) -> dict[str, str]:
    """The names of a node's inputs by their role; those left out are left out."""
    return {role: name for role, name in zip(INPUTS, node.inputs, strict=False) if name}
