"""The sound of a `WebSocket`: frames, streams, encodings, the buffer and what goes wrong."""

from __future__ import annotations

import base64
import json
from array import array

import pytest
from harness import play_in

from voxrt.media import opus
from voxrt.media.codecs import alaw_decode, ulaw_decode
from voxrt.vox.socket_frames import (
    FrameError,
    FrameWriter,
    Media,
    Start,
    Stop,
    WrittenStream,
    frame_object,
    parse_frame,
)

#: A call whose scenario connects to `wss://app.example.com/`; `talk(ws)` is the test's.
CALL = """
const note = (text) => Logger.write(text);
let call, ws;
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  call = e.call;
  call.answer();
  call.addEventListener(CallEvents.Disconnected, () => setTimeout(VoxEngine.terminate, 2500));
  call.addEventListener(CallEvents.Connected, () => {
    ws = VoxEngine.createWebSocket("wss://app.example.com/");
    ws.onmediastarted = (m) =>
      note(`started ${m.tag} ${m.encoding} ${JSON.stringify(m.customParameters)}`);
    ws.onmediaended = (m) => note(`ended ${m.tag} ${JSON.stringify(m.mediaInfo)}`);
    talk();
  });
});
"""
TALKER = "caller: {steps: [{wait: 300}, {say: I want a table.}, {wait: 1200}, hang_up]}"
LISTENER = "caller: {steps: [{wait: 9000}, hang_up]}"

#: A peer that keeps what it gets in a file beside it, and does what a test says when it is open.
KEEPER = """
import base64, json
from pathlib import Path
from voxrt.outside.peers import Peer

GOT = Path(__file__).with_name("got.jsonl")

def keep(value):
    with GOT.open("a") as file:
        print(json.dumps(value), file=file)

class App(Peer):
    def opened(self):
        GOT.write_text("")
        send = self.connection.send
        frame = lambda event, **body: send(json.dumps({"event": event, event: body}))
        start = lambda **form: frame("start", tag="x", mediaFormat=form)
        media = lambda pcm, **more: frame(
            "media", payload=base64.b64encode(pcm).decode(), **{"tag": "x", **more})
        DO

    def media(self, frame):
        keep(frame)

    def heard(self, text):
        keep({"event": "heard", "text": text})

def websocket(request):
    return App
"""


@pytest.fixture
def talk(tmp_path):
    """`talk(source, do, caller)` plays a call with a peer; gives the run and what the peer got."""

    def play(source, do="pass", caller=TALKER, **options):
        world = tmp_path / "world.py"
        world.write_text(KEEPER.replace("DO", do))
        script = f"{CALL}\nfunction talk() {{\n{source}\n}}"
        played = play_in(
            tmp_path, script, ending="js", http=world, caller=caller, longest_s=30, **options
        )
        got = (tmp_path / "got.jsonl").read_text().splitlines()
        return played, [json.loads(line) for line in got]

    return play


def heard(played, by="caller"):
    return [record["text"] for record in played.of("heard") if record["by"] == by]


# --- to the far end -------------------------------------------------------------------------------


