"""The kinds of model that the walk takes: a new one is a line of `MODELS`.

Each is built twice: as a request that names it, and here, from the very file or the very numbers, without the web.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

import safetensors.torch
import torch
from tests.web.rest import Json
from torch import Tensor, nn

from gatescope import LSTMNetwork, LSTMSimpleCell, from_torch, to_torch
from gatescope.lstm.initialisation import Initialisation
from gatescope.models.checkpoint import Checkpoint, assemble, find_lstms
from gatescope.models.random import random_model
from gatescope.models.shipped import read_zoo
from gatescope.training import TASKS

Network = LSTMNetwork | LSTMSimpleCell
CHARACTERS = (".", "a", "b")
WORDS = ("the", "cat", "sat", "<unk>")


@dataclass(frozen=True)
class Native:
    """The same model in PyTorch's own modules."""

    lstm: nn.LSTM
    embedding: nn.Embedding | None = None
    head: nn.Module | None = None

    def run(self, x: Tensor, state: tuple[Tensor, Tensor] | None) -> tuple[Tensor, Tensor | None]:
        """H of the last layer, (T, D·P), and the output, (T, O)."""
        hidden: Tensor = self.lstm(self.embedding(x) if self.embedding else x, state)[0]
        return hidden, self.head(hidden) if self.head else None


@dataclass(frozen=True)
class Model:
    """What decides of a model whether a sequence fits it and a question can be asked.

    inputs: I; None where it takes any. rows: of the embedding before it; None without one. vocabulary: its tokens.
    outputs: of the read-out; 0 without one.
    """

    name: str
    inputs: int | None = None
    rows: int | None = None
    vocabulary: tuple[str, ...] | None = None
    outputs: int = 0

    @property
    def reads_one_hot(self) -> bool:
        """Whether it reads text with no embedding."""
        return self.rows is None and self.vocabulary is not None and len(self.vocabulary) == self.inputs

    def request(self, folder: Path, stored: Mapping[str, str]) -> Json:
        """How a request names it; ``stored`` holds the ids of the stored ones."""
        raise NotImplementedError

    def build(self, folder: Path, width: int, steps: int) -> Network:
        """The model for a sequence of a width and a length."""
        raise NotImplementedError

    def native(self, folder: Path, width: int, steps: int) -> Native:
        """The same in PyTorch's modules."""
        raise NotImplementedError


@dataclass(frozen=True)
class Drawn(Model):
    """A cell drawn from a seed."""

    initialisation: Initialisation = "pytorch"

    def request(self, folder: Path, stored: Mapping[str, str]) -> Json:
        return {"type": "random", "hidden_size": 3, "initialisation": self.initialisation, "seed": 7}

    def build(self, folder: Path, width: int, steps: int) -> Network:
        return random_model(width, 3, initialisation=self.initialisation, steps=steps, seed=7).cell

    def native(self, folder: Path, width: int, steps: int) -> Native:
        cell = self.build(folder, width, steps)
        assert isinstance(cell, LSTMSimpleCell)
        return Native(to_torch(cell))


@dataclass(frozen=True)
class Given(Model):
    """A cell given by its weights."""

    bias: bool = True

    @cached_property
    def _lstm(self) -> nn.LSTM:
        assert self.inputs
        torch.manual_seed(11)
        return nn.LSTM(self.inputs, 3, bias=self.bias)

    def request(self, folder: Path, stored: Mapping[str, str]) -> Json:
        return {"type": "weights", "state_dict": {name: w.tolist() for name, w in self._lstm.state_dict().items()}}

    def build(self, folder: Path, width: int, steps: int) -> Network:
        return from_torch(self._lstm)

    def native(self, folder: Path, width: int, steps: int) -> Native:
        return Native(self._lstm)


@dataclass(frozen=True)
class Shipped(Model):
    """A trained model that Gatescope ships."""

    def request(self, folder: Path, stored: Mapping[str, str]) -> Json:
        return {"type": "zoo", "name": self.name}

    @property
    def _path(self) -> Path:
        return Path(str(files("gatescope.models").joinpath("zoo", f"{self.name}.safetensors")))

    def build(self, folder: Path, width: int, steps: int) -> Network:
        return read_zoo(self._path).network

    def native(self, folder: Path, width: int, steps: int) -> Native:
        tensors = safetensors.torch.load_file(self._path)
        weights = {name.removeprefix("lstm."): w for name, w in tensors.items() if name.startswith("lstm.")}
        lstm = nn.LSTM(weights["weight_ih_l0"].shape[1], weights["weight_hh_l0"].shape[1])
        lstm.load_state_dict(weights)
        linear = nn.Linear(lstm.hidden_size, self.outputs)
        linear.load_state_dict({name: tensors[f"read_out.{name}"] for name in ("weight", "bias")})
        return Native(lstm, None, nn.Sequential(linear, nn.Softmax(dim=-1)) if self.vocabulary else linear)


