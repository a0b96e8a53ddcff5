"""What a benchmark reports, and how it takes its times."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from attrs import evolve, frozen

if TYPE_CHECKING:
    from collections.abc import Callable


@frozen(kw_only=True)
class Row:
    """One figure beside its yardstick, both taken in the same run.

    Attributes:
        name: What was measured.
        figure: How much it is, in `unit`.
        unit: "ns", "us", "dB", ...
        yardstick: What it is compared with; empty when the figure stands for itself.
        reference: The yardstick's figure in the same unit (0 without one).
        ratio: As the limits count it: figure / reference, or reference / figure where "times
            faster" is the question, or the figure itself without a yardstick.
        first: The limit that holds now, as text; empty when there is none.
        goal: The limit to reach later, as text.
        ok: Whether `first` is kept; None when there is none.
    """

    name: str
    figure: float
    unit: str
    yardstick: str = ""
    reference: float = 0.0
    ratio: float
    first: str = ""
    goal: str = ""
    ok: bool | None = None


def at_most(name: str, figure: float, unit: str, *, yardstick: str = "", reference: float = 0.0,
            first: float | None = None, goal: float | None = None) -> Row:  # fmt: skip
    """A row whose figure / reference (or figure, without one) is to be small."""
    ratio = figure / reference if reference else figure
    return Row(
        name=name, figure=figure, unit=unit, yardstick=yardstick, reference=reference, ratio=ratio,
        first="" if first is None else f"<= {first:g}", goal="" if goal is None else f"<= {goal:g}",
        ok=None if first is None else ratio <= first,
    )  # fmt: skip


def at_least(name: str, figure: float, unit: str, *, yardstick: str = "", reference: float = 0.0,
             first: float | None = None, goal: float | None = None) -> Row:  # fmt: skip
    """A row whose reference / figure ("times faster"; or figure, without one) is to be large."""
    ratio = reference / figure if reference else figure
    return Row(
        name=name, figure=figure, unit=unit, yardstick=yardstick, reference=reference, ratio=ratio,
        first="" if first is None else f">= {first:g}", goal="" if goal is None else f">= {goal:g}",
        ok=None if first is None else ratio >= first,
    )  # fmt: skip


def beside(row: Row, yardstick: str, reference: float) -> Row:
    """A row whose limit counts the figure itself, shown with a yardstick beside it."""
    return evolve(row, yardstick=yardstick, reference=reference)


def measure(*functions: Callable[[int], object], rounds: int = 40, round_s: float = 0.002
            ) -> list[float]:  # fmt: skip
    """Seconds that one repetition of each function takes: the best of several rounds.

    The functions take turns, so that a slow moment of the machine meets all of them.

    Args:
        functions: Each is called with a number of repetitions to do.
        rounds: How often each gets its turn.
        round_s: About how long a turn lasts.
    """
    counts = [_repetitions(function, round_s) for function in functions]
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
        for at, function in enumerate(functions):
            best[at] = min(best[at], _timed(function, counts[at]) / counts[at])
    return best


def _repetitions(function: Callable[[int], object], round_s: float) -> int:
    """How many repetitions fill a turn; a single slow moment does not deceive it."""
    count = 1
    while (seconds := min(_timed(function, count) for _ in range(3))) < round_s / 4:
        count *= 4
    return max(1, round(count * round_s / seconds))


def _timed(function: Callable[[int], object], count: int) -> float:
    begin = time.perf_counter()
    function(count)
    return time.perf_counter() - begin
