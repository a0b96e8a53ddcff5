"""Expectations on what happened: order, gaps, absence, counts, and what they say when they fail."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.testing import Absent, AnyOrder, Bound, Happens, InOrder, Part, event, hear, log, tool
from voxrt.testing.expectations import _assign
from voxrt.testing.happenings import Happening


def happened(*told):
    """Happenings from `(at_ms, kind, name or text, data)`; texts for `hear` and `log`."""
    found = []
    for number, (at_ms, kind, what, *data) in enumerate(told, 1):
        is_text = kind in ("hear", "log")
        found.append(
            Happening(
                kind=kind,
                name="agent" if kind == "hear" else "" if is_text else what,
                text=what if is_text else "",
                at_ms=at_ms,
                number=number,
                data=data[0] if data else {},
            )
        )
    return found


CALL = happened(
    (0, "event", "Application.Started"),
    (20, "event", "Call.Connected"),
    (1240, "hear", "Good evening, this is La Piazza.", {"complete": True}),
    (9343, "tool", "check_table", {"guests": 2, "time": "eight"}),
    (9400, "log", "the agent asks for a table"),
    (24000, "tool", "check_table", {"guests": 2, "time": "nine"}),
    (36100, "event", "Call.Disconnected", {"internalCode": 16}),
)


def told(expectation):
    problem = expectation.check(CALL)
    return None if problem is None else problem.text


@pytest.mark.parametrize(
    "expectation",
    [
        Happens(event("Call.Connected")),
        Happens(event("Connected")),
        Happens(event("Call.*")),
        Happens(event("Disconnected", internalCode=16)),
        Happens(tool("check_table", guests=2, time=re.compile("n.ne"))),
        Happens(tool("check_table"), count=Bound(least=2, most=2)),
        Happens(hear("this is la piazza")),
        Happens(hear("Good evening", source="agent", complete=True)),
        Happens(log(re.compile("^the agent"))),
        Happens(tool("check_table"), after=hear("Good evening"), within_ms=8200),
        Absent(event("Call.Failed")),
        Absent(tool("check_table"), within_ms=9000),
        Absent(tool("check_table"), after=event("Connected"), within_ms=9000),
        Absent(event("Connected"), after=event("Connected")),
        InOrder((Part(event("Started")), Part(event("Connected")), Part(event("Disconnected")))),
        InOrder((Part(tool("check_table")), Part(tool("check_table"), after_ms=14000))),
        InOrder((Part(event("Connected")), Part(hear("Good evening"), within_ms=1220))),
        AnyOrder((tool("check_table", time="nine"), tool("check_table"))),
        AnyOrder((tool("check_table"), tool("check_table", time="nine")), only=True),
    ],
    ids=str,
)
def test_what_holds(expectation):
    assert told(expectation) is None


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        (
            Happens(event("Call.Failed")),
            "expected event Call.Failed, but it did not happen",
        ),
        (
            Happens(tool("check_table", guests=3)),
            "expected tool check_table with {guests: 3}, but it did not happen\n"
            'nearest: tool check_table {"guests": 2, "time": "nine"}: guests is 2, not 3',
        ),
        (
            Happens(tool("check_table"), count=Bound(least=1, most=1)),
            "expected tool check_table, once, but it happened 2 times: 9.343 s, 24.000 s",
        ),
        (
            Happens(hear("good night")),
            'expected heard "good night", but it did not happen\n'
            'nearest: heard agent "Good evening, this is La Piazza.": '
            'the text is "Good evening, this is La Piazza."',
        ),
        (
            Happens(hear("even")),  # words, not letters
            'expected heard "even", but it did not happen\n'
            'nearest: heard agent "Good evening, this is La Piazza.": '
            'the text is "Good evening, this is La Piazza."',
        ),
        (
            Happens(event("Disconnected"), within_ms=1000),
            "expected event Disconnected within 1000 ms, but it did not happen",
        ),
        (
            Absent(tool("check_*")),
            "expected no tool check_*, but at 9.343 s came "
            'tool check_table {"guests": 2, "time": "eight"}',
        ),
        (
            Absent(event("Call.Failed"), after=event("Call.Ringing")),
            "event Call.Ringing did not happen",
        ),
        (
            InOrder((Part(event("Disconnected")), Part(event("Connected")))),
            "expected event Disconnected, then event Connected, but that did not follow; "
            "it happened before, at 0.020 s",
        ),
        (
            InOrder((Part(event("Connected")), Part(hear("Good evening"), within_ms=1000))),
            'expected event Connected, then heard "Good evening", within 1000 ms, '
            "but it came 1220 ms after event Call.Connected",
        ),
        (
            InOrder((Part(event("Connected")), Part(hear("Good evening"), after_ms=2000))),
            'expected event Connected, then heard "Good evening", at least 2000 ms later, '
            "but it came 1220 ms after event Call.Connected",
        ),
        (
            AnyOrder((tool("check_table"), tool("hang_up"))),
            "expected in any order tool check_table, tool hang_up, but missing is tool hang_up",
        ),
        (
            AnyOrder((tool("check_table", time="eight"), tool("check_table", time="eight"))),
            "expected in any order tool check_table with {time: 'eight'}, tool check_table with "
            "{time: 'eight'}, but missing is tool check_table with {time: 'eight'}\n"
            'nearest: tool check_table {"guests": 2, "time": "nine"}: time is \'nine\', '
            "not 'eight'",
        ),
        (
            AnyOrder((tool("check_table", time="eight"),), only=True),
            "expected only tool check_table with {time: 'eight'}, but at 24.000 s came "
            'tool check_table {"guests": 2, "time": "nine"}',
        ),
    ],
)
def test_what_does_not_hold_is_told(expectation, text):
    assert told(expectation) == text


def test_a_problem_knows_where_to_look():
    assert Absent(tool("check_table")).check(CALL).at_ms == 9343
    assert Happens(tool("check_table", guests=3)).check(CALL).at_ms == 24000
    assert Happens(event("Call.Failed")).check(CALL).at_ms is None


def test_what_was_heard_is_placed_where_it_began():
    """Speech is recorded when it is over; in an order it counts from its first word."""
    late = happened((5000, "event", "Call.Disconnected"), (1000, "hear", "Hello there."))
    order = InOrder((Part(hear("Hello")), Part(event("Disconnected"))))
    assert order.check(late) is None


@given(st.lists(st.sets(st.integers(0, 4)), max_size=5))
def test_as_many_as_possible_get_a_happening_of_their_own(fits):
    """Against trying all ways, over random tables of what fits what."""
    candidates = happened(*((i, "tool", f"t{i}") for i in range(5)))
    patterns = [
        tool("t[" + "".join(map(str, sorted(one))) + "]" if one else "none") for one in fits
    ]
    taken = _assign(patterns, candidates)
    assert len(set(taken.values())) == len(taken)
    assert all(patterns[p].matches(candidates[c]) for p, c in taken.items())
    best = max(
        sum(c in fits[p] for p, c in enumerate(way))
        for way in itertools.permutations(range(5), len(fits))
    )
    assert len(taken) == best
