"""Cancelling and shortening, forced messages, resumption, check-ins."""

from __future__ import annotations

import pytest

LONG = "greeting: " + "This is a very long welcome that nobody wants to hear. " * 8


def text_item(text, role="user"):
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


def ask(room, text):
    room.send("conversation.item.create", item=text_item(text))
    room.send("response.create")


def created_ids(room):
    return [f["response"]["id"] for f in room.all("response.created")]


# Cancel, replace, truncate, delete --------------------------------------------------------------


def test_response_create_during_a_reply_replaces_it_without_an_error(bench):
    room = bench(LONG).ready()
    room.send("response.create")
    room.run(1500)
    room.send("response.create")
    room.run(20_000)
    _first, _second = created_ids(room)
    kinds = [
        (f["type"], f["response"]["status"])
        for f in room.tape.frames
        if f["type"] in ("response.created", "response.done")
    ]
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
        room.send(
            "conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=end_ms
        )
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


# force_message, resumption, check-in ------------------------------------------------------------


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


@pytest.mark.parametrize("forced_first", [True, False])
def test_a_forced_message_does_not_displace_an_answer(bench, forced_first):
    room = bench("fallback: Of course.").ready()
    messages = [[force("Recorded.")], [text_item("Is it you, or not?"), None]]
    for group in messages if forced_first else reversed(messages):
        for item in group:
            if item is None:
                room.send("response.create")
            else:
                room.send("conversation.item.create", item=item)
    room.run(8000)
    assert room.said == ["Recorded.", "Of course."]


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
