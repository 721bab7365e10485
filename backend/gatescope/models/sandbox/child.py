"""The child process that reads a file; it ends when its parent does.

`parent.py` runs it as a script, so that it is tied to its parent before torch is imported, which takes seconds.
"""

import json
import os
import sys
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2)
REFUSED, NO_ROOM = 3, 4  # exit statuses


def tie(parent: int) -> None:
    """Ends this process with its parent: by a signal on Linux, elsewhere when the pipe of its input closes."""
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it has ended already
            os._exit(1)
    threading.Thread(target=_end_with_the_input, daemon=True).start()


def _end_with_the_input() -> None:
    os.read(0, 1)
    os._exit(1)


def cap(memory: int, seconds: int, result: int) -> None:
    """Caps the bytes and the seconds of a core beyond those that importing took, and the bytes of a written file."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limits = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + memory,
        resource.RLIMIT_CPU: int(usage.ru_utime + usage.ru_stime) + 1 + seconds,
        resource.RLIMIT_FSIZE: result,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def main(folder: Path, job: str, parent: str) -> int:
    """Reads the file of a job and writes the result or the refusal to a folder; returns the exit status."""
    tie(int(parent))
    from safetensors import SafetensorError

    from gatescope.errors import InvalidInput
    from gatescope.models.sandbox.result import Job, read, save

    task = Job(**json.loads(job))
    cap(task.memory, task.seconds, task.result + 2**20)
    try:
        try:
            checkpoint = read(Path(task.path), task.name, task.result)
        except InvalidInput as error:
            refusal = {"message": error.message, "field": error.field, "code": error.code, **error.context}
            (folder / "refusal.json").write_text(json.dumps(refusal), encoding="utf-8")
            return REFUSED
        save(checkpoint, folder / "result.safetensors")
    except (OSError, SafetensorError):
        return NO_ROOM
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
