import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.sequences import SequenceLimits, from_npy


def saved(array: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "f2", "i1", "<u8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_numpy_saves_is_read(dtype: str, order: Any) -> None:
    array = np.asarray(np.arange(6).reshape(3, 2), dtype=dtype, order=order)
    sequence = from_npy(saved(array))
    assert sequence.values.tolist() == array.astype(float).tolist()
    assert sequence.features == ("x0", "x1")


def test_one_axis_is_one_feature_and_columns_can_be_chosen() -> None:
    assert from_npy(saved(np.arange(3))).values.tolist() == [[0], [1], [2]]
    assert from_npy(saved(np.arange(6).reshape(3, 2)), columns=[1]).values.tolist() == [[1], [3], [5]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "npy_broken"),
        (b"not numpy at all", "npy_broken"),
        (saved(np.arange(6.0))[:-1], "npy_broken"),
        (saved(np.arange(6.0))[:20], "npy_broken"),
        (saved(np.arange(6.0)).replace(b"(6,)", b"(9,)"), "npy_broken"),
        (saved(np.zeros((2, 2))).replace(b"(2, 2), ", b"(-2,-2),"), "npy_broken"),
        (saved(np.zeros(2)).replace(b"(2,), ", b"(10**9"), "npy_broken"),
        (saved(np.array([{}], dtype=object), allow_pickle=True), "npy_dtype"),
        (saved(np.zeros(3, dtype=complex)), "npy_dtype"),
        (saved(np.zeros(3, dtype=[("a", "f4")])), "npy_dtype"),
        (saved(np.array(["a", "b"])), "npy_dtype"),
        (saved(np.zeros((2, 2, 2))), "npy_shape"),
        (saved(np.float64(1)), "npy_shape"),
        (saved(np.zeros((0, 3))), "npy_shape"),
        (saved(np.array([1, np.nan])), "not_finite"),
    ],
)
def test_each_kind_of_wrong_file_is_named(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        from_npy(content)
    assert raised.value.code == code
    assert raised.value.field.split(".")[0] == "data"


def test_an_archive_is_no_npy_file() -> None:
    file = io.BytesIO()
    np.savez(file, np.arange(3))
    with pytest.raises(InvalidInput, match=r"not a complete \.npy file"):
        from_npy(file.getvalue())


def test_limits_are_kept_before_the_array_is_read() -> None:
    with pytest.raises(LimitExceeded):
        from_npy(saved(np.zeros(5)), limits=SequenceLimits(steps=4))
    with pytest.raises(LimitExceeded):
        from_npy(saved(np.zeros((2, 5))), limits=SequenceLimits(features=4))


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_raise_anything_but_a_named_mistake(content: bytes, with_magic: bool) -> None:
    with pytest.raises(InvalidInput):
        from_npy((b"\x93NUMPY\x01\x00" if with_magic else b"") + content)
