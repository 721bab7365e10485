"""The kinds of sequence that the walk takes: a new one is a function in `SEQUENCES`.

Each is made here by hand, as wide as the model takes it where its kind can be, and as a request of the same numbers.
"""

import base64
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tests.web.walk.models import Drawn, Given, Model
from tests.wire import Json
from torch import Tensor

from gatescope.sequences.signals import sunspot_numbers
from gatescope.training import TASKS

Array = np.ndarray[Any, np.dtype[np.float64]]
STEPS = 12


@dataclass(frozen=True)
class Sequence:
    """What a request describes: rows of numbers, (T, I), or the tokens of a text.

    task: whose targets it has; of a text, the rows are one-hot over the task's own tokens.
    """

    request: Json
    values: Array | None = None
    text: str | None = None
    task: str | None = None

    @property
    def tokens(self) -> tuple[str, ...] | None:
        """Of a task of text."""
        return TASKS[self.task].vocabulary if self.task else None


def _rows(model: Model, steps: int = STEPS) -> Array:
    """Rows that the model takes: features, one-hot tokens, or token numbers."""
    generator = np.random.default_rng(steps)
    if model.rows:
        return generator.integers(0, model.rows, (steps, 1)).astype(np.float64)
    if model.reads_one_hot:
        assert model.inputs
        return np.eye(model.inputs)[generator.integers(0, model.inputs, steps)]
    return generator.normal(size=(steps, model.inputs or 2)).astype(np.float32).astype(np.float64)


def _width(model: Model) -> int:
    return 1 if model.rows else model.inputs or 2


def numbers(model: Model) -> Sequence:
    values = _rows(model)
    return Sequence({"type": "numbers", "values": values.tolist()}, values)


def one_column_more(model: Model) -> Sequence:
    values = np.hstack([_rows(model), np.ones((STEPS, 1))])
    return Sequence({"type": "numbers", "values": values.tolist()}, values)


def scaled_table(model: Model) -> Sequence:
    width = _width(model)
    table = np.random.default_rng(0).normal(size=(STEPS, width + 1)).round(3)
    rows = [",".join(f"c{column}" for column in range(width + 1)), *(",".join(map(str, row)) for row in table)]
    columns = list(range(1, width + 1))
    chosen = table[:, columns]
    request = {"type": "table", "text": "\n".join(rows), "columns": columns, "scaling": "zscore"}
    return Sequence(request, (chosen - chosen.mean(0)) / chosen.std(0))


def npy_of_one_step(model: Model) -> Sequence:
    values, file = _rows(model, 1), io.BytesIO()
    np.save(file, values)
    return Sequence({"type": "npy", "data": base64.b64encode(file.getvalue()).decode()}, values)


def sine(model: Model) -> Sequence:
    width = _width(model)
    values = np.stack([np.sin(2 * np.pi * (np.arange(STEPS) - lag) / 10) for lag in range(width)], 1)
    request = {"type": "signal", "name": "sine", "steps": STEPS, "features": width, "parameters": {"period": 10}}
    return Sequence(request, values)


def sunspots(_: Model) -> Sequence:
    return Sequence({"type": "signal", "name": "sunspots", "steps": STEPS}, sunspot_numbers()[:STEPS, None])


def token_ids(model: Model) -> Sequence:
    size = model.rows or 4
    values = np.random.default_rng(3).integers(0, size, STEPS).astype(np.float64)[:, None]
    parameters = {"vocabulary_size": size}
    request = {"type": "signal", "name": "token_ids", "steps": STEPS, "seed": 3, "parameters": parameters}
    return Sequence(request, values)


def _text(text: str) -> Callable[[Model], Sequence]:
    return lambda _: Sequence({"type": "text", "text": text}, text=text)


def _task(name: str) -> Callable[[Model], Sequence]:
    def made(_: Model) -> Sequence:
        values = TASKS[name].sample(2).values.double().numpy()
        return Sequence({"type": "task", "name": name, "seed": 2}, values, task=name)

    return made


SEQUENCES: Mapping[str, Callable[[Model], Sequence]] = {
    "numbers": numbers,
    "numbers, a column more": one_column_more,
    "table, scaled": scaled_table,
    "npy of one step": npy_of_one_step,
    "signal, sine": sine,
    "signal, sunspots": sunspots,
    "signal, token numbers": token_ids,
    "text of characters": _text(".aabb.ab.a"),
    "text of words": _text("the cat sat, the dog sat"),
    **{f"task, {name}": _task(name) for name in TASKS},
}


def entering(model: Model, sequence: Sequence) -> Tensor:
    """What enters the model: (T, I), or token numbers (T) for an embedding."""
    values = sequence.values
    if sequence.text is not None:
        tokens, known = tokens_of(sequence.text, model), model.vocabulary or tuple(sorted(set(sequence.text)))
        numbers = [known.index(token if token in known else "<unk>") for token in tokens]
        if model.rows:
            return torch.tensor(numbers)
        values = np.eye(len(known))[numbers]
    assert values is not None
    if model.rows:
        return torch.from_numpy(values.argmax(1) if sequence.tokens else values[:, 0]).long()
    return torch.from_numpy(values).float()


def tokens_of(text: str, model: Model) -> list[str]:
    """A vocabulary of characters reads characters, one with longer tokens words and signs."""
    by_character = all(len(token) == 1 for token in model.vocabulary or "a")
    return list(text) if by_character else re.findall(r"\w+|[^\w\s]", text)


def misfit(model: Model, sequence: Sequence) -> str | None:
    """The code with which a model refuses a sequence; None where it takes it."""
    if isinstance(model, Drawn):
        return None
    if isinstance(model, Given):
        return None if entering(model, sequence).shape[1] == model.inputs else "wrong_shape"
    if sequence.text is not None:
        return _misfit_of_text(model, sequence.text)
    if sequence.tokens and model.vocabulary and sequence.tokens != model.vocabulary:
        return "other_vocabulary"
    assert sequence.values is not None
    values = sequence.values
    if model.rows:
        if not sequence.tokens and values.shape[1] != 1:
            return "wrong_width"
        numbers = values.argmax(1) if sequence.tokens else values
        return None if np.isin(numbers, np.arange(model.rows)).all() else "not_a_token"
    if values.shape[1] != model.inputs:
        return "wrong_width"
    is_one_hot = set(values.flat) <= {0, 1} and (values.sum(1) == 1).all()
    return "not_one_hot" if model.reads_one_hot and not is_one_hot else None


def _misfit_of_text(model: Model, text: str) -> str | None:
    known = model.vocabulary
    if known is None:
        return "no_vocabulary"
    if (len(known) > model.rows) if model.rows else len(known) != model.inputs:
        return "vocabulary_size_differs"
    return None if "<unk>" in known or set(tokens_of(text, model)) <= set(known) else "not_in_vocabulary"
