"""The client of a recorded conversation, played to a server."""

from __future__ import annotations

import os
import random
from functools import partial
from pathlib import Path

import pytest
import trio
from cassettes import TALK, received, sent, write
from harness import play_in

from voxrt.cli.main import main
from voxrt.imports.rehearsal import differences, steps_of
from voxrt.imports.rehearsing import rehearse
from voxrt.imports.trace import read_trace
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.xai.server_socket import serve
from voxrt.xai.standin import StandIn, StandInSettings, parse_agent_script

CALLER = "[{wait_for: agent_turn}, {say: 'Are you open?'}, {wait_for: agent_turn}, hang_up]"
AGENT = "{greeting: Good evening., rules: [{when: open, say: 'Yes, we are.'}]}"
TOOL = """
greeting: Good evening.
rules: [{when: open, call: {name: opening_hours, arguments: {day: today}}}]
"""
HOME = Path(
    os.environ.get("VOXRT_XAI_FRAMES")
    or Path(__file__).parents[2].parent / "shared/data/xai-frames"
)
WEATHER = """
rules:
  - when: {regex: 'weather in (\\w+)'}
    say: I'll check the weather for {1} right away.
    call: {name: get_weather, arguments: {city: "{1}"}}
    then: "{output} The weather is foggy and 12 degrees."
"""


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """The file of a talk with the stand-in, in which nobody was interrupted."""
    folder = tmp_path_factory.mktemp("talk")
    return play_in(folder, TALK, caller=CALLER, agent=AGENT).result.out / "links/1.jsonl"


def against(path, agent, server="stand-in"):
    trace = read_trace(path)
    script = parse_agent_script(agent, file="agent.yaml")
    rehearsal = trio.run(rehearse, trace, server, "any", script, 1)
    return rehearsal, differences(trace, rehearsal.received)


def test_the_same_server_answers_as_it_was_recorded(talk):
    """Its words are heard, its turns waited for; only deltas may be more or fewer."""
    rehearsal, found = against(talk, AGENT)
    assert (found, rehearsal.notes, rehearsal.sent) == ([], [], 2)
    texts = [m["transcript"] for m in rehearsal.received if m["type"].endswith("transcript.done")]
    assert texts == ["Good evening.", "Yes, we are."]
    heard = [m["transcript"] for m in rehearsal.received if m.get("status") == "completed"
             and "transcript" in m]  # fmt: skip
    assert heard == ["Are you open?"]


def test_a_server_that_answers_something_else_is_told_of(talk):
    _, found = against(talk, TOOL)
    assert "response.function_call_arguments.done: recorded never, now once" in found
    assert "response.output_audio.done: recorded twice, now once" not in found
    assert "response.output_audio.done: recorded 2 times, now once" in found


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(talk):
    """The client goes on after ten seconds of the run's time, and says what was lacking."""
    late = "faults: [{fault: delay, at: session.updated, ms: 60000}]"
    rehearsal, found = against(talk, f"{AGENT[:-1]}, {late}}}")
    assert rehearsal.notes[0].startswith("waited in vain for session.updated before the client")
    assert found


def test_a_refused_connection_is_told(talk):
    refuse = "faults: [{fault: refuse, status: 401}]"
    rehearsal, _ = against(talk, refuse)
    assert rehearsal.received == []
    (note,) = rehearsal.notes
    assert note.startswith("the server refused the connection: HTTP 401")


def test_what_the_client_needs_before_each_step(tmp_path):
    """As many messages of each kind as had come; pings, deltas and partials do not count."""
    path = write(
        tmp_path / "c.jsonl",
        received(100, {"type": "session.created"}),
        received(100, {"type": "ping"}),
        sent(110, {"type": "session.update", "session": {}}),
        received(120, {"type": "session.updated", "session": {}}),
        received(130, {"type": "response.output_audio.delta", "delta": "AAAA"}),
        sent(140, {"type": "response.create"}),
    )
    assert [(step.message["type"], dict(step.needs)) for step in steps_of(read_trace(path))] == [
        ("session.update", {"session.created": 1}),
        ("response.create", {"session.created": 1, "session.updated": 1}),
    ]


@pytest.mark.skipif(not HOME.is_dir(), reason=f"no recorded frames in {HOME}")
@pytest.mark.parametrize(
    "name", ["text_in_audio_out_turn", "audio_in_server_vad_turn", "tool_call_round"]
)
def test_the_stand_in_answers_as_the_real_service_did(name):
    """Kinds, numbers and fields of all answers to a client that was recorded with xAI."""
    rehearsal, found = against(HOME / f"{name}.yaml", WEATHER)
    assert (found, rehearsal.notes) == ([], [])


def test_the_command_tells_and_has_an_exit_code(talk, tmp_path, capsys):
    agent = tmp_path / "agent.yaml"
    agent.write_text(AGENT)
    assert main(["cassette", str(talk), "--agent", str(agent)]) == 0
    assert capsys.readouterr().out.endswith("as recorded\n")
    assert main(["cassette", str(talk)]) in (0, 1)
    agent.write_text(TOOL)
    assert main(["cassette", str(talk), "--agent", str(agent)]) == 1
    assert "differs      response.function_call_arguments.done" in capsys.readouterr().out
    assert main(["cassette", str(talk), "--against", "ws://x", "--agent", str(agent)]) == 2
    assert "does not go with another server" in capsys.readouterr().err
    assert main(["cassette", str(tmp_path / "none.jsonl")]) == 2


async def test_over_a_socket(tmp_path):
    """In real time, against any server: here a stand-in that answers at once."""
    path = write(
        tmp_path / "c.jsonl",
        received(100, {"type": "session.created", "session": {"model": "grok-voice-latest"}}),
        sent(100, {"type": "session.update", "session": {}}),
        received(101, {"type": "session.updated", "session": {}}),
    )
    ports = []

    def make(clock):
        return StandIn(
            parse_agent_script(AGENT, file="agent.yaml"),
            clock=clock,
            speaker=Speaker("synthetic"),
            utterances=Utterances(),
            rng=random.Random(1),
            settings=StandInSettings(update_ms=(1, 2)),
        )

    async with trio.open_nursery() as nursery:
        with trio.fail_after(30):
            listening = trio.Event()

            def ready(host, port):
                ports.append(port)
                listening.set()

            nursery.start_soon(partial(serve, make, "127.0.0.1", 0, ready=ready))
            await listening.wait()
            url = f"ws://127.0.0.1:{ports[0]}"
            rehearsal = await rehearse(read_trace(path), url, "any", None, 1)
        nursery.cancel_scope.cancel()
    kinds = {message["type"] for message in rehearsal.received}
    assert {"session.created", "session.updated"} <= kinds
    assert (rehearsal.sent, rehearsal.notes) == (1, [])
