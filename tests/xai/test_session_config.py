"""Sessions: updates, their echo, refusals; audio formats in both directions."""

from __future__ import annotations

import base64
import math
import struct

import pytest

from voxrt.media.codecs import ulaw_decode
from voxrt.xai.formats import PCM_RATES_HZ, AudioFormat, FormatError, parse_format
from voxrt.xai.session import ConfigError, SessionConfig

FUNCTION = {"type": "function", "name": "look_up", "description": "Looks up.", "parameters": {}}
NESTED = {
    "type": "function",
    "function": {"name": "look_up", "description": "Looks up.", "parameters": {}},
}


def config(*updates):
    session = SessionConfig(model="grok-voice-latest")
    for update in updates:
        session = session.updated(update)
    return session


def test_the_plain_echo():
    assert config({"instructions": "Hi"}).echo() == {
        "instructions": "Hi",
        "enable_noise_suppression": True,
        "model": "grok-voice-latest",
        "keep_context": False,
        "enable_phonetic_spelling": False,
        "modalities": ["audio"],
        "input_audio_format": "not specified",
        "output_audio_format": "not specified",
        "tool_choice": "auto",
        "temperature": -1.0,
        "max_response_output_tokens": "inf",
        "audio": {
            side: {"format": {"type": "audio/pcm", "rate": 24000}, "transport": "json"}
            for side in ("input", "output")
        },
    }


def test_turn_detection_is_echoed_as_sent_and_left_out_when_manual():
    sent = {"type": "server_vad", "threshold": 0.5, "create_response": False, "novelty": 1}
    session = config({"turn_detection": sent})
    assert session.echo()["turn_detection"] == sent
    assert session.turn_detection.prefix_padding_ms == 333
    for manual in (None, {"type": None}):
        after = session.updated({"turn_detection": manual})
        assert after.turn_detection is None
        assert "turn_detection" not in after.echo()


def test_what_an_update_does_not_name_stays():
    first = {
        "instructions": "Hi",
        "voice": "Ara",
        "tools": [FUNCTION],
        "turn_detection": {"type": "server_vad"},
        "audio": {"input": {"format": {"type": "audio/pcmu"}}},
    }
    session = config(first, {"instructions": "Ho"})
    echo = session.echo()
    assert echo["instructions"] == "Ho"
    assert echo["voice"] == "Ara"
    assert echo["tools"] == [NESTED]
    assert echo["audio"]["input"]["format"] == {"type": "audio/pcmu", "rate": 8000}
    assert session.turn_detection is not None


@pytest.mark.parametrize("tool", [FUNCTION, NESTED])
def test_functions_are_echoed_nested(tool):
    session = config({"tools": [tool]})
    assert session.echo()["tools"] == [NESTED]
    assert session.function_names == ("look_up",)
    assert session.function("look_up")["description"] == "Looks up."


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "web_search", "allowed_domains": ["x.ai"]},
        {"type": "x_search"},
        {"type": "file_search", "vector_store_ids": ["a"]},
        {"type": "mcp", "server_url": "https://a", "server_label": "a"},
    ],
)
def test_server_side_tools_are_accepted(tool):
    assert config({"tools": [tool]}).echo()["tools"] == [tool]


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({"tools": {}}, "array"),
        ({"tools": ["x"]}, "object"),
        ({"tools": [{"type": "magic"}]}, "magic"),
        ({"tools": [{"type": "function"}]}, "name"),
        ({"tools": [{"type": "function", "name": "f", "parameters": []}]}, "schema"),
        (
            {
                "tools": [
                    {"type": "web_search", "allowed_domains": ["a"], "excluded_domains": ["b"]}
                ]
            },
            "not both",
        ),
        ({"tools": [{"type": "web_search", "allowed_domains": list("abcdef")}]}, "at most 5"),
        ({"tools": [{"type": "mcp", "server_url": "u", "server_label": "a.b"}]}, "dots"),
        ({"turn_detection": 5}, "object or null"),
        ({"turn_detection": {"type": "semantic_vad"}}, "semantic_vad"),
        ({"turn_detection": {"type": "server_vad", "threshold": "high"}}, "number"),
        ({"audio": []}, "object"),
        ({"audio": {"input": {"transport": "pigeon"}}}, "pigeon"),
        ({"audio": {"input": {"format": {"type": "audio/opus"}}}}, "not supported"),
        ({"audio": {"output": {"format": {"type": "audio/pcm", "rate": 12345}}}}, "12345"),
        ({"audio": {"output": {"speed": "fast"}}}, "number"),
        ({"audio": {"input": {"transcription": {"keyterms": ["x"] * 101}}}}, "100"),
        ({"audio": {"input": {"transcription": {"keyterms": ["x" * 51]}}}}, "50"),
    ],
)
def test_a_bad_update_is_an_error_and_changes_nothing(bench, update, words):
    with pytest.raises(ConfigError, match=words):
        config(update)
    room = bench().ready(instructions="Stay.")
    before = room.conversation.stage.config
    room.send("session.update", session={"instructions": "Go.", **update}, event_id="e1")
    room.run(1000)
    assert room.types == ["error"]
    assert room.one("error")["error"]["event_id"] == "e1"
    assert room.conversation.stage.config is before


