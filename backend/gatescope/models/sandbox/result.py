"""What the child does with a file, and how the parent gets it: a checkpoint as a safetensors file."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from gatescope.errors import InvalidInput
from gatescope.lstm.layout import Layout
from gatescope.models.checkpoint import Checkpoint, CheckpointLSTM, find
from gatescope.models.containers import container_of
from gatescope.models.content import refusal
from gatescope.models.conventions import translate
from gatescope.models.reading import full_name


@dataclass(frozen=True)
class Job:
    """A file to read, the name of the LSTM that is wanted, if one is, and the caps.

    memory: bytes; seconds: of a core; result: bytes of the tensors that come back.
    """

    path: str
    name: str | None
    memory: int
    seconds: int
    result: int


def read(path: Path, name: str | None = None, most: int | None = None) -> Checkpoint:
    """The LSTMs of a file, with at most so many bytes of tensors; to be run in a child process.

    Raises:
        InvalidInput: the file is refused.
    """
    try:
        checkpoint = find(translate(container_of(path).read(path)), name)
    except (InvalidInput, MemoryError):
        raise
    except Exception as error:  # whatever else a forged file makes a library raise
        raise refusal("this is not a sound file, or reading it took more memory than allowed", "broken_file") from error
    size = sum(tensor.nbytes for tensor in checkpoint.tensors.values())
    if most is not None and size > most:
        message = f"its LSTMs take {size:,} bytes in float32; {most:,} are allowed for a file of this size"
        raise refusal(message, "swollen_file", actual=size, limit=most)
    return checkpoint


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Writes a checkpoint, from which `load` makes it again."""
    owners = Counter(tensor.untyped_storage().data_ptr() for tensor in checkpoint.tensors.values())
    tensors = {  # tensors that share memory are written apart
        name: tensor.contiguous()
        if owners[tensor.untyped_storage().data_ptr()] == 1
        else tensor.clone(memory_format=torch.contiguous_format)
        for name, tensor in checkpoint.tensors.items()
    }
    lstms = [
        {
            "name": lstm.name,
            "weights": list(lstm.weights),
            "layout": asdict(lstm.layout),
            "fronts": lstm.fronts,
            "read_outs": lstm.read_outs,
            "omitted_parts": lstm.omitted_parts,
        }
        for lstm in checkpoint.lstms
    ]
    described = {"lstms": lstms, "unsupported": dict(checkpoint.unsupported), "omitted": checkpoint.omitted}
    save_file(tensors, path, {"checkpoint": json.dumps(described)})


def load(path: Path) -> Checkpoint:
    """Reads what `save` wrote; nothing is worked out again."""
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in sorted(file.keys())}
        described = json.loads(file.metadata()["checkpoint"])
    lstms = tuple(
        CheckpointLSTM(
            lstm["name"],
            {name: tensors[full_name(lstm["name"], name)] for name in lstm["weights"]},
            Layout(**lstm["layout"]),
            tuple(lstm["fronts"]),
            tuple(lstm["read_outs"]),
            lstm["omitted_parts"],
        )
        for lstm in described["lstms"]
    )
    return Checkpoint(lstms, described["unsupported"], tensors, described["omitted"])
