"""Texts that can be written: without half of a surrogate pair, which JSON can name but UTF-8 cannot hold."""

from gatescope.errors import InvalidInput


def check_unicode(text: str, *, field: str) -> None:
    """Raises InvalidInput with the place of the first half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"the text holds half of a surrogate pair at {error.start}, which is no character",
            field=field,
            code="lone_surrogate",
            position=error.start,
        ) from error