def test_an_unsupported_format_has_its_own_code(bench):
    room = bench().ready()
    room.send("session.update", session={"audio": {"output": {"format": {"type": "audio/x"}}}})
    room.run(500)
    error = room.one("error")["error"]
    assert error["code"] == "invalid_audio_format"
    assert error["message"] == (
        "Audio format not supported. Use audio/pcm, audio/pcmu, or audio/pcma."
    )
    assert set(error) == {"type", "code", "message", "param", "event_id"}


def test_older_and_nested_spellings_are_understood():
    session = config(
        {
            "input_audio_format": "g711_ulaw",
            "input_audio_transcription": {"model": "grok-transcribe"},
            "audio": {
                "input": {"turn_detection": {"type": "server_vad"}},
                "output": {"voice": "Rex"},
            },
        }
    )
    assert session.input_format == AudioFormat("audio/pcmu", 8000)
    assert session.live_transcripts
    assert session.turn_detection is not None
    assert session.voice == "rex"


def test_numbers_out_of_range_are_brought_into_it():
    session = config(
        {
            "turn_detection": {"type": "server_vad", "threshold": 3, "silence_duration_ms": 99_999},
            "audio": {"output": {"speed": 9}},
        }
    )
    assert session.turn_detection.threshold == 0.9
    assert session.turn_detection.silence_duration_ms == 10_000
    assert session.speed == 1.5


@pytest.mark.parametrize(
    "value",
    [None, 1, "mp3", {"type": "audio/pcm", "rate": True}, {"type": "audio/pcma", "rate": 16000}],
)
def test_formats_that_do_not_exist(value):
    with pytest.raises(FormatError):
        parse_format(value)


# Formats through the whole stand-in


def loudness(pcm):
    samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    return math.sqrt(sum(s * s for s in samples) / max(1, len(samples)))


FORMATS = [AudioFormat("audio/pcm", rate) for rate in PCM_RATES_HZ]
FORMATS += [AudioFormat("audio/pcmu", 8000), AudioFormat("audio/pcma", 8000)]


@pytest.mark.parametrize("wire", FORMATS, ids=str)
def test_every_format_is_spoken(bench, wire):
    room = bench().ready(audio={"output": {"format": {"type": wire.type, "rate": wire.rate_hz}}})
    room.send("response.create")
    room.run(5000)
    data = b"".join(base64.b64decode(f["delta"]) for f in room.all("response.output_audio.delta"))
    pcm = wire.to_pcm(data)
    seconds = room.one("response.done")["usage"]["output_audio_seconds"]
    assert len(pcm) // 2 == round(seconds * wire.rate_hz)
    assert abs(seconds - 2.25) < 0.02
    assert loudness(pcm) > 1000
    spans = [span for span in room.tape.spans if span]
    speech = room.utterances.get(spans[0].utterance).speech
    assert speech.rate_hz == spans[0].rate_hz
    assert spans[-1].offset + spans[-1].samples == speech.samples
    if wire.rate_hz in (8000, 16000, 24000, 48000):
        assert speech.rate_hz == wire.rate_hz


