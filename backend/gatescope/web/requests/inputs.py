"""The input of a model: a sequence, or a text in the model's vocabulary."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.network import LSTMNetwork
from gatescope.sequences import Sequence, SequenceLimits, tokenize
from gatescope.sequences.sequence import Scaling
from gatescope.training import TASKS
from gatescope.training.task import Task
from gatescope.web.requests import schemas
from gatescope.web.requests.mistakes import below
from gatescope.web.requests.models import Model
from gatescope.web.requests.sequences import read_sequence

UNSCALED = Scaling("none", np.zeros(0), np.ones(0))
LONGEST_NAMES = 2_500  # bytes of the names of all columns


@dataclass(frozen=True)
class Input:
    """The input of a model.

    x: (T, I), or token numbers (T) for a front.
    sequence: where x comes from.
    features: the names of the features of the first layer.
    task: if the sequence is one of a task. Then also targets: the right outputs, token numbers (T) or values (T, O);
        asked: the steps at which the answer can be known, (T); quantity: the number that a unit should keep, (T).
    """

    x: Tensor
    sequence: Sequence
    features: tuple[str, ...]
    targets: Tensor | None = None
    asked: Tensor | None = None
    quantity: Tensor | None = None
    task: Task | None = None


def read_input(source: schemas.SequenceRequest, limits: SequenceLimits) -> Input:
    """The input of a model that takes its input size from the sequence; raises as `read_sequence`."""
    if isinstance(source, schemas.TaskSequenceRequest):
        return _task_input(source)
    return _plain(read_sequence(source, limits))


def read_input_for(model: Model, source: schemas.SequenceRequest, limits: SequenceLimits) -> Input:
    """The input of a model that comes with an input size; raises InvalidInput, too, if the sequence does not fit."""
    if isinstance(source, schemas.TaskSequenceRequest):
        return _fit_task(_task_input(source), model)
    if isinstance(source, schemas.TextSequenceRequest):
        return _text_input(source.text, model, limits)
    sequence = read_sequence(source, limits)
    try:
        return _fit_values(sequence, model)
    except InvalidInput as error:
        if len("".join(sequence.columns).encode()) <= LONGEST_NAMES:  # other columns may fit
            error.context.update(columns=sequence.columns, features=sequence.features)
        raise


def _task_input(source: schemas.TaskSequenceRequest) -> Input:
    """A fresh input of a task."""
    task = TASKS[source.name]
    sample = task.sample(source.seed)
    tokens = sample.text and sample.text[:-1]
    sequence = Sequence(sample.values.double().numpy(), task.features, task.features, UNSCALED, tokens)
    return Input(sample.values, sequence, task.features, sample.targets, sample.asked, sample.quantity, task)


def _fit_task(given: Input, model: Model) -> Input:
    tokens = given.task and given.task.vocabulary
    if tokens and model.vocabulary and tokens != model.vocabulary:
        raise InvalidInput(
            f"the tokens of the task are {' '.join(tokens)}; the model knows others, or in another order",
            field="sequence",
            code="other_vocabulary",
            tokens=" ".join(tokens),
        )
    front = model.network.front
    if not isinstance(front, nn.Embedding):
        _check_rows(given.sequence.values, model)
        return given
    sequence = _of_tokens(given.x.argmax(dim=1), given.sequence.characters) if tokens else given.sequence
    x = _token_numbers(sequence, front.num_embeddings)  # (T)
    return replace(given, x=x, sequence=sequence, features=_embedded(model))


def _fit_values(sequence: Sequence, model: Model) -> Input:
    """The values as they are; for an embedding, one column of token numbers."""
    front = model.network.front
    if isinstance(front, nn.Embedding):
        return Input(_token_numbers(sequence, front.num_embeddings), sequence, _embedded(model))
    _check_rows(sequence.values, model)
    return _plain(sequence)


def _plain(sequence: Sequence) -> Input:
    return Input(torch.from_numpy(sequence.values).to(torch.float32), sequence, sequence.features)


def _check_rows(values: np.ndarray[tuple[int, int], np.dtype[np.float64]], model: Model) -> None:
    """Checks that a network without a front takes these rows, (T, I): features in number, or one-hot tokens.

    A vocabulary as large as the input means that the network reads text one-hot, as `_text_input` gives it. As many
    columns of something else would run, too, and mean nothing.
    """
    actual, expected = values.shape[1], model.network.first_cell.input_size
    if actual != expected:
        raise InvalidInput(
            f"the sequence has {actual:,} features; the model takes {expected:,}",
            field="sequence",
            code="wrong_width",
            actual=actual,
            expected=expected,
        )
    if model.vocabulary is None or len(model.vocabulary) != expected:
        return
    one_hot = ((values == 0) | (values == 1)).all(axis=1) & (values.sum(axis=1) == 1)  # (T)
    if not one_hot.all():
        step = int(np.argmin(one_hot))
        raise InvalidInput(
            f"the model reads text, but step {step} is no token: of its {expected:,} columns, one for each token of "
            "the vocabulary, one must be 1 and the others 0; give the model a text",
            field="sequence",
            code="not_one_hot",
            step=step,
            size=expected,
        )


def _text_input(text: str, model: Model, limits: SequenceLimits) -> Input:
    """The text's tokens by their numbers, or one-hot where the model has no front."""
    vocabulary = model.vocabulary
    if vocabulary is None:
        raise InvalidInput(
            "the model has no vocabulary; add one, so that it takes text", field="model", code="no_vocabulary"
        )
    size = _alphabet_size(model.network)
    if (len(vocabulary) > size) if model.network.front else (len(vocabulary) != size):
        raise InvalidInput(
            f"the vocabulary has {len(vocabulary):,} tokens; the model takes {size:,}",
            field="model.vocabulary",
            code="vocabulary_size_differs",
            actual=len(vocabulary),
            expected=size,
        )
    with below("sequence"):
        tokens, numbers = tokenize(text, vocabulary, limits)
        if not model.network.front:
            limits.check(cells=len(tokens) * size, field="text")
    x = torch.tensor(numbers)  # (T)
    sequence = _of_tokens(x, tokens)
    if model.network.front:
        return Input(x, sequence, _embedded(model))
    one_hot = nn.functional.one_hot(x, size).to(torch.float32)  # (T, V)
    return Input(one_hot, sequence, vocabulary)


