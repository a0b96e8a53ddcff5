"""The restaurant's agent, tested as a guest would: by calling it."""

from __future__ import annotations

import pytest

from voxrt.testing import Absent, event, hear, tool


@pytest.fixture(params=["restaurant.py", "restaurant.js"])
def guest(voxrt, request):
    """A guest who has just called; the scenario is there in both languages."""
    return voxrt.call(f"../{request.param}", agent="../agent.yaml", allow=["unused"])


def test_a_guest_books_a_table(guest):
    guest.hear("Good evening, this is La Piazza.")
    guest.say("Hello, do you have a table for two at eight tonight?")
    guest.expect(tool("check_table", guests=2, time="eight"))
    guest.hear("Yes, we have a table for 2 at eight, by the window.")
    guest.say("Perfect, thank you. Goodbye!")
    guest.hear("See you tonight, goodbye!")
    guest.is_hung_up()


def test_the_agent_stops_when_the_guest_interrupts(guest):
    guest.hear("How can I help you?")
    guest.say("And what is on the menu today?")
    guest.barge_in("Sorry, wait. Could you make it nine o'clock instead?", after_ms=1800)

    assert guest.heard.stale_ms_after_barge_in < 250
    guest.expect(Absent(hear("tiramisu")))
    guest.expect(tool("check_table", time="nine"))
    guest.hear("in the garden", source="agent")


def test_the_guest_never_waits_for_long(guest):
    guest.hear("How can I help you?")
    guest.say("Do you have a table for two at eight?").hear("by the window")
    guest.say("Thank you, goodbye!").is_hung_up()

    assert guest.heard.longest_response_ms < 2000
    assert guest.heard.dead_air_ms < 3000


def test_the_session_ends_when_the_guest_hangs_up(guest):
    guest.hear("Good evening")
    guest.hang_up()
    guest.expect(event("Application.Terminated"))
    assert guest.result.finish_reason == "Normal termination"
