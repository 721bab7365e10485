"""Every error that Gatescope raises for a reason the user can mend.

GatescopeError
├── InvalidInput          a value is wrong: what, where, and what is allowed
│   └── LimitExceeded     a value is larger than a configured limit
└── StorageUnavailable    a model cannot be kept
    └── TemporaryFolderUnavailable    a file cannot be read, for want of a place for what is in it
"""

from collections.abc import Sequence

Context = str | int | float | Sequence[str]


class GatescopeError(Exception):
    """The root of the tree; its text is a sentence for the user."""


class InvalidInput(GatescopeError):
    """A value that the user supplied is wrong.

    Args:
        message: what is wrong and what is allowed, as a sentence in English.
        field: where, as a dotted path below the thing being read, such as ``values.3.0``; empty for the whole.
        code: a stable name of the kind of mistake, by which a client can translate the message.
        context: the numbers and short texts inside the message, for the same purpose, and what can be chosen instead.
    """

    def __init__(self, message: str, *, field: str = "", code: str, **context: Context) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.context: dict[str, Context] = context


class LimitExceeded(InvalidInput):
    """A value is larger than a limit that the settings hold."""

    def __init__(self, what: str, *, actual: int, limit: int, setting: str, field: str = "") -> None:
        super().__init__(
            f"{what} is {actual:,}; the limit is {limit:,} (setting {setting})",
            field=field,
            code="limit_exceeded",
            what=what,
            actual=actual,
            limit=limit,
            setting=setting,
        )


class StorageUnavailable(GatescopeError):
    """The directory of the models cannot be written to."""


class TemporaryFolderUnavailable(StorageUnavailable):
    """The folder for temporary files is full or cannot be written to."""
