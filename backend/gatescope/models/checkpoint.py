"""The LSTMs inside a checkpoint, with the embeddings and the linear layers that fit them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from gatescope.errors import InvalidInput
from gatescope.lstm.layout import Layout, with_layers
from gatescope.lstm.network import LSTMNetwork
from gatescope.models import conventions
from gatescope.models.content import Content, refusal
from gatescope.models.neighbours import PART, Parts, embedding, linear
from gatescope.models.reading import LSTMReading, Reading

MOST_LSTMS = 100
MOST_OTHERS = 20  # recurrent modules of other kinds
MOST_LETTERS = 2**15  # in all names of a checkpoint's LSTMs and their parts


@dataclass(frozen=True)
class CheckpointLSTM:
    """An LSTM in a checkpoint.

    name: the module's dotted name, empty for the outermost; weights: under the names of `torch.nn.LSTM` or
    `torch.nn.LSTMCell`; fronts and read_outs: the names of embeddings and linear layers whose shapes fit, nearest
    first; omitted_parts: how many more of them fit.
    """

    name: str
    weights: Mapping[str, Tensor]
    layout: Layout
    fronts: tuple[str, ...] = ()
    read_outs: tuple[str, ...] = ()
    omitted_parts: int = 0

    @cached_property
    def network(self) -> LSTMNetwork:
        """The LSTM alone; made when it is first asked for, since a checkpoint can hold many."""
        with torch.inference_mode(False):  # it outlives the request that asks first
            return LSTMNetwork.from_torch(self.weights)

    def __str__(self) -> str:
        layout = self.layout
        directions = ", bidirectional" if layout.bidirectional else ""
        projection = f" projected to {layout.proj_size}" if layout.proj_size else ""
        name = self.name or "(the whole file)"
        return f"{name}: {layout.input_size} → {layout.hidden_size}{projection}, {layout.num_layers} layers{directions}"


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds, within bounds.

    lstms: in the order of their tensors' names; unsupported: the names of recurrent modules of other kinds, and what
    they are; tensors: those of the LSTMs and of the parts that fit them, in float32; omitted: how many more recurrent
    modules the file has.
    """

    lstms: tuple[CheckpointLSTM, ...]
    unsupported: Mapping[str, str]
    tensors: Mapping[str, Tensor]
    omitted: int = 0


def assemble(
    checkpoint: Checkpoint,
    name: str | None = None,
    *,
    front: str | None = None,
    read_out: str | None = None,
    softmax: bool = False,
) -> LSTMNetwork:
    """One of the LSTMs with the parts chosen around it; arguments and errors are those of `gatescope.load_model`."""
    lstm = choose(checkpoint, name)
    network = LSTMNetwork.from_torch(lstm.weights)
    if front is not None:
        _check_fits("front", front, lstm.fronts)
        network.front = embedding(checkpoint.tensors, front)
    if read_out is not None:
        _check_fits("read_out", read_out, lstm.read_outs)
        layer = linear(checkpoint.tensors, read_out)
        network.read_out = nn.Sequential(layer, nn.Softmax(dim=-1)) if softmax else layer
    return network.eval()


def find_lstms(tensors: Mapping[str, Tensor]) -> Checkpoint:
    """The LSTMs among named tensors; errors are those of `find`."""
    return find(conventions.translate(Content(tensors)))


def find(reading: Reading, name: str | None = None) -> Checkpoint:
    """The LSTMs of a reading, each with the parts that fit it; only that of a name, where one has it.

    Of a file with very many only the first are taken. The work grows with the number of tensors and their numbers, not
    with what their names claim.

    Raises:
        InvalidInput: the tensors of an LSTM do not fit together or are not finite.
    """
    parts, tensors, letters = Parts(reading.others), dict[str, Tensor](), 0
    named = [lstm for lstm in reading.lstms if lstm.name == name]
    lstms: list[CheckpointLSTM] = []
    for lstm in sorted(named or reading.lstms, key=lambda lstm: min(lstm.tensors))[:MOST_LSTMS]:
        layout = Layout.of(with_layers(lstm.weights))
        fronts, read_outs, omitted = parts.around(lstm.name, layout)
        letters += sum(map(len, (lstm.name, *fronts, *read_outs)))
        if letters > MOST_LETTERS and lstms:
            break
        _take(tensors, lstm, reading.others, (*fronts, *read_outs))
        weights = {short: tensors[full] for short, full in zip(lstm.weights, lstm.tensors, strict=True)}
        lstms.append(CheckpointLSTM(lstm.name, weights, layout, fronts, read_outs, omitted))
    unsupported = dict(list(reading.unsupported.items())[:MOST_OTHERS])
    omitted = len(reading.lstms) - len(lstms) + len(reading.unsupported) - len(unsupported)
    return Checkpoint(tuple(lstms), unsupported, dict(sorted(tensors.items())), 0 if named else omitted)


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


def _take(tensors: dict[str, Tensor], lstm: LSTMReading, others: Mapping[str, Tensor], layers: tuple[str, ...]) -> None:
    """Puts the tensors of an LSTM and of the layers around it among those taken before."""
    around = (f"{layer}.{part}" for layer in layers for part in PART)
    needed = lstm.tensors | {name: others[name] for name in around if name in others}
    for name, tensor in needed.items():
        if name not in tensors:
            tensors[name] = _finite(name, tensor)


def _finite(name: str, tensor: Tensor) -> Tensor:
    """The tensor in float32, as the network computes."""
    try:
        numbers = tensor.to(torch.float32)
    except (RuntimeError, NotImplementedError) as error:  # float4, which has no arithmetic
        kind = str(tensor.dtype).removeprefix("torch.")
        raise refusal(f"{name} is of type {kind}; save it as float32", "unknown_dtype", tensor=name) from error
    if not bool(torch.isfinite(numbers).all()):
        raise refusal(f"{name} holds NaN, infinity or a number beyond float32", "not_finite_tensor", tensor=name)
    return numbers


def _check_fits(field: str, name: str, fitting: tuple[str, ...]) -> None:
    if name not in fitting:
        raise InvalidInput(
            f"{name} does not fit; these do: {', '.join(fitting) or 'none'}",
            field=field,
            code="does_not_fit",
            part=name,
        )
