"""What `torch.save` writes since PyTorch 1.6: a zip with a pickle and the numbers of each tensor."""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gatescope.models.containers.zip_entries import SIGNATURE, check_sums, zip_entries
from gatescope.models.content import Content, refusal

MOST_ENTRIES = 10_000
DEEPEST = 8  # levels of dictionaries around the tensors


def match(_: Path, start: bytes) -> bool:
    """Whether it is a zip."""
    return start.startswith(SIGNATURE)


def read(path: Path) -> Content:
    """The floating-point tensors, by the dotted path of the keys that lead to each."""
    _check_entries(path)
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a forged pickle makes it raise
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refusal(
            "it holds more than tensors in dictionaries, or is broken; save model.state_dict() instead "
            f"({first_line[:200]})",
            "not_weights_only",
        ) from error
    return Content(dict(_tensors(saved, "", DEEPEST)))


def _check_entries(path: Path) -> None:
    entries = zip_entries(path)
    if len(entries) > MOST_ENTRIES:
        raise refusal(f"it has {len(entries):,} entries; {MOST_ENTRIES:,} are allowed", "zip_bomb")
    # torch.save compresses nothing, so what comes out can never be more than what went in.
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise refusal("its entries are compressed, which torch.save never does", "zip_bomb")
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise refusal("its entries overlap, which torch.save never does", "zip_bomb")
    if any(entry.filename.endswith("/constants.pkl") for entry in entries):
        raise refusal("this is a TorchScript archive; save model.state_dict() instead", "torchscript")
    check_sums(path)


def _tensors(saved: Any, prefix: str, depth: int) -> Iterator[tuple[str, Tensor]]:
    if isinstance(saved, Tensor):
        if saved.is_floating_point() or saved.is_quantized or saved.layout != torch.strided:
            yield prefix, _dense(saved, prefix)
    elif isinstance(saved, Mapping) and depth > 0:
        for key, value in saved.items():
            if isinstance(key, str):
                yield from _tensors(value, f"{prefix}.{key}" if prefix else key, depth - 1)


def _dense(tensor: Tensor, name: str) -> Tensor:
    if tensor.is_quantized:
        raise refusal(f"{name} is quantised; save the weights in floating point", "quantised_tensor", tensor=name)
    if tensor.layout != torch.strided:
        raise refusal(f"{name} is sparse; save it dense", "sparse_tensor", tensor=name)
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        raise refusal(f"{name} claims more values than the file holds", "swollen_tensor", tensor=name)
    return tensor.detach().contiguous()
