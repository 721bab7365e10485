"""The LSTMs inside a checkpoint, with the embedding and the linear layer that fit them."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.network import LSTMNetwork
from gatescope.models import conventions
from gatescope.models.content import Content, refusal
from gatescope.models.neighbours import PART, embedding, linear, neighbours
from gatescope.models.reading import LSTMReading, Reading
from gatescope.models.sandbox import read_untrusted


@dataclass(frozen=True)
class CheckpointLSTM:
    """An LSTM in a checkpoint.

    name: the module's dotted name, empty for the outermost; fronts and read_outs: the names of embeddings and linear
    layers whose shapes fit, nearest first.
    """

    name: str
    network: LSTMNetwork
    fronts: tuple[str, ...]
    read_outs: tuple[str, ...]

    def __str__(self) -> str:
        cell, layers = self.network.first_cell, self.network.num_layers
        directions = ", bidirectional" if len(self.network.directions) == 2 else ""
        projection = f" projected to {cell.proj_size}" if cell.proj_size else ""
        name = self.name or "(the whole file)"
        return f"{name}: {cell.input_size} → {cell.hidden_size}{projection}, {layers} layers{directions}"


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds: its LSTMs, and the names of recurrent modules of kinds that are not supported."""

    lstms: tuple[CheckpointLSTM, ...]
    unsupported: Mapping[str, str]
    tensors: Mapping[str, Tensor]


def load_model(
    path: str | PathLike[str],
    name: str | None = None,
    *,
    front: str | None = None,
    read_out: str | None = None,
    softmax: bool = False,
) -> LSTMNetwork:
    """The LSTM of a checkpoint file, ready for `gatescope.trace`.

    The file is read in a child process; nothing in it is executed.

    Args:
        path: a ``.safetensors`` file, what `torch.save` wrote of a state dict, bare or nested, an ``.onnx`` file, or a
            Keras 3 ``.keras`` or ``.weights.h5``.
        name: which LSTM, by its module's name; needed where the file holds several.
        front: the name of an embedding to put before it.
        read_out: the name of a linear layer to put after it.
        softmax: whether the read-out ends in a softmax.

    Raises:
        InvalidInput: the file is refused, holds no such LSTM, or a part does not fit.
    """
    return assemble(read_checkpoint(Path(path)), name, front=front, read_out=read_out, softmax=softmax)


def assemble(
    checkpoint: Checkpoint,
    name: str | None = None,
    *,
    front: str | None = None,
    read_out: str | None = None,
    softmax: bool = False,
) -> LSTMNetwork:
    """One of the LSTMs with the parts chosen around it; arguments and errors are those of `load_model`."""
    lstm = choose(checkpoint, name)
    network = LSTMNetwork.from_torch(lstm.network.to_state_dict())
    if front is not None:
        _check_fits("front", front, lstm.fronts)
        network.front = embedding(checkpoint.tensors, front)
    if read_out is not None:
        _check_fits("read_out", read_out, lstm.read_outs)
        layer = linear(checkpoint.tensors, read_out)
        network.read_out = nn.Sequential(layer, nn.Softmax(dim=-1)) if softmax else layer
    return network.eval()


def read_checkpoint(path: Path) -> Checkpoint:
    """Reads a file without trusting it and finds its LSTMs.

    Raises:
        InvalidInput: the file is refused, or the tensors of an LSTM do not fit together or are not finite.
    """
    if not path.is_file():
        raise refusal(f"there is no file {path.name}", "no_such_file")
    return find(read_untrusted(path))


def find_lstms(tensors: Mapping[str, Tensor]) -> Checkpoint:
    """The LSTMs among named tensors; errors are those of `find`."""
    return find(conventions.translate(Content(tensors)))


def find(reading: Reading) -> Checkpoint:
    """The LSTMs of a reading as networks, each with the parts that fit it.

    Raises:
        InvalidInput: the tensors of an LSTM do not fit together or are not finite.
    """
    lstms = tuple(_with_neighbours(lstm, reading.others) for lstm in reading.lstms)
    return Checkpoint(lstms, reading.unsupported, reading.tensors)


def choose(checkpoint: Checkpoint, name: str | None, field: str = "name") -> CheckpointLSTM:
    """The LSTM of that name, or the only one; ``field`` is what an error names.

    Raises:
        InvalidInput: there is none, or there are several to choose from.
    """
    candidates = [lstm for lstm in checkpoint.lstms if name in (None, lstm.name)]
    if len(candidates) == 1:
        return candidates[0]
    if not checkpoint.lstms:
        raise no_lstm(checkpoint.unsupported)
    available = "; ".join(map(str, checkpoint.lstms))
    missing = f"there is no LSTM {name!r} in the file; " if name is not None else ""
    raise InvalidInput(
        f"{missing}name one of the LSTMs of the file: {available}",
        field=field,
        code="which_lstm",
        available=available,
    )


def no_lstm(unsupported: Mapping[str, str]) -> InvalidInput:
    """The error of a file without an LSTM; it names what the file holds instead."""
    others = ", ".join(f"{module or 'the file'} is {kind}" for module, kind in unsupported.items())
    message = f"the file holds no LSTM{f' ({others})' if others else ''}"
    return refusal(message, "no_lstm", others=others)


def _with_neighbours(lstm: LSTMReading, others: Mapping[str, Tensor]) -> CheckpointLSTM:
    _check_finite(lstm.tensors)
    network = LSTMNetwork.from_torch({name: tensor.to(torch.float32) for name, tensor in lstm.weights.items()})
    fronts, read_outs = neighbours(lstm.name, network, others)
    parts = (f"{layer}.{part}" for layer in (*fronts, *read_outs) for part in PART)
    _check_finite({name: others[name] for name in parts if name in others})
    return CheckpointLSTM(lstm.name, network, fronts, read_outs)


def _check_finite(tensors: Mapping[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor.to(torch.float32)).all()):  # as the network computes
            raise refusal(f"{name} holds NaN, infinity or a number beyond float32", "not_finite_tensor", tensor=name)


def _check_fits(field: str, name: str, fitting: tuple[str, ...]) -> None:
    if name not in fitting:
        raise InvalidInput(
            f"{name} does not fit; these do: {', '.join(fitting) or 'none'}",
            field=field,
            code="does_not_fit",
            part=name,
        )
