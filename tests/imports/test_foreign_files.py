"""Recordings, logs and traces from anywhere: read, or refused with one clear message."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxrt.cli.main import main
from voxrt.errors import InputError
from voxrt.imports.call import read_call
from voxrt.imports.folder import write_folder
from voxrt.media.codecs import alaw_encode, tone, ulaw_encode
from voxrt.replay.folder import read_folder

UNHURRIED = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LOG = b"""\
2026-03-02 10:15:00.000 Sent event to JS onPhoneEvent with params [{id = C1 ; callerid = 1 ; destination = 2 ; name = Application.CallAlerting ; } ;  ]
2026-03-02 10:15:00.020 Sent event to JS onPhoneEvent with params [{id = C1 ; name = Call.Connected ; } ;  ]
2026-03-02 10:15:00.500 Sent event to JS onPhoneEvent with params [{id = C1 ; tone = 5 ; name = Call.ToneReceived ; } ;  ]
2026-03-02 10:15:00.600 Sent event from JS onPhoneEvent with params {"id":"G","data":{"customEvent":"ConversationItemInputAudioTranscriptionCompleted","payload":{"type":"conversation.item.input_audio_transcription.completed","event_id":"e1","item_id":"i","transcript":"Hello."}},"name":"Grok.VoiceAgentAPI.X"}
2026-03-02 10:15:01.000 Sent event to JS onPhoneEvent with params [{id = C1 ; internalCode = 16 ; name = Call.Disconnected ; } ;  ]
"""  # noqa: E501
TRACE = b"""\
     100.000 < {"type":"session.created","event_id":"e0","session":{}}
     100.000 > {"type":"session.update","session":{"voice":"ara"}}
     200.000 > {"type":"input_audio_buffer.append","audio":"AAAAAAAA"}
     300.000 < {"type":"response.output_audio.delta","event_id":"e2","response_id":"r","item_id":"i","delta":"AAAA"}
     600.000 < {"type":"conversation.item.input_audio_transcription.completed","event_id":"e1","item_id":"i","transcript":"Hello."}
