"""LSTM nodes of ONNX files compute here what the standard's own tests and reference say."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from tests.models.files.onnx import Array, drawn, lstm_model, model_of, numbered
from tests.models.inspection import inspect
from torch import Tensor, nn

from gatescope import load_model, trace
from gatescope.lstm.trace import Trace
from gatescope.models.checkpoint import assemble

SUPPORTED = {"test_lstm_defaults", "test_lstm_with_initial_bias", "test_lstm_batchwise", "test_lstm_bidirectional"}
REFUSED = {
    "test_lstm_with_peepholes": "an LSTM with peepholes (input P, P)",
    "test_lstm_reverse": "an LSTM with the direction reverse only",
}


@pytest.fixture(scope="module")
def standard_cases() -> dict[str, Any]:
    """The tests of the operator LSTM that the onnx package itself holds."""
    with warnings.catch_warnings(action="ignore"):  # those of its other operators divide by zero on purpose
        from onnx.backend.test.case.node import collect_testcases

        return {case.name: case for case in collect_testcases(op_type="LSTM")}


def with_weights_inside(case: Any) -> tuple[onnx.ModelProto, Array, list[Array]]:
    """The case with its inputs but for X as initializers, as a trained model has them."""
    (values, outputs), *_ = case.data_sets
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    node = model.graph.node[0]
    for name, array in list(zip(node.input, values, strict=True))[1:]:
        model.graph.initializer.append(numpy_helper.from_array(array, name))
    return model, values[0], outputs


def reference(model: onnx.ModelProto, x: Array) -> Any:
    """The first output that the onnx package's own evaluator gives."""
    outputs: Any = ReferenceEvaluator(model).run(None, {"X": x})
    return outputs[0]


@torch.no_grad()
def run(path: Path, x: Array) -> Trace:
    return trace(assemble(inspect(path)), torch.from_numpy(x))


def hidden_states(traced: Trace) -> Tensor:
    """As ONNX gives Y: (T, D, B, H)."""
    return torch.stack([layer.hidden_state for layer in traced.layers], dim=1)


def test_all_cases_of_the_standard_are_known(standard_cases: dict[str, Any]) -> None:
    assert set(standard_cases) == SUPPORTED | set(REFUSED)


