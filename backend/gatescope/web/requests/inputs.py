"""From the schemas of a request to the sequence, the model and the initial state that they describe."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from gatescope.errors import InvalidInput, LimitExceeded
from gatescope.lstm.cell import LSTMSimpleCell
from gatescope.lstm.change import ForgetBiasChange, WeightChange, with_changes
from gatescope.lstm.intervention import Intervention
from gatescope.lstm.network import LSTMNetwork
from gatescope.models.checkpoint import assemble, choose
from gatescope.models.sources.random import RandomModel, random_model
from gatescope.models.sources.shipped import load_zoo
from gatescope.models.sources.store import ModelStore
from gatescope.models.sources.weights import cell_from_lists
from gatescope.sequences import (
    Sequence,
    SequenceLimits,
    from_npy,
    from_signal,
    from_table,
    from_text,
    from_values,
)
from gatescope.web.requests import schemas
from gatescope.web.requests.feeding import Fed, feed_task, feed_text, feed_values, fit_task
from gatescope.web.requests.places import below

PARTS = ("name", "lstm", "front", "read_out")
LONGEST_NAMES_TOLD = 2_500  # bytes of the names of all columns
LARGEST = torch.finfo(torch.float32).max


def read_sequence(source: schemas.GivenSequence, limits: SequenceLimits) -> Sequence:
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
                return from_signal(
                    source.name, source.steps, source.parameters, source.seed, source.scaling, limits, source.features
                )
            case schemas.TextSequence():
                return from_text(source.text, limits)


@dataclass(frozen=True)
class Prepared:
    """A model with what enters it.

    drawn: how the model was drawn, if it was; parts: the name of the stored model, of its LSTM, and of what stands
    around it; vocabulary: of a stored model that has one; outputs: how wide the read-out is, 0 without one.
    """

    model: LSTMSimpleCell | LSTMNetwork
    fed: Fed
    drawn: RandomModel | None = None
    parts: Mapping[str, Any] = field(default_factory=lambda: dict.fromkeys(PARTS) | {"softmax": False})
    vocabulary: tuple[str, ...] | None = None
    outputs: int = 0

    @property
    def first_cell(self) -> LSTMSimpleCell:
        """The cell whose sizes the model has."""
        return self.model.first_cell if isinstance(self.model, LSTMNetwork) else self.model

    @property
    def targets(self) -> Tensor | None:
        """What a task asks of the read-out, where that has as many outputs as the task has answers."""
        task = self.fed.task
        return self.fed.targets if task and self.outputs == len(task.outputs) else None


def prepare(request: schemas.TraceRequest, limits: SequenceLimits, max_hidden_size: int, store: ModelStore) -> Prepared:
    """The model and the sequence of a request.

    Raises:
        InvalidInput: a value is wrong, or the two do not fit.
        LimitExceeded: one of them is larger than allowed.
    """
    match request.model:
        case schemas.StoredModel():
            return _prepare_stored(request.model, request.sequence, limits, max_hidden_size, store)
        case schemas.ZooModel():
            zoo = load_zoo(request.model.name)
            fed = _feed(request.sequence, zoo.network, zoo.vocabulary, None, limits)
            parts = {"name": request.model.name, "lstm": "lstm", "front": None, "read_out": "read_out"}
            softmax = zoo.vocabulary is not None
            outputs = len(zoo.described["outputs"])
            return Prepared(
                zoo.network, fed, parts={**parts, "softmax": softmax}, vocabulary=zoo.vocabulary, outputs=outputs
            )
        case schemas.RandomModel(hidden_size=size):
            _check_size(size, max_hidden_size, "model.hidden_size")
        case schemas.WeightsModel(state_dict=given):
            _check_size(len(given.weight_hh_l0) // 4, max_hidden_size, "model.state_dict.weight_hh_l0")
    return _prepare_cell(request.model, request.sequence, limits)


def _prepare_cell(
    given: schemas.RandomModel | schemas.WeightsModel, source: schemas.SequenceSource, limits: SequenceLimits
) -> Prepared:
    """A cell takes its size from the sequence."""
    if isinstance(source, schemas.TaskSequence):
        fed = feed_task(source.name, source.seed)
    else:
        sequence = read_sequence(source, limits)
        fed = Fed(torch.from_numpy(sequence.values).to(torch.float32), sequence, sequence.features)
    steps, input_size = fed.x.shape
    with below("model"):
        if isinstance(given, schemas.WeightsModel):
            tensors = {name: values for name, values in given.state_dict if values is not None}
            return Prepared(cell_from_lists(tensors, input_size), fed)
        drawn = random_model(
            input_size,
            given.hidden_size,
            initialisation=given.initialisation,
            steps=steps,
            forget_bias=given.forget_bias,
            seed=given.seed,
        )
    return Prepared(drawn.cell, fed, drawn)


def _prepare_stored(
    given: schemas.StoredModel,
    source: schemas.SequenceSource,
    limits: SequenceLimits,
    max_hidden_size: int,
    store: ModelStore,
) -> Prepared:
    with below("model"):
        stored, checkpoint = store.get(given.id), store.checkpoint(given.id)
        found = choose(checkpoint, given.lstm)
        _check_size(found.network.first_cell.hidden_size, max_hidden_size, "lstm")
        network = assemble(checkpoint, found.name, front=given.front, read_out=given.read_out, softmax=given.softmax)
    fed = _feed(source, network, stored.vocabulary, given.front, limits)
    values = (stored.name, found.name, given.front, given.read_out)
    parts = dict(zip(PARTS, values, strict=True)) | {"softmax": given.softmax}
    outputs = len(checkpoint.tensors[f"{given.read_out}.weight"]) if given.read_out else 0
    return Prepared(network, fed, parts=parts, vocabulary=stored.vocabulary, outputs=outputs)


def _feed(
    source: schemas.SequenceSource,
    network: LSTMNetwork,
    vocabulary: tuple[str, ...] | None,
    front: str | None,
    limits: SequenceLimits,
) -> Fed:
    """What a network of a given size is fed."""
    if isinstance(source, schemas.TaskSequence):
        return fit_task(feed_task(source.name, source.seed), network, vocabulary, front)
    if isinstance(source, schemas.TextSequence):
        return feed_text(source.text, network, vocabulary, front, limits)
    sequence = read_sequence(source, limits)
    try:
        return feed_values(sequence, network, vocabulary, front)
    except InvalidInput as error:
        if len("".join(sequence.columns).encode()) <= LONGEST_NAMES_TOLD:  # other columns may fit
            error.context.update(columns=sequence.columns, features=sequence.features)
        raise


def _check_size(size: int, limit: int, field: str) -> None:
    if size > limit:
        setting = "GATESCOPE_MAX_HIDDEN_SIZE"
        raise LimitExceeded("the hidden size", actual=size, limit=limit, setting=setting, field=field)


def read_initial_state(state: schemas.InitialState | None, prepared: Prepared) -> tuple[Tensor, Tensor] | None:
    """The state before the first step, (h, C): each (H) for a cell, (L·D, H) for a network.

    Raises:
        InvalidInput: it has another size than the model, or holds a number beyond float32.
    """
    if state is None:
        return None
    cell, model = prepared.first_cell, prepared.model
    places = len(model.cells) if isinstance(model, LSTMNetwork) else 1
    with below("initial_state"):
        hidden = _states(state.hidden_state, "hidden_state", places, cell.output_size)
        found = (hidden, _states(state.cell_state, "cell_state", places, cell.hidden_size))
    return found if isinstance(model, LSTMNetwork) else (found[0][0], found[1][0])


def read_interventions(given: list[schemas.Intervention]) -> list[Intervention]:
    """What is held while the model runs."""
    return [Intervention(**(held.model_dump() | {"units": _units(held.units)})) for held in given]


def changed(prepared: Prepared, changes: list[schemas.ForgetBiasChange | schemas.WeightChange]) -> Prepared:
    """The same with the model as the changes make it; it itself stays as it is.

    Raises:
        InvalidInput: a change does not fit the model; the place is given below ``changes``.
    """
    return replace(prepared, model=with_changes(prepared.model, list(map(_change, changes)))) if changes else prepared


def _change(given: schemas.ForgetBiasChange | schemas.WeightChange) -> ForgetBiasChange | WeightChange:
    if isinstance(given, schemas.WeightChange):
        return WeightChange(given.name, given.row, given.value, given.column)
    return ForgetBiasChange(given.value, given.layer, given.direction, _units(given.units))


def _units(given: list[int] | None) -> tuple[int, ...] | None:
    return None if given is None else tuple(given)


def _states(values: list[Any], field: str, places: int, size: int) -> Tensor:
    """One row for each layer and direction, (L·D, H); of a single one the row alone will do."""
    if not (values and isinstance(values[0], list)):
        if places == 1:
            return _vector(values, field, size)[None]
        message = f"{field} is one row of numbers; the model needs {places}, one for each layer and direction"
        raise InvalidInput(message, field=field, code="initial_state_of_many", expected=places)
    if len(values) != places:
        message = f"{field} has {len(values):,} rows; the model needs {places}, one for each layer and direction"
        raise InvalidInput(message, field=field, code="initial_state_of_many", expected=places)
    return torch.stack([_vector(row, f"{field}.{place}", size) for place, row in enumerate(values)])  # (L·D, H)


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