"""  # noqa: E501


def wav(pcm, *, codec=1, channels=2, rate_hz=8_000, bits=16):
    """A WAV file with a header that says what it is told to say."""
    frame = channels * bits // 8
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16, codec, channels,
        rate_hz, rate_hz * frame, frame, bits, b"data", len(pcm),
    )  # fmt: skip
    return header + pcm


def sound(rate_hz, channels):
    """Half a second of a tone between silences, on every channel."""
    mono = bytes(rate_hz // 2) + tone([440], rate_hz, 500) + bytes(rate_hz // 2)
    frames = [mono[at : at + 2] * channels for at in range(0, len(mono), 2)]
    return b"".join(frames)


STEREO = wav(sound(8_000, 2))
GOOD = {
    "stereo": STEREO,
    "mono": wav(sound(8_000, 1), channels=1),
    "8-bit": wav(bytes(128 + (byte - 128) // 2 for byte in sound(8_000, 1)[1::2]), channels=1,
                 bits=8),
    "44.1 kHz": wav(sound(8_000, 2) * 5, rate_hz=44_100),
    "48 kHz": wav(sound(48_000, 2), rate_hz=48_000),
    "µ-law": wav(ulaw_encode(sound(8_000, 1)), codec=7, channels=1, bits=8),
    "A-law": wav(alaw_encode(sound(8_000, 2)), codec=6, bits=8),
    "cut in its sound": STEREO[:9_001],
    "length unknown": STEREO[:40] + b"\xff\xff\xff\xff" + STEREO[44:],
}  # fmt: skip
BAD = {
    "empty": (b"", "the file is empty"),
    "no RIFF": (b"Just some text, and quite a lot of it.", "not a WAV file"),
    "an MP3": (b"ID3\x04" + bytes(400), "not a WAV file, but an MP3 file"),
    "big-endian": (b"RIFX" + STEREO[4:], "a big-endian RIFX file"),
    "cut in its header": (STEREO[:30], "cut off within its header"),
    "without sound": (STEREO[:44][:40] + b"\0\0\0\0", "there are no samples"),
    "24-bit": (wav(bytes(600), bits=24), "24-bit samples"),
    "six channels": (wav(bytes(1200), channels=6), "6 channels"),
    "floating point": (wav(bytes(800), codec=3, bits=32), "floating point"),
    "a rate of 1 Hz": (wav(bytes(800), rate_hz=1), "its rate is 1 Hz"),
}


@pytest.mark.parametrize("name", GOOD)
def test_recordings_of_these_kinds_are_imported(tmp_path, name):
    (tmp_path / "call.wav").write_bytes(GOOD[name])
    folder = write_folder(read_call(tmp_path / "call.wav"), tmp_path / "out")
    read = read_folder(folder)
    assert read.recording("call-1.wav").rate_hz in (8_000, 16_000, 48_000)
    assert read.result["outcome"] == "imported"
    if name != "cut in its sound":
        assert len(list((folder / "caller").iterdir())) == 1


@pytest.mark.parametrize("name", BAD)
def test_recordings_of_these_kinds_are_refused(tmp_path, capsys, monkeypatch, name):
    content, told = BAD[name]
    monkeypatch.chdir(tmp_path)
    Path("call.wav").write_bytes(content)
    assert main(["import", "call.wav"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("call.wav: error: ")
    assert told in error
    assert "Traceback" not in error
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("trace", "told"),
    [
        (b"", "there is no message in this trace"),
        (b"\xff\xfe", "it is not UTF-8 text"),
        (b"hello\nworld\n", "t.txt:1: error: a line of a trace is `ms > message`"),
        (b"  1.0 > {}\n  2.0 < not json\n", "there is no message in this trace"),
        (TRACE.replace(b"AAAAAAAA", b"A"), "t.txt:3: error: the audio of this message is not"),
        (TRACE.replace(b'"AAAA"', b"7"), "t.txt:4: error: the audio of this message is not"),
        (TRACE.replace(b"600.000", b"  6.000"), "its times go backwards, from 300.0 to 6.0 ms"),
    ],
)
def test_what_is_no_trace_is_refused(tmp_path, capsys, monkeypatch, trace, told):
    monkeypatch.chdir(tmp_path)
    Path("call.wav").write_bytes(STEREO)
    Path("t.txt").write_bytes(trace)
    assert main(["import", "call.wav", "--trace", "t.txt"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.startswith("t.txt")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("version: 1\n", "t.yaml:1:1: error: a conversation as YAML has a list `interactions`"),
        ("interactions:\n- x\n", "t.yaml:2:3: error: an interaction has `data`"),
        ("interactions: [", "t.yaml:1"),
        ("- {}\n", "a conversation as YAML has a list"),
        ("interactions:\n- {direction: up, data: {type: x}}\n", "sent or received"),
    ],
)
def test_what_is_no_conversation_as_yaml_is_refused(tmp_path, capsys, monkeypatch, document, told):
    monkeypatch.chdir(tmp_path)
    Path("call.wav").write_bytes(STEREO)
    Path("t.yaml").write_text(document)
    assert main(["import", "call.wav", "--trace", "t.yaml"]) == 2
    error = capsys.readouterr().err
    assert told.split(":")[-1].strip() in error
    assert error.startswith("t.yaml")


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 2_000),
        st.integers(0, 60),
        st.binary(max_size=6)
        | st.sampled_from([b"{" * 500, b'"', b"\n", b" ; ", b"[", b"-1", b"\xff", b"null"]),
    ),
    min_size=1,
    max_size=4,
)


def changed(content, changes):
    content = bytearray(content)
    for at, length, piece in changes:
        content[at : at + length] = piece
    return bytes(content)


def outcome_of(folder, **files):
    """Imports files; the error, or `None` when it became a folder that can be read."""
    given = {"recording": STEREO, **files}
    paths = {}
    for name, content in given.items():
        ending = {"recording": "wav", "log": "log", "trace": "txt"}[name]
        paths[name] = folder / f"{name}.{ending}"
        paths[name].write_bytes(content)
    try:
        call = read_call(paths["recording"], paths.get("log"), paths.get("trace"))
        read_folder(write_folder(call, folder / "out"))
    except InputError as error:
        return error
    return None


def is_clear(error, names):
    return error is None or (error.message and str(error.file).rsplit("/", 1)[-1] in names)


@UNHURRIED
@given(CHANGES)
def test_broken_recordings(tmp_path, changes):
    assert is_clear(outcome_of(tmp_path, recording=changed(STEREO, changes)), ("recording.wav",))


@UNHURRIED
@given(CHANGES)
def test_broken_logs(tmp_path, changes):
    assert is_clear(outcome_of(tmp_path, log=changed(LOG, changes)), ("log.log",))


@UNHURRIED
@given(CHANGES)
def test_broken_traces(tmp_path, changes):
    error = outcome_of(tmp_path, log=LOG, trace=changed(TRACE, changes))
    assert is_clear(error, ("trace.txt",))


def test_what_is_broken_here_is_whole_when_nobody_breaks_it(tmp_path):
    """The test of the fuzz tests: unchanged, everything is read and understood."""
    assert outcome_of(tmp_path, log=LOG, trace=TRACE) is None
    read = read_folder(tmp_path / "out")
    assert [r["digit"] for r in read.of_kind("far") if r["action"] == "digit"] == ["5"]
    assert [r["text"] for r in read.of_kind("heard")] == ["Hello."]
