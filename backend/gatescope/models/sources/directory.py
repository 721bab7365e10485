"""Files in a directory or a bucket, each there as a whole or not at all."""

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import fsspec
from filelock import FileLock

from gatescope.errors import StorageUnavailable

LOCK = ".lock"
UNFINISHED = ".part"
PATIENCE = 30  # seconds for which another process may hold the lock


class Directory:
    """Files by their names.

    Args:
        address: a path, or an address that fsspec knows, such as ``s3://bucket/models``.
    """

    def __init__(self, address: str) -> None:
        self.files, self.root = fsspec.url_to_fs(address)
        self.is_local = "file" in self.files.protocol
        self._thread = threading.Lock()

    @contextmanager
    def changing(self, patience: float = PATIENCE) -> Iterator[None]:
        """Keeps other threads from changing it, and other processes too where it is no bucket.

        Raises:
            StorageUnavailable: it cannot be written to.
        """
        with self._thread, ExitStack() as stack:
            if self.is_local:
                with _as_unavailable():
                    self.files.makedirs(self.root, exist_ok=True)
                    stack.enter_context(FileLock(self._path(LOCK), timeout=patience, poll_interval=0.01))
            yield

    def names(self) -> set[str]:
        """The names of its files, without those that are not finished."""
        try:
            paths = self.files.ls(self.root, detail=False, refresh=True)
        except (FileNotFoundError, NotADirectoryError):
            return set()
        names = (path.rsplit("/", 1)[-1] for path in paths)
        return {name for name in names if name != LOCK and not name.endswith(UNFINISHED)}

    def size(self) -> int:
        """The bytes of all its files; nobody may change it meanwhile."""
        try:
            return sum(entry["size"] or 0 for entry in self.files.ls(self.root, detail=True, refresh=True))
        except FileNotFoundError:
            return 0

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return bool(self.files.exists(self._path(name)))

    def read(self, name: str) -> bytes:
        """The content of a file; raises OSError."""
        content: bytes = self.files.cat_file(self._path(name))
        return content

    def write(self, name: str, content: bytes) -> None:
        """Puts a file there, in the place of one of that name.

        Raises:
            StorageUnavailable: it cannot be written; nothing of it is left.
        """
        unfinished = self._path(f"{name}.{uuid.uuid4().hex}{UNFINISHED}")
        with _as_unavailable():
            try:
                self.files.makedirs(self.root, exist_ok=True)
                with self.files.open(unfinished, "wb") as file:
                    file.write(content)
                    if self.is_local:
                        file.flush()
                        os.fsync(file.fileno())
                self.files.mv(unfinished, self._path(name))
            except OSError:
                with suppress(OSError):
                    self.files.rm_file(unfinished)
                raise

    def remove(self, name: str) -> None:
        """Removes a file, if it is there.

        Raises:
            StorageUnavailable: it cannot be removed.
        """
        with _as_unavailable(), suppress(FileNotFoundError):
            self.files.rm_file(self._path(name))

    def remove_unfinished(self) -> None:
        """Removes what a process left that was killed; nobody may change it meanwhile."""
        for path in self.files.glob(self._path(f"*{UNFINISHED}")):
            self.remove(path.rsplit("/", 1)[-1])

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(f"the model cannot be kept: {error.strerror or error}") from error
