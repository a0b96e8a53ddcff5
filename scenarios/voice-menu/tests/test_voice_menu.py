"""The menu by voice, tested by speaking to it. The scenario is the platform's own JavaScript."""

from __future__ import annotations

import pytest

from voxrt.testing import Absent, Bound, Happens, event, hear, log


@pytest.fixture
def ann(voxrt):
    """Ann, who has just called."""
    return voxrt.call("../voice-menu.js", caller={"name": "Ann", "number": "15551234567"})


def test_the_menu_tells_what_is_asked_for(ann):
    ann.hear("Say repairs, opening hours, or goodbye.")
    ann.say("What are your opening hours?")
    ann.hear("We are open from ten to six. What else may it be?")
    ann.say("Goodbye!")
    ann.hear("a pleasant ride")
    ann.is_hung_up()


def test_the_menu_stops_when_somebody_speaks(ann):
    ann.barge_in("The opening hours please.", after_ms=1000)

    assert ann.heard.stale_ms_after_barge_in < 800
    ann.conversation.expect(Absent(hear("repairs, opening hours, or goodbye")))
    ann.hear("We are open from ten to six.")


def test_it_asks_again_what_it_did_not_understand(ann):
    ann.hear("Welcome to the bicycle shop.")
    ann.say("My bicycle makes funny noises.")
    ann.expect(log("not understood, 1 of 3"))
    ann.hear("I am sorry? Say repairs, opening hours, or goodbye.")
    ann.say("Repairs.")
    ann.hear("repaired within a week")


def test_it_gives_up_after_three_silences(ann):
    ann.hear("Welcome")
    ann.hear("Please call again.", timeout_ms=60_000)
    ann.is_hung_up()

    ann.expect(Happens(log("silence"), count=Bound(least=3, most=3)))
    ann.expect(event("Application.Terminated"))
    assert ann.heard.dead_air_ms < 7000
