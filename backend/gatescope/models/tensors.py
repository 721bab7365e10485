"""What is inside a checkpoint file: safetensors, a zip that torch.save wrote, ONNX, or Keras.

A file from a stranger is hostile until shown otherwise. What is here runs in a child process (see `untrusted`); it
looks at sizes before it takes memory, unpickles weights only, and lets nothing but plain dense tensors out.
"""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from gatescope.models.contents import Contents, refused
from gatescope.models.keras_file import SIGNATURE, WEIGHTS, read_keras
from gatescope.models.onnx_file import read_onnx

LARGEST_HEADER = 1_000_000  # bytes of JSON at the start of a safetensors file
MOST_ENTRIES = 10_000  # files in a zip
DEEPEST = 8  # levels of dictionaries around the tensors


def read_contents(path: Path) -> Contents:
    """The inside of a file of any kind that is known.

    Raises:
        InvalidInput: the file is of an unknown kind, broken, or holds what is not let in.
    """
    return READERS[kind_of(path)](path)


def kind_of(path: Path) -> str:
    """The kind of a file by its first bytes, a key of `READERS`.

    Raises:
        InvalidInput: it is of no kind that can be read.
    """
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"PK\x03\x04"):
        return "keras" if WEIGHTS in _entry_names(path) else "torch"
    if start.startswith(SIGNATURE):
        return "keras"
    if start[8:9] == b"{":
        return "safetensors"
    if start.startswith(b"\x80\x02"):
        raise refused(
            "this is PyTorch's format from before 1.6; load it there and save its state_dict() anew", "old_torch"
        )
    # ONNX has no signature; its first field is the version of its format, a small number.
    if start.startswith(b"\x08") or path.suffix == ".onnx":
        return "onnx"
    raise refused("this is no safetensors, PyTorch, ONNX or Keras file", "unknown_file")


def _entry_names(path: Path) -> set[str]:
    try:
        with zipfile.ZipFile(path) as file:
            return set(file.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise refused("this zip is broken or cut off", "broken_file") from error


def _read_safetensors(path: Path) -> Contents:
    with path.open("rb") as file:
        header = int.from_bytes(file.read(8), "little")
    if header > LARGEST_HEADER or header > path.stat().st_size - 8:
        raise refused(f"its header claims {header:,} bytes; {LARGEST_HEADER:,} are allowed", "broken_file")
    try:
        with safe_open(path, framework="pt") as file:
            named = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, ValueError, RuntimeError) as error:
        raise refused(f"this is not a sound safetensors file: {error}", "broken_file") from error
    return Contents({name: tensor for name, tensor in named.items() if tensor.is_floating_point()})


def _read_torch(path: Path) -> Contents:
    _check_zip(path)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a forged pickle makes it raise
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refused(
            "it holds more than tensors in dictionaries, or is broken; save model.state_dict() instead "
            f"({first_line[:200]})",
            "not_weights_only",
        ) from error
    return Contents(dict(_walk(content, "", DEEPEST)))


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as file:
            entries = file.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise refused("this zip is broken or cut off", "broken_file") from error
    if len(entries) > MOST_ENTRIES:
        raise refused(f"it has {len(entries):,} entries; {MOST_ENTRIES:,} are allowed", "zip_bomb")
    # torch.save compresses nothing, so what comes out can never be more than what went in.
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise refused("its entries are compressed, which torch.save never does", "zip_bomb")
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise refused("its entries overlap, which torch.save never does", "zip_bomb")
    if any(entry.filename.endswith("/constants.pkl") for entry in entries):
        raise refused("this is a TorchScript archive; save model.state_dict() instead", "torchscript")


def _walk(content: Any, prefix: str, depth: int) -> Iterator[tuple[str, Tensor]]:
    if isinstance(content, Tensor):
        if content.is_floating_point() or content.is_quantized or content.layout != torch.strided:
            yield prefix, _dense(content, prefix)
    elif isinstance(content, Mapping) and depth > 0:
        for key, value in content.items():
            if isinstance(key, str):
                yield from _walk(value, f"{prefix}.{key}" if prefix else key, depth - 1)


def _dense(tensor: Tensor, name: str) -> Tensor:
    if tensor.is_quantized:
        raise refused(f"{name} is quantised; save the weights in floating point", "quantised_tensor", tensor=name)
    if tensor.layout != torch.strided:
        raise refused(f"{name} is sparse; save it dense", "sparse_tensor", tensor=name)
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise refused(f"{name} claims more values than the file holds", "swollen_tensor", tensor=name)
    return tensor.detach().contiguous()


READERS: dict[str, Callable[[Path], Contents]] = {
    "torch": _read_torch,
    "safetensors": _read_safetensors,
    "onnx": read_onnx,
    "keras": read_keras,
}