def test_frames_of_a_call(talk):
    played, got = talk(
        'call.sendMediaTo(ws, {tag: "t", customParameters: {a: "ž"}, encoding: "PCM16"});'
    )
    assert played.errors == []
    frames = [frame for frame in got if frame["event"] != "heard"]
    first, *media, last = frames
    assert first == {
        "event": "start",
        "sequenceNumber": 0,
        "start": {
            "tag": "t",
            "mediaFormat": {"encoding": "PCM16", "sampleRate": 16000, "channels": 1},
            "customParameters": '{"a": "ž"}',
        },
    }
    for number, frame in enumerate(media):
        body = frame["media"]
        assert (frame["event"], frame["sequenceNumber"]) == ("media", number + 1)
        assert (body["tag"], body["chunk"], body["timestamp"]) == ("t", number, 320 * number)
        assert len(base64.b64decode(body["payload"])) == 640
    assert len(media) > 100
    info = {"bytesSent": 640 * len(media), "duration": len(media) // 50}
    assert last["stop"] == {"tag": "t", "mediaInfo": info}
    assert [frame["text"] for frame in got if frame["event"] == "heard"] == ["I want a table."]


@pytest.mark.parametrize(
    ("encoding", "rate_hz", "decode", "size"),
    [
        (None, 8000, bytes, 320),
        ("PCM8", 8000, bytes, 320),
        ("ALAW", 8000, alaw_decode, 160),
        ("ULAW", 8000, ulaw_decode, 160),
        ("PCM16", 16000, bytes, 640),
    ],
)
def test_encodings(talk, encoding, rate_hz, decode, size):
    options = "" if encoding is None else f', {{encoding: "{encoding}"}}'
    _, got = talk(f"call.sendMediaTo(ws{options});")
    form = got[0]["start"]["mediaFormat"]
    assert (form["encoding"], form["sampleRate"]) == (encoding or "PCM8", rate_hz)
    assert "tag" not in got[0]["start"]
    payloads = [base64.b64decode(f["media"]["payload"]) for f in got if f["event"] == "media"]
    assert {len(payload) for payload in payloads} == {size}
    loudest = max(max(map(abs, array("h", decode(payload)))) for payload in payloads)
    assert 8_000 < loudest < 20_000  # speech peaks at -6 dBFS


def test_a_link_of_before_the_opening_flows_then_and_stops_when_it_is_told(talk):
    played, got = talk(
        """
        call.sendMediaTo(ws);
        setTimeout(() => call.stopMediaTo(ws), 500);
        setTimeout(() => call.sendMediaTo(ws, {encoding: "ULAW"}), 700);
        """
    )
    assert played.errors == []
    marks = [(f["event"], f["sequenceNumber"]) for f in got if f["event"] in ("start", "stop")]
    assert [event for event, _ in marks] == ["start", "stop", "start", "stop"]
    numbers = [f["sequenceNumber"] for f in got if f["event"] != "heard"]
    assert numbers == list(range(len(numbers)))  # over all frames of the socket
    chunks = [f["media"]["chunk"] for f in got if f["event"] == "media"]
    assert chunks.count(0) == 2  # each stream counts its own


def test_two_tags_are_two_streams_and_the_same_tag_displaces(talk):
    _, got = talk(
        """
        call.sendMediaTo(ws, {tag: "a"});
        call.sendMediaTo(ws, {tag: "b"});
        ws.onopen = () => call.sendMediaTo(ws, {tag: "b", encoding: "ALAW"});
        """
    )
    starts = [f["start"] for f in got if f["event"] == "start"]
    assert [(s["tag"], s["mediaFormat"]["encoding"]) for s in starts] == [
        ("a", "PCM8"), ("b", "PCM8"), ("b", "ALAW"),
    ]  # fmt: skip
    tags = {f["media"]["tag"] for f in got if f["event"] == "media"}
    assert tags == {"a", "b"}


def test_an_encoding_that_there_is_not(talk):
    played, _ = talk('ws.onopen = () => call.sendMediaTo(ws, {encoding: "MP3"});')
    assert "there is no encoding 'MP3'; known are PCM8, PCM16" in played.errors[0]


# --- from the far end -----------------------------------------------------------------------------


def test_a_peer_speaks_and_the_call_hears(talk):
    played, _ = talk(
        "ws.sendMediaTo(call);",
        'self.connection.say("Good evening, welcome.", tag="x", parameters={"a": "b"})',
        LISTENER,
    )
    assert played.errors == []
    assert heard(played) == ["Good evening, welcome."]
    assert played.logs == ['started x PCM16 {"a":"b"}', 'ended x {"duration":1}']


@pytest.mark.parametrize("encoding", ["PCM8", "PCM16", "ALAW", "ULAW"])
def test_every_encoding_is_heard(talk, encoding):
    played, _ = talk(
        "ws.sendMediaTo(call);", f'self.connection.say("Good evening.", encoding="{encoding}")',
        LISTENER,
    )  # fmt: skip
    assert heard(played) == ["Good evening."]
    assert played.logs[0] == f"started undefined {encoding} undefined"


def test_two_streams_at_once_are_mixed_and_a_tag_chooses(talk):
    do = 'self.connection.say("One.", tag="a"); self.connection.say("Two.", tag="b")'
    played, _ = talk("ws.sendMediaTo(call);", do, LISTENER)
    assert sorted(heard(played)) == ["One.", "Two."]
    played, _ = talk('ws.sendMediaTo(call, {tag: "b"});', do, LISTENER)
    assert heard(played) == ["Two."]


def test_a_second_of_silence_ends_a_stretch_that_nobody_stopped(talk):
    played, _ = talk(
        "ws.sendMediaTo(call);",
        'start(encoding="PCM16", sampleRate=16000); media(bytes(6400)); '
        "self.connection.later(900, lambda: media(bytes(6400))); "
        "self.connection.later(3000, lambda: media(bytes(6400)))",
        LISTENER,
    )
    names = ["started", "ended", "started", "ended"]
    assert [line.split()[0] for line in played.logs] == names
    at_ms = [r["t"] for r in played.of("event") if "MediaEvent" in r["name"]]
    assert at_ms[1] - at_ms[0] == pytest.approx(900 + 200 + 1000, abs=60)


def test_ten_seconds_wait_and_the_rest_is_dropped(talk):
    played, _ = talk(
        "ws.sendMediaTo(call);",
        'start(encoding="PCM8", sampleRate=8000); [media(bytes(16000)) for _ in range(12)]; '
        'frame("stop", tag="x")',
        "caller: {steps: [{wait: 12000}, hang_up]}",
    )
    assert any("more than 10 s of sound" in text for text in played.warnings)
    stop = next(r for r in played.of("socket") if r.get("frame") == "stop")
    assert stop["dropped_samples"] == pytest.approx(2 * 16_000, rel=0.02)
    assert played.logs[-1] == 'ended x {"duration":10}' or '"duration":9' in played.logs[-1]


def test_clearing_the_buffer_is_a_barge_in(talk):
    played, _ = talk(
        'ws.sendMediaTo(call); setTimeout(() => ws.clearMediaBuffer({tag: "y"}), 500);'
        "setTimeout(() => ws.clearMediaBuffer(), 800);",
        'self.connection.say("One two three four five six seven eight.", tag="x", fast=True)',
        LISTENER,
    )
    said = heard(played)[0]
    assert said.startswith("One")
    assert "eight" not in said
    cleared = [r["samples"] for r in played.of("media") if r["action"] == "clear"]
    assert cleared[0] == 0 < cleared[1]


def test_an_echo_comes_back(tmp_path):
    played = play_in(
        tmp_path,
        CALL
        + "function talk() {"
        + " VoxEngine.sendMediaBetween(call, ws); setTimeout(() => call.hangup(), 3000); }",
        ending="js",
        longest_s=20,
        http="websockets: [{echo: true}]",
        caller=TALKER,
    )
    assert played.errors == []
    frames = {r["what"]: r["frames"] for r in played.of("socket") if r.get("frame") == "stop"}
    assert frames["received"] <= frames["sent"] <= frames["received"] + 1
    assert frames["sent"] > 100
    assert played.logs[0] == "started undefined PCM8 undefined"


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ('send(\'{"event":"media"}\')', "without its object `media`"),
        ('frame("media", tag="x")', "without a `payload`"),
        ('frame("media", payload="%%%")', "no base64"),
        ('media(b"abc")', "3 bytes are no samples"),
        ('media(b"ab", chunk="x")', "the `chunk` 'x' is no number"),
        ('frame("start", tag="x")', "without `mediaFormat`"),
        ('start(encoding="MP3")', "there is no encoding 'MP3'"),
        ('start(encoding="PCM16", sampleRate=1)', "the sampleRate 1 is not from"),
        ('start(encoding="PCM16", sampleRate="x")', "the sampleRate 'x' is no number"),
        ('start(encoding="PCM16", channels=2)', "one channel, not 2"),
    ],
)
def test_a_wrong_frame_is_dropped_with_a_warning(talk, do, message):
    played, _ = talk(
        'ws.onmessage = (m) => note("message " + m.text); ws.sendMediaTo(call);',
        do + '; send("still here")',
        "caller: {steps: [{wait: 500}, hang_up]}",
    )
    assert played.errors == []
    assert played.logs == ["message still here"]
    assert any(message in text for text in played.warnings)


