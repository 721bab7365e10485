"""The LSTMs inside a checkpoint, with the embedding and the linear layer that fit them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.network import LSTMNetwork
from gatescope.models.untrusted import read_untrusted

_MEMBER = re.compile(r"(?P<module>(?:.*\.)?)(?P<name>(?:weight|bias)_[a-z]+(?:_l\d+(?:_reverse)?)?)")
_FURTHER = re.compile(r"(?:layer_?norm|norm|ln)(?:_?(?:ih|hh|[a-z]))?(?:_l?\d+)?\.|peephole|[wW](?:eight)?_?c[ifo]\b")
PART = ("weight", "bias")  # the tensors of an embedding or a linear layer
_OTHER_KINDS = {3: "a GRU", 1: "a plain RNN"}  # by the rows of weight_hh for each of its columns


@dataclass(frozen=True)
class FoundLSTM:
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

    lstms: tuple[FoundLSTM, ...]
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
    found = choose(checkpoint, name)
    network = LSTMNetwork.from_torch(found.network.to_state_dict())
    if front is not None:
        _check_fits("front", front, found.fronts)
        table = checkpoint.tensors[f"{front}.weight"].to(torch.float32)  # (V, I)
        network.front = nn.Embedding(table.shape[0], table.shape[1], _weight=table)
    if read_out is not None:
        _check_fits("read_out", read_out, found.read_outs)
        linear = _linear(checkpoint.tensors, read_out)
        network.read_out = nn.Sequential(linear, nn.Softmax(dim=-1)) if softmax else linear
    return network.eval()


def read_checkpoint(path: Path) -> Checkpoint:
    """Reads a file without trusting it and finds its LSTMs.

    Raises:
        InvalidInput: the file is refused, or the tensors of an LSTM do not fit together or are not finite.
    """
    if not path.is_file():
        raise InvalidInput(f"there is no file {path.name}", field="file", code="no_such_file")
    contents = read_untrusted(path)
    return find_lstms(contents.tensors, contents.unsupported)


def find_lstms(tensors: Mapping[str, Tensor], unsupported: Mapping[str, str] | None = None) -> Checkpoint:
    """The LSTMs among the tensors of a file, beside what its reader found unsupported.

    Raises:
        InvalidInput: the tensors of an LSTM do not fit together or are not finite.
    """
    lstms, others = [], dict(unsupported or {})
    for module, weights in _recurrent_modules(tensors).items():
        kind = _unsupported_kind(weights) or _further_part(module, tensors)
        if kind:
            others[module] = kind
            continue
        _check_finite(module, weights)
        network = LSTMNetwork.from_torch({name: tensor.to(torch.float32) for name, tensor in weights.items()})
        fronts, read_outs = _neighbours(module, network, tensors)
        for part in (*fronts, *read_outs):
            _check_finite(part, {name: tensors[f"{part}.{name}"] for name in PART if f"{part}.{name}" in tensors})
        lstms.append(FoundLSTM(module, network, fronts, read_outs))
    return Checkpoint(tuple(lstms), others, tensors)


def choose(checkpoint: Checkpoint, name: str | None) -> FoundLSTM:
    """The LSTM of that name, or the only one.

    Raises:
        InvalidInput: there is none, or there are several to choose from.
    """
    matching = [found for found in checkpoint.lstms if name in (None, found.name)]
    if len(matching) == 1:
        return matching[0]
    if not checkpoint.lstms:
        raise no_lstm(checkpoint.unsupported)
    available = "; ".join(map(str, checkpoint.lstms))
    raise InvalidInput(
        f"name one of the LSTMs of the file: {available}", field="name", code="which_lstm", available=available
    )


def no_lstm(unsupported: Mapping[str, str]) -> InvalidInput:
    """The mistake of a file without an LSTM, which names what it holds instead."""
    others = ", ".join(f"{module or 'the file'} is {kind}" for module, kind in unsupported.items())
    message = f"the file holds no LSTM{f' ({others})' if others else ''}"
    return InvalidInput(message, field="file", code="no_lstm", others=others)


def _recurrent_modules(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """The tensors of each module that has recurrent weights, by their short names."""
    modules: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        match = _MEMBER.fullmatch(name)
        if match:
            modules.setdefault(match["module"].rstrip("."), {})[match["name"]] = tensor
    return {
        module: weights for module, weights in modules.items() if any(name.startswith("weight_hh") for name in weights)
    }


def _unsupported_kind(weights: Mapping[str, Tensor]) -> str | None:
    recurrent = weights.get("weight_hh_l0", weights.get("weight_hh"))
    if recurrent is None or recurrent.dim() != 2 or any(name.startswith("weight_hr") for name in weights):
        return None
    rows, columns = recurrent.shape
    return _OTHER_KINDS.get(rows // columns) if columns and rows % columns == 0 else None


def _further_part(module: str, tensors: Mapping[str, Tensor]) -> str | None:
    """What stands inside an LSTM's module that `torch.nn.LSTM` has not, such as a layer norm."""
    prefix = f"{module}." if module else ""
    inside = (name for name in tensors if name.startswith(prefix))
    found = next((name for name in inside if _FURTHER.match(name.removeprefix(prefix))), None)
    return found and f"an LSTM with a layer norm or peepholes (tensor {found})"


def _check_finite(module: str, weights: Mapping[str, Tensor]) -> None:
    for name, tensor in weights.items():
        if not bool(torch.isfinite(tensor.to(torch.float32)).all()):  # in which it will be computed with
            full = f"{module}.{name}".lstrip(".")
            message = f"{full} holds NaN, infinity or a number beyond float32"
            raise InvalidInput(message, field="file", code="not_finite_tensor", tensor=full)


def _neighbours(
    module: str, network: LSTMNetwork, tensors: Mapping[str, Tensor]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Embeddings and linear layers that fit, those that share more of the module's path first."""
    cell = network.first_cell
    fronts, read_outs = [], []
    for name, tensor in tensors.items():
        if not name.endswith(".weight") or tensor.dim() != 2:
            continue
        other = name.removesuffix(".weight")
        bias = tensors.get(f"{other}.bias")
        if bias is None and tensor.shape[1] == cell.input_size:
            fronts.append(other)
        fits = bias is None or bias.shape == tensor.shape[:1]
        if fits and tensor.shape[1] == cell.output_size * len(network.directions):
            read_outs.append(other)

    def distance(other: str) -> int:
        path, its = module.split(".")[:-1], other.split(".")[:-1]
        shared = sum(1 for one, another in zip(path, its, strict=False) if one == another)
        return len(path) + len(its) - 2 * shared

    return tuple(sorted(fronts, key=distance)), tuple(sorted(read_outs, key=distance))


def _check_fits(field: str, name: str, fitting: tuple[str, ...]) -> None:
    if name not in fitting:
        raise InvalidInput(
            f"{name} does not fit; these do: {', '.join(fitting) or 'none'}",
            field=field,
            code="does_not_fit",
            part=name,
        )


def _linear(tensors: Mapping[str, Tensor], name: str) -> nn.Linear:
    weight, bias = tensors[f"{name}.weight"].to(torch.float32), tensors.get(f"{name}.bias")
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    linear.load_state_dict({"weight": weight, **({} if bias is None else {"bias": bias.to(torch.float32)})})
    return linear