@pytest.mark.parametrize("name", sorted(SUPPORTED))
def test_a_case_of_the_standard_gives_its_recorded_output(
    standard_cases: dict[str, Any], tmp_path: Path, name: str
) -> None:
    model, x, outputs = with_weights_inside(standard_cases[name])
    onnx.save(model, tmp_path / "model.onnx")
    is_batch_first = any(attribute.name == "layout" for attribute in model.graph.node[0].attribute)
    traced = run(tmp_path / "model.onnx", x.transpose(1, 0, 2) if is_batch_first else x)
    hidden, cell = (torch.stack(states) for states in zip(*(layer.final_state for layer in traced.layers), strict=True))
    states = {"Y": hidden_states(traced), "Y_h": hidden, "Y_c": cell}  # the latter two (D, B, H)
    names = [name for name in model.graph.node[0].output if name]
    for output, expected in zip(names, outputs, strict=True):
        ours = states[output].numpy()
        if is_batch_first:
            ours = np.moveaxis(ours, -2, 0)
        np.testing.assert_allclose(ours.reshape(expected.shape), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_case_that_is_not_supported_is_named(standard_cases: dict[str, Any], tmp_path: Path, name: str) -> None:
    model, _, _ = with_weights_inside(standard_cases[name])
    onnx.save(model, tmp_path / "model.onnx")
    checkpoint = inspect(tmp_path / "model.onnx")
    assert (checkpoint.lstms, list(checkpoint.unsupported.values())) == ((), [REFUSED[name]])


@settings(max_examples=30)
@given(
    seed=st.integers(0, 1000),
    input_size=st.integers(1, 5),
    hidden_size=st.integers(1, 5),
    directions=st.integers(1, 2),
    biased=st.booleans(),
)
def test_drawn_nodes_agree_with_the_reference_evaluator(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    input_size: int,
    hidden_size: int,
    directions: int,
    biased: bool,
) -> None:
    path = tmp_path_factory.mktemp("drawn") / "model.onnx"
    model = lstm_model(drawn(seed, input_size, hidden_size, directions, biased))
    onnx.save(model, path)
    x = np.random.default_rng(seed).normal(size=(7, 2, input_size)).astype(np.float32)
    expected = np.asarray(reference(model, x))
    np.testing.assert_allclose(hidden_states(run(path, x)).numpy(), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_layers_that_feed_one_another_are_one_lstm_with_its_neighbours(tmp_path: Path, bidirectional: bool) -> None:
    """A deep LSTM with an embedding and a linear layer, as exporters write them."""
    directions, hidden_size = 1 + bidirectional, 4
    first, second = drawn(1, 3, hidden_size, directions), drawn(2, hidden_size * directions, hidden_size, directions)
    arrays = numbered(first, second)
    generator = np.random.default_rng(3)
    arrays["table"] = generator.normal(size=(9, 3)).astype(np.float32)
    arrays["kernel"] = generator.normal(size=(hidden_size * directions, 6)).astype(np.float32)
    arrays["offset"] = generator.normal(size=6).astype(np.float32)
    arrays["shape"] = np.array([0, 0, -1])
    options: dict[str, Any] = {"hidden_size": hidden_size, "direction": "bidirectional" if bidirectional else "forward"}
    nodes = [
        helper.make_node("Gather", ["table", "X"], ["e"], name="embed"),
        helper.make_node("LSTM", ["e", "W0", "R0", "B0"], ["y0"], name="rnn", **options),
        helper.make_node("Transpose", ["y0"], ["t0"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["t0", "shape"], ["h0"]),
        helper.make_node("LSTM", ["h0", "W1", "R1", "B1"], ["y1"], **options),
        helper.make_node("Transpose", ["y1"], ["t1"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["t1", "shape"], ["h1"]),
        helper.make_node("MatMul", ["h1", "kernel"], ["product"], name="head"),
        helper.make_node("Add", ["offset", "product"], ["out"]),
    ]
    model = model_of(nodes, arrays, "out")
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64
    onnx.save(model, tmp_path / "model.onnx")
    (lstm,) = inspect(tmp_path / "model.onnx").lstms
    assert (lstm.name, lstm.network.num_layers, lstm.fronts, lstm.read_outs) == ("rnn", 2, ("embed",), ("head",))
    tokens = np.array([[3, 1], [4, 1], [5, 8], [2, 6]])
    network = load_model(tmp_path / "model.onnx", front="embed", read_out="head")
    output = trace(network, torch.from_numpy(tokens)).output
    assert output is not None
    expected = np.asarray(reference(model, tokens))
    np.testing.assert_allclose(output.detach().numpy(), expected, rtol=0, atol=1e-5)


def test_a_scaled_gemm_is_no_linear_layer(tmp_path: Path) -> None:
    arrays = {**drawn(0, 3, 4, 1), "kernel": np.ones((4, 5), np.float32)}
    node = helper.make_node("LSTM", ["X", "W", "R", "B"], ["y"], name="rnn", hidden_size=4)
    for alpha, expected in ((1.0, ("head",)), (2.0, ())):
        head = helper.make_node("Gemm", ["y", "kernel"], ["Y"], name="head", alpha=alpha)
        onnx.save(model_of([node, head], arrays), tmp_path / "model.onnx")
        (lstm,) = inspect(tmp_path / "model.onnx").lstms
        assert lstm.read_outs == expected


def test_what_pytorch_exports_is_read(tmp_path: Path) -> None:
    lstm = nn.LSTM(3, 4, 2, bidirectional=True).eval()
    with warnings.catch_warnings(action="ignore"):  # PyTorch has a newer exporter, which needs another package
        torch.onnx.export(lstm, (torch.zeros(5, 1, 3),), str(tmp_path / "model.onnx"), dynamo=False)
    x = torch.randn(9, 1, 3)
    traced = trace(load_model(tmp_path / "model.onnx"), x)
    states = torch.cat([layer.hidden_state for layer in traced.layers[-2:]], dim=-1)
    torch.testing.assert_close(states, lstm(x)[0], rtol=0, atol=1e-6)
