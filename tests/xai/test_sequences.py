"""The sequences of a realtime conversation, in the order of the wire."""

from __future__ import annotations

import itertools

import pytest

TRANSCRIPT = "conversation.item.input_audio_transcription.completed"
BOOKING = """
greeting: Welcome to the bistro.
fallback: Sorry?
rules:
  - when: {regex: 'table for (?P<people>\\w+)'}
    say: Let me check that for you.
    call: {name: book_table, arguments: {people: "{people}"}}
    then: "Your table is booked for {output.time}."
  - when: both
    call:
      - {name: first, arguments: {a: 1}}
      - second
"""
BOOK = {
    "type": "function",
    "name": "book_table",
    "parameters": {"type": "object", "properties": {"people": {"type": "integer"}}},
}


def text_item(text, role="user"):
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


def ask(room, text):
    room.send("conversation.item.create", item=text_item(text))
    room.send("response.create")


def created_ids(room):
    return [f["response"]["id"] for f in room.all("response.created")]


# Connect and configure -------------------------------------------------------------------------


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
    pings = [t for t, f in zip(room.tape.times_ms, room.tape.frames, strict=True)
             if f["type"] == "ping"]
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


# Text turns and greetings ----------------------------------------------------------------------


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
    times = [t for t, f in zip(room.tape.times_ms, room.tape.frames, strict=True)
             if f["type"] == "response.output_audio.delta"]
    assert 3 <= sum(lengths) / (times[-1] - times[0] + lengths[0] / 4) <= 8
    assert ["latency" in d for d in deltas] == [True] + [False] * (len(deltas) - 1)
    assert 0.4 <= float(deltas[0]["latency"]) <= 1.1


def test_phrases_run_ahead_of_the_sound_that_voices_them(bench):
    room = bench("greeting: One two three four five six seven eight nine. And ten.").ready()
    room.send("response.create")
    room.run(20_000)
    phrases = room.all("response.output_audio_transcript.delta")
    assert [p["delta"] for p in phrases] == [
        "One two three four five six seven", " eight nine.", " And ten."
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


# Server VAD ------------------------------------------------------------------------------------


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


# Barge-in --------------------------------------------------------------------------------------

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


# Function calls --------------------------------------------------------------------------------


def test_a_function_call_turn(bench, sequences):
    room = bench(BOOKING).ready(tools=[BOOK])
    room.caller_says("A table for four, please.")
    room.run(5000)
    spoken = [*sequences.spoken, *sequences.call, "response.done"]
    assert room.types[-len(spoken) :] == spoken
    assert room.calls == [("book_table", {"people": 4})]
    added = [f["item"] for f in room.tape.frames if f.get("item", {}).get("type") == "function_call"]
    assert [(i["role"], i["status"], i["arguments"]) for i in added] == [
        ("user", "in_progress", ""),
        ("tool", "in_progress", ""),
        ("user", "completed", '{"people":4}'),
    ]
    call_id = room.one("response.function_call_arguments.done")["call_id"]
    room.forget()
    output = {"type": "function_call_output", "call_id": call_id, "output": '{"time": "7 pm"}'}
    room.send("conversation.item.create", item=output)
    room.send("response.create")
    room.run(5000)
    assert room.types == ["conversation.item.added", *sequences.reply]
    assert room.said == ["Your table is booked for 7 pm."]
    item = room.tape.frames[0]["item"]
    assert (item["role"], item["status"], room.tape.frames[0]["previous_item_id"]) == (
        "tool",
        "completed",
        None,
    )
    assert room.tape.frames[3]["previous_item_id"] == item["id"]


def test_several_calls_come_one_after_the_other_in_one_reply(bench, sequences):
    room = bench(BOOKING).ready()
    ask(room, "Do both.")
    room.run(5000)
    silent = ["conversation.item.added", "response.created", *sequences.call, *sequences.call]
    assert room.types == [*silent, "response.done"]
    done = room.all("response.function_call_arguments.done")
    stem = done[0]["call_id"].removesuffix("-0")
    assert [f["call_id"] for f in done] == [f"{stem}-0", f"{stem}-1"]
    assert [f["output_index"] for f in done] == [0, 0]
    assert room.one("response.done")["usage"]["output_audio_seconds"] == 0
    assert len(room.one("response.done")["response"]["output"]) == 2
    assert any("'second'" in note for note in room.notes)


def test_an_unanswered_call_is_not_answered_by_itself(bench):
    room = bench(BOOKING).ready(tools=[BOOK])
    ask(room, "A table for two.")
    room.run(60_000)
    assert len(room.all("response.done")) == 1


def test_outputs_given_on_arguments_done_are_accepted(bench):
    room = bench(BOOKING).ready(tools=[BOOK])
    ask(room, "A table for two.")
    while not room.all("response.function_call_arguments.done"):
        room.run(10)
    call_id = room.one("response.function_call_arguments.done")["call_id"]
    output = {"type": "function_call_output", "call_id": call_id, "output": '{"time": 8}'}
    room.send("conversation.item.create", item=output)
    room.send("response.create")
    room.run(5000)
    assert [f["response"]["status"] for f in room.all("response.done")] == ["completed"] * 2
    assert room.said[-1] == "Your table is booked for 8."


# Manual mode -----------------------------------------------------------------------------------


def manual(bench, script="", **settings):
    room = bench(script, **settings)
    room.connect()
    room.send("session.update", session={"turn_detection": None})
    room.run(500)
    room.forget()
    return room


def test_before_the_first_update_speech_is_noticed_but_never_committed(bench):
    room = bench()
    room.connect()
    room.forget()
    room.caller_says("Hello there.")
    room.run(5000)
    assert room.types == ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]


