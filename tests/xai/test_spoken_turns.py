"""Turns of speech with server VAD, and speech over a reply."""

from __future__ import annotations

TRANSCRIPT = "conversation.item.input_audio_transcription.completed"


def created_ids(room):
    return [f["response"]["id"] for f in room.all("response.created")]


# Server VAD -------------------------------------------------------------------------------------


def test_a_spoken_turn_is_transcribed_committed_and_answered(bench, sequences):
    room = bench().ready()
    room.caller_says("Hello, my name is Marcelo.")
    room.run(6000)
    assert room.types == [
        "input_audio_buffer.speech_started",
        "conversation.item.added",
        sequences.partials,
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        sequences.partials,
        TRANSCRIPT,
        *sequences.reply,
    ]
    assert room.heard == ["Hello, my name is Marcelo."]
    item = room.one("input_audio_buffer.committed")["item_id"]
    listed = [f for f in room.all("conversation.item.added") if f["item"]["role"] == "assistant"]
    assert listed[0]["previous_item_id"] == item


def test_partials_come_in_pairs_and_only_with_grok_transcribe(bench):
    room = bench().ready()
    room.caller_says("I would like to have a table for four people tomorrow evening.")
    updated = room.all("conversation.item.input_audio_transcription.updated")
    partial = [f for f in room.all(TRANSCRIPT) if f["status"] == "in_progress"]
    assert len(updated) >= 2
    assert [f["transcript"] for f in updated] == [f["transcript"] for f in partial]
    other = bench().ready(audio={"input": {"transcription": None}})
    other.caller_says("I would like to have a table for four people tomorrow evening.")
    assert [f["status"] for f in other.all(TRANSCRIPT)] == ["completed"]


def test_speech_offsets_follow_the_appended_sound(bench):
    room = bench().ready(turn_detection={"type": "server_vad", "prefix_padding_ms": 0})
    room.silence(2000)
    room.caller_says("Hello there my friend.")
    speech = room.speaker.say("Hello there my friend.", voice="caller", rate_hz=24000)
    start = room.one("input_audio_buffer.speech_started")["audio_start_ms"]
    stop = room.one("input_audio_buffer.speech_stopped")["audio_end_ms"]
    assert abs(start - 2000) <= 40
    assert abs(stop - (2000 + speech.samples // 24)) <= 60


def test_sound_pushed_faster_than_real_time_gives_the_same_turn(bench):
    slow, fast = bench().ready(), bench().ready()
    slow.caller_says("Hello, my name is Marcelo.")
    speech = fast.speaker.say("Hello, my name is Marcelo.", voice="caller", rate_hz=24000)
    fast.append(speech.pcm + bytes(48 * 1000))
    for kind, name in (("speech_started", "audio_start_ms"), ("speech_stopped", "audio_end_ms")):
        one, other = slow.one(f"input_audio_buffer.{kind}"), fast.one(f"input_audio_buffer.{kind}")
        assert one[name] == other[name]


def test_speech_that_goes_on_before_the_answer_continues_the_turn(bench, sequences):
    room = bench("rules: [{when: for four, say: Four it is.}]").ready()
    room.caller_says("I want a table.", tail_ms=900)
    assert room.one("response.created")
    room.caller_says("For four people.")
    room.run(6000)
    started = room.all("input_audio_buffer.speech_started")
    committed = room.all("input_audio_buffer.committed")
    assert len({f["item_id"] for f in [*started, *committed]}) == 1
    assert room.heard[-1] == "I want a table. For four people."
    assert room.said == ["Four it is."]
    first, second = created_ids(room)
    assert [f["response_id"] for f in room.all("response.done")] == [second]
    assert not [f for f in room.tape.frames if f.get("response_id") == first]


def test_with_merge_pauses_off_every_stretch_is_a_turn(bench):
    room = bench(merge_pauses=False).ready()
    room.caller_says("I want a table.", tail_ms=900)
    room.caller_says("For four people.")
    room.run(6000)
    assert room.heard == ["I want a table.", "For four people."]
    assert room.said == ["You said: I want a table. For four people. How can I help you with that?"]


# Barge-in ---------------------------------------------------------------------------------------

LONG = "greeting: " + "This is a very long welcome that nobody wants to hear. " * 8


def interrupted(room, after_ms):
    room.send("response.create")
    room.run(after_ms)
    room.caller_says("Stop, please stop it.")
    room.run(6000)
    return room


def test_speech_over_the_deltas_cancels_the_reply(bench, sequences):
    room = interrupted(bench(LONG).ready(), 1300)
    first, _ = created_ids(room)
    done = room.all("response.done")[0]
    assert done["response"]["id"] == first
    assert done["response"]["status"] == "cancelled"
    place = room.tape.frames.index(done)
    assert room.tape.frames[place - 1]["type"] == "input_audio_buffer.speech_started"
    assert not [f for f in room.tape.frames[place + 1 :] if f.get("response_id") == first]
    said = done["response"]["output"][0]["content"][0]["transcript"]
    assert LONG.removeprefix("greeting: ").startswith(said)
    assert 0 < done["usage"]["output_audio_seconds"] < 20
    added = [f for f in room.all("conversation.item.added") if f["item"]["role"] == "user"]
    assert added[0]["previous_item_id"] is None  # the cancelled message is gone


def test_with_the_silent_drop_switch_nothing_more_is_said_of_the_reply(bench):
    room = interrupted(bench(LONG, barge_in="silent_drop").ready(), 1300)
    first, second = created_ids(room)
    assert [f["response_id"] for f in room.all("response.done")] == [second]
    assert not [f for f in room.all("response.output_audio.done") if f["response_id"] == first]


def test_speech_before_the_first_delta_drops_the_reply_silently(bench):
    room = interrupted(bench(LONG).ready(), 320)
    first, second = created_ids(room)
    assert not [f for f in room.tape.frames if f.get("response_id") == first]
    assert room.one("response.done")["response_id"] == second


def test_speech_before_the_first_delta_can_be_told_to_cancel(bench):
    room = interrupted(bench(LONG, barge_in_before_sound="cancelled").ready(), 320)
    assert [f["response"]["status"] for f in room.all("response.done")] == [
        "cancelled",
        "completed",
    ]


def test_speech_after_the_delivery_is_a_normal_turn(bench, sequences):
    room = bench().ready()
    room.send("response.create")
    room.run(1700)  # delivered, but hardly played
    assert room.types == sequences.reply
    room.forget()
    room.caller_says("Hello?")
    room.run(5000)
    assert room.types[-len(sequences.reply) :] == sequences.reply
    assert [f["response"]["status"] for f in room.all("response.done")] == ["completed"]


def test_interrupt_response_false_is_stored_and_not_obeyed_unless_told(bench):
    detection = {"type": "server_vad", "interrupt_response": False}
    room = interrupted(bench(LONG).ready(turn_detection=detection), 1300)
    assert room.all("response.done")[0]["response"]["status"] == "cancelled"
    room = bench(LONG, honour_response_switches=True).ready(turn_detection=detection)
    interrupted(room, 1300)
    room.run(10_000)
    assert room.all("response.done")[0]["response"]["status"] == "cancelled"  # by the new reply


def test_create_response_false_is_not_obeyed_unless_told(bench):
    detection = {"type": "server_vad", "create_response": False}
    for honour, replies in ((False, 1), (True, 0)):
        room = bench(honour_response_switches=honour).ready(turn_detection=detection)
        room.caller_says("Hello?")
        room.run(5000)
        assert len(room.all("response.done")) == replies
