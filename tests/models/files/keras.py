"""What Keras writes (`keras_reference.py`), and what a stranger makes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from tests.models.files import ModelFile

KERNEL = "layers/lstm/cell/vars/0"


def changed(change: Callable[[h5py.File], object]) -> Callable[[Path], None]:
    """Writes to a copy of a sound file."""

    def write(path: Path) -> None:
        with h5py.File(path, "r+") as file:
            change(file)

    return write


def with_kernel(kernel: Any) -> Callable[[Path], None]:
    def change(file: h5py.File) -> None:
        del file[KERNEL]
        file[KERNEL] = kernel

    return changed(change)


def with_dataset(shape: tuple[int, int], **options: Any) -> Callable[[Path], None]:
    def change(file: h5py.File) -> None:
        del file[KERNEL]
        file.create_dataset(KERNEL, shape, "f4", **options)

    return changed(change)


def virtual(file: h5py.File) -> None:
    del file[KERNEL]
    layout = h5py.VirtualLayout((3, 16), "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", (3, 16))
    file.create_virtual_dataset(KERNEL, layout)


def not_finite(file: h5py.File) -> None:
    file[KERNEL][0, 0] = np.nan


def endless(file: h5py.File) -> None:
    file["layers/lstm/again"] = file["layers"]


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def hostile(name: str, write: Callable[[Path], None], code: str, origin: str = "plain.weights.h5") -> ModelFile:
    return ModelFile(f"{name}{Path(origin).suffix}", write, code, origin=origin)


def unsupported(origin: str, message: str) -> ModelFile:
    return ModelFile(origin, code="no_lstm", message=message, origin=origin)


FILES = (
    ModelFile("layers of one size.keras", lstms=("lstm+lstm_1: 3 → 4, 2 layers",), origin="stacked.keras"),
    ModelFile(
        "layers of two sizes.keras",
        lstms=("lstm: 3 → 4, 1 layers", "lstm_1: 4 → 5, 1 layers"),
        origin="unequal.keras",
    ),
    unsupported("relu.keras", "lstm is an LSTM with activation relu"),
    unsupported("hard.keras", "lstm is an LSTM with recurrent_activation hard_sigmoid"),
    unsupported("summed.keras", "bidirectional is an LSTM with merge_mode sum"),
    unsupported("turned.keras", "lstm is an LSTM with go_backwards True"),
    unsupported("others.keras", "gru is a GRU, simple_rnn is a plain RNN"),
    hostile("a link to another file", with_kernel(h5py.ExternalLink("/etc/passwd", "/")), "link"),
    hostile("a link inside", with_kernel(h5py.SoftLink("/layers/lstm/cell/vars/1")), "link"),
    hostile("a virtual dataset", changed(virtual), "external_data"),
    hostile("numbers elsewhere", with_dataset((3, 16), external=[("/etc/passwd", 0, 192)]), "external_data"),
    hostile("a bomb", with_dataset((30_000, 30_000), compression="gzip", chunks=(1000, 1000)), "zip_bomb"),
    hostile("a swollen dataset", with_dataset((2**20, 2**20), chunks=(1000, 1000)), "swollen_tensor"),
    hostile("NaN", changed(not_finite), "not_finite_tensor"),
    hostile("a kernel of three gates", with_kernel(np.zeros((3, 12), "f4")), "broken_file"),
    hostile("a file from before Keras 3", changed(lambda file: file.create_group("model_weights")), "old_keras"),
    hostile("a group inside itself", changed(endless), "swollen_tensor"),
    hostile("weights cut off", cut_off, "broken_file"),
    hostile("an archive cut off", cut_off, "broken_file", "plain.keras"),
)