@pytest.mark.parametrize("wire", FORMATS, ids=str)
def test_every_format_is_heard(bench, wire):
    room = bench().ready(audio={"input": {"format": {"type": wire.type, "rate": wire.rate_hz}}})
    near = {11025: 8000, 22050: 24000, 32000: 48000, 44100: 48000}.get(wire.rate_hz, wire.rate_hz)
    speech = room.speaker.say("Hello there, good morning.", voice="caller", rate_hz=near)
    from voxrt.media.rational import resample_any

    pcm = speech.pcm if near == wire.rate_hz else resample_any(speech.pcm, near, wire.rate_hz)
    data = wire.from_pcm(bytes(2 * wire.rate_hz) + pcm + bytes(2 * wire.rate_hz))
    step = wire.rate_hz // 10 * wire.bytes_per_sample
    for start in range(0, len(data), step):
        room.append(data[start : start + step])
    start = room.one("input_audio_buffer.speech_started")["audio_start_ms"]
    stop = room.one("input_audio_buffer.speech_stopped")["audio_end_ms"]
    assert abs(start + 333 - 1000) <= 60
    assert abs(stop - 1000 - len(pcm) * 500 // wire.rate_hz) <= 80


def test_binary_transport_carries_raw_sound_both_ways(bench):
    audio = {
        "input": {"transport": "binary", "format": {"type": "audio/pcmu"}},
        "output": {"transport": "binary", "format": {"type": "audio/pcmu"}},
    }
    room = bench().ready(audio=audio)
    speech = room.speaker.say("Hello?", voice="caller", rate_hz=8000)
    data = AudioFormat("audio/pcmu", 8000).from_pcm(speech.pcm + bytes(16000))
    for start in range(0, len(data), 800):
        room.run(100)
        room.conversation.receive_bytes(data[start : start + 800])
    room.run(5000)
    assert "response.output_audio.delta" not in [f["type"] for f in room.tape.frames]
    spoken = ulaw_decode(b"".join(data for data, _ in room.tape.sound))
    assert loudness(spoken) > 1000
    assert all(span.rate_hz == 8000 for _, span in room.tape.sound)
    assert room.one("response.done")["usage"]["output_audio_seconds"] == len(spoken) / 16000


def test_binary_sound_needs_binary_transport(bench):
    room = bench().ready()
    room.conversation.receive_bytes(b"\0\0")
    room.run(100)
    assert "binary" in room.one("error")["error"]["message"]


def test_speed_and_replacements_change_what_is_spoken_not_the_transcript(bench):
    def spoken(**session):
        room = bench("greeting: I am from xAI.").ready(**session)
        room.send("response.create")
        room.run(5000)
        assert room.said == ["I am from xAI."]
        (tag,) = {span.utterance for span in room.tape.spans if span}
        return room.utterances.get(tag).speech

    assert spoken().text == "I am from xAI."
    assert spoken(replace={"xAI": "ex A I"}).text == "I am from ex A I."
    assert spoken(audio={"output": {"speed": 1.5}}).samples < spoken().samples * 0.8


def test_a_change_of_format_in_mid_session_is_followed_at_once(bench):
    room = bench().ready()
    room.caller_says("Hello.", tail_ms=2000)
    room.send("session.update", session={"audio": {"input": {"format": {"type": "audio/pcma"}}}})
    room.rate_hz = 8000
    room.caller_says("Hello again.", wire=AudioFormat("audio/pcma", 8000))
    room.run(5000)
    assert room.heard == ["Hello.", "Hello again."]
