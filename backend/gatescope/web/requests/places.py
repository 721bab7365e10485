"""Where in a request a mistake is."""

from collections.abc import Iterator
from contextlib import contextmanager

from gatescope.errors import InvalidInput


@contextmanager
def below(field: str) -> Iterator[None]:
    """Say of every mistake found inside that its place is below ``field``."""
    try:
        yield
    except InvalidInput as error:
        error.field = f"{field}.{error.field}".removesuffix(".")
        raise
