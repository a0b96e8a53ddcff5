"""The first divergence of a replay, while it goes on: it stops there.

The records of the replay are held against those of the recording as they are written. Where both
are the same that is all. Where they are not, the rest of the instant is waited for, and the two are
compared as at the end of a whole replay, from the last place at which they were alike. At each
instant of the recording it is looked whether something is missing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from attrs import define, evolve, field

from voxrt.clock import US_PER_MS, Clock
from voxrt.replay.allowed import Allowed
from voxrt.replay.compare import (
    Comparison,
    Divergence,
    StreamKeys,
    Walk,
    Window,
    in_order,
    is_compared,
)
from voxrt.replay.feeder import Feeder
from voxrt.replay.forms import Differences, Tolerance, form, shape
from voxrt.session.journal import Record


@define(eq=False)
class _Stream:
    """Records that are compared in their order.

    Attributes:
        there: All of the recording.
        here: Those of the replay so far.
        i: How many of the recording have been found in the replay, or were allowed to be missing.
        j: How many of the replay those are.
        is_heard: Whether it is what somebody heard: it is written down when somebody looks.
    """

    there: list[Record]
    is_heard: bool
    here: list[Record] = field(factory=list)
    i: int = 0
    j: int = 0

    def go_on(self, differences: Differences) -> bool:
        """Passes what is alike; whether nothing is left of the replay."""
        while self.i < len(self.there) and self.j < len(self.here):
            recorded, replayed = self.there[self.i], self.here[self.j]
            if form(recorded) != form(replayed) and (
                shape(recorded) != shape(replayed)  # so that only their identifiers are matched
                or differences.between(form(recorded), form(replayed))
            ):
                return False
            self.i, self.j = self.i + 1, self.j + 1
        return self.j == len(self.here)

    def lacks(self, t: float) -> bool:
        """Whether something has not come that the recording has by a time."""
        return not self.is_heard and self.i < len(self.there) and self.there[self.i]["t"] <= t


@define(eq=False)
class FirstDivergence:
    """Finds it, and has the replay stop.

    Args:
        recorded: The journal of the recording.
        window: Up to where it is compared.
        tolerance: How exact times have to be.
        allowed: What does not stop it.
        stop: Stops the replay, after what is being done now.

    Attributes:
        found: The divergences of the instant at which it was stopped; without any it was not.
        feeder: The replay's; `clock` is its clock.
    """

    recorded: list[Record] = field(repr=False)
    window: Window
    tolerance: Tolerance
    allowed: Allowed
    stop: Callable[[], object]
    feeder: Feeder = field(init=False)
    clock: Clock = field(init=False)
    found: list[Divergence] = field(factory=list, init=False)
    _streams: dict[tuple[Any, ...], _Stream] = field(factory=dict, init=False)
    _keys: StreamKeys = field(init=False)
    _differences: Differences = field(init=False)
    _instants: list[float] = field(init=False)
    """Those of the recording, in ms: there its clock stood, and so will the replay's."""
    _asked: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        keys, self._keys = StreamKeys(self.tolerance), StreamKeys(self.tolerance)
        self._differences = Differences(self.tolerance)
        counted = [record for record in self.recorded if self.window.has_recorded(record)]
        for record in counted:
            if is_compared(record, self.tolerance) and record["kind"] != "result":
                self._stream(keys.of(record)).there.append(record)  # a result comes after the run
        self._instants = list(dict.fromkeys(record["t"] for record in counted))

    def _stream(self, key: tuple[Any, ...]) -> _Stream:
        return self._streams.setdefault(key, _Stream([], is_heard=key[:1] == ("heard",)))

    def begin(self, feeder: Feeder) -> None:
        """The replay has a clock; at each instant of the recording something may be missing."""
        self.feeder, self.clock = feeder, feeder.clock
        self._wait_for(0)

    def _wait_for(self, place: int) -> None:
        if place < len(self._instants):
            due_us = round(self._instants[place] * US_PER_MS)
            self.clock.call_at(due_us, self._come_to, place)

    def _come_to(self, place: int) -> None:
        self._ask()
        self._wait_for(place + 1)

    def take(self, record: Record) -> None:
        """Sees a record of the replay; a listener of its journal."""
        if self.found or not self.window.has_replayed(record, self.tolerance):
            return
        if is_compared(record, self.tolerance):
            stream = self._stream(self._keys.of(record))
            stream.here.append(record)
            if not stream.go_on(self._differences):
                self._ask()

    def _ask(self) -> None:
        """Looks when the rest of the instant is there."""
        if not self._asked:
            self._asked = True
            self.feeder.when_quiet(self._look)

    def _look(self) -> None:
        self._asked = False
        found = [one for stream in self._streams.values() for one in self._left(stream)]
        if found:
            self.found = in_order(found)
            self.stop()

    def _overdue_ms(self) -> float:
        """What the recording has up to here must have come."""
        # With a hold, such as of an encoder, more may come at this very instant.
        now_us = self.clock.now_us() - bool(self.clock.holds)
        return now_us / US_PER_MS - self.tolerance.ms

    def _left(self, stream: _Stream) -> list[Divergence]:
        """What of a stream is not allowed; if nothing is, it goes on behind it."""
        overdue_ms = self._overdue_ms()
        if stream.j == len(stream.here) and not stream.lacks(overdue_ms):
            return []
        here, end = stream.here[stream.j :], self._end(stream)
        trial = evolve(self._differences, ids=deepcopy(self._differences.ids))
        walk = Walk(stream.there[stream.i : end], here, trial)
        walk.go()
        found = [
            one
            for one in self.window.without_tail(walk.found, self.tolerance)
            if one.what != "missing" or (one.t <= overdue_ms and not stream.is_heard)
        ]
        left = [one for one in found if not self._may_be(one)]
        if not left and walk.is_together:
            stream.i, stream.j, self._differences = end, len(stream.here), trial
        return left

    def _end(self, stream: _Stream) -> int:
        """Up to which record of the recording a stream is compared now."""
        until_ms = self.clock.now_us() / US_PER_MS + self.tolerance.ms
        end = bisect_right(stream.there, until_ms, lo=stream.i, key=lambda record: record["t"])
        if stream.is_heard:
            return max(end, min(stream.i + 1, len(stream.there)))
        here = stream.here[stream.j :]
        early = stream.there[end : end + len(here)]
        return end + len(early) if list(map(shape, early)) == list(map(shape, here)) else end

    def _may_be(self, one: Divergence) -> bool:
        """Whether a divergence is allowed, as it is or as a part of one that moves a record."""
        forms = [one]
        if one.what in ("missing", "new"):
            forms.append(evolve(one, what="moved", fields=(("t", None, None),)))
        return any(each.covers(form) for each in self.allowed.allowances for form in forms)

    def comparison(self) -> Comparison:
        """What was found up to the stop."""
        compared = sum(stream.i for stream in self._streams.values())
        return Comparison(
            divergences=tuple(self.found),
            compared=compared + len(self.found),
            ids=self._differences.ids,
        )
