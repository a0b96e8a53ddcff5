"""The tables of messages and states, and the protocol seen from both ends."""

from __future__ import annotations

import base64
import itertools
import json
import random

import pytest

from voxrt.errors import LocalProtocolError, RemoteProtocolError, UsageError
from voxrt.xai import (
    ApiKey,
    AudioFormat,
    ClientProtocol,
    Direction,
    ServerProtocol,
    decode,
    encode,
    realtime_headers,
    realtime_url,
)
from voxrt.xai.messages import CLIENT_MESSAGES, SERVER_MESSAGES, When, problems
from voxrt.xai.state import REPLY_STEPS, Connection, ReplyState, ReplyTracker, Step

# Messages


def test_the_catalogue_is_complete():
    assert len(CLIENT_MESSAGES) == 9
    assert len(SERVER_MESSAGES) == 41
    assert not set(CLIENT_MESSAGES) & set(SERVER_MESSAGES)


def test_an_unknown_message_is_delivered_as_unknown():
    message = decode('{"type": "response.hologram", "x": 1}', Direction.SERVER)
    assert (message.type, message.data["x"], message.known) == ("response.hologram", 1, False)
    assert problems(message.data, Direction.SERVER) == []


@pytest.mark.parametrize("text", ["", "{", "1", "[]", "{}", '{"type": 1}', '{"type": ""}'])
def test_what_is_no_message_is_the_remote_sides_fault(text):
    with pytest.raises(RemoteProtocolError):
        decode(text, Direction.CLIENT)


@pytest.mark.parametrize(
    ("message", "complaints"),
    [
        ({"type": "input_audio_buffer.append"}, ["`audio` is missing"]),
        ({"type": "input_audio_buffer.append", "audio": 1}, ["`audio` is not text"]),
        ({"type": "response.create"}, []),
        ({"type": "response.create", "response": None, "event_id": "x", "other": 1}, []),
        ({"type": "response.create", "response": []}, ["`response` is not object or null"]),
        (
            {"type": "conversation.item.truncate", "item_id": "x", "audio_end_ms": True},
            ["`audio_end_ms` is not number"],
        ),
    ],
)
def test_problems_names_missing_and_misshapen_fields(message, complaints):
    assert problems(message, Direction.CLIENT) == complaints


def test_encode_keeps_the_order_of_keys():
    assert encode({"type": "x", "b": 1, "a": "ü"}) == '{"type":"x","b":1,"a":"ü"}'


# States


def test_the_table_of_a_reply_is_closed_and_every_state_can_be_reached_and_left():
    reached = {ReplyState.NONE}
    for _ in ReplyState:
        reached |= {to for (start, _), to in REPLY_STEPS.items() if start in reached}
    assert reached == set(ReplyState)
    for state in set(ReplyState) - {ReplyState.NONE}:
        assert REPLY_STEPS[state, Step.CANCELLED] is ReplyState.NONE
        assert REPLY_STEPS[state, Step.DROPPED] is ReplyState.NONE


@pytest.mark.parametrize(("state", "step"), list(itertools.product(ReplyState, Step)))
def test_a_step_is_taken_as_the_table_says_or_refused(state, step):
    tracker = ReplyTracker(state, "id")
    if (state, step) in REPLY_STEPS:
        tracker.step(step)
        assert tracker.state is REPLY_STEPS[state, step]
        assert tracker.active is (tracker.state is not ReplyState.NONE)
        assert (tracker.response_id is None) is not tracker.active
    else:
        with pytest.raises(LocalProtocolError, match="not allowed while"):
            tracker.step(step)


def test_every_message_that_needs_a_reply_says_so_in_its_name():
    inside = {name for name, row in SERVER_MESSAGES.items() if row.when is When.REPLY}
    assert all(name.startswith("response.") for name in inside)
    assert SERVER_MESSAGES["response.created"].when is When.IDLE_OR_REPLY


def test_nothing_is_sent_or_received_outside_of_an_open_connection():
    client = ClientProtocol()
    for _ in range(2):
        with pytest.raises(LocalProtocolError):
            client.send({"type": "response.create"})
        with pytest.raises(RemoteProtocolError):
            client.receive('{"type": "ping", "timestamp": 1}')
        client.connection.state = Connection().state
        client.connection.opened()
        client.closed()
    with pytest.raises(LocalProtocolError, match="cannot be opened"):
        client.connection.opened()


# The client


def opened():
    client = ClientProtocol()
    client.connection.opened()
    return client


def frames(client, *messages):
    return [m for message in messages for m in client.receive(json.dumps(message))]


def created(identity):
    return {"type": "response.created", "response": {"id": identity}}


def delta(identity, data=b"\x01\x00", kind="response.output_audio.delta"):
    return {"type": kind, "response_id": identity, "delta": base64.b64encode(data).decode()}


def test_deltas_of_a_superseded_reply_are_dropped():
    client = opened()
    found = frames(client, created("a"), delta("a"), created("b"), delta("a"), delta("b"))
    assert [(m.type.split(".")[-1], m.audio) for m in found] == [
        ("created", None),
        ("delta", b"\x01\x00"),
        ("created", None),
        ("delta", b"\x01\x00"),
    ]
    assert client.response_id == "b"


