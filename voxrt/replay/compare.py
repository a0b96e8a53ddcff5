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
    there = [record for record in _effects(recorded, tolerance) if record["n"] <= window.n]
    here = [r for r in _effects(replayed, tolerance) if window.is_end or r["t"] <= window.t]
    differences = Differences(tolerance)
    found: list[Divergence] = []
    streams = _streams(there, here, is_loose=bool(tolerance.ms))
    for left, right in streams:
        walk = _Walk([_Entry.of(r) for r in left], [_Entry.of(r) for r in right], differences)
        walk.go()
        found += walk.found if window.is_end else _without_tail(walk.found, window)
    found.sort(key=lambda one: (one.t, _number(one)))
    return Comparison(divergences=tuple(found), compared=len(there), ids=differences.ids)


def _effects(records: Iterable[Record], tolerance: Tolerance) -> list[Record]:
    effects = [record for record in records if role_of(record) is Role.EFFECT]
    if tolerance.ms:  # where the chunks of sound begin is a matter of some milliseconds
        effects = [
            record for record in effects if record.get("type") != "input_audio_buffer.append"
        ]
    return effects


def _streams(
    there: list[Record], here: list[Record], *, is_loose: bool
) -> list[tuple[list[Record], list[Record]]]:
    """What is compared in order: everything but what was heard, or each kind by itself."""

    def key(record: Record, calls: dict[str, int]) -> tuple[Any, ...]:
        if record["kind"] == "heard":
            call = calls.setdefault(record["call"], len(calls))
            return ("heard", record["by"], call)
        if not is_loose:
            return ()
        return (record["kind"], record.get("unit", ""), record.get("session", 1))

    both: dict[tuple[Any, ...], tuple[list[Record], list[Record]]] = {}
    for side, records in enumerate((there, here)):
        calls: dict[str, int] = {}
        for record in records:
            both.setdefault(key(record, calls), ([], []))[side].append(record)
    return list(both.values())


def _without_tail(found: list[Divergence], window: Window) -> list[Divergence]:
    """Without what the replay did at the very instant at which the recording was cut off."""
    return [
        one
        for one in found
        if not (one.what == "new" and one.replayed is not None and one.t >= window.t)
    ]


def _number(one: Divergence) -> int:
    record = one.recorded or one.replayed or {"n": 0}
    return int(record["n"])


@frozen(eq=False)
class _Entry:
    record: Record
    shape: str
    name: str

    @classmethod
    def of(cls, record: Record) -> _Entry:
        return cls(record, shape(record), name(record))


@define(eq=False)
class _Walk:
    """Goes along two streams at once."""

    there: list[_Entry]
    here: list[_Entry]
    differences: Differences
    found: list[Divergence] = field(factory=list, init=False)

    def go(self) -> None:
        """Finds every divergence of the two."""
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
                self.found[index] = evolve(
                    one,
                    what="moved",
                    replayed=here,
                    fields=(("t", there["t"], here["t"]),),
                    t=min(there["t"], here["t"]),
                )
        self.found = [one for one in self.found if id(one) not in gone]
