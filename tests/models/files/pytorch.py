"""What `torch.save` writes, and what a stranger makes of it."""

import os
import pickle
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from tests.models.files import ModelFile
from torch import Tensor, nn

Writer = Callable[[Path], object]


def saved(make: Callable[[Path], Any]) -> Writer:
    def write(path: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # PyTorch discourages what a stranger may send all the same
            torch.save(make(path), path)

    return write


def state_dict(_: Path) -> dict[str, Tensor]:
    return nn.LSTM(3, 4).state_dict()


def lstm_with(**changes: Tensor | None) -> Writer:
    """The state dict of an LSTM with tensors changed, added, or left out."""
    weights = {**nn.LSTM(3, 4).state_dict(), **changes}
    return saved(lambda _: {name: tensor for name, tensor in weights.items() if tensor is not None})


def cell_with(further: str) -> Writer:
    weights = {f"rnn.cell.{name}": tensor for name, tensor in nn.LSTMCell(3, 4).state_dict().items()}
    return saved(lambda _: weights | {f"rnn.cell.{further}": torch.ones(4)})


class Call:
    """A pickle that makes a folder when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name("called")

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (os.mkdir, (str(self.path),))


def rewritten(change: Callable[[str, bytes], bytes], compression: int = zipfile.ZIP_STORED) -> Writer:
    """A state dict in a zip whose entries are changed."""

    def write(path: Path) -> None:
        torch.save(state_dict(path), path)
        with zipfile.ZipFile(path) as file:
            entries = [(entry.filename, file.read(entry)) for entry in file.infolist()]
        with zipfile.ZipFile(path, "w", compression) as file:
            for name, content in entries:
                file.writestr(name, change(name, content))

    return write


def torchscript(path: Path) -> None:
    torch.save(state_dict(path), path)
    with zipfile.ZipFile(path, "a") as file:
        entry = next(entry for entry in file.namelist() if entry.endswith("data.pkl"))
        file.writestr(entry.replace("data.pkl", "constants.pkl"), b"")


def cut_off(path: Path) -> None:
    torch.save(state_dict(path), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def changed_number(path: Path) -> None:
    torch.save({"weight_hh_l0": torch.full((16, 4), 0.5)}, path)
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<f", 0.5), struct.pack("<f", 0.25), 1))


def quantised(_: Path) -> dict[str, Tensor]:
    return {"weight_hh_l0": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8)}


def sparse(_: Path) -> dict[str, Tensor]:
    place, value, shape = torch.tensor([[2**40]]), torch.ones(1), (2**41,)
    return {"weight_hh_l0": torch.sparse_coo_tensor(place, value, shape, check_invariants=False)}


FURTHER = ("layernorm_i.weight", "ln_hh.bias", "norm.weight", "peephole_f", "W_ci", "weight_cf")
LSTMS = (
    ModelFile("a state dict", saved(state_dict), lstms=("(the whole file): 3 → 4, 1 layers",)),
    ModelFile("a cell", saved(lambda _: {"cell": nn.LSTMCell(3, 4).state_dict()}), lstms=("cell: 3 → 4, 1 layers",)),
)
UNSUPPORTED = (
    ModelFile("no LSTM", saved(lambda _: {"head": nn.Linear(2, 3).state_dict()}), "no_lstm", "no LSTM$"),
    ModelFile("a GRU", saved(lambda _: {"rnn": nn.GRU(2, 3).state_dict()}), "no_lstm", r"\(rnn is a GRU\)"),
    ModelFile("an RNN", saved(lambda _: nn.RNN(2, 3).state_dict()), "no_lstm", r"\(the file is a plain RNN\)"),
    *(
        ModelFile(
            f"a cell with {further}",
            cell_with(further),
            code="no_lstm",
            message=f"rnn.cell is an LSTM with a layer norm or peepholes .tensor rnn.cell.{further}",
        )
        for further in FURTHER
    ),
    ModelFile(
        "an unknown tensor",
        lstm_with(weight_ci_l0=torch.zeros(4)),
        "unknown_tensor",
        "weight_ci_l0 does not belong",
        "weight_ci_l0",
    ),
    ModelFile(
        "no features",
        lstm_with(weight_ih_l0=torch.zeros(16, 0)),
        "wrong_shape",
        r"it must be \(4H, I\)",
        "weight_ih_l0",
    ),
    ModelFile(
        "a wrong shape",
        lstm_with(weight_hh_l0=torch.zeros(16, 5)),
        "wrong_shape",
        "weight_hh_l0 has shape",
        "weight_hh_l0",
    ),
    ModelFile(
        "NaN", lstm_with(bias_ih_l0=torch.full((16,), float("nan"))), "not_finite_tensor", "bias_ih_l0 holds NaN"
    ),
    ModelFile(
        "a number beyond float32",
        lstm_with(bias_hh_l0=torch.full((16,), 1e39, dtype=torch.float64)),
        "not_finite_tensor",
        "beyond float32",
    ),
    ModelFile("one bias", lstm_with(bias_ih_l0=None), "unknown_tensor", "bias_", "bias_hh_l0"),
)
HOSTILE = (
    ModelFile(
        "a bare pickle with a call", lambda path: path.write_bytes(pickle.dumps(Call(path), protocol=2)), "old_torch"
    ),
    ModelFile("a pickle with a call in a zip", saved(lambda path: {"a": Call(path)}), "not_weights_only"),
    ModelFile("a whole module", saved(lambda _: nn.LSTM(3, 4)), "not_weights_only"),
    ModelFile("a zip cut off", cut_off, "broken_file"),
    ModelFile("a zip with another number than its checksum says", changed_number, "broken_file"),
    ModelFile(
        "a zip without the tensors' bytes",
        rewritten(lambda name, content: b"" if "/data/" in name else content),
        "not_weights_only",
    ),
    ModelFile(
        "a zip that unpacks to a thousand times its size",
        rewritten(lambda _, content: content + bytes(10**7), zipfile.ZIP_DEFLATED),
        "zip_bomb",
    ),
    ModelFile("a zip of another kind", rewritten(lambda *_: b"hello"), "not_weights_only"),
    ModelFile("a TorchScript archive", torchscript, "torchscript"),
    ModelFile(
        "a tensor of a terabyte from one number",
        saved(lambda _: {"weight_hh_l0": torch.zeros(1).expand(2**40)}),
        "swollen_tensor",
    ),
    ModelFile("a sparse tensor that swells", saved(sparse), "sparse_tensor"),
    ModelFile("a quantised tensor", saved(quantised), "quantised_tensor"),
)
