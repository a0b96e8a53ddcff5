"""A recorded provider: when it says what, and what it takes for the same."""

from __future__ import annotations

import pytest
from cassettes import Client, audio, received, sent, write

from voxrt.errors import CassetteError

UPDATE = {"type": "session.update", "session": {"voice": "ara", "instructions": "Be short."}}
CREATE = {"type": "response.create"}


@pytest.fixture
def talk(tmp_path):
    """An update, an answer, a second of audio, and what follows it."""
    return write(
        tmp_path / "talk.jsonl",
        received(110, {"type": "session.created"}),
        received(110, {"type": "ping"}),
        sent(120, UPDATE),
        received(300, {"type": "session.updated", "session": {}}),
        sent(300, CREATE),
        audio(400),
        audio(500),
        received(520, {"type": "response.created"}),
        *(audio(600 + 100 * n) for n in range(8)),
        received(1310, {"type": "input_audio_buffer.speech_started"}),
        received(1400, {"type": "response.done"}),
        {"t": 2000, "direction": "closed", "code": 1000, "reason": "bye", "by": "provider"},
    )


TALK = [
    (110, "session.created"),
    (110, "ping"),
    (300, "session.updated"),
    (520, "response.created"),
    (1310, "input_audio_buffer.speech_started"),
    (1400, "response.done"),
    (2000, "closed 1000 bye"),
]


def hears(start_ms, count=10, ms=100):
    return [(start_ms + ms * n, ms) for n in range(count)]


def test_a_client_that_does_the_same_gets_everything_at_the_recorded_instant(talk):
    client = Client(talk, (120, UPDATE), (300, CREATE), *hears(400)).run()
    assert client.types == TALK
    assert client.player.never_sent() == []


def test_what_follows_a_late_message_is_as_late(talk):
    """Here both: half a second between the update and the request, and audio as recorded."""
    client = Client(talk, (120, UPDATE), (800, CREATE), *hears(400)).run()
    assert client.types[2:4] == [(300, "session.updated"), (1020, "response.created")]


def test_what_follows_audio_goes_by_the_audio(talk):
    """A caller who begins to speak later is heard later, however early the request was."""
    client = Client(talk, (120, UPDATE), (300, CREATE), *hears(1400)).run()
    assert client.types[3:6] == [
        (1520, "response.created"),
        (2310, "input_audio_buffer.speech_started"),
        (2400, "response.done"),
    ]


def test_a_request_that_was_late_delays_nothing_that_audio_leads(talk):
    client = Client(talk, (120, UPDATE), (700, CREATE), *hears(400)).run()
    assert client.types[3:] == [
        (920, "response.created"),
        (1310, "input_audio_buffer.speech_started"),
        (1400, "response.done"),
        (2000, "closed 1000 bye"),
    ]


def test_audio_may_come_in_other_pieces(talk):
    client = Client(talk, (120, UPDATE), (300, CREATE), *hears(320, 50, 20)).run()
    assert [kind for _, kind in client.types] == [kind for _, kind in TALK]
    assert all(abs(at - when) <= 20 for (at, _), (when, _) in zip(client.types, TALK, strict=True))


def test_a_client_that_sends_nothing_gets_what_comes_before(talk):
    client = Client(talk).run()
    assert client.types == TALK[:2]
    assert [line.type for line in client.player.never_sent()] == [
        "session.update",
        "response.create",
    ]


def test_a_message_may_come_before_what_preceded_it(talk):
    """The answer still comes after the same time, and not before the rest."""
    client = Client(talk, (105, UPDATE), (106, CREATE), *hears(400)).run()
    assert client.types[:4] == [
        (110, "session.created"),
        (110, "ping"),
        (285, "session.updated"),
        (520, "response.created"),
    ]


def test_messages_beside_each_other_may_change_places(tmp_path):
    path = write(
        tmp_path / "c.jsonl",
        sent(110, UPDATE),
        sent(110, CREATE),
        received(200, {"type": "ping"}),
    )
    client = Client(path, (110, CREATE), (120, UPDATE)).run()
    assert client.types == [(200, "ping")]


def test_messages_with_an_answer_between_them_may_not(talk):
    with pytest.raises(CassetteError, match=r"the next recorded message is `session.update`"):
        Client(talk, (110, CREATE)).run()


