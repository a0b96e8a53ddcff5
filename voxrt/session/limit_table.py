"""The page of the limits, from their table.

    python -m voxrt.session.limit_table      writes docs/limits.md again

A test holds that the page is current.
"""

from __future__ import annotations

from pathlib import Path

from voxrt.session.limit_rows import ALWAYS, GUIDE, NOT_ENFORCED, ROWS, LimitRow
from voxrt.session.limits import Limits

_HEAD = """\
# Limits

<!-- Made by `python -m voxrt.session.limit_table` from the code; a test holds this page to it. -->

Every number of the platform's reference, and what exceeding it does here.
`voxrt run --limits MODE` and `RunConfig.limits` say how strict a run is:

| | |
|---|---|
| `enforce` | what the platform does; the default |
| `warn` | a warning with the code `limit`, with the scenario's line, and then it goes on |
| `off` | nothing |

## Enforced

"""

_TABLE = ("| what | limit | on excess | source | enforced in |", "|---|---|---|---|---|")


def _line(row: LimitRow, number: str, excess: str) -> str:
    where = ", ".join(f"`{module}`" for module in row.where)
    return f"| {row.what} | {number} | {excess} | [page]({row.source}) | {where} |"


def page() -> str:
    """The whole page, as Markdown."""
    limits = Limits()
    lines = [*_TABLE]
    for row in ROWS:
        excess = f"{row.excess}. `warn` {row.warned}" if row.warned else row.excess
        lines.append(_line(row, row.shown(limits), excess))
    lines += ["", "## The same in every mode", "", *_TABLE]
    lines += [_line(row, row.number, row.excess) for row in ALWAYS]
    lines += ["", "## Not enforced", "", "| what | limit | why |", "|---|---|---|"]
    lines += [f"| {row.what} | {row.number} | {row.excess} |" for row in NOT_ENFORCED]
    lines += ["", f"They are from [the limits page]({GUIDE}) unless a module's own page has them."]
    return _HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Writes the page into the project that this module belongs to."""
    target = Path(__file__).parents[2] / "docs" / "limits.md"
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
