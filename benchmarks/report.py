"""What all benchmarks share: the options, medians with their spread, the machine in a line, a table, and JSON."""

import argparse
import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]  # text, numbers, or the times of all turns


def options(description: str | None, repeats: int) -> argparse.Namespace:
    """``repeats`` and ``json``, the directory for results or None, as given on the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--repeats", type=int, default=repeats, help=f"turns of each measurement ({repeats})")
    parser.add_argument("--json", type=Path, metavar="DIR", help="also write the results there, as one file")
    return parser.parse_args()


def machine(*packages: str) -> dict[str, str | int]:
    """The machine and the versions that a figure depends on."""
    described: dict[str, str | int] = {
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count() or 1,
        "Python": platform.python_version(),
    }
    return described | {package: version(package) for package in packages}


def report(
    name: str, title: str, rows: Sequence[Row], described: Mapping[str, str | int], json_to: Path | None
) -> None:
    """Print one table, and write ``name``.json below ``json_to`` if that is given.

    Args:
        name: of the file.
        title: stands above the table.
        rows: a column is text, a number, or the times of all turns, of which the median and the spread are shown.
        described: what `machine` gave.
        json_to: the directory for results.
    """
    print(f"{title}\n{', '.join(f'{key} {value}' for key, value in described.items())}\n")
    heads = list(rows[0])
    cells = [[_cell(row[head]) for head in heads] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    for line in [heads, *cells]:
        print("  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    print(flush=True)
    if json_to:
        json_to.mkdir(parents=True, exist_ok=True)
        content: dict[str, Any] = {"title": title, "machine": dict(described), "rows": [dict(row) for row in rows]}
        (json_to / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _cell(value: Any) -> str:
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{statistics.median(value):.1f} ({min(value):.1f} … {max(value):.1f})"