def test_words_that_travelled_with_the_sound_travel_again(tmp_path):
    of = {"text": "Good day.", "rate_hz": 16_000, "words": [["Good", 0, 800], ["day.", 900, 1600]]}
    span = {"utterance": 9, "samples": 800, "rate_hz": 16_000}
    delta = {"type": "response.output_audio.delta", "delta": "AAAA"}
    path = write(
        tmp_path / "c.jsonl",
        received(110, delta, speech={**span, "offset": 0, "of": of}),
        received(120, delta, speech={**span, "offset": 800}),
        received(130, delta, speech={**span, "utterance": 3, "offset": 800}),
        received(140, delta, binary=True),
    )
    client = Client(path).run()
    spans = [speech for _, _, speech in client.told]
    assert [(s.utterance, s.offset, s.samples) for s in spans[:2]] == [(1, 0, 800), (1, 800, 800)]
    assert spans[2:] == [None, None]
    entry = client.utterances.get(1)
    assert entry.speaker == "agent"
    assert [word.text for word in entry.speech.words] == ["Good", "day."]
    assert client.types[3] == (140, "bytes")


def test_text_that_is_no_message_comes_as_it_was(tmp_path):
    path = write(
        tmp_path / "c.jsonl", {"t": 110, "direction": "received", "text": '{"type": "any"}'}
    )
    assert Client(path).run().types == [(110, "any")]


def test_after_a_close_nothing_comes(talk):
    client = Client(talk)
    client.clock.call_at(250_000, client.player.close)
    assert client.run().types == TALK[:2]


# What is not recorded -----------------------------------------------------------------------


def told(path, *acts):
    with pytest.raises(CassetteError) as caught:
        Client(path, *acts).run()
    error = caught.value
    return error.line, error.message.splitlines()


def test_a_field_that_is_other_is_named(talk):
    other = {"type": "session.update", "session": {"voice": "eve", "instructions": "Be short."}}
    line, text = told(talk, (120, other))
    assert line == 4
    assert text == [
        "`session.update` was sent, and it is not the recorded `session.update` of line 4",
        '    session.voice: recorded "ara", sent "eve"',
    ]


def test_the_nearest_message_is_shown_when_it_is_not_the_next(tmp_path):
    """The same type comes first, then the fewest differences."""

    def item(text):
        content = [{"type": "input_text", "text": text}]
        return {
            "type": "conversation.item.create",
            "item": {"type": "message", "role": "user", "content": content},
        }

    path = write(
        tmp_path / "c.jsonl",
        sent(110, UPDATE),
        received(120, {"type": "ping"}),
        sent(130, item("Hello.")),
        sent(130, {"type": "conversation.item.create", "item": {"type": "x"}}),
    )
    line, text = told(path, (110, item("Hello!")))
    assert line == 4
    assert text[0].endswith("the next recorded message is `session.update` of line 2")
    assert text[1] == "  the nearest one is `conversation.item.create` of line 4"
    assert text[2:] == ['    item.content[0].text: recorded "Hello.", sent "Hello!"']


def test_more_than_was_recorded_is_told_as_such(talk):
    line, text = told(talk, (120, UPDATE), (130, CREATE), (140, CREATE))
    assert line == 6
    assert text[0] == "`response.create` was sent, and the next recorded message is none"


def test_a_cassette_without_messages_of_the_client_says_so(tmp_path):
    line, text = told(write(tmp_path / "c.jsonl"), (140, CREATE))
    assert (line, text) == (
        1,
        ["`response.create` was sent, and nothing that was sent is recorded"],
    )


def test_fields_may_be_named_that_are_not_compared(tmp_path):
    path = write(tmp_path / "c.jsonl", sent(110, UPDATE), ignore=["session.instructions"])
    other = {"type": "session.update", "session": {"voice": "ara", "instructions": "Else."}}
    assert Client(path, (110, other)).run().player.never_sent() == []
    told(path, (110, {"type": "session.update", "session": {"voice": "eve"}}))


def test_silence_may_wait_for_as_long_as_it_did(tmp_path):
    """It may be sent with what it was sent with in the recording, and no later."""
    path = write(tmp_path / "held.jsonl", sent(120, CREATE), audio(400), audio(1400, 1000))
    client = Client(path, (120, CREATE), (400, 100), (700, 300)).run(until_ms=150)
    player, chunk_us = client.player, 100_000

    def may_wait():
        return player.may_wait(client.clock.now_us() + chunk_us)

    assert not may_wait()
    player.take_audio(bytes(2 * 2400))
    assert may_wait()
    player.take_audio(bytes(2 * 2400 * 8))
    assert may_wait()
    player.take_audio(bytes(2 * 2400))
    assert not may_wait()
    player.take_audio(bytes(2 * 2400))
    assert not may_wait()