def test_other_late_messages_are_delivered_and_marked():
    client = opened()
    done = {"type": "response.done", "response": {"id": "a"}, "response_id": "a"}
    text = delta("a", kind="response.output_audio_transcript.delta")
    found = frames(client, created("a"), text, done, text, done, delta("a"))
    assert [m.late for m in found] == [False, False, False, True, True]
    assert client.response_id is None


def test_sending_a_cancel_makes_what_follows_late():
    client = opened()
    frames(client, created("a"))
    assert json.loads(client.send({"type": "response.cancel"})) == {"type": "response.cancel"}
    assert frames(client, delta("a")) == []


def test_usage_is_read_from_either_place():
    client = opened()
    frames(
        client,
        {
            "type": "response.done",
            "response": {"id": "a", "usage": {}},
            "usage": {"total_tokens": 1},
        },
    )
    assert client.usage == {"total_tokens": 1}
    frames(client, {"type": "response.done", "response": {"id": "b", "usage": {"total_tokens": 2}}})
    assert client.usage == {"total_tokens": 2}


def test_an_odd_byte_waits_for_its_other_half():
    client = opened()
    found = frames(client, created("a"), delta("a", b"\x01\x02\x03"), delta("a", b"\x04"))
    assert [m.audio for m in found[1:]] == [b"\x01\x02", b"\x03\x04"]


def test_the_formats_of_the_echo_are_followed():
    client = opened()
    echo = {
        "audio": {
            "input": {"format": {"type": "audio/pcmu"}, "transport": "binary"},
            "output": {"format": {"type": "audio/pcm", "rate": 16000}, "transport": "json"},
        }
    }
    frames(client, {"type": "session.updated", "session": echo})
    assert client.input_format == AudioFormat("audio/pcmu", 8000)
    assert client.output_format.rate_hz == 16000
    assert client.append(bytes(320)) == b"\xff" * 160


def test_appends_are_base64_frames():
    client = opened()
    frame = json.loads(client.append(b"\x01\x02"))
    assert frame == {"type": "input_audio_buffer.append", "audio": "AQI="}


def test_a_malformed_message_is_not_sent_but_an_unknown_one_is():
    client = opened()
    with pytest.raises(LocalProtocolError, match="`session` is missing"):
        client.send({"type": "session.update"})
    with pytest.raises(LocalProtocolError, match="without `type`"):
        client.send({"session": {}})
    assert client.send({"type": "session.levitate"})


def test_sound_that_is_not_base64_is_the_servers_fault():
    with pytest.raises(RemoteProtocolError, match="base64"):
        frames(opened(), created("a"), {**delta("a"), "delta": "abc"})


def test_binary_sound_belongs_to_the_current_reply():
    client = opened()
    assert client.receive_bytes(b"\x01\x02") == []
    frames(client, created("a"))
    (message,) = client.receive_bytes(b"\x01\x02")
    assert (message.data["response_id"], message.audio) == ("a", b"\x01\x02")


# The server


def test_the_server_refuses_to_build_frames_out_of_turn():
    server = ServerProtocol(random.Random(1))
    with pytest.raises(LocalProtocolError):
        server.message_done("item", "text")
    server.response_created()
    with pytest.raises(LocalProtocolError):
        server.response_created()
    server.message_added("item", None)
    with pytest.raises(LocalProtocolError):
        server.response_done([], {})
    server.response_done([], {}, cancelled=True)
    assert not server.reply.active


def test_the_server_reads_known_messages_strictly_and_unknown_ones_as_they_are():
    server = ServerProtocol(random.Random(1))
    assert server.receive('{"type": "input_audio_buffer.commit", "more": 1}').known
    assert not server.receive('{"type": "new.thing"}').known
    with pytest.raises(RemoteProtocolError, match="`session` is missing"):
        server.receive('{"type": "session.update"}')


def test_call_ids_number_the_calls_of_one_reply():
    ids = ServerProtocol(random.Random(1)).ids
    one, two = ids.calls(2)
    assert one.startswith("call-")
    assert one.endswith("-0")
    assert two == one[:-1] + "1"
    assert len(ids.session()) == 32


# Addresses


def test_addresses_always_name_the_model():
    assert realtime_url() == "wss://api.x.ai/v1/realtime?model=grok-voice-latest"
    url = realtime_url("ws://127.0.0.1:8000", "m", conversation_id="c", reasoning_effort="none")
    assert url == (
        "ws://127.0.0.1:8000/v1/realtime?model=m&conversation_id=c&reasoning.effort=none"
    )
    for bad in ("http://x", "ws://", "nonsense"):
        with pytest.raises(UsageError):
            realtime_url(bad)


def test_a_key_is_never_shown_and_must_fit_a_header():
    key = ApiKey("secret-key")
    assert "secret" not in f"{key} {key!r} {[key]}"
    assert realtime_headers(key) == [(b"Authorization", b"Bearer secret-key")]
    for bad in ("", "two words", "line\nbreak", "ключ"):
        with pytest.raises(UsageError) as caught:
            realtime_headers(ApiKey(bad))
        assert not bad or bad not in str(caught.value)