def test_what_is_no_frame_is_a_message(talk):
    texts = ['{"event":"other"}', '{"customEvent":"media","payload":{}}', '"event"', '["event"]']
    played, _ = talk(
        'ws.onmessage = (m) => note("message " + m.text);',
        f"[send(text) for text in {texts!r}]",
        "caller: {steps: [{wait: 500}, hang_up]}",
    )
    assert played.logs == [f"message {text}" for text in texts]
    assert played.warnings == []


def test_lost_chunks_are_counted(talk):
    played, _ = talk(
        "ws.sendMediaTo(call);",
        "media(bytes(640), chunk=0); media(bytes(640), chunk=4); frame('stop', tag='x')",
        "caller: {steps: [{wait: 500}, hang_up]}",
    )
    stop = next(r for r in played.of("socket") if r.get("frame") == "stop")
    assert (stop["frames"], stop["lost_frames"]) == (2, 3)


def test_the_call_ends_while_sound_flows(talk):
    played, got = talk(
        "VoxEngine.sendMediaBetween(call, ws); setTimeout(() => call.hangup(), 500);",
        'self.connection.say("One two three four five six seven eight.")',
        LISTENER,
    )
    assert played.errors == []
    assert got[-1]["event"] == "stop"
    assert "eight" not in " ".join(heard(played))
    assert played.logs[-1].startswith("ended")  # the socket is still there


