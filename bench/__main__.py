"""Runs the benchmarks: `python -m bench [--quick] [--only NAME] [--json FILE]`.

Every `bench_*.py` beside this file has `PARTS`, functions by name that give rows and are told
whether to be quick, or else `rows()`, which is a part by itself.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import asdict

from bench.rows import Row

Part = Callable[[bool], list[Row]]
HERE = Path(__file__).parent
#: What shows as a column, with its width.
COLUMNS = (("figure", 10), ("yardstick", 10), ("counts", 10), ("first", 10), ("goal", 10))


def parts(only: str) -> Iterator[tuple[str, Part]]:
    """The parts whose name, such as `session.help`, contains a text."""
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        module = importlib.import_module(f"bench.{path.stem}")
        found = getattr(module, "PARTS", None)
        if found is None:
            found = {"": lambda quick, rows=module.rows: rows()}
        for part, function in found.items():
            full = f"{name}.{part}".rstrip(".")
            if only in full:
                yield full, function


def kept(row: Row, limit: str) -> bool | None:
    """Whether a row keeps a limit such as `<= 250`; None when there is none."""
    if not limit:
        return None
    sign, _, value = limit.partition(" ")
    return row.ratio <= float(value) if sign == "<=" else row.ratio >= float(value)


def verdict(row: Row) -> str:
    """One word: the goal is reached, the first limit is kept, or it is not."""
    if kept(row, row.goal) and row.ok is not False:
        return "goal"
    return {True: "first", False: "NOT MET", None: ""}[row.ok]


def number(value: float) -> str:
    """Three digits or more."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def lines(row: Row) -> Iterator[str]:
    """A row of the table: what was measured, then the numbers."""
    beside = f"{row.unit}; beside it {row.yardstick}" if row.yardstick else row.unit
    yield f"{row.name} ({beside})"
    cells = (
        number(row.figure),
        number(row.reference) if row.yardstick else "",
        number(row.ratio),
        row.first,
        row.goal,
    )
    numbers = "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True))
    yield f"    {numbers}  {verdict(row)}".rstrip()


def machine() -> dict[str, str | int]:
    """Where the figures were taken."""
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count() or 0,
    }


def main() -> int:
    """Runs what was asked for; a limit that is not kept is told, and no error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round of each, for a look")
    parser.add_argument("--only", metavar="NAME", default="", help="parts with NAME in their name")
    parser.add_argument("--json", metavar="FILE", type=Path, help="keep the figures")
    parser.add_argument("--list", action="store_true", help="name the parts and stop")
    given = parser.parse_args()
    chosen = list(parts(given.only))
    if not chosen:
        parser.error(f"no part has {given.only!r} in its name")
    if given.list:
        print("\n".join(name for name, _ in chosen))
        return 0
    print("    " + "".join(f"{title:>{width}}" for title, width in COLUMNS), flush=True)
    found: list[tuple[str, Row]] = []
    for name, function in chosen:
        for row in function(given.quick):
            found.append((name, row))
            print("\n".join(lines(row)), flush=True)
    if given.json:
        rows = [
            {"part": name, **asdict(row), "goal_ok": kept(row, row.goal)} for name, row in found
        ]
        given.json.write_text(json.dumps({**machine(), "rows": rows}, indent=1) + "\n")
    missed = [row.name for _, row in found if row.ok is False]
    print(f"{len(found)} figures; not met: {', '.join(missed) if missed else 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
