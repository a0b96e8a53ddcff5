"""Frames recorded from the real service: all are understood, and the stand-in's are alike."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
import yaml

from voxrt.xai import ClientProtocol, Direction, decode
from voxrt.xai.messages import problems

HOME = Path(
    os.environ.get("VOXRT_XAI_FRAMES")
    or Path(__file__).parents[2].parent / "shared/data/xai-frames"
)
NAMES = ("text_in_audio_out_turn", "audio_in_server_vad_turn", "tool_call_round")
pytestmark = pytest.mark.skipif(
    not HOME.is_dir(),
    reason=f"no recorded frames in {HOME}; set VOXRT_XAI_FRAMES to their folder",
)

SCRIPTS = {
    "text_in_audio_out_turn": "fallback: Hello there!",
    "audio_in_server_vad_turn": """
rules:
  - when: my name is
    say: Hello Marcelo! Nice to meet you. How can I help you today?
""",
    "tool_call_round": """
rules:
  - when: {regex: 'weather in (\\w+)'}
    say: I'll check the weather for {1} right away.
    call: {name: get_weather, arguments: {city: "{1}"}}
    then: "{output} The weather is foggy and 12 degrees."
""",
}

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|call-[0-9a-f-]+")
_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_CONSTANTS = (
    "type",
    "status",
    "role",
    "object",
    "status_details",
    "output_index",
    "content_index",
    "name",
    "arguments",
    "call_id",
    "previous_item_id",
    "item_id",
    "response_id",
    "id",
    "session",
    "input_audio_transcription",
    "format",
    "transport",
    "rate",
    "voice",
    "temperature",
    "modalities",
)


def recording(name):
    """The interactions of one recording: (direction, message)."""
    document = yaml.safe_load((HOME / f"{name}.yaml").read_text(encoding="utf-8"))
    return [(entry["direction"], entry["data"]) for entry in document["interactions"]]


def received(name):
    return [data for direction, data in recording(name) if direction == "received"]


def played(bench, name):
    """The stand-in's frames to the client messages of a recording."""
    room = bench(SCRIPTS[name])
    room.connect({"model": "grok-voice-latest"})
    spoken = False
    news = False
    for direction, data in recording(name):
        if direction == "received":
            news = True
            continue
        if news:
            room.run(5000)
            news = False
        if data["type"] != "input_audio_buffer.append":
            calls = room.all("response.function_call_arguments.done")
            if data.get("item", {}).get("type") == "function_call_output":
                data["item"]["call_id"] = calls[-1]["call_id"]
            room.send(data)
        elif not spoken:
            spoken = True
            room.caller_says("Hello, my name is Marcelo.")
    room.run(6000)
    return room.tape.frames


def skeleton(frames):
    """Frames without pings, of each run of deltas or partials the first; ids as ordinals."""
    ordinals = {}
    kept, before = [], None
    for frame in frames:
        kind = frame["type"]
        run = kind if frame.get("status") == "in_progress" or kind.endswith("delta") else None
        run = (
            "partial"
            if kind.endswith("transcription.updated") or frame.get("status") == "in_progress"
            else run
        )
        run = "deltas" if run and run.startswith("response.output_audio") else run
        if kind == "ping" or (run and run == before):
            continue
        before = run
        kept.append({k: shape(k, v, ordinals) for k, v in frame.items() if k != "event_id"})
    return kept


def shape(key, value, ordinals):
    if isinstance(value, dict):
        return {k: shape(k, v, ordinals) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(key, v, ordinals) for v in value]
    if isinstance(value, str) and _ID.fullmatch(value):
        return "an id" if key == "rid" else ordinals.setdefault(value, len(ordinals))
    return value if key in _CONSTANTS else type(value).__name__


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_frame_is_known_and_fits_the_table(name):
    for direction, data in recording(name):
        side = Direction.CLIENT if direction == "sent" else Direction.SERVER
        message = decode(json.dumps(data), side)
        assert message.known, message.type
        assert message.data == data
        assert problems(data, side) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_client_accepts_a_whole_recording(name):
    client = ClientProtocol()
    client.connection.opened()
    sound = 0
    for direction, data in recording(name):
        if direction == "sent":
            client.send(data)
            continue
        messages = client.receive(json.dumps(data))
        assert len(messages) == 1
        assert not messages[0].late
        sound += len(messages[0].audio or b"")
    assert sound > 0
    assert client.response_id is None
    assert client.usage["output_audio_seconds"] > 0
    assert client.output_format.rate_hz == 24000
    assert client.conversation_id


@pytest.mark.parametrize("name", NAMES)
def test_the_stand_in_sends_the_same_types_in_the_same_order(name, bench, sequences):
    theirs, ours = received(name), played(bench, name)
    assert sequences.collapse(ours) == sequences.collapse(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_the_stand_ins_frames_have_the_same_fields_constants_and_references(name, bench):
    theirs, ours = skeleton(received(name)), skeleton(played(bench, name))
    for mine, real in zip(ours, theirs, strict=True):
        assert mine == real


@pytest.mark.parametrize("name", NAMES)
def test_later_deltas_have_the_same_fields(name, bench):
    def fields(frames):
        found = {}
        for frame in frames:
            found.setdefault(frame["type"], set()).add(tuple(frame))
        return found

    theirs, ours = fields(received(name)), fields(played(bench, name))
    assert {k: {frozenset(f) for f in v} for k, v in ours.items()} == {
        k: {frozenset(f) for f in v} for k, v in theirs.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_event_ids_are_version_4_uuids_and_unique(name, bench):
    ids = [frame["event_id"] for frame in played(bench, name)]
    assert len(set(ids)) == len(ids)
    assert all(_UUID4.fullmatch(identity) for identity in ids)