def test_a_commit_is_answered_by_itself_and_the_response_create_is_dropped(bench, sequences):
    room = manual(bench)
    room.caller_says("Hello there.", tail_ms=0)
    room.send("input_audio_buffer.commit")
    room.run(100)
    room.send("response.create")
    room.run(5000)
    assert room.types == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        TRANSCRIPT,
        *sequences.reply,
    ]
    room.send("response.create")
    room.run(5000)
    assert len(room.all("response.done")) == 1
    ask(room, "Anything")
    room.run(5000)
    assert len(room.all("response.done")) == 2


def test_in_documented_manual_mode_a_commit_waits_for_response_create(bench):
    room = manual(bench, documented_manual_mode=True)
    room.caller_says("Hello there.")
    room.send("input_audio_buffer.commit")
    room.run(5000)
    assert room.heard == ["Hello there."]
    assert not room.all("response.created")
    room.send("response.create")
    room.run(5000)
    assert room.said == ["You said: Hello there. How can I help you with that?"]


@pytest.mark.parametrize("ms", [0, 2000])
def test_committing_nothing_or_silence_does_nothing(bench, ms):
    room = manual(bench)
    room.silence(ms)
    room.send("input_audio_buffer.commit")
    room.run(3000)
    assert room.types == []


@pytest.mark.parametrize("documented", [False, True])
def test_response_create_commits_what_was_said(bench, documented):
    room = manual(bench, documented_manual_mode=documented)
    room.caller_says("Hello there.", tail_ms=200)
    room.send("response.create", response={"metadata": {"a": "b"}})
    room.run(5000)
    assert room.said == ["You said: Hello there. How can I help you with that?"]
    assert room.one("response.created")["response"]["metadata"] == {"a": "b"}


def test_clear_empties_the_buffer(bench):
    room = manual(bench)
    room.caller_says("Hello there.", tail_ms=0)
    room.send("input_audio_buffer.clear")
    room.send("input_audio_buffer.commit")
    room.run(5000)
    assert room.types == ["input_audio_buffer.speech_started", "input_audio_buffer.cleared"]


def test_clear_right_after_commit_cancels_the_reply(bench):
    room = manual(bench)
    room.caller_says("Hello there.", tail_ms=0)
    room.send("input_audio_buffer.commit")
    room.run(450)
    room.send("input_audio_buffer.clear")
    room.run(5000)
    assert room.said == []
    assert [f["response"]["status"] for f in room.all("response.done")] == ["cancelled"]


# Cancel, replace, truncate, delete -------------------------------------------------------------


def test_response_create_during_a_reply_replaces_it_without_an_error(bench):
    room = bench(LONG).ready()
    room.send("response.create")
    room.run(1500)
    room.send("response.create")
    room.run(20_000)
    first, second = created_ids(room)
    kinds = [(f["type"], f["response"]["status"]) for f in room.tape.frames
             if f["type"] in ("response.created", "response.done")]
    assert kinds == [
        ("response.created", "in_progress"),
        ("response.done", "cancelled"),
        ("response.created", "in_progress"),
        ("response.done", "completed"),
    ]
    assert not room.all("error")


def test_response_cancel_ends_the_reply_and_removes_its_item(bench):
    room = bench(LONG).ready()
    room.send("response.create")
    room.run(1500)
    room.send("response.cancel", response_id=created_ids(room)[0])
    room.run(1000)
    done = room.one("response.done")
    assert done["response"]["status"] == "cancelled"
    room.send("conversation.item.delete", item_id=done["response"]["output"][0]["id"])
    room.run(100)
    assert room.one("error")["error"]["message"] == "Item not found"


