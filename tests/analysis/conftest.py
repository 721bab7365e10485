"""Measurements are reported: on the terminal with ``-rA``, and in the report of ``--junit-xml``."""

from collections.abc import Callable

import pytest

Tell = Callable[[str, object], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Prints a figure under its name, and records it as a property of the test."""

    def told(name: str, figure: object) -> None:
        print(f"{name}: {figure}")
        record_property(name, str(figure))

    return told
