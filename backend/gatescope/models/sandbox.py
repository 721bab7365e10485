"""Reads a checkpoint in a child process, with a cap on its memory and its time.

`python -m gatescope.models.sandbox FILE FOLDER` is that child: it writes the reading to FOLDER/reading.safetensors, or
prints the error as JSON and ends with status 3.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from gatescope.errors import InvalidInput
from gatescope.models.containers import container_of
from gatescope.models.content import refusal
from gatescope.models.conventions import translate
from gatescope.models.reading import LSTMReading, Reading

MOST_SECONDS = 60
LARGEST_FILE = 2**30  # bytes
OVERHEAD = 2**29  # bytes that the child may take besides a few copies of the file
REFUSED = 3
RESULT = "reading.safetensors"


def read_untrusted(path: Path) -> Reading:
    """The LSTMs of a file, read without trusting it, in the order of their names.

    Raises:
        InvalidInput: the file is refused, or reading it took more memory or time than allowed.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise refusal(f"the file has {size:,} bytes; {LARGEST_FILE:,} are allowed", "file_too_large")
    with tempfile.TemporaryDirectory(prefix="gatescope-") as folder:
        command = [sys.executable, "-P", "-m", "gatescope.models.sandbox", str(path.resolve()), folder]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            child = subprocess.run(  # noqa: S603 - our own module
                command, cwd=folder, env=environment, capture_output=True, timeout=MOST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise refusal(f"reading the file took more than {MOST_SECONDS} seconds", "reader_stopped") from error
        if child.returncode == REFUSED:
            raise InvalidInput(**json.loads(child.stdout))
        if child.returncode != 0:
            raise refusal("reading the file took more memory than allowed, or crashed its reader", "reader_stopped")
        return load(Path(folder) / RESULT)


def read(path: Path) -> Reading:
    """As `read_untrusted`, but in this process, with no cap."""
    return translate(container_of(path).read(path))


def save(reading: Reading, path: Path) -> None:
    """Writes a reading as a safetensors file, from which `load` makes it again."""
    # Tensors that share memory are written apart.
    tensors = {name: tensor.clone(memory_format=torch.contiguous_format) for name, tensor in reading.tensors.items()}
    in_order = sorted(reading.lstms, key=lambda lstm: min(lstm.tensors))
    lstms = [{**vars(lstm), "weights": sorted(zip(lstm.weights, lstm.tensors, strict=True))} for lstm in in_order]
    save_file(tensors, path, {"lstms": json.dumps(lstms), "unsupported": json.dumps(dict(reading.unsupported))})


def load(path: Path) -> Reading:
    """Reads a reading, its tensors and LSTMs in the order of their names."""
    with safe_open(path, framework="pt") as file:
        others = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        metadata = file.metadata()
    lstms = []
    for lstm in json.loads(metadata["lstms"]):
        weights = {name: others.pop(full_name) for name, full_name in lstm["weights"]}
        lstms.append(LSTMReading(**{**lstm, "weights": weights}))
    return Reading(tuple(lstms), others, json.loads(metadata["unsupported"]))


def _limit_memory(file_size: int) -> None:
    """Caps the address space a little above what importing has taken already, where the system knows such a cap."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    allowed = pages * resource.getpagesize() + OVERHEAD + 4 * file_size
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def main(path: Path, folder: Path) -> int:
    """The child's work; returns its exit status."""
    _limit_memory(path.stat().st_size)
    try:
        save(read(path), folder / RESULT)
    except InvalidInput as error:
        print(json.dumps({"message": error.message, "field": error.field, "code": error.code, **error.context}))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
