"""A stranger's JSON, with its depth and the length of its lists looked at before they are built."""

import json
import re
from collections.abc import Callable
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined] # the readers that json itself is made of
from json.scanner import c_make_scanner, py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from gatescope.errors import InvalidInput

DEEPEST = 32
MOST_ITEMS = 50_000
_ROW = re.compile(r'[^\[\]{}"]{0,100000}+\]')  # what stands behind [ in a list of numbers

Scan = Callable[[str, int], tuple[Any, int]]


def read_json(text: str, *, most_items: int = MOST_ITEMS, field: str = "") -> Any:
    """What `json.loads` gives.

    It is built in pieces of at most some hundred kilobytes, so that other threads get their turn in between.

    Args:
        text: the JSON.
        most_items: how many items a list or an object may have, and how many lists and objects there may be.
        field: where the text stands in the request, for errors.

    Raises:
        json.JSONDecodeError: it is no JSON.
        InvalidInput: it is nested too deeply or too large, or a number has thousands of digits.
    """
    try:
        return _Decoder(most_items).decode(text)
    except InvalidInput as error:
        error.field = field
        raise
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise InvalidInput(
            "the JSON holds a whole number of thousands of digits", field=field, code="json_number_too_long"
        ) from error


class _Decoder(json.JSONDecoder):
    """Python's own decoder, which counts what it is about to build; lists of numbers are built in C."""

    def __init__(self, most_items: int) -> None:
        super().__init__()
        self.most_items = most_items
        self.depth = 0
        self.built = 0  # lists and objects
        self.scan_row: Scan = c_make_scanner(self)
        self.parse_array = self._array
        self.parse_object = self._object
        self.scan_once: Scan = py_make_scanner(self)

    def _array(self, place: tuple[str, int], scan_once: Scan) -> tuple[Any, int]:
        text, start = place
        self.built += 1
        row = _ROW.match(text, start)
        if row is None:
            return self._nested(lambda scan: JSONArray(place, scan), scan_once)
        self._check(text.count(",", start, row.end()) + 1)
        return self.scan_row(text, start - 1)

    def _object(self, place: tuple[str, int], strict: bool, scan_once: Scan, *rest: Any) -> tuple[Any, int]:
        self.built += 1
        return self._nested(lambda scan: JSONObject(place, strict, scan, *rest), scan_once)

    def _nested(self, build: Callable[[Scan], tuple[Any, int]], scan_once: Scan) -> tuple[Any, int]:
        if self.depth == DEEPEST:
            raise InvalidInput(f"the JSON is nested more than {DEEPEST} deep", code="json_too_deep", most=DEEPEST)
        self._check(0)
        items = 0

        def counted(text: str, place: int) -> tuple[Any, int]:
            nonlocal items
            items += 1
            self._check(items)
            return scan_once(text, place)

        self.depth += 1
        result = build(counted)
        self.depth -= 1
        return result

    def _check(self, items: int) -> None:
        if max(items, self.built) > self.most_items:
            raise InvalidInput(
                f"the JSON has a list or an object of more than {self.most_items:,} items, or more of them altogether",
                code="json_too_large",
                most=self.most_items,
            )
