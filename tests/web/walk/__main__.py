"""Prints the rows of the walk: `python -m tests.web.walk`."""

from collections import Counter

from tests.web.walk.pairs import FACTORS, all_pairs, refusal, rows

for row in rows():
    print(" | ".join(row), "→", refusal(row) or "answered")
sizes = ", ".join(f"{len(values)} × {name}" for name, values in FACTORS.items())
told = Counter("refused" if refusal(row) else "answered" for row in rows())
print(f"{sizes}: {len(all_pairs())} pairs in {len(rows())} rows,", ", ".join(f"{told[kind]} {kind}" for kind in told))
