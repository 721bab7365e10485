"""The rows of the walk: each pair of a model, a sequence, a route and what a run holds, changes or starts from.

Pairs that work are covered by rows that work in every part, since a refusal would hide the rest; each pair that is
refused has a row of its own in which nothing else is.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

from covertable import make
from tests.web.walk.models import MODELS
from tests.web.walk.routes import ROUTES
from tests.web.walk.runs import WHATS, Run
from tests.web.walk.sequences import SEQUENCES, Sequence, misfit

BY_NAME = {model.name: model for model in MODELS}
FACTORS: Mapping[str, list[str]] = {
    "model": list(BY_NAME),
    "sequence": list(SEQUENCES),
    "route": list(ROUTES),
    "what": list(WHATS),
}
Pair = frozenset[tuple[str, str]]  # a factor and its value, twice


class Row(NamedTuple):
    """One question that the walk asks."""

    model: str
    sequence: str
    route: str
    what: str

    @property
    def pairs(self) -> set[Pair]:
        """The pairs that it covers."""
        return {frozenset(pair) for pair in combinations(self._asdict().items(), 2)}

    def run(self, folder: Path = Path(), stored: Mapping[str, str] | None = None) -> Run:
        """The run that it asks about."""
        return Run(BY_NAME[self.model], _sequence(self.model, self.sequence), folder, stored or {}, WHATS[self.what])


@cache
def _sequence(model: str, sequence: str) -> Sequence:
    return SEQUENCES[sequence](BY_NAME[model])


@cache
def refusal(row: Row) -> str | None:
    """The code with which it is refused; None where it is answered."""
    model = BY_NAME[row.model]
    return misfit(model, _sequence(row.model, row.sequence)) or ROUTES[row.route].refusal(row.run())


def all_pairs() -> set[Pair]:
    """Every pair of two values of different factors."""
    return {
        frozenset({(one, a), (other, b)})
        for (one, of_one), (other, of_other) in combinations(FACTORS.items(), 2)
        for a, b in product(of_one, of_other)
    }


@cache
def rows() -> tuple[Row, ...]:
    """Rows that cover every pair, those of a model together."""
    works = {"operator": "fn", "requires": list(FACTORS), "evaluate": lambda row: refusal(Row(**row)) is None}
    answered = [Row(**row) for row in make(dict(FACTORS), constraints=[works])]
    left = all_pairs().difference(*(row.pairs for row in answered))
    order = list(BY_NAME)
    return tuple(sorted([*answered, *_refused(left)], key=lambda row: order.index(row.model)))


def _refused(pairs: set[Pair]) -> Iterator[Row]:
    """For each pair a row that is refused because of it: with any of the other values it is refused, too."""
    for number, pair in enumerate(sorted(pairs, key=sorted)):
        given = dict(pair)
        others = [[given[name]] if name in given else values for name, values in FACTORS.items()]
        candidates = [Row(*values) for values in product(*others)]
        assert all(refusal(row) for row in candidates), pair
        yield candidates[number % len(candidates)]
