"""Temporary folders, which a later start sweeps away if a process was killed before it could."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from gatescope.errors import TemporaryFolderUnavailable

PREFIX = "gatescope-"
LOCK = ".lock"  # behind a folder's name; who uses the folder holds it


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder for a short time.

    Raises:
        TemporaryFolderUnavailable: it cannot be made.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = FileLock(f"{folder}{LOCK}")
        lock.acquire()
    except OSError as error:
        raise no_room(error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _remove(lock)


def sweep() -> None:
    """Removes the folders of processes that are gone."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*{LOCK}"):
        lock = FileLock(path, timeout=0)
        with suppress(OSError, Timeout):  # in use, or another user's
            lock.acquire()
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            _remove(lock)


def no_room(error: OSError) -> TemporaryFolderUnavailable:
    """The error of a temporary folder that is full or cannot be written to."""
    return TemporaryFolderUnavailable(f"the file cannot be read: the temporary folder: {error.strerror or error}")


def _remove(lock: FileLock) -> None:
    Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
