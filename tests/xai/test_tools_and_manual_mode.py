"""Function calls, and turns that the client ends, in the order of the wire."""

from __future__ import annotations

import pytest

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


TRANSCRIPT = "conversation.item.input_audio_transcription.completed"


def text_item(text, role="user"):
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


def ask(room, text):
    room.send("conversation.item.create", item=text_item(text))
    room.send("response.create")


# Function calls ---------------------------------------------------------------------------------


def test_a_function_call_turn(bench, sequences):
    room = bench(BOOKING).ready(tools=[BOOK])
    room.caller_says("A table for four, please.")
    room.run(5000)
    spoken = [*sequences.spoken, *sequences.call, "response.done"]
    assert room.types[-len(spoken) :] == spoken
    assert room.calls == [("book_table", {"people": 4})]
    added = [
        f["item"] for f in room.tape.frames if f.get("item", {}).get("type") == "function_call"
    ]
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


# Manual mode ------------------------------------------------------------------------------------


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
    room.caller_says("A table, please.")
    room.run(5000)
    assert room.types == ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]


def test_a_commit_is_answered_by_itself_and_the_response_create_is_dropped(bench, sequences):
    room = manual(bench)
    room.caller_says("A table, please.", tail_ms=0)
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
    room.caller_says("A table, please.")
    room.send("input_audio_buffer.commit")
    room.run(5000)
    assert room.heard == ["A table, please."]
    assert not room.all("response.created")
    room.send("response.create")
    room.run(5000)
    assert room.said == ["You said: A table, please. How can I help you with that?"]


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
    room.caller_says("A table, please.", tail_ms=200)
    room.send("response.create", response={"metadata": {"a": "b"}})
    room.run(5000)
    assert room.said == ["You said: A table, please. How can I help you with that?"]
    assert room.one("response.created")["response"]["metadata"] == {"a": "b"}


def test_clear_empties_the_buffer(bench):
    room = manual(bench)
    room.caller_says("A table, please.", tail_ms=0)
    room.send("input_audio_buffer.clear")
    room.send("input_audio_buffer.commit")
    room.run(5000)
    assert room.types == ["input_audio_buffer.speech_started", "input_audio_buffer.cleared"]


def test_clear_right_after_commit_cancels_the_reply(bench):
    room = manual(bench)
    room.caller_says("A table, please.", tail_ms=0)
    room.send("input_audio_buffer.commit")
    room.run(450)
    room.send("input_audio_buffer.clear")
    room.run(5000)
    assert room.said == []
    assert [f["response"]["status"] for f in room.all("response.done")] == ["cancelled"]
