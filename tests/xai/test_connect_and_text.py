"""Connecting, configuring, and turns of text, in the order of the wire."""

from __future__ import annotations

import itertools

import pytest


def text_item(text, role="user"):
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


def ask(room, text):
    room.send("conversation.item.create", item=text_item(text))
    room.send("response.create")


# Connect and configure --------------------------------------------------------------------------


def test_a_connection_begins_with_session_conversation_and_ping(bench):
    room = bench()
    room.connect({"model": "grok-voice-latest"})
    assert [f["type"] for f in room.tape.frames] == [
        "session.created",
        "conversation.created",
        "ping",
    ]
    assert "previous_item_id" not in room.tape.frames[0]
    assert room.tape.frames[2]["timestamp"] == room.clock.unix_ms()


def test_pings_come_every_ten_seconds_and_stop_with_the_connection(bench):
    room = bench()
    room.connect()
    room.run(30_500)
    pings = [
        t for t, f in zip(room.tape.times_ms, room.tape.frames, strict=True) if f["type"] == "ping"
    ]
    assert pings == [0, 10_000, 20_000, 30_000]
    room.conversation.peer_closed(1000, "")
    room.run(30_000)
    assert len(room.all("ping")) == 4


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("grok-voice-fast-1.0", "grok-voice-fast-1.0"),
        ("no-such-model", "grok-voice-latest"),
        (None, "grok-voice-latest"),
    ],
)
def test_an_unknown_model_is_replaced_without_a_word(bench, asked, told):
    room = bench()
    room.connect({"model": asked} if asked else {})
    assert room.one("session.created")["session"]["model"] == told


def test_every_update_is_confirmed_once_within_half_a_second(bench):
    room = bench()
    room.connect()
    room.forget()
    for voice in ("Ara", "rex"):
        room.send("session.update", session={"voice": voice})
    room.run(1000)
    assert room.types == ["session.updated", "session.updated"]
    assert [f["session"]["voice"] for f in room.tape.frames] == ["Ara", "rex"]
    assert all(140 <= t <= 500 for t in room.tape.times_ms)


def test_answers_come_in_the_order_of_the_questions(bench):
    room = bench()
    room.connect()
    room.forget()
    room.send("session.update", session={})
    room.send("conversation.item.create", item=text_item("Hi"))
    room.send("input_audio_buffer.clear")
    room.run(1000)
    assert room.types == [
        "session.updated",
        "conversation.item.added",
        "input_audio_buffer.cleared",
    ]


# Text turns and greetings -----------------------------------------------------------------------


def test_a_bare_response_create_makes_the_agent_greet(bench, sequences):
    room = bench().ready()
    room.send("response.create")
    room.run(5000)
    assert room.types == sequences.reply
    assert room.said == ["Hello! How can I help you today?"]


def test_a_text_message_is_added_and_answered(bench, sequences):
    room = bench("fallback: Of course.").ready()
    ask(room, "Hello")
    room.run(5000)
    assert room.types == ["conversation.item.added", *sequences.reply]
    added = room.tape.frames[0]
    assert added["item"]["status"] == "completed"
    assert room.tape.frames[3]["previous_item_id"] == added["item"]["id"]


def test_the_item_id_of_the_client_is_kept(bench):
    room = bench().ready()
    room.send("conversation.item.create", item={**text_item("Hello"), "id": "mine"})
    room.run(100)
    assert room.one("conversation.item.added")["item"]["id"] == "mine"


def test_metadata_is_echoed_in_created_and_done(bench):
    room = bench().ready()
    room.send("response.create", response={"metadata": {"k": "v"}})
    room.run(5000)
    assert room.one("response.created")["response"]["metadata"] == {"k": "v"}
    assert room.one("response.done")["response"]["metadata"] == {"k": "v"}


def test_a_quoted_sentence_in_the_instructions_of_a_reply_is_said(bench):
    room = bench().ready()
    room.send("response.create", response={"instructions": 'Say: "Good evening, madam."'})
    room.run(5000)
    assert room.said == ["Good evening, madam."]


def test_deltas_have_the_sizes_and_the_pace_of_recordings(bench):
    room = bench("greeting: " + "one two three four five six. " * 6).ready()
    room.send("response.create")
    room.run(20_000)
    deltas = room.all("response.output_audio.delta")
    lengths = [d["audio_duration_ms"] for d in deltas]
    assert lengths[0] == 489
    assert all(92 <= length <= 1223 for length in lengths)
    assert lengths[-1] == 92
    times = [
        t
        for t, f in zip(room.tape.times_ms, room.tape.frames, strict=True)
        if f["type"] == "response.output_audio.delta"
    ]
    assert 3 <= sum(lengths) / (times[-1] - times[0] + lengths[0] / 4) <= 8
    assert ["latency" in d for d in deltas] == [True] + [False] * (len(deltas) - 1)
    assert 0.4 <= float(deltas[0]["latency"]) <= 1.1


def test_phrases_run_ahead_of_the_sound_that_voices_them(bench):
    room = bench("greeting: One two three four five six seven eight nine. And ten.").ready()
    room.send("response.create")
    room.run(20_000)
    phrases = room.all("response.output_audio_transcript.delta")
    assert [p["delta"] for p in phrases] == [
        "One two three four five six seven",
        " eight nine.",
        " And ten.",
    ]
    starts = [p["start_time"] for p in phrases]
    assert starts == sorted(starts)
    assert starts[0] == 0.0
    kinds = [f["type"].split(".")[1] for f in room.tape.frames if f["type"].endswith(".delta")]
    assert kinds[:2] == ["output_audio", "output_audio_transcript"]
    told = set()
    for frame in room.tape.frames[5:]:
        if frame["type"] == "response.output_audio_transcript.delta":
            assert frame["rid"] == frame["event_id"]
            told.add(frame["rid"])
        elif frame["type"] == "response.output_audio.delta" and told:
            assert frame["rid"] in told


def test_the_words_travel_with_the_sound(bench):
    room = bench().ready()
    room.send("response.create")
    room.run(5000)
    spans = [span for span in room.tape.spans if span]
    assert len(spans) == len(room.all("response.output_audio.delta"))
    utterance = room.utterances.get(spans[0].utterance)
    assert utterance.speaker == "agent"
    assert utterance.speech.text == "Hello! How can I help you today?"
    assert spans[0].offset == 0
    for before, after in itertools.pairwise(spans):
        assert after.offset == before.offset + before.samples
    assert spans[-1].offset + spans[-1].samples == utterance.speech.samples
