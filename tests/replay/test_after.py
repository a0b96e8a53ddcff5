"""The past is kept to a point, and somebody else goes on from there."""

from __future__ import annotations

import pytest

from voxrt.errors import InputError
from voxrt.replay.after import read_after

GUEST = """
caller:
  steps:
    - wait: 1500
    - say: And one more thing, what is the menu?
    - wait_for: agent_turn
    - say: Fine, goodbye.
    - hang_up
"""
AGENT = """
rules:
  - when: menu
    say: There is soup.
"""
#: The agent's second sentence has ended, and the guest has not answered yet.
UNTIL = "250"


@pytest.fixture
def guest(tmp_path):
    path = tmp_path / "guest.yaml"
    path.write_text(GUEST)
    return path


@pytest.fixture
def agent(tmp_path):
    path = tmp_path / "agent.yaml"
    path.write_text(AGENT)
    return path


def heard(records, by, after=0):
    return [r["text"] for r in records if r["kind"] == "heard" and r["by"] == by and r["n"] > after]


def test_another_caller_talks_to_the_stand_in(record, again, guest, agent):
    folder = record("agents/restaurant.py")
    replayed = again(folder, until=UNTIL, after=read_after([str(guest)], agent))
    assert replayed.comparison.divergences == ()
    said = heard(replayed.records, "platform")
    assert said[0] == heard(replayed.folder.records, "platform")[0]
    assert said[-2:] == ["And one more thing, what is the menu?", "Fine, goodbye."]
    assert "There is soup." in heard(replayed.records, "caller")
    ends = [r for r in replayed.records if r.get("name") == "Call.Disconnected"]
    assert [end["data"]["reason"] for end in ends] == ["BYE received"]


def test_the_recorded_caller_talks_to_another_agent(record, again, agent):
    folder = record("agents/restaurant.py")
    replayed = again(folder, until=UNTIL, after=read_after(["stand-in"], agent))
    assert replayed.comparison.divergences == ()
    recorded = heard(replayed.folder.records, "platform")
    assert heard(replayed.records, "platform")[: len(recorded) - 1] == recorded[:-1]
    assert "There is soup." in heard(replayed.records, "caller")
    assert not any("soup of" in text for text in heard(replayed.records, "caller"))


def test_the_new_provider_knows_the_session_of_the_old_one(record, again, agent):
    """Nothing of the past is told to the scenario again, and what was said is known."""
    folder = record("agents/restaurant.py")
    replayed = again(folder, until=UNTIL, after=read_after(["stand-in"], agent))
    later = [r for r in replayed.records if r["kind"] == "provider" and r["n"] > int(UNTIL)]
    assert not [r for r in later if r["type"] in ("session.created", "session.updated")]
    assert [r for r in later if r["type"] == "response.output_audio.delta"]


def test_it_goes_on_without_a_provider_too(record, again, guest):
    folder = record("examples/menu")
    replayed = again(folder, until="Call.ToneReceived", after=read_after([str(guest)], None))
    assert replayed.comparison.divergences == ()
    assert heard(replayed.records, "platform")[-1] == "Fine, goodbye."


def test_it_is_the_same_to_the_byte(record, again, guest, agent):
    folder = record("agents/restaurant.py")
    after = read_after([str(guest)], agent)
    one = again(folder, until=UNTIL, after=after)
    two = again(folder, out="twice", until=UNTIL, after=after)
    for name in ("journal.jsonl", "call-1.wav", "links/1.jsonl"):
        assert (one.result.out / name).read_bytes() == (two.result.out / name).read_bytes()


def test_what_does_not_go_together_says_so(record, again, guest, agent):
    with pytest.raises(InputError, match="one provider"):
        read_after(["live", "stand-in"], None)
    with pytest.raises(InputError, match="one caller script"):
        read_after([str(guest), str(guest)], None)
    with pytest.raises(InputError, match="goes with --then stand-in"):
        read_after([], agent)
    with pytest.raises(InputError, match="names another provider"):
        read_after(["live"], agent)
    with pytest.raises(InputError, match="--then goes with --until"):
        again(record("examples/menu"), after=read_after(["stand-in"], None))
    with pytest.raises(InputError, match="no such"):
        read_after(["nobody.yaml"], None)
