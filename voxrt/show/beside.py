"""Two runs beside each other: the first place at which they part."""

from __future__ import annotations

from math import inf

from attrs import frozen

from voxrt.replay.check import check_records
from voxrt.replay.compare import Window, compare
from voxrt.replay.forms import Tolerance, name
from voxrt.session.journal import Record
from voxrt.show.folder import ShownRun


@frozen
class Parting:
    """Where two runs part.

    Attributes:
        first: The number of the record in the first run.
        second: Its number in the second one.
        text: What differs, in a few words.
    """

    first: int
    second: int
    text: str = ""


def find_parting(run: ShownRun, other: ShownRun) -> Parting | None:
    """The first effect that is not the same in two runs; `None` when all are.

    What one of them does not have is where it would have been, by its time.

    Raises:
        DocumentError: A record of one of them is not as a run writes it.
    """
    for one in (run, other):
        check_records(one.folder)
    everything = Window(n=inf, t=inf, is_end=True)
    comparison = compare(run.records, other.records, everything, Tolerance())
    found = [one for one in comparison.divergences if one.recorded or one.replayed]
    if not found:
        return None
    first = found[0]
    record = first.recorded or first.replayed
    assert record is not None
    return Parting(
        first=_number(run, first.recorded, first.t),
        second=_number(other, first.replayed, first.t),
        text=f"{_WHAT[first.what]}: {name(record)}",
    )


_WHAT = {
    "changed": "changed",
    "moved": "at another time",
    "missing": "only in A",
    "new": "only in B",
    "audio": "another sound",
}


def _number(run: ShownRun, record: Record | None, t: float) -> int:
    """The record's number, or that of the first one that is not before its time."""
    if record is not None:
        return int(record["n"])
    return next((one["n"] for one in run.records if one["t"] >= t), len(run.records))
