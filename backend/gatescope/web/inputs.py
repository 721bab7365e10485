"""From the schemas of a request to the sequence, the model and the initial state that they describe."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.layer import State
from gatescope.models.random import RandomModel, random_model
from gatescope.models.weights import cell_from_lists
from gatescope.sequences import (
    Sequence,
    SequenceLimits,
    from_npy,
    from_signal,
    from_table,
    from_text,
    from_values,
)
from gatescope.web import schemas

LARGEST = torch.finfo(torch.float32).max


@contextmanager
def below(field: str) -> Iterator[None]:
    """Say of every mistake found inside that its place is below ``field``."""
    try:
        yield
    except InvalidInput as error:
        error.field = f"{field}.{error.field}".removesuffix(".")
        raise


def read_sequence(source: schemas.SequenceSource, limits: SequenceLimits) -> Sequence:
    """The sequence that ``source`` describes.

    Raises:
        InvalidInput: a value is wrong; the place is given below ``sequence``.
    """
    with below("sequence"):
        match source:
            case schemas.NumbersSequence():
                return from_values(source.values, source.features, source.columns, source.scaling, limits)
            case schemas.TableSequence():
                return from_table(source.text, source.columns, source.scaling, limits)
            case schemas.NpySequence():
                return from_npy(_decode(source.data), source.columns, source.scaling, limits)
            case schemas.SignalSequence():
                return from_signal(source.name, source.steps, source.parameters, source.seed, source.scaling, limits)
            case schemas.TextSequence():
                return from_text(source.text, limits)


def hidden_size(model: schemas.Model, limit: int) -> int:
    """How many units ``model`` has, before it is built.

    Raises:
        LimitExceeded: more than ``limit``.
    """
    if isinstance(model, schemas.RandomModel):
        size, field = model.hidden_size, "model.hidden_size"
    else:
        size, field = len(model.state_dict.weight_hh_l0) // 4, "model.state_dict.weight_hh_l0"
    if size > limit:
        setting = "GATESCOPE_MAX_HIDDEN_SIZE"
        raise LimitExceeded("the hidden size", actual=size, limit=limit, setting=setting, field=field)
    return size


def read_model(model: schemas.Model, input_size: int, steps: int) -> RandomModel | LSTMSimpleCell:
    """The model for a sequence (``steps``, ``input_size``).

    Raises:
        InvalidInput: a value is wrong; the place is given below ``model``.
    """
    with below("model"):
        if isinstance(model, schemas.RandomModel):
            return random_model(
                input_size,
                model.hidden_size,
                initialisation=model.initialisation,
                steps=steps,
                forget_bias=model.forget_bias,
                seed=model.seed,
            )
        tensors = {name: values for name, values in model.state_dict if values is not None}
        return cell_from_lists(tensors, input_size)


def read_initial_state(state: schemas.InitialState | None, hidden_size: int) -> State | None:
    """The state before the first step, each (H).

    Raises:
        InvalidInput: it has another size than the model, or holds a number beyond float32.
    """
    if state is None:
        return None
    with below("initial_state"):
        return State(
            _vector(state.hidden_state, "hidden_state", hidden_size),
            _vector(state.cell_state, "cell_state", hidden_size),
        )


def _vector(values: list[float], field: str, size: int) -> Tensor:
    if len(values) != size:
        message = f"{field} has {len(values):,} values; the model has {size:,} units"
        raise InvalidInput(message, field=field, code="wrong_size", actual=len(values), expected=size)
    for place, value in enumerate(values):
        if abs(value) > LARGEST:
            message = f"the value at {place} is beyond the largest float32 number, {LARGEST:.3g}"
            raise InvalidInput(message, field=f"{field}.{place}", code="not_finite", place=place)
    return torch.tensor(values, dtype=torch.float32)  # (H)


def _decode(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("the file must be given in base64", field="data", code="invalid_base64") from error
