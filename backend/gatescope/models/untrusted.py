"""Reads a checkpoint in a child process, with a cap on its memory and its time.

`python -m gatescope.models.untrusted FILE FOLDER` is that child: it writes FOLDER/tensors.safetensors, or prints the
mistake as JSON and ends with status 3.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file

from gatescope.errors import InvalidInput
from gatescope.models.contents import Contents
from gatescope.models.tensors import read_contents

MOST_SECONDS = 60
LARGEST_FILE = 2**30  # bytes
OVERHEAD = 2**29  # bytes that the child may take besides a few copies of the file
REFUSED = 3
RESULT = "tensors.safetensors"


def read_untrusted(path: Path) -> Contents:
    """The inside of a file, read without trusting it.

    Raises:
        InvalidInput: the file is refused, or reading it took more memory or time than allowed.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InvalidInput(
            f"the file has {size:,} bytes; {LARGEST_FILE:,} are allowed", field="file", code="file_too_large"
        )
    with tempfile.TemporaryDirectory(prefix="gatescope-") as folder:
        command = [sys.executable, "-P", "-m", "gatescope.models.untrusted", str(path.resolve()), folder]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            child = subprocess.run(  # noqa: S603 - our own module
                command, cwd=folder, env=environment, capture_output=True, timeout=MOST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise _too_much(f"reading the file took more than {MOST_SECONDS} seconds") from error
        if child.returncode == REFUSED:
            raise InvalidInput(**json.loads(child.stdout))
        if child.returncode != 0:
            raise _too_much("reading the file took more memory than allowed, or crashed its reader")
        with safe_open(Path(folder) / RESULT, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
            return Contents(tensors, json.loads(file.metadata()["unsupported"]))


def _too_much(message: str) -> InvalidInput:
    return InvalidInput(message, field="file", code="reader_stopped")


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
        contents = read_contents(path)
        # Tensors that share memory are written apart.
        tensors = {name: tensor.clone() for name, tensor in contents.tensors.items()}
        save_file(tensors, folder / RESULT, metadata={"unsupported": json.dumps(dict(contents.unsupported))})
    except InvalidInput as error:
        print(json.dumps({"message": error.message, "field": error.field, "code": error.code, **error.context}))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
