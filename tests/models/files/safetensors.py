"""safetensors files, and what is a file of no kind at all."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from tests.models.files import ModelFile
from torch import nn

LSTM = {f"rnn.{name}": tensor for name, tensor in nn.LSTM(3, 4).state_dict().items()}
TENSOR = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}


def containing(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def with_header(header: Any, data: bytes = b"", claimed: int | None = None) -> Callable[[Path], object]:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return containing(struct.pack("<Q", len(text) if claimed is None else claimed) + text + data)


SOUND = (ModelFile("weights", lambda path: save_file(LSTM, path), lstms=("rnn: 3 → 4, 1 layers",)),)
HOSTILE = (
    ModelFile("nothing at all", containing(b""), "unknown_file"),
    ModelFile("a picture", containing(b"\x89PNG\r\n\x1a\n" + bytes(100)), "unknown_file"),
    ModelFile("a header longer than the file", with_header(b"{}", claimed=2**40), "broken_file"),
    ModelFile("a header of two megabytes", with_header({"a" * 2_000_000: TENSOR}, bytes(16)), "broken_file"),
    ModelFile("a header that is not JSON", with_header(b"{nonsense"), "broken_file"),
    ModelFile("offsets that overlap", with_header({"a": TENSOR, "b": TENSOR}, bytes(16)), "broken_file"),
    ModelFile(
        "offsets beyond the end", with_header({"a": {**TENSOR, "data_offsets": [0, 2**40]}}, bytes(16)), "broken_file"
    ),
    ModelFile(
        "a shape that does not fit its bytes",
        with_header({"a": {**TENSOR, "shape": [2**61]}}, bytes(16)),
        "broken_file",
    ),
    ModelFile("a type that does not exist", with_header({"a": {**TENSOR, "dtype": "F7"}}, bytes(16)), "broken_file"),
)
