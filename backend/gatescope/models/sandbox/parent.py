"""Has a file read by a child process, and takes what it gives back."""

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from gatescope.errors import InvalidInput, TemporaryFolderUnavailable
from gatescope.models.checkpoint import Checkpoint
from gatescope.models.content import refusal
from gatescope.models.sandbox import child
from gatescope.models.sandbox.result import Job, load
from gatescope.models.sandbox.scratch import scratch_folder

# COVERAGE_…: the tests measure what runs in the child, too.
PASSED = re.compile(r"PATH|HOME|LANG|LC_\w+|TMPDIR|TMP|TEMP|SYSTEMROOT|(LD|DYLD)_LIBRARY_PATH|COVERAGE_\w+")
MOST_SECONDS = 60  # of a clock
LARGEST_FILE = 2**30  # bytes
MEMORY = 2**29  # bytes, besides a few copies of the file
MEBIBYTE = 2**20


def job_of(path: Path, name: str | None = None) -> Job:
    """What the child may take for a file: it grows with its size."""
    size = path.stat().st_size
    return Job(
        path=str(path.resolve()),
        name=name,
        memory=MEMORY + 4 * size,
        seconds=10 + 2 * size // MEBIBYTE,
        result=MEBIBYTE + 4 * size,  # numbers of one byte become four
    )


def read_checkpoint(path: Path, name: str | None = None) -> Checkpoint:
    """Reads a file without trusting it and finds its LSTMs, or only that of a name.

    The file is looked at in a child process. What this process does grows with what comes back, which is capped.

    Raises:
        InvalidInput: the file is refused, reading it took more memory or time than allowed, or the tensors of an LSTM
            do not fit together or are not finite.
        TemporaryFolderUnavailable: there is no room for what comes back.
    """
    if not path.is_file():
        raise refusal(f"there is no file {path.name}", "no_such_file")
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise refusal(f"the file has {size:,} bytes; {LARGEST_FILE:,} are allowed", "file_too_large")
    with scratch_folder() as folder:
        status = _run(folder, job_of(path, name))
        if status == child.REFUSED:
            raise InvalidInput(**json.loads((folder / "refusal.json").read_text(encoding="utf-8")))
        if status == child.NO_ROOM:
            raise TemporaryFolderUnavailable("the file cannot be read: the temporary folder is full")
        if status != 0:
            raise refusal("reading the file took more memory or time than allowed, or crashed", "reader_stopped")
        return load(folder / "result.safetensors")


def environment_of_child() -> dict[str, str]:
    """The environment of the child: no token, no key of a bucket, nothing that it does not need."""
    passed = {name: value for name, value in os.environ.items() if PASSED.fullmatch(name)}
    return passed | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _run(folder: Path, job: Job) -> int:
    """Runs the child until it ends, and gives its exit status."""
    script, parent = Path(child.__file__), str(os.getpid())
    command = [sys.executable, "-P", str(script), str(folder), json.dumps(asdict(job)), parent]
    for_child, ours = os.pipe()  # when our end closes, the child ends
    try:
        return subprocess.run(  # noqa: S603 - our own module
            command,
            cwd=folder,
            env=environment_of_child(),
            stdin=for_child,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise refusal(f"reading the file took more than {MOST_SECONDS} seconds", "reader_stopped") from error
    finally:
        os.close(for_child)
        os.close(ours)
