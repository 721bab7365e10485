import base64
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gatescope.web.answers.wire import PART, ROWS_OF, Encoding
from gatescope.web.answers.wire import encode as parts_of

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)


def encode(answer: Mapping[str, Any], encoding: Encoding) -> bytes:
    return b"".join(parts_of(answer, encoding))


def decode_base64(tensor: dict[str, str]) -> np.ndarray[Any, Any]:
    assert tensor["dtype"] == "f4"
    shape = [int(size) for size in tensor["shape"].split(", ")]
    return np.frombuffer(base64.b64decode(tensor["bdata"]), dtype="<f4").reshape(shape)


@given(st.lists(FINITE, min_size=1))
def test_both_encodings_give_the_same_float32_back(numbers: list[float]) -> None:
    tensor = torch.tensor(numbers, dtype=torch.float32)
    as_list = np.array(json.loads(encode({"x": tensor}, Encoding.LIST))["x"], dtype=np.float32)
    as_base64 = decode_base64(json.loads(encode({"x": tensor}, Encoding.BASE64))["x"])
    np.testing.assert_array_equal(as_list, tensor.numpy(), strict=True)
    np.testing.assert_array_equal(as_base64, tensor.numpy(), strict=True)
    assert np.signbit(as_list).tolist() == np.signbit(as_base64).tolist() == np.signbit(tensor.numpy()).tolist()


def test_a_list_holds_the_shortest_decimals() -> None:
    assert encode({"x": torch.tensor([[0.1, -2.0]])}, Encoding.LIST) == b'{"x":[[0.1,-2.0]]}'


@pytest.mark.parametrize("shape", [(ROWS_OF - 1,), (2 * ROWS_OF + 1,), (3, ROWS_OF), (2 * ROWS_OF + 3, 2), (5, 0)])
def test_long_lists_are_written_in_stretches_that_are_the_same_as_one(shape: tuple[int, ...]) -> None:
    tensor = torch.arange(math.prod(shape), dtype=torch.float32).reshape(shape)
    parts = list(parts_of({"x": tensor}, Encoding.LIST))
    assert json.loads(b"".join(parts)) == {"x": tensor.tolist()}
    assert max(part.count(b",") for part in parts) <= max([ROWS_OF, *shape[1:]])


@pytest.mark.parametrize(("tensor", "shape"), [(torch.zeros(3), "3"), (torch.zeros(2, 5), "2, 5")])
def test_base64_names_the_sizes_of_the_axes(tensor: Tensor, shape: str) -> None:
    assert json.loads(encode({"x": tensor}, Encoding.BASE64))["x"]["shape"] == shape


@pytest.mark.parametrize("encoding", Encoding)
def test_a_view_with_gaps_is_written_in_row_major_order(encoding: Encoding) -> None:
    tensor = torch.arange(6.0).reshape(2, 3).T
    assert encode({"x": tensor}, encoding) == encode({"x": tensor.clone()}, encoding)


def test_what_is_neither_json_nor_a_tensor_is_refused() -> None:
    with pytest.raises(TypeError):
        encode({"x": object()}, Encoding.LIST)


@given(st.integers(1, 2 * PART // 4 + 2))
def test_a_tensor_of_any_size_is_the_same_base64_as_in_one_piece(size: int) -> None:
    tensor = torch.arange(size, dtype=torch.float32)
    written = json.loads(encode({"x": tensor}, Encoding.BASE64))["x"]["bdata"]
    assert written == base64.b64encode(tensor.numpy().tobytes()).decode()


def test_what_is_still_being_computed_is_asked_for_when_its_turn_comes() -> None:
    asked: list[str] = []

    def later() -> dict[str, int]:
        asked.append("z")
        return {"y": 1}

    parts = parts_of({"x": [{"y": torch.zeros(1)}, None], "z": later}, Encoding.LIST)
    first = [next(parts) for _ in range(4)]
    assert asked == []
    assert b"".join([*first, *parts]) == b'{"x":[{"y":[0.0]},null],"z":{"y":1}}'
    assert asked == ["z"]


def test_what_is_beyond_float32_is_null() -> None:
    assert json.loads(encode({"x": torch.tensor([1e300, 1.0], dtype=torch.float64)}, Encoding.LIST)) == {"x": [None, 1]}
