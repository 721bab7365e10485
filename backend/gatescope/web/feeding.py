"""What a model that came with a size of its own is fed: a sequence, or a text in the model's vocabulary."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.network import LSTMNetwork
from gatescope.models.vocabulary import tokenize
from gatescope.sequences import Sequence, SequenceLimits
from gatescope.sequences.sequence import Scaling
from gatescope.training import TASKS
from gatescope.training.task import Task
from gatescope.web.places import below


@dataclass(frozen=True)
class Fed:
    """What enters a model.

    x: (T, I), or token numbers (T) for a front; sequence: what it came from; features: names of what the first layer
    gets; of a task also targets: what the read-out should say, token numbers (T) or values (T, O), asked: where it can
    know, (T), and quantity: what a unit is expected to keep, (T).
    """

    x: Tensor
    sequence: Sequence
    features: tuple[str, ...]
    targets: Tensor | None = None
    asked: Tensor | None = None
    quantity: Tensor | None = None
    task: Task | None = None


def feed_task(name: str, seed: int) -> Fed:
    """A fresh input of a task."""
    task = TASKS[name]
    sample = task.sample(seed)
    unscaled = Scaling("none", np.zeros(0), np.ones(0))
    tokens = sample.text and sample.text[:-1]
    sequence = Sequence(sample.values.double().numpy(), task.features, task.features, unscaled, tokens)
    return Fed(sample.values, sequence, task.features, sample.targets, sample.asked, sample.quantity, task)


def feed_values(sequence: Sequence, network: LSTMNetwork, front: str | None) -> Fed:
    """The values as they are; for a front, one column of token numbers.

    Raises:
        InvalidInput: the sequence has another width than the model, or a value is no token number.
    """
    if isinstance(network.front, nn.Embedding):
        return Fed(_token_numbers(sequence, network.front.num_embeddings), sequence, _embedded(network, front))
    check_width(sequence.values.shape[1], network.first_cell.input_size)
    return Fed(torch.from_numpy(sequence.values).to(torch.float32), sequence, sequence.features)


def check_width(actual: int, expected: int) -> None:
    """Raises InvalidInput where a sequence has another number of features than the model takes."""
    if actual != expected:
        raise InvalidInput(
            f"the sequence has {actual:,} features; the model takes {expected:,}",
            field="sequence",
            code="wrong_width",
            actual=actual,
            expected=expected,
        )


def feed_text(
    text: str, network: LSTMNetwork, vocabulary: tuple[str, ...] | None, front: str | None, limits: SequenceLimits
) -> Fed:
    """The text's tokens by their numbers, or one-hot where the model has no front.

    Raises:
        InvalidInput: there is no vocabulary, it has another size than the model takes, or lacks a token of the text.
        LimitExceeded: there are too many tokens.
    """
    if vocabulary is None:
        raise InvalidInput(
            "the model has no vocabulary; add one, so that it takes text", field="model", code="no_vocabulary"
        )
    size = _alphabet_size(network)
    if (len(vocabulary) > size) if network.front else (len(vocabulary) != size):
        raise InvalidInput(
            f"the vocabulary has {len(vocabulary):,} tokens; the model takes {size:,}",
            field="model.vocabulary",
            code="vocabulary_size_differs",
            actual=len(vocabulary),
            expected=size,
        )
    with below("sequence"):
        tokens, numbers = tokenize(text, vocabulary)
        limits.check(steps=len(tokens), features=1, field="text")
    x = torch.tensor(numbers)  # (T)
    unscaled = Scaling("none", np.zeros(0), np.ones(0))
    sequence = Sequence(np.asarray(numbers, dtype=np.float64)[:, None], ("token",), ("token",), unscaled, tokens)
    if network.front:
        return Fed(x, sequence, _embedded(network, front))
    one_hot = nn.functional.one_hot(x, size).to(torch.float32)  # (T, V)
    return Fed(one_hot, sequence, vocabulary)


def _alphabet_size(network: LSTMNetwork) -> int:
    return network.front.num_embeddings if isinstance(network.front, nn.Embedding) else network.first_cell.input_size


def _embedded(network: LSTMNetwork, front: str | None) -> tuple[str, ...]:
    return tuple(f"{front or 'embedding'} {feature}" for feature in range(network.first_cell.input_size))


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
