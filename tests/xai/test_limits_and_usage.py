"""Errors, limits, usage, hearing without tags, and the same bytes twice."""

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


def text_item(text, role="user"):
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


def ask(room, text):
    room.send("conversation.item.create", item=text_item(text))
    room.send("response.create")


# Errors, limits, usage, hearing -----------------------------------------------------------------


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
    script = """
rules:
  - {when: speech, say: The placeholder is not what was said.}
  - {when: {unheard: true}, say: "Could you repeat that?"}
"""
    room = bench(script).ready()
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


# Determinism and cost ---------------------------------------------------------------------------


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
