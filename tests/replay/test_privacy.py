"""Connections with `privacy` leave nothing: what can be played back is, and the rest is named."""

from __future__ import annotations

import json

import pytest
from cassettes import TALK

from voxrt.cli.main import main
from voxrt.replay.folder import read_folder
from voxrt.replay.replay import write_report

CALLER = "caller: {steps: [{wait_for: agent_turn}, {say: Well.}, {wait_for: agent_turn}, hang_up]}"
PRIVATE = TALK.replace('model="grok-voice-latest"', 'model="grok-voice-latest", privacy=True')

#: One socket with privacy, of which the scenario expects nothing, and one that it talks to.
SOCKETS = """
def on_start(e):
    VoxEngine.createWebSocket("wss://log.example.com/", {"privacy": True}).send("I have begun.")
    ask = VoxEngine.createWebSocket("wss://ask.example.com/")
    ask.addEventListener(WebSocketEvents.OPEN, lambda e: ask.send("How late?"))
    ask.addEventListener(WebSocketEvents.MESSAGE, lambda e: Logger.write(e.text))
    setTimeout(VoxEngine.terminate, 5000)

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
PEERS = """
websockets:
  - {match: "wss://log.example.com/", echo: true}
  - {match: "wss://ask.example.com/", open: [{text: Nine.}]}
"""


@pytest.fixture
def private(play):
    return play(PRIVATE, caller=CALLER, agent="{greeting: Hi., fallback: Yes.}").result.out


def test_it_stops_at_the_first_thing_that_followed_from_it(private, again):
    replayed = again(private)
    assert replayed.private == [("a connection to the provider", 100.0)]
    one = replayed.comparison.divergences[0]
    assert (one.what, one.recorded["name"]) == ("missing", "SendMediaBetween")
    assert replayed.until_ms == one.t > 100
    warnings = [r["text"] for r in replayed.records if r["kind"] == "warning"]
    assert [text for text in warnings if "with privacy" in text] == warnings
    report = json.loads(write_report(replayed, [one]).read_text())
    assert report["private"] == [{"what": "a connection to the provider", "t": 100.0}]


def test_all_else_is_played_back(private, again):
    replayed = again(private, every=True)
    said = [r["text"] for r in replayed.records if r["kind"] == "heard" and r["by"] == "platform"]
    assert said == ["Well."]
    assert replayed.records[-1]["t"] == read_folder(private).end_ms


def test_the_command_names_it_once(private, capsys, tmp_path):
    assert main(["replay", str(private), "--out", str(tmp_path / "again")]) == 1
    out = capsys.readouterr().out
    note = "note: opened with privacy, so that nothing was recorded and nothing comes: "
    assert out.startswith(f"{note}a connection to the provider at 00:00.100\n")
    assert out.count("privacy") == 1


def test_a_public_connection_beside_it_gets_its_own_recording(play, again):
    """The private one, which was dialled first, does not take it."""
    out = play(SOCKETS, start=True, http=PEERS).result.out
    replayed = again(out)
    assert (replayed.stopped, replayed.comparison.divergences) == (False, ())
    assert [what for what, _ in replayed.private] == ["a WebSocket"]
    assert [r["text"] for r in replayed.records if r["kind"] == "log"] == ["Nine."]
    assert "log.example.com" not in (replayed.result.out / "journal.jsonl").read_text()


def test_a_public_client_beside_a_private_one_gets_its_own_recording(play, again):
    def both(first, second):
        return f"""
        require(Modules.Grok)

        async def start(e):
            for privacy in ({first}, {second}):
                client = await Grok.createVoiceAgentAPIClient(
                    xAIApiKey="key-of-tests", model="grok-voice-latest", privacy=privacy
                )
                client.addEventListener(
                    Grok.VoiceAgentAPIEvents.ConversationCreated,
                    lambda ev, p=privacy: None if p else Logger.write("created"),
                )
            setTimeout(VoxEngine.terminate, 5000)

        VoxEngine.addEventListener(AppEvents.Started, start)
        """

    for name, order in (("one", (True, False)), ("two", (False, True))):
        out = play(both(*order), start=True, out=play.args[0] / name).result.out
        replayed = again(out, out=f"{name}-again", every=True)
        assert [r["text"] for r in replayed.records if r["kind"] == "log"] == ["created"]
        assert len(replayed.private) == 1
        assert replayed.comparison.divergences == ()