def test_the_connection_breaks_while_sound_flows(talk):
    played, _ = talk(
        """
        VoxEngine.sendMediaBetween(call, ws);
        ws.onclose = (e) => note(`closed ${e.code}`);
        """,
        'self.connection.say("One two three four five six seven eight."); '
        "self.connection.later(700, self.connection.drop)",
        "caller: {steps: [{wait: 2000}, hang_up]}",
    )
    assert played.errors == []
    assert [line.split()[0] for line in played.logs] == ["started", "ended", "closed"]


def test_two_runs_are_the_same(talk):
    def lines():
        played, got = talk(
            "VoxEngine.sendMediaBetween(call, ws);", 'self.connection.say("Good evening.")'
        )
        return played.records[2:], got

    assert lines() == lines()


# --- frames by themselves -------------------------------------------------------------------------


def test_written_frames_are_read_again():
    writer = FrameWriter()
    stream = WrittenStream(tag="t", encoding="ULAW", rate_hz=8000, parameters='{"a":1}')
    texts = [writer.start(stream), writer.media(stream, b"ab", 160), writer.stop(stream)]
    assert [parse_frame(frame_object(text)) for text in texts] == [
        Start(tag="t", encoding="ULAW", rate_hz=8000, parameters='{"a":1}'),
        Media(tag="t", chunk=0, payload=b"ab"),
        Stop(tag="t"),
    ]


@pytest.mark.parametrize("name", ["audio/x-mulaw", "audio/x-alaw"])
def test_synonyms(name):
    form = {"encoding": name, "sampleRate": 8000}
    start = parse_frame({"event": "start", "start": {"mediaFormat": form}})
    assert start.encoding == name[8:].upper().replace("MULAW", "ULAW")


def test_a_chunk_may_be_a_text_and_a_tag_a_number():
    media = parse_frame({"event": "media", "media": {"tag": 7, "chunk": "12", "payload": ""}})
    assert media == Media(tag="7", chunk=12, payload=b"")


@pytest.mark.parametrize("text", ["", "{}", '{"event":1}', '{"event":', '{"event":["media"]}'])
def test_other_texts_are_no_frames(text):
    assert frame_object(text) is None


def test_opus_is_48_khz_only():
    form = {"encoding": "OPUS", "sampleRate": 16000}
    with pytest.raises(FrameError, match="OPUS has a sampleRate of 48000"):
        parse_frame({"event": "start", "start": {"mediaFormat": form}})


def test_without_libopus_the_scenario_is_told(talk, monkeypatch):
    monkeypatch.setattr(opus, "_library", lambda: None)
    played, _ = talk('ws.onopen = () => call.sendMediaTo(ws, {encoding: "OPUS"});')
    assert "OPUS needs libopus, which is not installed here" in played.errors[0]


@pytest.mark.skipif(not opus.is_installed(), reason="needs libopus")
def test_opus_both_ways(talk):
    played, got = talk(
        'call.sendMediaTo(ws, {encoding: "OPUS"}); ws.sendMediaTo(call);',
        'self.connection.say("Good evening.", encoding="OPUS")',
    )
    assert played.errors == []
    assert got[0]["start"]["mediaFormat"]["sampleRate"] == 48000
    decoder = opus.OpusDecoder()
    payloads = [base64.b64decode(f["media"]["payload"]) for f in got if f["event"] == "media"]
    pcm = [decoder.decode(payload) for payload in payloads]
    assert {len(piece) for piece in pcm} == {1920}
    assert max(max(map(abs, array("h", piece))) for piece in pcm) > 4_000
    assert "Good evening." in heard(played)