@pytest.mark.parametrize("fields", [{}, {"response_id": "other"}])
def test_cancelling_nothing_is_an_error(bench, fields):
    room = bench().ready()
    room.send("response.cancel", event_id="mine", **fields)
    room.run(100)
    error = room.one("error")["error"]
    assert error["type"] == error["code"] == "invalid_request_error"
    assert error["message"].startswith("Cancellation failed")
    assert error["event_id"] == "mine"


def test_truncate_shortens_a_finished_message(bench):
    room = bench("greeting: One two three four five six.").ready()
    room.send("response.create")
    room.run(5000)
    item_id = room.one("response.done")["response"]["output"][0]["id"]
    for end_ms, text in ((900, "One two"), (99_999, "One two three four five six.")):
        room.forget()
        room.send("conversation.item.truncate", item_id=item_id, content_index=0,
                  audio_end_ms=end_ms)
        room.run(100)
        frame = room.one("conversation.item.truncated")
        assert frame["transcript"].startswith(text)
        assert frame["audio_end_ms"] == end_ms


def test_truncate_during_a_reply_or_of_an_unknown_item_is_an_error(bench):
    room = bench(LONG).ready()
    room.send("conversation.item.truncate", item_id="x", content_index=0, audio_end_ms=0)
    room.send("response.create")
    room.run(1500)
    room.send("conversation.item.truncate", item_id="x", content_index=0, audio_end_ms=0)
    room.run(100)
    assert ["runcation" in f["error"]["message"] for f in room.all("error")] == [True, True]


def test_delete_removes_an_item(bench):
    room = bench().ready()
    room.send("conversation.item.create", item={**text_item("Hello"), "id": "mine"})
    room.send("conversation.item.delete", item_id="mine")
    room.send("conversation.item.delete", item_id="mine")
    room.run(300)
    assert room.types == ["conversation.item.added", "conversation.item.deleted", "error"]


# force_message, resumption, check-in -----------------------------------------------------------


def force(text, **fields):
    content = [{"type": "output_text", "text": text}]
    return {"type": "force_message", "role": "assistant", "content": content, **fields}


def test_a_forced_message_is_spoken_word_for_word(bench, sequences):
    room = bench().ready()
    room.send("conversation.item.create", item=force("This call is recorded."))
    room.run(5000)
    assert room.types == sequences.reply
    assert room.said == ["This call is recorded."]


def test_a_forced_message_that_is_not_interruptible_goes_on(bench):
    room = bench().ready()
    text = "This call may be recorded for training and for other purposes. " * 5
    room.send("conversation.item.create", item=force(text.strip(), interruptible=False))
    room.run(1300)
    room.caller_says("Whatever you say.")
    room.run(15_000)
    assert room.said[0] == text.strip()
    assert [f["response"]["status"] for f in room.all("response.done")] == ["completed"] * 2


def test_a_resumed_conversation_is_replayed_between_ping_and_session_updated(bench):
    room = bench("fallback: Noted.")
    room.connect()
    room.send("session.update", session={"resumption": {"enabled": True}})
    ask(room, "Remember me")
    room.run(5000)
    identity = room.one("conversation.created")["conversation"]["id"]
    session = room.one("session.created")["session"]["id"]
    room.conversation.peer_closed(1006, "")
    room.run(60_000)
    room.connect({"conversation_id": identity})
    room.send("session.update", session={"resumption": {"enabled": True}})
    room.run(1000)
    assert [f["type"] for f in room.tape.frames] == [
        "session.created",
        "conversation.created",
        "ping",
        "conversation.item.added",
        "conversation.item.added",
        "session.updated",
    ]
    assert room.one("conversation.created")["conversation"]["id"] == identity
    assert room.one("session.created")["session"]["id"] != session
    user, agent = (f["item"] for f in room.all("conversation.item.added"))
    assert user["content"] == [{"type": "input_text", "text": "Remember me"}]
    assert agent["content"] == [{"type": "text", "text": "Noted."}]
    assert user["replayed"] is agent["replayed"] is True


def test_a_conversation_is_forgotten_after_half_an_hour_or_without_resumption(bench):
    for enabled, minutes in ((True, 31), (False, 1)):
        room = bench()
        room.connect()
        room.send("session.update", session={"resumption": {"enabled": enabled}})
        room.run(1000)
        identity = room.one("conversation.created")["conversation"]["id"]
        room.conversation.peer_closed(1000, "")
        room.run(minutes * 60_000)
        room.connect({"conversation_id": identity})
        assert room.one("conversation.created")["conversation"]["id"] != identity


def test_a_long_silence_brings_a_check_in_again_and_again(bench, sequences):
    detection = {"type": "server_vad", "idle_timeout_ms": 5000}
    room = bench('check_in: ["Hello?", "Anybody there?"]').ready(turn_detection=detection)
    room.send("response.create")
    room.run(25_000)
    check_in = ["input_audio_buffer.timeout_triggered", *sequences.reply]
    assert room.types[: 1 + 2 * len(check_in)][len(sequences.reply) :][: len(check_in)] == check_in
    assert room.said[1:3] == ["Hello?", "Anybody there?"]


