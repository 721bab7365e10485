"""Hostile and broken files: each is refused with its own problem, and nothing in it runs."""

import json
import os
import pickle
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from gatescope.errors import InvalidInput
from gatescope.models import sandbox
from gatescope.models.containers import container_of
from gatescope.models.sandbox import read_untrusted

TENSOR = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}


def safetensors(header: bytes, data: bytes = b"", claimed: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if claimed is None else claimed) + header + data


def with_header(content: Any, data: bytes = b"") -> bytes:
    return safetensors(json.dumps(content).encode(), data)


def saved(path: Path, content: Any) -> bytes:
    torch.save(content, path)
    return path.read_bytes()


class Call:
    """A pickle that touches a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (os.mkdir, (str(self.path),))


def rewritten(source: bytes, path: Path, change: Callable[[str, bytes], bytes], compression: int = 0) -> bytes:
    """The same zip with its entries changed."""
    path.write_bytes(source)
    with zipfile.ZipFile(path) as file:
        entries = [(entry.filename, file.read(entry)) for entry in file.infolist()]
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in entries:
            file.writestr(name, change(name, content))
    return path.read_bytes()


def corpus(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Each file with the code of the problem that it must get."""
    scratch = folder / "scratch"
    good = saved(scratch, nn.LSTM(3, 4).state_dict())
    empty = rewritten(good, scratch, lambda name, content: b"" if "/data/" in name else content)
    swollen = torch.zeros(1).expand(2**40)
    sparse = torch.sparse_coo_tensor(torch.tensor([[2**40]]), torch.ones(1), (2**41,), check_invariants=False)
    return {
        "nothing at all": (b"", "unknown_file"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "unknown_file"),
        "a bare pickle with a call": (pickle.dumps(Call(folder / "called"), protocol=2), "old_torch"),
        "a pickle with a call in a zip": (saved(scratch, {"a": Call(folder / "called")}), "not_weights_only"),
        "a whole module": (saved(scratch, nn.LSTM(3, 4)), "not_weights_only"),
        "a zip cut off": (good[: len(good) // 2], "broken_file"),
        "a zip without the tensors' bytes": (empty, "not_weights_only"),
        "a zip that unpacks to a thousand times its size": (
            rewritten(good, scratch, lambda _, content: content + bytes(10**7), zipfile.ZIP_DEFLATED),
            "zip_bomb",
        ),
        "a zip of another kind": (rewritten(good, scratch, lambda _, __: b"hello"), "not_weights_only"),
        "a TorchScript archive": (rewritten_names(good, scratch, "data.pkl", "constants.pkl"), "torchscript"),
        "a tensor of a terabyte from one number": (saved(scratch, {"weight_hh_l0": swollen}), "swollen_tensor"),
        "a sparse tensor that swells": (saved(scratch, {"weight_hh_l0": sparse}), "sparse_tensor"),
        "a quantised tensor": (
            saved(scratch, {"weight_hh_l0": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8)}),
            "quantised_tensor",
        ),
        "a header longer than the file": (safetensors(b"{}", claimed=2**40), "broken_file"),
        "a header of two megabytes": (with_header({"a" * 2_000_000: TENSOR}, bytes(16)), "broken_file"),
        "a header that is not JSON": (safetensors(b"{nonsense"), "broken_file"),
        "offsets that overlap": (with_header({"a": TENSOR, "b": TENSOR}, bytes(16)), "broken_file"),
        "offsets beyond the end": (
            with_header({"a": {**TENSOR, "data_offsets": [0, 2**40]}}, bytes(16)),
            "broken_file",
        ),
        "a shape that does not fit its bytes": (
            with_header({"a": {**TENSOR, "shape": [2**61]}}, bytes(16)),
            "broken_file",
        ),
        "a type that does not exist": (with_header({"a": {**TENSOR, "dtype": "F7"}}, bytes(16)), "broken_file"),
    }


def rewritten_names(source: bytes, path: Path, name: str, other: str) -> bytes:
    path.write_bytes(source)
    with zipfile.ZipFile(path, "a") as file:
        entry = next(entry for entry in file.namelist() if entry.endswith(name))
        file.writestr(entry.replace(name, other), b"")
    return path.read_bytes()


NAMES = (
    "nothing at all",
    "a picture",
    "a bare pickle with a call",
    "a pickle with a call in a zip",
    "a whole module",
    "a zip cut off",
    "a zip without the tensors' bytes",
    "a zip that unpacks to a thousand times its size",
    "a zip of another kind",
    "a TorchScript archive",
    "a tensor of a terabyte from one number",
    "a sparse tensor that swells",
    "a quantised tensor",
    "a header longer than the file",
    "a header of two megabytes",
    "a header that is not JSON",
    "offsets that overlap",
    "offsets beyond the end",
    "a shape that does not fit its bytes",
    "a type that does not exist",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, str]]:
    with warnings.catch_warnings(action="ignore"):  # PyTorch discourages what a stranger may send all the same
        return corpus(tmp_path_factory.mktemp("corpus"))


def test_the_whole_corpus_is_tried(hostile: dict[str, tuple[bytes, str]]) -> None:
    assert set(hostile) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_refused_with_a_clear_problem(hostile: dict[str, tuple[bytes, str]], tmp_path: Path, name: str) -> None:
    content, code = hostile[name]
    file = tmp_path / "upload"
    file.write_bytes(content)
    with pytest.raises(InvalidInput) as raised:
        read_untrusted(file)
    assert (raised.value.code, raised.value.field) == (code, "file")
    assert 20 < len(raised.value.message) < 500
    assert str(tmp_path) not in raised.value.message
    assert not list(tmp_path.rglob("called")), "nothing in the file was run"


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_file({"a": torch.zeros(4)}, tmp_path / "file")
    monkeypatch.setattr(sandbox, "MOST_SECONDS", 0.05)
    with pytest.raises(InvalidInput, match=r"took more than 0\.05 seconds"):
        read_untrusted(tmp_path / "file")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux caps the memory")
def test_a_reader_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    """A sound file whose tensors share one storage: 200 clones of 16 MiB are more than its size allows."""
    whole = torch.zeros(2**22)
    torch.save({f"tensor_{index}": whole for index in range(200)}, tmp_path / "file")
    with pytest.raises(InvalidInput, match="more memory than allowed") as raised:
        read_untrusted(tmp_path / "file")
    assert raised.value.code == "reader_stopped"


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2**30 + 1)
    with pytest.raises(InvalidInput, match="1,073,741,824 are allowed"):
        read_untrusted(tmp_path / "file")


@pytest.mark.parametrize(("library", "name"), [("onnx", "model.onnx"), ("h5py", "model.keras")])
def test_where_an_optional_reader_is_missing_the_problem_says_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr("model.weights.h5", b"")
    if name.endswith(".onnx"):
        (tmp_path / name).write_bytes(b"\x08\x08")
    with pytest.raises(InvalidInput, match=r"pip install 'gatescope\[") as raised:
        container_of(tmp_path / name).read(tmp_path / name)
    assert raised.value.code == "missing_extra"
