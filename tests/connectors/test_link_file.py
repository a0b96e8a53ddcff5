"""The file that each connection to a provider leaves in the run's folder."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from grok_talk import AGENT, CALLER, TALK, trace_of


def names_of(played):
    """The files of a run's connections."""
    return sorted(path.name for path in (played.result.out / "links").iterdir())


def lines_of(played, number=1):
    """The header and the lines of a link's file."""
    path = played.result.out / "links" / f"{number}.jsonl"
    header, *lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return header, lines


@pytest.fixture(scope="module")
def talked(play_once):
    """A turn of a call, with a trace to compare with."""
    return play_once(TALK.format(options="trace=True"), caller=CALLER, agent=AGENT)


def test_the_header_says_what_the_connection_was(talked):
    header, _ = lines_of(talked)
    assert header["format"] == 1
    assert header["provider"] == "xai"
    assert header["url"] == "ws://stand-in/v1/realtime?model=grok-voice-latest"
    assert header["dialled_ms"] == header["opened_ms"] == 100
    assert header["client"] == talked.of("provider")[0]["link"]
    assert "session" not in header


def test_it_has_every_message_of_the_trace_at_its_time(talked):
    """Received messages are whole; the end of the connection is the last line."""
    _, lines = lines_of(talked)
    *messages, closed = lines
    ways = {">": "sent", "<": "received"}
    expected = [(t, ways[way], json.loads(text)) for t, way, text in trace_of(talked)]
    assert len(messages) == len(expected)
    for line, (t, direction, message) in zip(messages, expected, strict=True):
        assert (line["t"], line["direction"]) == (t, direction)
        if message["type"] == "input_audio_buffer.append":
            assert line["message"].keys() == {"type", "audio"}
        else:
            assert line["message"] == message
    assert {k: closed[k] for k in ("direction", "code", "by", "clean")} == {
        "direction": "closed",
        "code": 1000,
        "by": "client",
        "clean": True,
    }


def test_its_numbers_lead_to_the_journal(talked):
    """`n` is the number of the message's own record."""
    _, lines = lines_of(talked)
    for line in lines[:-1]:
        record = talked.records[line["n"] - 1]
        assert record["n"] == line["n"]
        assert record["t"] == line["t"]
        assert record["direction"] == line["direction"]
        assert record["type"] == line["message"]["type"]
    assert len(lines) - 1 == len(talked.of("provider"))


def test_sent_audio_is_a_length_and_a_hash(talked):
    """The hash is that of the sound as PCM16, whatever carried it."""
    _, lines = lines_of(talked)
    appends = [json.loads(text) for _, way, text in trace_of(talked) if "buffer.append" in text]
    folded = [line["message"]["audio"] for line in lines[:-1] if "audio" in line["message"]]
    assert len(folded) == len(appends) > 10
    for audio, append in zip(folded, appends, strict=True):
        pcm = base64.b64decode(append["audio"])
        sha256 = hashlib.sha256(pcm).hexdigest()
        assert audio == {"samples": len(pcm) // 2, "rate_hz": 16_000, "sha256": sha256}


def test_words_that_travel_with_the_sound_are_kept(talked):
    """Spans say which part of which utterance a delta is; its words come with the first."""
    _, lines = lines_of(talked)
    spans = [line["speech"] for line in lines if "speech" in line]
    (first, *rest) = spans
    assert first["of"]["text"] == "A good morning to you."
    assert [word for word, _, _ in first["of"]["words"]] == ["A", "good", "morning", "to", "you."]
    assert not any("of" in span for span in rest)
    offset = 0
    for span in spans:
        assert (span["utterance"], span["offset"]) == (first["utterance"], offset)
        offset += span["samples"]


def test_each_connection_has_its_own_file_in_order_of_opening(play):
    played = play("""
        @on_started
        async def start(e):
            for n in range(2):
                client = await connect()
                client.responseCreate(metadata={"n": n})
            setTimeout(VoxEngine.terminate, 500)
    """)
    assert names_of(played) == ["1.jsonl", "2.jsonl"]
    for number in (1, 2):
        _, lines = lines_of(played, number)
        sent = [line["message"] for line in lines if line["direction"] == "sent"]
        assert sent == [{"type": "response.create", "metadata": {"n": number - 1}}]


def test_with_privacy_there_is_no_file(play):
    """The platform keeps nothing of such a connection; it has no number either."""
    played = play("""
        @on_started
        async def start(e):
            await connect(privacy=True)
            await connect()
            setTimeout(VoxEngine.terminate, 500)
    """)
    assert names_of(played) == ["1.jsonl"]


CONNECT = """
    @on_started
    async def start(e):
        await connect()
        setTimeout(VoxEngine.terminate, 500)
"""


def test_a_refused_connection_says_why(play, provider):
    header, lines = lines_of(play(CONNECT, link=provider(refuse="HTTP 401: no")))
    assert header["opened_ms"] is None
    assert lines == [{"t": 100.0, "direction": "refused", "reason": "HTTP 401: no"}]


def test_a_close_of_the_provider_says_its_code(play, provider):
    link = provider([(50, lambda link: link.hang_up(1013, "later", was_clean=True))])
    _, lines = lines_of(play(CONNECT, link=link))
    assert lines == [
        {
            "t": 150.0,
            "direction": "closed",
            "code": 1013,
            "reason": "later",
            "by": "provider",
            "clean": True,
        }
    ]


def test_what_is_no_message_is_kept_as_it_came(play, provider):
    """Text that is not JSON, sound in binary messages, sound that came too late."""
    delta = {"type": "response.output_audio.delta", "response_id": "r", "delta": "AAAA"}
    done = {"type": "response.done", "response": {"id": "r"}}
    link = provider([(10, "not json"), (20, b"\0\1"), (30, done), (40, delta)])
    _, lines = lines_of(play(CONNECT, link=link))
    assert [line.get("text") or line.get("message") for line in lines[:-1]] == [
        "not json",
        {"type": "response.output_audio.delta", "delta": "AAE="},
        done,
        delta,
    ]
    assert lines[1]["binary"] is True
    assert "n" not in lines[3]


def test_secrets_are_not_in_it_and_sound_is_left_alone(play, provider):
    """Also in what the provider echoes; base64 that looks like a secret is none."""
    secret = "AbCd"
    delta = {"type": "response.output_audio.delta", "response_id": "r", "delta": "xxAbCdxx"}
    echo = {"type": "session.created", "session": {"instructions": f"Say {secret}."}}
    link = provider([(10, echo), (20, {**delta, "note": secret}), (30, f"no json: {secret}")])
    played = play(
        """
        @on_started
        async def start(e):
            client = await connect()
            client.sessionUpdate(session={"instructions": f"{KEY} {VoxEngine.getSecretValue('S')}"})
            setTimeout(VoxEngine.terminate, 500)
        """,
        link=link,
        secrets={"S": secret},
    )
    _, lines = lines_of(played)
    messages = [line.get("message") or line["text"] for line in lines[:-1]]
    assert messages[0]["session"]["instructions"] == "****** ******"
    assert messages[1]["session"]["instructions"] == "Say ******."
    assert messages[2] == {**delta, "note": "******"}
    assert messages[3] == "no json: ******"


def test_old_files_do_not_survive_the_next_run(play, tmp_path):
    for name in ("links/9.jsonl", "links/notes.txt"):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_text("old")
    play("VoxEngine.terminate()", out=tmp_path / "out")
    assert [path.name for path in (tmp_path / "out/links").iterdir()] == ["notes.txt"]
