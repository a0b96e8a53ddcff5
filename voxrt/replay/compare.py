"""The effects of a replay beside those of its recording: where they part, and how.

Both are lists of records in their order. They go along together while they are alike; where they
are not, the nearest place is looked for at which they meet again, and what lies between is what
has been changed, what is missing and what is new. Something that is missing in one place and new
in another has moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from attrs import define, evolve, field, frozen

from voxrt.replay.forms import Differences, Ids, Tolerance, form, name, shape
from voxrt.replay.kinds import Role, role_of
from voxrt.session.journal import Record

#: How many records ahead the two are looked through for a place at which they meet again.
FARTHEST = 120


@frozen(kw_only=True)
class Divergence:
    """One place at which a replay is not its recording.

    Attributes:
        what: `changed`: other fields; `moved`: the same at another time; `missing` in the replay;
            `new` in the replay; `audio`: another sound in a file.
        recorded: The record of the recording, unless it is new.
        replayed: The record of the replay, unless it is missing.
        fields: The fields that differ: path, recorded and replayed value.
        text: For `audio`: which file, and where.
        t: When, in ms: the earlier one of both sides.
    """

    what: Literal["changed", "moved", "missing", "new", "audio"]
    recorded: Record | None = None
    replayed: Record | None = None
    fields: tuple[tuple[str, Any, Any], ...] = ()
    text: str = ""
    t: float = 0.0


@frozen(kw_only=True)
class Comparison:
    """What came of a comparison.

    Attributes:
        divergences: In the order of their times.
        compared: How many effects of the recording were looked at.
        ids: Names identifiers for a report.
    """

    divergences: tuple[Divergence, ...]
    compared: int
    ids: Ids


@frozen(kw_only=True)
class Window:
    """Up to where two runs are compared.

    Attributes:
        n: The last record of the recording.
        t: Its time in ms; what a replay does later does not count.
        is_end: Whether the recording ends there by itself, so that nothing may follow.
    """

    n: float
    t: float
    is_end: bool

    def has_recorded(self, record: Record) -> bool:
        """Whether a record of the recording counts."""
        return bool(record["n"] <= self.n)

    def has_replayed(self, record: Record, tolerance: Tolerance) -> bool:
        """Whether a record of the replay counts, which may be late."""
        return self.is_end or bool(record["t"] <= self.t + tolerance.ms)

    def without_tail(self, found: Iterable[Divergence], tolerance: Tolerance) -> list[Divergence]:
        """Without what the replay did at the very instant at which the recording was cut off."""
        tail_ms = self.t - tolerance.ms
        return [one for one in found if self.is_end or one.what != "new" or one.t < tail_ms]


def compare(
    recorded: Sequence[Record], replayed: Sequence[Record], window: Window, tolerance: Tolerance
) -> Comparison:
    """Compares the effects of two runs.

    Args:
        recorded: The journal of the recording.
        replayed: The journal of the replay.
        window: Up to where.
        tolerance: How exact times have to be. With some, only the order of records of one kind
            is compared, as things that happen in real time may overtake each other.
    """
    there = [r for r in recorded if is_compared(r, tolerance) and window.has_recorded(r)]
    here = [r for r in replayed if is_compared(r, tolerance) and window.has_replayed(r, tolerance)]
    differences = Differences(tolerance)
    found: list[Divergence] = []
    for left, right in _streams(there, here, tolerance):
        walk = Walk(left, right, differences)
        walk.go()
        found += window.without_tail(walk.found, tolerance)
    return Comparison(divergences=tuple(in_order(found)), compared=len(there), ids=differences.ids)


def is_compared(record: Record, tolerance: Tolerance) -> bool:
    """Whether a record is an effect that has to be the same on both sides."""
    if role_of(record) is not Role.EFFECT:
        return False
    # Where the chunks of sound begin is a matter of some milliseconds.
    return not tolerance.ms or record.get("type") != "input_audio_buffer.append"


@define
class StreamKeys:
    """Which records of one side are compared in their order.

    That is everything but what was heard, on each call by itself, or with a tolerance each kind.
    """

    tolerance: Tolerance
    _calls: dict[str, int] = field(factory=dict, init=False)

    def of(self, record: Record) -> tuple[Any, ...]:
        """The stream of the next record."""
        if record["kind"] == "heard":
            call = self._calls.setdefault(record["call"], len(self._calls))
            return ("heard", record["by"], call)
        if not self.tolerance.ms:
            return ()
        return (record["kind"], record.get("unit", ""), record.get("session", 1))


def _streams(
    there: list[Record], here: list[Record], tolerance: Tolerance
) -> list[tuple[list[Record], list[Record]]]:
    both: dict[tuple[Any, ...], tuple[list[Record], list[Record]]] = {}
    for side, records in enumerate((there, here)):
        keys = StreamKeys(tolerance)
        for record in records:
            both.setdefault(keys.of(record), ([], []))[side].append(record)
    return list(both.values())


def in_order(found: Iterable[Divergence]) -> list[Divergence]:
    """Divergences by their times, and at one instant by their records."""
    return sorted(found, key=lambda one: (one.t, (one.recorded or one.replayed or {"n": 0})["n"]))


@frozen(eq=False)
class _Entry:
    record: Record
    shape: str
    name: str

    @classmethod
    def of(cls, record: Record) -> _Entry:
        return cls(record, shape(record), name(record))


def _entries(records: Sequence[Record]) -> list[_Entry]:
    return [_Entry.of(record) for record in records]


@define(eq=False)
class Walk:
    """Goes along two streams at once.

    Attributes:
        found: The divergences, once it went.
        is_together: Whether the last records of both were alike, two of them if there are two.
    """

    there: list[_Entry] = field(converter=_entries)
    here: list[_Entry] = field(converter=_entries)
    differences: Differences
    found: list[Divergence] = field(factory=list, init=False)
    is_together: bool = field(default=True, init=False)

    def go(self) -> None:
        """Finds every divergence of the two."""
        tails = self.there[-2:], self.here[-2:]
        self.is_together = [one.shape for one in tails[0]] == [one.shape for one in tails[1]]
        i = j = 0
        while i < len(self.there) and j < len(self.here):
            if self.there[i].shape == self.here[j].shape:
                self._pair(self.there[i].record, self.here[j].record)
                i, j = i + 1, j + 1
                continue
            skip_there, skip_here = self._meeting(i, j)
            self._between(self.there[i : i + skip_there], self.here[j : j + skip_here])
            i, j = i + skip_there, j + skip_here
        self._between(self.there[i:], self.here[j:])
        self._find_moved()

    def _meeting(self, i: int, j: int) -> tuple[int, int]:
        """How far both have to be skipped to be alike again, for two records if possible."""
        left, right = len(self.there) - i, len(self.here) - j
        for length in (2, 1):
            for apart in range(1, min(2 * FARTHEST, left + right) + 1):
                for skip in range(max(0, apart - right), min(apart, left) + 1):
                    if self._alike(i + skip, j + apart - skip, length):
                        return skip, apart - skip
        return left, right

    def _alike(self, i: int, j: int, length: int) -> bool:
        pairs = zip(self.there[i : i + length], self.here[j : j + length], strict=False)
        shapes = [one.shape == other.shape for one, other in pairs]
        at_end = i + len(shapes) == len(self.there) and j + len(shapes) == len(self.here)
        return bool(shapes) and all(shapes) and (len(shapes) == length or at_end)

    def _between(self, there: list[_Entry], here: list[_Entry]) -> None:
        """What has no like on the other side: pairs of the same name have been changed."""
        rest = list(here)
        for one in there:
            other = next((entry for entry in rest if entry.name == one.name), None)
            if other is None:
                at = one.record["t"]
                self.found.append(Divergence(what="missing", recorded=one.record, t=at))
            else:
                rest.remove(other)
                self._pair(one.record, other.record)
        for one in rest:
            self.found.append(Divergence(what="new", replayed=one.record, t=one.record["t"]))

    def _pair(self, recorded: Record, replayed: Record) -> None:
        fields = self.differences.between(form(recorded), form(replayed))
        if not fields:
            return
        moved = all(path == "t" for path, _, _ in fields)
        self.found.append(
            Divergence(
                what="moved" if moved else "changed",
                recorded=recorded,
                replayed=replayed,
                fields=tuple(fields),
                t=min(recorded["t"], replayed["t"]),
            )
        )

    def _find_moved(self) -> None:
        """Makes one of what is missing in one place and new in another."""
        new: dict[str, list[Divergence]] = {}
        for one in self.found:
            if one.what == "new" and one.replayed is not None:
                new.setdefault(shape(one.replayed), []).append(one)
        gone: list[int] = []
        for index, one in enumerate(self.found):
            if one.what != "missing" or one.recorded is None:
                continue
            likes = new.get(shape(one.recorded))
            if likes:
                other = likes.pop(0)
                gone.append(id(other))
                there, here = one.recorded, other.replayed
                assert here is not None
                if self._is_in_place(there["t"], here["t"]):
                    gone.append(id(one))
                    continue
                self.found[index] = evolve(
                    one,
                    what="moved",
                    replayed=here,
                    fields=(("t", there["t"], here["t"]),),
                    t=min(there["t"], here["t"]),
                )
        self.found = [one for one in self.found if id(one) not in gone]

    def _is_in_place(self, recorded_ms: float, replayed_ms: float) -> bool:
        """Whether something has its place, and only what is around it has moved."""
        if recorded_ms != replayed_ms:
            return False
        there, here = (
            [one.shape for one in side if one.record["t"] == recorded_ms]
            for side in (self.there, self.here)
        )
        return there == here
