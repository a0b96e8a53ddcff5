"""What a run is expected to have done; each kind answers with what is wrong, or with nothing.

Happens(event("Call.Connected"))
Happens(tool("check_table"), count=Bound(least=2, most=2))
InOrder((Part(event("Call.Connected")), Part(hear("Good evening"), within_ms=2000)))
AnyOrder((tool("find_room"), tool("notify_manager")), only=True)
Absent(event("Call.Failed"), after=event("Call.Connected"), within_ms=5000)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from attrs import field, frozen

from voxrt.testing.happenings import Happening
from voxrt.testing.patterns import Pattern, nearest
from voxrt.testing.values import Bound


@frozen(kw_only=True)
class Problem:
    """What is not as expected.

    Attributes:
        text: What is wrong, in a sentence or a few lines.
        at_ms: Around which time a reader should look; `None` when no time is better than another.
        audit: Which of the audits found it; empty for what a test expected.
    """

    text: str
    at_ms: float | None = None
    audit: str = ""


class Expectation(Protocol):
    """Something that must be so."""

    def check(self, happenings: Sequence[Happening]) -> Problem | None:
        """What is not so, or `None`."""

    def __str__(self) -> str:
        """What is expected, in a phrase."""


@frozen
class Happens:
    """It happened: at least once, or as often as `count` says.

    Attributes:
        pattern: What.
        count: How often; `None` is at least once.
        after: Only what follows the first of these counts.
        within_ms: Only what follows it by so much counts.
    """

    pattern: Pattern
    count: Bound | None = field(default=None, kw_only=True)
    after: Pattern | None = field(default=None, kw_only=True)
    within_ms: float | None = field(default=None, kw_only=True)

    def check(self, happenings: Sequence[Happening]) -> Problem | None:
        scope = _Scope.of(happenings, self.after, self.within_ms)
        if isinstance(scope, Problem):
            return scope
        found = [h for h in scope.happenings if self.pattern.matches(h)]
        wanted = self.count or Bound(least=1)
        if wanted.holds(len(found)):
            return None
        if found:
            times = ", ".join(seconds(h.at_ms) for h in found)
            return Problem(
                text=f"expected {self}, but it happened {_times(len(found))}: {times}",
                at_ms=found[-1].at_ms,
            )
        return Problem(
            text=f"expected {self}, but it did not happen{_near(self.pattern, scope.happenings)}",
            at_ms=_near_ms(self.pattern, scope.happenings),
        )

    def __str__(self) -> str:
        text = str(self.pattern)
        if self.count is not None:
            text += ", once" if self.count == Bound(least=1, most=1) else f", {self.count} times"
        return text + _told_scope(self.after, self.within_ms)


@frozen
class Absent:
    """It did not happen: at all, or within some time after something else.

    Attributes:
        pattern: What.
        after: Only what follows the first of these counts; it must have happened itself.
        within_ms: Only what follows it by so much counts.
    """

    pattern: Pattern
    after: Pattern | None = field(default=None, kw_only=True)
    within_ms: float | None = field(default=None, kw_only=True)

    def check(self, happenings: Sequence[Happening]) -> Problem | None:
        scope = _Scope.of(happenings, self.after, self.within_ms)
        if isinstance(scope, Problem):
            return scope
        for happening in scope.happenings:
            if self.pattern.matches(happening):
                text = f"expected {self}, but at {seconds(happening.at_ms)} came {happening}"
                return Problem(text=text, at_ms=happening.at_ms)
        return None

    def __str__(self) -> str:
        return f"no {self.pattern}{_told_scope(self.after, self.within_ms)}"


@frozen
class Part:
    """One part of an order.

    Attributes:
        pattern: What happens.
        within_ms: At most so long after the part before it.
        after_ms: At least so long after it.
    """

    pattern: Pattern
    within_ms: float | None = field(default=None, kw_only=True)
    after_ms: float | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        text = str(self.pattern)
        if self.after_ms is not None:
            text += f", at least {self.after_ms:g} ms later"
        return text + (f", within {self.within_ms:g} ms" if self.within_ms is not None else "")


@frozen
class InOrder:
    """They happened one after the other; anything else may lie between.

    The first one of each that follows the part before is taken.
    """

    parts: tuple[Part, ...]

    def check(self, happenings: Sequence[Happening]) -> Problem | None:
        # What is heard is recorded when it is over, and belongs where it began.
        ordered = sorted(happenings, key=lambda h: (h.at_ms, h.number))
        begin, before = 0, None
        for number, part in enumerate(self.parts, 1):
            told = ", then ".join(map(str, self.parts[:number]))
            left = ordered[begin:]
            index = next((i for i, h in enumerate(left) if part.pattern.matches(h)), None)
            if index is None:
                text = f"expected {told}, but that did not follow"
                earlier = [h for h in ordered[:begin] if part.pattern.matches(h)]
                if earlier:
                    text += f"; it happened before, at {seconds(earlier[-1].at_ms)}"
                text += _near(part.pattern, left)
                return Problem(text=text, at_ms=None if before is None else before.at_ms)
            found = left[index]
            if before is not None:
                gap_ms = found.at_ms - before.at_ms
                bound = Bound(least=part.after_ms, most=part.within_ms)
                if not bound.holds(gap_ms):
                    text = f"expected {told}, but it came {gap_ms:g} ms after {before}"
                    return Problem(text=text, at_ms=found.at_ms)
            before, begin = found, begin + index + 1
        return None

    def __str__(self) -> str:
        return ", then ".join(map(str, self.parts))


@frozen
class AnyOrder:
    """Each of them happened, in whatever order; the same happening does not count twice.

    Attributes:
        patterns: What.
        only: Whether nothing else of the same kinds may have happened.
    """

    patterns: tuple[Pattern, ...]
    only: bool = field(default=False, kw_only=True)

    def check(self, happenings: Sequence[Happening]) -> Problem | None:
        kinds = {pattern.kind for pattern in self.patterns}
        candidates = [h for h in happenings if h.kind in kinds]
        taken = _assign(self.patterns, candidates)
        missing = [p for i, p in enumerate(self.patterns) if i not in taken]
        if missing:
            text = f"expected in any order {self}, but missing is {missing[0]}"
            return Problem(text=text + _near(missing[0], candidates))
        used = set(taken.values())
        rest = [h for index, h in enumerate(candidates) if index not in used]
        if self.only and rest:
            text = f"expected only {self}, but at {seconds(rest[0].at_ms)} came {rest[0]}"
            return Problem(text=text, at_ms=rest[0].at_ms)
        return None

    def __str__(self) -> str:
        return ", ".join(map(str, self.patterns))


def _assign(patterns: Sequence[Pattern], candidates: Sequence[Happening]) -> dict[int, int]:
    """A happening of its own for as many patterns as possible, by index (augmenting paths)."""
    fits = [[j for j, h in enumerate(candidates) if p.matches(h)] for p in patterns]
    owner: dict[int, int] = {}

    def place(pattern: int, tried: set[int]) -> bool:
        for candidate in fits[pattern]:
            if candidate in tried:
                continue
            tried.add(candidate)
            if candidate not in owner or place(owner[candidate], tried):
                owner[candidate] = pattern
                return True
        return False

    for pattern in range(len(patterns)):
        place(pattern, set())
    return {pattern: candidate for candidate, pattern in owner.items()}


@frozen
class _Scope:
    """The happenings that count."""

    happenings: Sequence[Happening]

    @classmethod
    def of(
        cls, happenings: Sequence[Happening], after: Pattern | None, within_ms: float | None
    ) -> _Scope | Problem:
        if after is None:
            if within_ms is None:
                return cls(happenings)
            return cls([h for h in happenings if h.at_ms <= within_ms])
        start = next((h for h in happenings if after.matches(h)), None)
        if start is None:
            return Problem(text=f"{after} did not happen{_near(after, happenings)}")
        end_ms = float("inf") if within_ms is None else start.at_ms + within_ms
        return cls(
            [
                h
                for h in happenings
                if (h.at_ms, h.number) > (start.at_ms, start.number) and h.at_ms <= end_ms
            ]
        )


def _told_scope(after: Pattern | None, within_ms: float | None) -> str:
    text = f" within {within_ms:g} ms" if within_ms is not None else ""
    return f"{text} after {after}" if after is not None else text


def _near(pattern: Pattern, happenings: Sequence[Happening]) -> str:
    found = nearest(pattern, happenings)
    return f"\nnearest: {found}" if found else ""


def _near_ms(pattern: Pattern, happenings: Sequence[Happening]) -> float | None:
    named = [h for h in happenings if pattern.is_named(h)]
    return named[-1].at_ms if named else None


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def seconds(at_ms: float) -> str:
    """A time of the run, as messages show it: `12.340 s`."""
    return f"{at_ms / 1000:.3f} s"
