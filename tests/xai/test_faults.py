"""Faults by rule, and who is let in."""

from __future__ import annotations

import pytest

from voxrt.xai.standin import Conversation, Refusal


def room_with(bench, *faults):
    return bench("faults:\n" + "".join(f"  - {{{fault}}}\n" for fault in faults))


def greet(room):
    room.send("response.create")
    room.run(5000)
    return room


# Who is let in


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer "}, {"authorization": "Basic x"}]
)
def test_without_a_key_the_upgrade_is_refused(bench, headers):
    refusal = bench().connect(headers=headers)
    assert isinstance(refusal, Refusal)
    assert refusal.status == 401
    assert set(refusal.body) == {"code", "error"}


@pytest.mark.parametrize(
    ("headers", "subprotocol"),
    [
        ({"AUTHORIZATION": "bearer k"}, None),
        ({"Sec-WebSocket-Protocol": "x, xai-client-secret.abc"}, "xai-client-secret.abc"),
    ],
)
def test_keys_and_secrets_are_accepted(bench, headers, subprotocol):
    conversation = bench().connect(headers=headers)
    assert isinstance(conversation, Conversation)
    assert conversation.subprotocol == subprotocol


def test_a_client_secret_is_minted_used_and_expires(bench):
    room = bench()
    status, body = room.standin.client_secret(
        {"Authorization": "Bearer k"}, {"expires_after": {"seconds": 60}}
    )
    assert status == 200
    assert body["value"].startswith("xai-realtime-client-secret-")
    assert body["expires_at"] == room.clock.unix_ms() // 1000 + 60
    headers = {"Sec-WebSocket-Protocol": f"xai-client-secret.{body['value']}"}
    assert isinstance(room.connect(headers=headers), Conversation)
    room.run(61_000)
    assert room.connect(headers=headers).status == 401


@pytest.mark.parametrize(("seconds", "lasts"), [(None, 600), (100_000, 3600)])
def test_a_secret_lasts_ten_minutes_unless_told_and_an_hour_at_most(bench, seconds, lasts):
    room = bench()
    body = {} if seconds is None else {"expires_after": {"seconds": seconds}}
    _, answer = room.standin.client_secret({"Authorization": "Bearer k"}, body)
    assert answer["expires_at"] == room.clock.unix_ms() // 1000 + lasts


def test_secrets_need_a_key_and_a_sensible_time(bench):
    standin = bench().standin
    assert standin.client_secret({}, {})[0] == 401
    for seconds in (0, "x", True):
        body = {"expires_after": {"seconds": seconds}}
        assert standin.client_secret({"Authorization": "Bearer k"}, body)[0] == 400


def test_a_refusal_by_rule_for_a_key_or_a_connection(bench):
    room = room_with(
        bench, "fault: refuse, status: 403, key: poor", "fault: refuse, connection: 2, status: 429"
    )
    assert room.connect(headers={"Authorization": "Bearer poor"}).status == 403
    refusal = room.connect()
    assert refusal.status == 429
    assert refusal.body["code"] == "resource-exhausted"
    assert isinstance(room.connect(), Conversation)


# What goes wrong


def test_close_at_the_second_occurrence(bench):
    room = room_with(
        bench, "fault: close, at: response.created, occurrence: 2, reason: boom"
    ).ready()
    greet(room)
    assert room.tape.closed is None
    greet(room)
    assert room.tape.closed == (1011, "boom")
    assert room.types[-1] == "response.created"
    count = len(room.tape.frames)
    greet(room)
    assert len(room.tape.frames) == count


def test_drop_response_leaves_only_its_beginning(bench, sequences):
    room = room_with(bench, "fault: drop_response").ready()
    greet(room)
    assert room.types == ["response.created"]
    greet(room)
    assert room.types == ["response.created", *sequences.reply]


def test_delay_holds_up_everything_behind_it(bench):
    plain, slow = bench().ready(), room_with(bench, "fault: delay, at: response.created, ms: 3000")
    slow.ready()
    for room in (plain, slow):
        room.send("response.create")
        room.run(10_000)
    assert slow.types == plain.types
    first = slow.types.index("response.created")
    assert slow.tape.times_ms[first] - plain.tape.times_ms[first] == 3000
    assert slow.tape.times_ms == sorted(slow.tape.times_ms)


def test_two_delays_keep_the_order(bench):
    room = room_with(
        bench, "fault: delay, at: session.created, ms: 500", "fault: delay, at: ping, ms: 1500"
    )
    room.connect()
    room.run(2000)
    assert [f["type"] for f in room.tape.frames] == [
        "session.created",
        "conversation.created",
        "ping",
    ]
    assert room.tape.times_ms == [500, 500, 1500]


def test_duplicate_sends_the_frame_again_under_a_new_event_id(bench):
    room = room_with(bench, "fault: duplicate, at: conversation.item.added").ready()
    greet(room)
    one, two = room.all("conversation.item.added")
    assert one["item"] == two["item"]
    assert one["event_id"] != two["event_id"]


def test_a_second_session_updated(bench):
    room = room_with(bench, "fault: second_session_updated, ms: 300")
    room.connect()
    room.send("session.update", session={})
    room.run(2000)
    one, two = room.all("session.updated")
    assert one["session"] == two["session"]


def test_late_partials_come_after_the_final_transcript(bench):
    room = room_with(bench, "fault: late_partials").ready()
    room.caller_says("Hello, my name is Marcelo.")
    kind = "conversation.item.input_audio_transcription.completed"
    assert [f["status"] for f in room.all(kind)][-2:] == ["completed", "in_progress"]


def test_an_error_at_an_event_every_time(bench):
    room = room_with(bench, "fault: error, at: response.done, every: true, message: Oops").ready()
    greet(greet(room))
    assert [f["error"]["message"] for f in room.all("error")] == ["Oops", "Oops"]


@pytest.mark.parametrize("kind", ["max_duration", "timeout"])
def test_the_session_can_be_ended(bench, kind):
    room = room_with(bench, f"fault: end_session, ms: 4000, type: {kind}")
    room.connect()
    room.run(5000)
    assert room.tape.frames[-1]["error"]["type"] == kind
    assert room.tape.closed == (1000, "")


def test_a_fault_for_one_connection_spares_the_others(bench):
    room = room_with(bench, "fault: close, at: session.created, connection: 1")
    room.connect()
    assert room.tape.closed == (1011, "")
    room.connect()
    assert room.tape.closed is None