def test_speech_keeps_the_check_in_away(bench):
    detection = {"type": "server_vad", "idle_timeout_ms": 2500}
    room = bench().ready(turn_detection=detection)
    room.send("response.create")
    room.run(3000)
    room.caller_says("I am here and I am telling you a very long story about my life.")
    assert not room.all("input_audio_buffer.timeout_triggered")


# Errors, limits, usage, hearing ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", "invalid_event"),
        ("[]", "invalid_event"),
        ('{"no": "type"}', "invalid_event"),
        ('{"type": "session.update"}', "invalid_event"),
        ('{"type": "conversation.item.retrieve", "item_id": "x"}', "invalid_event"),
        ('{"type": "input_audio_buffer.append", "audio": "!"}', "invalid_request_error"),
        ('{"type": "conversation.item.create", "item": {}}', "invalid_request_error"),
    ],
)
def test_nonsense_is_an_error_and_the_session_goes_on(bench, text, kind, sequences):
    room = bench().ready()
    room.conversation.receive(text)
    room.run(100)
    assert room.one("error")["error"]["type"] == kind
    room.send("response.create")
    room.run(5000)
    assert room.types == ["error", *sequences.reply]


def test_usage_is_told_at_top_level_and_counts_what_is_new(bench):
    room = bench("fallback: Hello there!").ready()
    ask(room, "Say a short greeting.")
    room.run(5000)
    done = room.one("response.done")
    assert done["response"]["usage"] == {}
    usage = done["usage"]
    seconds = usage["output_audio_seconds"]
    assert usage["input_tokens"] == 5
    assert usage["output_token_details"]["text_tokens"] == 3
    assert usage["output_token_details"]["audio_tokens"] == pytest.approx(seconds * 50, abs=1.5)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    room.caller_says("Hello again.")
    room.run(5000)
    later = room.all("response.done")[1]["usage"]
    assert later["input_token_details"]["audio_tokens"] > 20
    assert later["billable_audio_seconds"] >= usage["billable_audio_seconds"]


def test_without_word_tags_the_stand_in_says_that_it_guessed(bench):
    room = bench("rules: [{when: {unheard: true}, say: 'Could you repeat that?'}]").ready()
    room.caller_says("This is a sentence that nobody can understand.", tagged=False)
    room.run(5000)
    assert room.heard[0].startswith("(speech, ")
    assert room.said == ["Could you repeat that?"]
    assert len(room.guesses) == 1
    assert "no words" in room.guesses[0]


def test_transcripts_of_the_script_stand_for_speech_without_tags(bench):
    room = bench("transcripts: [I want a table, Goodbye]").ready()
    for _ in range(3):
        room.caller_says("Some words here.", tagged=False)
        room.run(6000)
    assert room.heard[:2] == ["I want a table", "Goodbye"]
    assert room.said[1] == "Goodbye! Have a nice day."
    assert len(room.guesses) == 3


def test_the_session_ends_at_its_maximum_duration(bench):
    room = bench(max_session_ms=60_000)
    room.connect()
    room.run(59_000)
    assert room.tape.closed is None
    room.run(2000)
    assert room.tape.frames[-1]["error"]["type"] == "max_duration"
    assert room.tape.closed == (1000, "")


def test_an_idle_client_is_sent_away_when_told(bench):
    room = bench(inactivity_ms=20_000)
    room.connect()
    room.run(15_000)
    room.send("session.update", session={})
    room.run(15_000)
    assert room.tape.closed is None
    room.run(10_000)
    assert room.tape.frames[-1]["error"]["type"] == "timeout"


def test_after_the_close_nothing_is_sent_or_taken(bench):
    room = bench().ready()
    room.send("response.create")
    room.run(1000)
    room.conversation.peer_closed(1000, "")
    count = len(room.tape.frames)
    room.send("response.create")
    room.run(20_000)
    assert len(room.tape.frames) == count


# Determinism and cost --------------------------------------------------------------------------


def whole_call(bench, seed):
    room = bench(BOOKING, seed=seed).ready(tools=[BOOK])
    room.send("response.create")
    room.run(4000)
    room.caller_says("A table for four please.")
    room.run(5000)
    room.caller_says("Goodbye.")
    room.run(5000)
    return room.tape.frames, room.tape.times_ms, room.tape.spans


def test_two_runs_with_one_seed_send_the_same_bytes_at_the_same_times(bench):
    assert whole_call(bench, 7) == whole_call(bench, 7)
    assert whole_call(bench, 7)[0] != whole_call(bench, 8)[0]
