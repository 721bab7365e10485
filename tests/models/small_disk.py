"""A disk of a mebibyte, in a process that has a namespace of its own."""

import subprocess
import sys
from contextlib import suppress

import pytest

MOUNT = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" -c "$3" "$1" "$4"'


def _can_mount() -> bool:
    with suppress(OSError):
        command = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


needs_mounting = pytest.mark.skipif(not _can_mount(), reason="nothing can be mounted here")


def on_small_disk(folder: str, script: str, argument: str = "") -> list[str]:
    """The command that runs a script of Python with the disk at a folder, its first argument."""
    return ["unshare", "-rm", "sh", "-c", MOUNT, "sh", folder, sys.executable, script, argument]
