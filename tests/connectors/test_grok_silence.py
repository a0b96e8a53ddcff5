"""Silence on its way to the agent: sent by the second where the agent does nothing of it."""

from __future__ import annotations

import base64
import json
from itertools import pairwise

import pytest
from grok_talk import AGENT, CALLER, TALK, trace_of

APPEND = "input_audio_buffer.append"
#: A second of PCM16 at 16 kHz, and the usual chunk.
SECOND, CHUNK = 2 * 16_000, 2 * 1_600
QUIET = "caller: {steps: [{wait: 60000}]}"
#: A call with an agent; other things are done beside it, by the clock.
CALL = """
    @on_call
    async def answer(e):
        call = e.call
        call.answer()
        client = await connect(trace=True, statistics=True)
        session = {{"turn_detection": {{"type": "server_vad"}}}}
        on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))
        on(client, "SessionUpdated", lambda ev: VoxEngine.sendMediaBetween(call, client))
        {more}
        setTimeout(client.close, 8333)
        setTimeout(VoxEngine.terminate, 9000)
"""
ITEM = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hm."}]}
SIDE = {"format": {"type": "audio/pcm", "rate": 24_000}}
PCMU = {"format": {"type": "audio/pcmu"}}
WAYS = {
    "nothing else": "pass",
    "messages": f"""
        for ms in (1234, 2345, 2420, 4811):
            setTimeout(lambda: client.conversationItemCreate(item={ITEM!r}), ms)
        setTimeout(client.inputAudioBufferClear, 3777)
        setTimeout(client.responseCreate, 6100)""",
    "links": """
        setTimeout(lambda: call.stopMediaTo(client), 1555)
        setTimeout(lambda: call.sendMediaTo(client), 2015)
        setTimeout(lambda: call.sendMediaTo(client), 2515)
        setTimeout(lambda: call.stopMediaTo(client), 7033)""",
    "other formats": f"""
        one, two = {{"audio": {{"input": {SIDE!r}}}}}, {{"audio": {{"input": {PCMU!r}}}}}
        setTimeout(lambda: client.sessionUpdate(session=one), 2222)
        setTimeout(lambda: client.sessionUpdate(session=two), 5511)""",
    "a manual turn": """
        manual = {"turn_detection": None}
        setTimeout(lambda: client.sessionUpdate(session=manual), 1111)""",
}
CALLERS = {
    "quiet": QUIET,
    "talks": "caller: {steps: [{wait: 2730}, {say: Good morning everybody.}, {wait: 60000}]}",
    "interrupts": """
        caller:
          steps:
            - wait: 1500
            - say: Hello, are you there?
            - wait_for: agent_speech
            - wait: 300
            - say: Stop.
            - wait: 60000
    """,
}


def sound_of(played):
    """The pieces of sound that were sent: when, in ms, and their bytes."""
    messages = [(at, json.loads(text)) for at, way, text in trace_of(played) if way == ">"]
    return [(at, base64.b64decode(m["audio"])) for at, m in messages if m["type"] == APPEND]


def ends_of(played):
    """When each piece was sent, and whether it is all the same, by where it ends in the sound."""
    found, end = {}, 0
    for at, pcm in sound_of(played):
        end += len(pcm)
        found[end] = at, len(set(pcm)) == 1
    return found


def is_other(record):
    """Whether a record is not about sound that was sent."""
    return record.get("type") != APPEND and record["kind"] != "run"


def placeless(record):
    """A record without its number, and without the scenario's path."""
    return {key: value for key, value in record.items() if key not in ("n", "at")}


def test_silence_goes_by_the_second(play):
    """The first chunk tells that it is silent; what was begun goes before the end."""
    played = play(CALL.format(more="pass"), caller=QUIET, agent=AGENT)
    times, pieces = zip(*sound_of(played), strict=True)
    assert list(map(len, pieces)) == [CHUNK, *[SECOND] * 7, 9 * CHUNK]
    first = times[0]
    assert list(times[1:-1]) == [first + 1_000 * n for n in range(1, 8)]
    assert not any(map(any, pieces))


def test_sound_goes_at_once(play):
    """Each chunk of it when it is over, after the silence before it; and until speech has ended."""
    played = play(TALK.format(options="trace=True"), caller=CALLER, agent=AGENT)
    pieces = sound_of(played)
    (stopped,) = played.of("event", name="Grok.VoiceAgentAPI.InputAudioBufferSpeechStopped")
    loud = [at for at, pcm in pieces if any(pcm)]
    until_stopped = [(at, len(pcm)) for at, pcm in pieces if loud[0] < at < stopped["t"]]
    assert until_stopped[0][0] == loud[0] + 100
    assert {size for _, size in until_stopped} == {CHUNK}
    assert {b - a for (a, _), (b, _) in pairwise(until_stopped)} == {100}
    assert max(len(pcm) for at, pcm in pieces if at > stopped["t"]) > CHUNK


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("caller", CALLERS)
def test_nothing_else_is_changed_by_it(play, tmp_path, monkeypatch, way, caller):
    """Every other record is the same at the same time, and all of the sound is sent."""
    played = []
    for chunks in (10, 0):
        monkeypatch.setattr("voxrt.connectors.media.SILENT_CHUNKS", chunks)
        options = {"caller": CALLERS[caller], "agent": AGENT, "out": tmp_path / str(chunks)}
        played.append(play(CALL.format(more=WAYS[way]), **options))
    kept = [list(map(placeless, filter(is_other, one.records))) for one in played]
    assert kept[0] == kept[1]
    pieces, ends = zip(*((sound_of(one), ends_of(one)) for one in played), strict=True)
    assert len(pieces[0]) < len(pieces[1])
    assert b"".join(pcm for _, pcm in pieces[0]) == b"".join(pcm for _, pcm in pieces[1])
    assert set(ends[0]) <= set(ends[1])
    for end, (at, is_silent) in ends[1].items():
        assert is_silent or ends[0][end][0] == at
    sounds = [one.result.files["recording"].read_bytes() for one in played]
    assert sounds[0] == sounds[1]