@dataclass(frozen=True)
class Stored(Model):
    """An LSTM of an uploaded file, with the parts chosen around it.

    Those of one vocabulary and container lie in one file, since the server reads each in a process of its own.
    """

    num_layers: int = 1
    bidirectional: bool = False
    proj_size: int = 0
    bias: bool = True
    dtype: torch.dtype = torch.float32
    suffix: Literal[".pt", ".safetensors"] = ".pt"
    softmax: bool = False

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{len(self.vocabulary or ())}-tokens{self.suffix}"

    @property
    def tensors(self) -> dict[str, Tensor]:
        """What of the file is its own."""
        return {f"{self._module}.{name}": w.to(self.dtype) for name, w in self._modules().state_dict().items()}

    def request(self, folder: Path, stored: Mapping[str, str]) -> Json:
        return {"type": "stored", "id": stored.get(self.file, ""), **self._parts, "softmax": self.softmax}

    def build(self, folder: Path, width: int, steps: int) -> Network:
        parts = self._parts
        return assemble(_checkpoint(folder / self.file), parts.pop("lstm"), **parts, softmax=self.softmax)

    def native(self, folder: Path, width: int, steps: int) -> Native:
        modules = self._modules().to(self.dtype).float()  # rounded as the file is
        lstm, embedding = modules["rnn"], modules["embed"] if self.rows else None
        assert isinstance(lstm, nn.LSTM)
        assert embedding is None or isinstance(embedding, nn.Embedding)
        head = modules["head"] if self.outputs else None
        return Native(lstm, embedding, nn.Sequential(head, nn.Softmax(dim=-1)) if head and self.softmax else head)

    @property
    def _module(self) -> str:
        return self.name.replace(",", "").replace(" ", "_")

    @property
    def _parts(self) -> Json:
        front, read_out = (f"{self._module}.{part}" for part in ("embed", "head"))
        of_it = {"front": front if self.rows else None, "read_out": read_out if self.outputs else None}
        return {"lstm": f"{self._module}.rnn", **of_it}

    def _modules(self) -> nn.ModuleDict:
        assert self.inputs
        torch.manual_seed(len(self.name))
        layers: Json = {"bias": self.bias, "bidirectional": self.bidirectional, "proj_size": self.proj_size}
        modules = nn.ModuleDict({"rnn": nn.LSTM(self.inputs, 4, self.num_layers, **layers)})
        if self.rows:
            modules["embed"] = nn.Embedding(self.rows, self.inputs)
        if self.outputs:
            modules["head"] = nn.Linear((self.proj_size or 4) * (1 + self.bidirectional), self.outputs)
        return modules


@cache
def _checkpoint(path: Path) -> Checkpoint:
    read = torch.load if path.suffix == ".pt" else safetensors.torch.load_file
    return find_lstms(read(path))


def write_files(folder: Path) -> dict[str, tuple[str, ...] | None]:
    """Writes the files of the stored models, and tells for each the vocabulary."""
    written: dict[str, tuple[str, ...] | None] = {}
    stored = [model for model in MODELS if isinstance(model, Stored)]
    for model in stored:
        tensors: dict[str, Tensor] = {}
        for other in stored:
            tensors |= other.tensors if other.file == model.file else {}
        save = torch.save if model.suffix == ".pt" else safetensors.torch.save_file
        if model.file not in written:
            save(tensors, folder / model.file)
            written[model.file] = model.vocabulary
    return written


SHIPPED = tuple(
    Shipped(name, inputs=len(task.features), vocabulary=task.vocabulary, outputs=len(task.outputs))
    for name, task in TASKS.items()
)
MODELS: tuple[Model, ...] = (
    Drawn("drawn"),
    Drawn("drawn, xavier", initialisation="xavier"),
    Drawn("drawn, chrono", initialisation="chrono"),
    Given("weights", inputs=2),
    Given("weights, no bias", inputs=1, bias=False),
    *SHIPPED,
    Stored("bare", inputs=2),
    Stored("float64, two layers", inputs=1, num_layers=2, dtype=torch.float64, outputs=2),
    Stored("float16, projected", inputs=2, proj_size=2, dtype=torch.float16, outputs=3, suffix=".safetensors"),
    Stored("bfloat16, two directions", inputs=3, bidirectional=True, dtype=torch.bfloat16),
    Stored("no bias, softmax", inputs=2, bias=False, outputs=3, softmax=True),
    Stored("three layers of all", inputs=2, num_layers=3, bidirectional=True, proj_size=3, outputs=2, bias=False),
    Stored("one-hot", inputs=3, vocabulary=CHARACTERS, outputs=3, softmax=True),
    Stored("one-hot, projected", inputs=4, vocabulary=WORDS, proj_size=1),
    Stored("a vocabulary of another size", inputs=2, vocabulary=CHARACTERS),
    Stored("front", inputs=2, rows=5),
    Stored("front, characters", inputs=3, rows=3, vocabulary=CHARACTERS, outputs=3, num_layers=2, dtype=torch.float16),
    Stored("front larger than its words", inputs=2, rows=9, vocabulary=WORDS, outputs=9, bidirectional=True),
    Stored(
        "front smaller than its words", inputs=3, rows=2, vocabulary=WORDS, dtype=torch.float64, softmax=True, outputs=1
    ),
)