def _of_tokens(numbers: Tensor, tokens: tuple[str, ...] | None) -> Sequence:
    """The sequence of the numbers (T) of tokens."""
    return Sequence(numbers.double().numpy()[:, None], ("token",), ("token",), UNSCALED, tokens)


def _alphabet_size(network: LSTMNetwork) -> int:
    return network.front.num_embeddings if isinstance(network.front, nn.Embedding) else network.first_cell.input_size


def _embedded(model: Model) -> tuple[str, ...]:
    name = model.front or "embedding"
    return tuple(f"{name} {feature}" for feature in range(model.network.first_cell.input_size))


def _token_numbers(sequence: Sequence, size: int) -> Tensor:
    values = sequence.values
    if values.shape[1] != 1:
        raise InvalidInput(
            f"the sequence has {values.shape[1]:,} features; a model with an embedding takes one, the token's number",
            field="sequence",
            code="wrong_width",
            actual=values.shape[1],
            expected=1,
        )
    column = values[:, 0]  # (T)
    wrong = np.flatnonzero((column != np.floor(column)) | (column < 0) | (column >= size))
    if len(wrong):
        place = int(wrong[0])
        raise InvalidInput(
            f"step {place} is {column[place]:g}; the embedding takes whole numbers 0 … {size - 1:,}",
            field="sequence",
            code="not_a_token",
            place=place,
            value=float(column[place]),
            largest=size - 1,
        )
    return torch.from_numpy(column.astype(np.int64))
