"""A cell from the state dict of a one-layer torch.nn.LSTM, written as plain lists."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from gatescope.errors import InvalidInput
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.packing import from_state_dict

WEIGHTS = ("weight_ih_l0", "weight_hh_l0")
BIASES = ("bias_ih_l0", "bias_hh_l0")


def cell_from_lists(state_dict: Mapping[str, list[Any]], input_size: int) -> LSTMSimpleCell:
    """Reads a cell in float32.

    Args:
        state_dict: ``weight_ih_l0`` (4H, I), ``weight_hh_l0`` (4H, H) and both or none of ``bias_ih_l0`` and
            ``bias_hh_l0`` (4H), gates packed in the order of PyTorch.
        input_size: I, the number of features of the sequence.

    Raises:
        InvalidInput: a tensor is missing, unknown, ragged, of a wrong shape, or holds a value that is not finite.
    """
    _check_names(state_dict)
    arrays = {name: _array(name, values) for name, values in state_dict.items()}
    hidden = arrays["weight_hh_l0"]
    hidden_size = hidden.shape[1] if hidden.ndim == 2 else 0
    if hidden_size == 0 or hidden.shape[0] != 4 * hidden_size:
        raise _wrong_shape("weight_hh_l0", hidden, "(4 × hidden size, hidden size)")
    expected = {"weight_ih_l0": (4 * hidden_size, input_size), **dict.fromkeys(BIASES, (4 * hidden_size,))}
    for name, shape in expected.items():
        if name in arrays and arrays[name].shape != shape:
            meaning = f"{shape}, for hidden size {hidden_size} and {input_size} features in the sequence"
            raise _wrong_shape(name, arrays[name], meaning)
    return from_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})


def _check_names(state_dict: Mapping[str, Any]) -> None:
    given_biases = [name for name in BIASES if name in state_dict]
    required = (*WEIGHTS, *BIASES) if given_biases else WEIGHTS
    for name in required:
        if name not in state_dict:
            raise InvalidInput(
                f"{name} is missing; a state dict holds {', '.join(required)}",
                field=f"state_dict.{name}",
                code="missing_tensor",
                tensor=name,
            )
    for name in state_dict:
        if name not in (*WEIGHTS, *BIASES):
            raise InvalidInput(
                f"{name[:80]} is not a tensor of a one-layer nn.LSTM, which has {', '.join((*WEIGHTS, *BIASES))}",
                field="state_dict",
                code="unknown_tensor",
                tensor=name[:80],
            )


def _array(name: str, values: list[Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    field = f"state_dict.{name}"
    try:
        array = np.asarray(values, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise InvalidInput(
            f"{name} is ragged or holds something that is not a number; all its rows need the same length",
            field=field,
            code="not_a_tensor",
            tensor=name,
        ) from error
    # float32 holds what the cell computes in; a larger value would become infinite.
    unusable = np.argwhere(~(np.abs(array) <= np.finfo(np.float32).max))
    if len(unusable):
        place = ".".join(map(str, unusable[0]))
        raise InvalidInput(
            f"{name} holds a value at {place} that is not a finite float32 number",
            field=f"{field}.{place}",
            code="not_finite",
        )
    return array.astype(np.float32)


def _wrong_shape(name: str, array: np.ndarray[Any, Any], expected: str) -> InvalidInput:
    return InvalidInput(
        f"{name} has shape {array.shape}; it must be {expected}",
        field=f"state_dict.{name}",
        code="wrong_shape",
        tensor=name,
        shape=str(array.shape),
        expected=expected,
    )
