"""The past is kept to a point, and somebody else goes on from there."""

from __future__ import annotations

import pytest
from cassettes import TALK
from loopback import make_stand_in, serving

from voxrt.errors import InputError
from voxrt.replay.after import read_after
from voxrt.replay.folder import read_folder

GUEST = """
caller:
  steps:
    - wait: 1500
    - say: And one more thing, what is the menu?
    - wait_for: agent_turn
    - say: Fine, goodbye.
    - hang_up
"""
ANSWER = "Yes, we have a table for 2 at eight, by the window."
AGENT = """
rules:
  - when: menu
    say: There is soup.
"""


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


def since(folder, said):
    """The record after which a sentence of the agent's is over, and nobody has answered."""
    records = read_folder(folder).records
    heard = (r for r in records if r["kind"] == "heard" and r["by"] == "caller")
    return str(next(r["n"] for r in heard if r["text"] == said))


def test_another_caller_talks_to_the_stand_in(record, again, guest, agent):
    folder = record("agents/restaurant.py")
    replayed = again(folder, until=since(folder, ANSWER), after=read_after([str(guest)], agent))
    assert replayed.comparison.divergences == ()
    said = heard(replayed.records, "platform")
    assert said[0] == heard(replayed.folder.records, "platform")[0]
    assert said[-2:] == ["And one more thing, what is the menu?", "Fine, goodbye."]
    assert "There is soup." in heard(replayed.records, "caller")
    ends = [r for r in replayed.records if r.get("name") == "Call.Disconnected"]
    assert [end["data"]["reason"] for end in ends] == ["BYE received"]


def test_the_recorded_caller_talks_to_another_agent(record, again, agent):
    folder = record("agents/restaurant.py")
    replayed = again(folder, until=since(folder, ANSWER), after=read_after(["stand-in"], agent))
    assert replayed.comparison.divergences == ()
    recorded = heard(replayed.folder.records, "platform")
    assert heard(replayed.records, "platform")[: len(recorded) - 1] == recorded[:-1]
    assert "There is soup." in heard(replayed.records, "caller")
    assert not any("soup of" in text for text in heard(replayed.records, "caller"))


def test_the_new_provider_knows_the_session_of_the_old_one(record, again, agent):
    """Nothing of the past is told to the scenario again, and what was said is known."""
    folder = record("agents/restaurant.py")
    replayed = again(folder, until=since(folder, ANSWER), after=read_after(["stand-in"], agent))
    until = int(since(folder, ANSWER))
    later = [r for r in replayed.records if r["kind"] == "provider" and r["n"] > until]
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
    one = again(folder, until=since(folder, ANSWER), after=after)
    two = again(folder, out="twice", until=since(folder, ANSWER), after=after)
    for name in ("journal.jsonl", "call-1.wav", "links/1.jsonl"):
        assert (one.result.out / name).read_bytes() == (two.result.out / name).read_bytes()


SHORT_CALLER = "caller: {steps: [{wait_for: agent_turn}, {say: Well.}, {wait: 60000}, hang_up]}"
LATER = """
caller:
  steps:
    - say: Is there soup?
    - wait_for: agent_turn
    - hang_up
"""


@pytest.fixture
def short(play):
    """A recorded call with the stand-in that has greeted after two seconds."""
    return play(TALK, caller=SHORT_CALLER, agent="greeting: Hi.").result.out


@pytest.mark.parametrize("by_name", [True, False], ids=["live", "url"])
def test_it_goes_on_over_a_real_socket(short, again, tmp_path, monkeypatch, by_name):
    """`live` is the service itself, whose address is another one here; the key is the user's."""
    (tmp_path / "later.yaml").write_text(LATER)
    until = since(short, "Hi.")
    seen = []

    class Doorman:
        """A stand-in, and who came to it."""

        def __init__(self, clock):
            # It hears no words over a socket, so it says the same to everybody.
            self.stand_in = make_stand_in("{greeting: Never., fallback: There is.}", clock)

        def accept(self, headers, query, transport):
            seen.append(headers["authorization"])
            return self.stand_in.accept(headers, query, transport)

    with serving(Doorman) as url:
        if by_name:
            monkeypatch.setattr("voxrt.run.agents.REALTIME_BASE", url)
            monkeypatch.setenv("XAI_API_KEY", "xai-key-of-the-user")
        after = read_after(["live" if by_name else url, str(tmp_path / "later.yaml")], None)
        replayed = again(short, until=until, after=after)
    assert not replayed.stopped  # of times nothing is said: this is real time
    assert replayed.result.outcome == "normal"
    assert seen == ["Bearer xai-key-of-the-user" if by_name else "Bearer stand-in-key"]
    assert heard(replayed.records, "platform") == ["Is there soup?"]
    assert heard(replayed.records, "caller") == ["Hi.", "There is."]
    (link,) = read_folder(replayed.result.out).links
    types = [line["message"]["type"] for line in link.lines if line["direction"] == "received"]
    assert types.count("session.created") == 1  # the past's; of the new one nothing is told
    assert "xai-key-of-the-user" not in (replayed.result.out / "journal.jsonl").read_text()


def test_live_needs_a_key(short, again, monkeypatch):
    monkeypatch.delenv("XAI_API_KEY", raising=False)
    with pytest.raises(InputError, match="needs a key: XAI_API_KEY") as caught:
        again(short, until="5", after=read_after(["live"], None))
    assert "--secret" in caught.value.hint


def test_a_past_that_diverges_stops_before_the_point(short, again, tmp_path, agent):
    changed = tmp_path / "changed.py"
    changed.write_text(TALK.replace("GREETING", "OTHER"))
    after = read_after(["stand-in"], agent)
    replayed = again(short, changed, until=since(short, "Hi."), after=after)
    assert replayed.stopped
    ((path, _, _),) = replayed.comparison.divergences[0].fields
    assert path.endswith("instructions")
    assert replayed.until_ms < 1000
    whole = again(short, changed, out="whole", until=since(short, "Hi."), after=after, every=True)
    assert whole.records[-1]["t"] > 60_000


def test_what_does_not_go_together_says_so(record, again, guest, agent):
    with pytest.raises(InputError, match="one provider"):
        read_after(["live", "stand-in"], None)
    with pytest.raises(InputError, match="one provider"):
        read_after(["live", "ws://127.0.0.1:1"], None)
    with pytest.raises(InputError, match="is not a WebSocket address"):
        read_after(["http://127.0.0.1:1"], None)
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
