"""The end of work that no one waits for: a flag that every long loop looks at.

Whoever waits for a computation makes a `Cancellation`, and the computation runs within it. The compiled loop reads the
flag at each step; other loops call `check_cancelled`. Outside of any, nothing can be cancelled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from gatescope.errors import Cancelled


class Cancellation:
    """Asks the computation within it to stop; any thread may do so, at any time.

    Attributes:
        flag: one int64, which is not 0 from then on.
    """

    def __init__(self) -> None:
        self.flag = np.zeros(1, np.int64)

    def cancel(self) -> None:
        """Asks the computation to stop."""
        self.flag[0] = 1

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Until the block ends, loops of this thread look at the flag; a copy of the context takes it to another."""
        before = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(before)


_CURRENT: ContextVar[Cancellation] = ContextVar("cancellation", default=Cancellation())  # noqa: B039 - never cancelled


def current() -> Cancellation:
    """The cancellation within which this thread computes."""
    return _CURRENT.get()


def check_cancelled() -> None:
    """Raises Cancelled if the computation is to stop."""
    if _CURRENT.get().flag[0]:
        raise Cancelled
