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
