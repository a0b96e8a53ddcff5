"""Two lists of records beside each other."""

from __future__ import annotations

from math import inf

import pytest

from voxrt.replay.compare import Window, compare
from voxrt.replay.forms import Tolerance

WHOLE = Window(n=inf, t=inf, is_end=True)


def records(*logs):
    """Records of the logs `(t, text)`."""
    return [
        {"n": n, "t": float(t), "kind": "log", "text": text} for n, (t, text) in enumerate(logs, 1)
    ]


def found(there, here, window=WHOLE, tolerance_ms=0.0):
    comparison = compare(records(*there), records(*here), window, Tolerance(tolerance_ms))
    return [
        (one.what, one.t, (one.recorded or one.replayed)["text"]) for one in comparison.divergences
    ]


def test_what_stands_where_it_stood_has_not_moved():
    """Two others have moved past it."""
    there = [(0, "a"), (30, "b"), (50, "c"), (50, "d"), (90, "e")]
    here = [(0, "a"), (20, "c"), (20, "d"), (30, "b"), (90, "e")]
    assert found(there, here) == [("moved", 20, "c"), ("moved", 20, "d")]


def test_another_order_at_one_instant_is_a_divergence():
    there, here = [(0, "a"), (5, "b"), (5, "c")], [(0, "a"), (5, "c"), (5, "b")]
    assert [one[:2] for one in found(there, here)] == [("moved", 5)]


@pytest.mark.parametrize("late", [0, 50, 100])
def test_the_last_record_of_a_cut_may_be_late_within_the_tolerance(late):
    window = Window(n=2, t=500, is_end=False)
    there, here = [(0, "a"), (500, "b"), (700, "c")], [(0, "a"), (500 + late, "b"), (900, "x")]
    assert found(there, here, window, tolerance_ms=100) == []


def test_what_came_before_the_cut_is_compared():
    window = Window(n=2, t=500, is_end=False)
    there, here = [(0, "a"), (500, "b")], [(0, "a"), (300, "x"), (450, "y"), (500, "b")]
    assert found(there, here, window, tolerance_ms=100) == [("new", 300, "x")]
    assert found(there, here, window) == [("new", 300, "x"), ("new", 450, "y")]
    assert found(there, [(0, "a"), (650, "b")], window, tolerance_ms=100) == [("missing", 500, "b")]
