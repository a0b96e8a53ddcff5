"""How long a run took on the machine: wall time beside the run's own, in a file of its own.

The journal of a run in virtual time is the same to the byte each time, and how fast a machine was
does not belong into it. `timing.jsonl` beside it is the one file of a run that differs each time,
and the one that no replay reads or compares.

Its first line has the `format`, the `date` of the machine at the beginning, and the kind of `time`;
each other one says that record `n` of the journal, of the time `t`, was written `wall_ms` after the
first one. Not every record has a line: between two lines wall time goes on evenly, to within
`EVERY_US`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from attrs import define, field, frozen

from voxrt.clock import US_PER_MS, US_PER_S, Clock
from voxrt.clocks import RealClock
from voxrt.disk import LineFile, refuse
from voxrt.errors import OutputError
from voxrt.session.journal import Record

FILE = "timing.jsonl"
FORMAT = 1
#: How far wall time goes on without a line: in virtual time, and in real time, which is wall time.
EVERY_US, EVERY_REAL_US = 10 * US_PER_MS, 10 * US_PER_S


@frozen(kw_only=True)
class Timing:
    """What `timing.jsonl` says.

    Attributes:
        date: Of the machine when the run began, in ISO 8601.
        numbers: Of the records that have a line, rising.
        walls_ms: Of each: how long after the first record it was written.
    """

    date: str
    numbers: tuple[int, ...]
    walls_ms: tuple[float, ...]

    @property
    def total_ms(self) -> float:
        """How long the run took, from its first record to its last."""
        return self.walls_ms[-1] if self.walls_ms else 0.0

    def wall_ms(self, n: int) -> float:
        """When a record was written, in ms after the first one."""
        after = bisect_right(self.numbers, n)
        if after == 0 or after == len(self.numbers):
            return self.walls_ms[max(after - 1, 0)] if self.walls_ms else 0.0
        (first, then), (start, end) = (
            row[after - 1 : after + 1] for row in (self.numbers, self.walls_ms)
        )
        return start + (end - start) * (n - first) / (then - first)


@define(eq=False)
class TimingFile:
    """Writes `timing.jsonl` as a run goes on.

    Args:
        path: The file.
        clock: The run's clock.
        on_broken: Told once when the file cannot be written any more.
        watch: Wall time; nobody else uses it.
    """

    path: Path
    clock: Clock
    on_broken: Callable[[OutputError], object] = refuse
    _watch: RealClock = field(factory=RealClock)
    _every_us: int = field(init=False)
    _wall_us_per_ms: float = field(default=0.0, init=False)
    """In real time, for each ms of the run: then no watch has to be read. 0 in virtual time."""
    _written_us: float = field(default=-EVERY_REAL_US, init=False)
    _last: tuple[Record, float] | None = field(default=None, init=False)
    """The last record and its time, while it has no line."""
    _file: LineFile = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._every_us = EVERY_US
        if isinstance(self.clock, RealClock):
            self._every_us, self._wall_us_per_ms = EVERY_REAL_US, US_PER_MS / self.clock.speed
        self._file = LineFile(self.path, self.on_broken)
        self._watch.begin()
        date = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self._watch.unix_ms())
        time = "virtual" if self.clock.is_virtual else "real"
        self._put(format=FORMAT, date=date.isoformat(timespec="milliseconds"), time=time)

    def take(self, record: Record) -> None:
        """Sees a record as it is written; a listener of the journal."""
        factor = self._wall_us_per_ms
        now_us = record["t"] * factor if factor else self._watch.now_us()
        if now_us - self._written_us < self._every_us:
            self._last = record, now_us
            return
        if self._last is not None and now_us - self._last[1] >= self._every_us:
            self._line(*self._last)  # a pause lies between these two, and not before
        self._line(record, now_us)

    def close(self) -> None:
        """Writes the line of the last record."""
        if self._last is not None:
            self._line(*self._last)
        self._file.close()

    def _line(self, record: Record, now_us: float) -> None:
        self._put(n=record["n"], t=record["t"], wall_ms=round(now_us / US_PER_MS, 3))
        self._written_us, self._last = now_us, None

    def _put(self, **fields: object) -> None:
        self._file.write(msgspec.json.encode(fields) + b"\n")
