"""Parties that the scenario calls: declared ones and made-up ones."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party
from voxrt.legs.script import Party
from voxrt.legs.scripted import ScriptedCaller
from voxrt.legs.switchboard import Switchboard


def call(on_line, *parties, to="15550001", kind="pstn", ms=70_000):
    """An outgoing call, alerted at 100 ms."""
    board = Switchboard(caller().script(*parties))
    line = on_line(board.outgoing(kind, to, {}))
    line.at(100, line.leg.alert, {})
    return board, line.run(ms)


def test_a_party_rings_answers_and_speaks(on_line):
    _, line = call(on_line, party("15550001", name="Ann").say("Ann here").hang_up())
    assert [what for _, what in line.told] == ["ringing", "answered", "hung up"]
    assert [ms for ms, _ in line.told][:2] == [300, 1_100]
    assert [text for _, text in line.notes] == [
        "rings", "answers", 'says "Ann here"', "hangs up",
    ]  # fmt: skip
    assert [text for _, text in line.heard()] == ["Ann", "here"]


def test_times_can_be_set(on_line):
    _, line = call(on_line, party("15550001", ring_after_ms=1_000, answer_after_ms=45_000))
    assert line.told == [(1_100, "ringing"), (45_100, "answered")]
    _, line = call(on_line, party("15550001", rings=False, answer_after_ms=0))
    assert line.told == [(100, "answered")]


def test_busy_no_answer_and_failures(on_line):
    _, line = call(on_line, party("15550001", busy=True))
    assert line.told == [(1_100, "failed 486 Busy Here")]
    assert line.notes == [(1_100, "fails the call with 486 Busy Here")]
    _, line = call(on_line, party("15550001", no_answer=True))
    assert line.told == [(300, "ringing")]
    assert line.notes[0] == (100, "does not answer")
    _, line = call(on_line, party("15550001", fail=404, fail_after_ms=50))
    assert line.told == [(150, "failed 404 Not Found")]
    _, line = call(on_line, party("15550001", fail=499))
    assert line.notes == [(1_100, "fails the call with 499")]


def test_the_platform_may_give_up_first(on_line):
    board = Switchboard(caller().script(party("15550001", answer_after_ms=9_000)))
    line = on_line(board.outgoing("pstn", "15550001"))
    line.at(100, line.leg.alert, {})
    line.at(5_000, line.leg.hung_up, {})
    line.run(20_000)
    assert line.told == [(300, "ringing")]


def test_an_announcement_before_the_answer(on_line):
    _, line = call(on_line, party("15550001", early_media="Please hold", answer_after_ms=4_000))
    assert [what for _, what in line.told] == ["ringing", "early media", "answered"]
    assert [text for _, text in line.heard()] == ["Please", "hold"]
    _, line = call(on_line, party("15550001", early_media="Please hold", answer_after_ms=500))
    assert [text for _, text in line.heard()][1:] == []


def test_nobody_declared_is_made_up_and_told(on_line):
    board, line = call(on_line, to="sip:bob@example.com", kind="sip")
    assert line.told == [(300, "ringing"), (1_100, "answered")]
    assert "sip:bob@example.com is not among the parties" in line.notes[0][1]
    assert board.made_up == ["sip:bob@example.com"]
    board.outgoing("sip", "sip:bob@example.com")
    assert board.made_up == ["sip:bob@example.com"]
    assert line.leg.client_type == "sip"
    assert line.leg.rate_hz == 16_000


@pytest.mark.parametrize(
    ("match", "kind", "called", "matches"),
    [
        ("15550001", "pstn", "15550001", True),
        ("+15550001", "pstn", "15550001", True),
        ("15550001", "pstn", "+15550001", True),
        ("15550001", "pstn", "155500012", False),
        ("1555*", "pstn", "+15550001", True),
        ("1555000?", "pstn", "15550009", True),
        ("*@example.com", "sip", "sip:bob@example.com;transport=tls", True),
        ("sip:bob@example.com", "sip", "sips:Bob@example.com", True),
        ("sip:bob@example.com", "sip", "sip:ann@example.com", False),
        ("bob", "user", "bob", True),
        ("*", "user", "anyone", True),
    ],
)
def test_matching(match, kind, called, matches):
    assert Party(match=match).matches(kind, called) is matches


def test_the_kind_narrows_a_match_and_the_first_match_is_taken():
    board = Switchboard(
        caller().script(
            party("*", kind="user", name="user"), party("1*", name="one"), party("*", name="any")
        )
    )
    calls = [("user", "12"), ("pstn", "12"), ("sip", "x@y")]
    found = [board.outgoing(kind, to, {}).person.name for kind, to in calls]
    assert found == ["user", "one", "any"]


def test_the_caller_and_what_was_given_up(on_line):
    board = Switchboard(caller(number="1555").listen(timeout_ms=100).script())
    leg = board.incoming()
    assert isinstance(leg, ScriptedCaller)
    assert board.given_up == []
    line = on_line(leg)
    line.at(0, leg.answered, {})
    line.run(1_000)
    assert board.given_up == ["caller waited 0.1 s for the agent to finish speaking"]
    assert board.legs == [leg]
