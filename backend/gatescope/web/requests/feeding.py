"""What a model that came with a size of its own is fed: a sequence, or a text in the model's vocabulary."""

from dataclasses import dataclass, replace

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
from gatescope.web.requests.places import below

UNSCALED = Scaling("none", np.zeros(0), np.ones(0))


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
    tokens = sample.text and sample.text[:-1]
    sequence = Sequence(sample.values.double().numpy(), task.features, task.features, UNSCALED, tokens)
    return Fed(sample.values, sequence, task.features, sample.targets, sample.asked, sample.quantity, task)


def fit_task(fed: Fed, network: LSTMNetwork, vocabulary: tuple[str, ...] | None, front: str | None) -> Fed:
    """The input of a task as a network takes it that came with a size of its own: for a front, token numbers.

    Raises:
        InvalidInput: the task's tokens are not the model's; for the rest as `feed_values`.
    """
    tokens = fed.task and fed.task.vocabulary
    if tokens and vocabulary and tokens != vocabulary:
        raise InvalidInput(
            f"the tokens of the task are {' '.join(tokens)}; the model knows others, or in another order",
            field="sequence",
            code="other_vocabulary",
            tokens=" ".join(tokens),
        )
    if not isinstance(network.front, nn.Embedding):
        check_rows(fed.sequence.values, network, vocabulary)
        return fed
    sequence = _of_tokens(fed.x.argmax(dim=1), fed.sequence.characters) if tokens else fed.sequence
    x = _token_numbers(sequence, network.front.num_embeddings)  # (T)
    return replace(fed, x=x, sequence=sequence, features=_embedded(network, front))


def feed_values(sequence: Sequence, network: LSTMNetwork, vocabulary: tuple[str, ...] | None, front: str | None) -> Fed:
    """The values as they are; for a front, one column of token numbers.

    Raises:
        InvalidInput: a value is no token number; for the rest as `check_rows`.
    """
    if isinstance(network.front, nn.Embedding):
        return Fed(_token_numbers(sequence, network.front.num_embeddings), sequence, _embedded(network, front))
    check_rows(sequence.values, network, vocabulary)
    return Fed(torch.from_numpy(sequence.values).to(torch.float32), sequence, sequence.features)


def check_rows(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    network: LSTMNetwork,
    vocabulary: tuple[str, ...] | None,
) -> None:
    """Whether a network without a front takes these rows, (T, I): features in number, or one-hot tokens.

    A vocabulary as large as the input means that the network reads text one-hot, as `feed_text` gives it. As many
    columns of something else would run, too, and mean nothing.

    Raises:
        InvalidInput: there are more or fewer columns, or they should be tokens, and a row is not one-hot.
    """
    actual, expected = values.shape[1], network.first_cell.input_size
    if actual != expected:
        raise InvalidInput(
            f"the sequence has {actual:,} features; the model takes {expected:,}",
            field="sequence",
            code="wrong_width",
            actual=actual,
            expected=expected,
        )
    if vocabulary is None or len(vocabulary) != expected:
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
    sequence = _of_tokens(x, tokens)
    if network.front:
        return Fed(x, sequence, _embedded(network, front))
    one_hot = nn.functional.one_hot(x, size).to(torch.float32)  # (T, V)
    return Fed(one_hot, sequence, vocabulary)


def _of_tokens(numbers: Tensor, tokens: tuple[str, ...] | None) -> Sequence:
    """The sequence of the numbers (T) of tokens."""
    return Sequence(numbers.double().numpy()[:, None], ("token",), ("token",), UNSCALED, tokens)


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
