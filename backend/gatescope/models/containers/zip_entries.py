"""The entries of a zip archive, which several containers are."""

import zipfile
from pathlib import Path

from gatescope.models.content import refusal

SIGNATURE = b"PK\x03\x04"


def zip_entries(path: Path) -> list[zipfile.ZipInfo]:
    """The entries, of which several may have one name.

    Raises:
        InvalidInput: the archive is broken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise refusal("this zip is broken or cut off", "broken_file") from error


def check_sums(path: Path) -> None:
    """Holds each entry against its checksum, which PyTorch does not.

    Raises:
        InvalidInput: an entry is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise refusal("this zip is broken or cut off", "broken_file") from error
    if damaged:
        raise refusal("this zip is damaged: an entry does not fit its checksum", "broken_file")
