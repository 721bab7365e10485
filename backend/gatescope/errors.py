"""Every error that Gatescope raises for a reason the user can mend.

GatescopeError
├── InvalidInput          a value is wrong: what, where, and what is allowed
│   └── LimitExceeded     a value is larger than a configured limit
├── StorageUnavailable    a model cannot be kept
│   └── TemporaryFolderUnavailable    a file cannot be read, for want of a place for what is in it
├── Cancelled             the computation was stopped
├── OutOfTime             it took longer than is allowed
└── Overloaded            there is no place for it now
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
    """A value is larger than a limit that the settings hold; ``actual`` is None where counting ended at the limit."""

    def __init__(self, what: str, *, actual: int | None, limit: int, setting: str, field: str = "") -> None:
        known = {} if actual is None else {"actual": actual}
        super().__init__(
            f"{what} is {'larger' if actual is None else f'{actual:,}'}; the limit is {limit:,} (setting {setting})",
            field=field,
            code="limit_exceeded" if known else "larger_than_limit",
            what=what,
            limit=limit,
            setting=setting,
            **known,
        )


class StorageUnavailable(GatescopeError):
    """The directory of the models cannot be written to."""


class TemporaryFolderUnavailable(StorageUnavailable):
    """The folder for temporary files is full or cannot be written to."""


class Cancelled(GatescopeError):
    """The computation was stopped: its time was over, or no one waits for its result any more."""


class OutOfTime(GatescopeError):
    """A computation took longer than so many seconds, which the setting GATESCOPE_MAX_SECONDS holds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the computation takes longer than {seconds:g} seconds (setting GATESCOPE_MAX_SECONDS)")
        self.seconds = seconds


class Overloaded(GatescopeError):
    """The server computes as much as it can; its text says why this computation cannot wait either.

    Args:
        message: why.
        retry_after: seconds after which there may be a place.
    """

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
