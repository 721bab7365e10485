"""ONNX files, made by the package onnx."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper
from tests.models.files import ModelFile

Array = np.ndarray[Any, Any]


def lstm_model(arrays: dict[str, Array], **attributes: Any) -> ModelProto:
    directions, _, hidden_size = arrays["R"].shape
    names = [name if name in arrays else "" for name in ("W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")]
    direction = "bidirectional" if directions == 2 else "forward"
    node = helper.make_node(
        "LSTM", ["X", *names], ["Y"], name="rnn", **{"hidden_size": hidden_size, "direction": direction, **attributes}
    )
    return model_of([node], arrays)


def model_of(nodes: list[onnx.NodeProto], arrays: dict[str, Array], output: str = "Y") -> ModelProto:
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


def drawn(seed: int, input_size: int, hidden_size: int, directions: int, biased: bool = True) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    shapes = {
        "W": (directions, 4 * hidden_size, input_size),
        "R": (directions, 4 * hidden_size, hidden_size),
        **({"B": (directions, 8 * hidden_size)} if biased else {}),
    }
    return {name: generator.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def numbered(*layers: dict[str, Array]) -> dict[str, Array]:
    """The arrays of several layers, as W0, R0, B0, W1, …."""
    return {f"{name}{index}": array for index, arrays in enumerate(layers) for name, array in arrays.items()}


def two_above_one() -> ModelProto:
    """Two nodes take the output of a third; all have one name."""
    arrays = numbered(drawn(0, 3, 4, 1), drawn(1, 4, 4, 1), drawn(2, 4, 4, 1))
    nodes = [
        helper.make_node("LSTM", ["X", "W0", "R0", "B0"], ["y0"], name="rnn", hidden_size=4),
        helper.make_node("Squeeze", ["y0", "axes"], ["h0"]),
        helper.make_node("LSTM", ["h0", "W1", "R1", "B1"], ["y1"], name="rnn", hidden_size=4),
        helper.make_node("LSTM", ["h0", "W2", "R2", "B2"], ["Y"], name="rnn", hidden_size=4),
    ]
    return model_of(nodes, {**arrays, "axes": np.array([1])})


def transposed() -> ModelProto:
    """Time and batch are exchanged between two layers."""
    arrays = numbered(drawn(0, 4, 4, 1), drawn(1, 4, 4, 1))
    nodes = [
        helper.make_node("LSTM", ["X", "W0", "R0"], ["y0"], name="below", hidden_size=4),
        helper.make_node("Squeeze", ["y0", "axes"], ["s0"]),
        helper.make_node("Transpose", ["s0"], ["t0"], perm=[1, 0, 2]),
        helper.make_node("LSTM", ["t0", "W1", "R1"], ["Y"], name="above", hidden_size=4),
    ]
    return model_of(nodes, {**arrays, "axes": np.array([1])})


def computed() -> ModelProto:
    model = lstm_model(PLAIN)
    del model.graph.initializer[:2]
    return model


def gru() -> ModelProto:
    node = helper.make_node("GRU", ["X", "W", "R"], ["Y"], name="gru", hidden_size=4)
    return model_of([node], {"W": np.zeros((1, 12, 3), "f4"), "R": np.zeros((1, 12, 4), "f4")})


def external() -> bytes:
    model = lstm_model(PLAIN)
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="/etc/passwd")
    return bytes(model.SerializeToString())


def lying() -> bytes:
    model = lstm_model(PLAIN)
    model.graph.initializer[0].dims[:] = [2**20, 2**20, 2**20]
    return bytes(model.SerializeToString())


def not_finite() -> ModelProto:
    arrays = drawn(0, 3, 4, 1)
    arrays["R"][0, 0, 0] = np.inf
    return lstm_model(arrays)


def written(model: ModelProto) -> Callable[[Path], object]:
    content = bytes(model.SerializeToString())
    return lambda path: path.write_bytes(content)


def sound(name: str, model: ModelProto, *lstms: str) -> ModelFile:
    return ModelFile(f"{name}.onnx", written(model), lstms=lstms)


def unsupported(message: str, model: ModelProto) -> ModelFile:
    return ModelFile(f"{message}.onnx".replace("\\", ""), written(model), "no_lstm", message)


def hostile(name: str, content: ModelProto | bytes, code: str) -> ModelFile:
    raw = content if isinstance(content, bytes) else bytes(content.SerializeToString())
    return ModelFile(f"{name}.onnx", lambda path: path.write_bytes(raw), code)


PLAIN = drawn(0, 3, 4, 1)
PEEPHOLES = np.ones((1, 12), np.float32)
STATE = np.ones((1, 1, 4), np.float32)
FILES = (
    sound("two above one", two_above_one(), "rnn: 3 → 4, 2 layers", "rnn_3: 4 → 4, 1 layers"),
    sound("time and batch exchanged", transposed(), "above: 4 → 4, 1 layers", "below: 4 → 4, 1 layers"),
    unsupported("the attribute clip", lstm_model(PLAIN, clip=1.0)),
    unsupported("the attribute input_forget", lstm_model(PLAIN, input_forget=1)),
    unsupported(
        "the activations hardsigmoid, tanh, tanh", lstm_model(PLAIN, activations=["HardSigmoid", "Tanh", "Tanh"])
    ),
    unsupported(r"peepholes \(input P, P\)", lstm_model({**PLAIN, "P": PEEPHOLES})),
    unsupported(
        r"an initial state of its own \(input initial_h, initial_h\)", lstm_model({**PLAIN, "initial_h": STATE})
    ),
    unsupported(r"weights that are computed \(input W, W\)", computed()),
    unsupported("gru is a GRU", gru()),
    hostile("numbers in another file", external(), "external_data"),
    hostile("a tensor larger than its numbers", lying(), "broken_file"),
    hostile("a bias of five numbers", lstm_model({**PLAIN, "B": PLAIN["B"][:, :5]}), "broken_file"),
    hostile("infinity", not_finite(), "not_finite_tensor"),
    hostile("a graph cut off", lstm_model(PLAIN).SerializeToString()[:-100], "broken_file"),
    hostile("bytes of no meaning", b"\x08\x08" + bytes(range(256)), "broken_file"),
    hostile("nothing", b"", "broken_file"),
)
