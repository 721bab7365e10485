"""The field of a request that a mistake is in."""

from collections.abc import Iterator
from contextlib import contextmanager

from gatescope.errors import InvalidInput


@contextmanager
def below(field: str) -> Iterator[None]:
    """Put ``field`` in front of the field of every mistake that is raised inside."""
    try:
        yield
    except InvalidInput as error:
        error.field = f"{field}.{error.field}".removesuffix(".")
        raise
