"""A bench for the stand-in: virtual clock, a transport that keeps frames, a speaking caller."""

from __future__ import annotations

import base64
import json
import random

import pytest
import trio

from voxrt.clocks import VirtualClock
from voxrt.media.hearing import HeardWord
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.xai.formats import AudioFormat
from voxrt.xai.standin import AgentScript, Refusal, StandIn, StandInSettings, parse_agent_script

#: Everything that a reply of one spoken message sends, with runs of deltas told once.
SPOKEN = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "deltas",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "response.output_audio.done",
    "response.output_item.done",
]
REPLY = [*SPOKEN, "response.done"]
CALL = [
    "response.output_item.added",
    "conversation.item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
]
DELTAS = ("response.output_audio.delta", "response.output_audio_transcript.delta")
PARTIALS = "partials"


def collapsed(frames):
    """Types in order without pings; runs of deltas and of partial transcripts told once."""
    names = []
    for frame in frames:
        name = frame["type"]
        if name == "ping":
            continue
        if name in DELTAS:
            name = "deltas"
        elif frame.get("status") == "in_progress" or name.endswith("transcription.updated"):
            name = PARTIALS
        if not (name in ("deltas", PARTIALS) and names and names[-1] == name):
            names.append(name)
    return names


class Tape:
    """A `ServerTransport` that keeps what passes."""

    def __init__(self, clock):
        self.clock = clock
        self.frames = []
        self.times_ms = []
        self.spans = []
        self.sound = []
        self.closed = None

    def send(self, text, speech):
        self.frames.append(json.loads(text))
        self.times_ms.append(self.clock.now_us() // 1000)
        self.spans.append(speech)

    def send_bytes(self, data, speech):
        self.sound.append((data, speech))

    def close(self, code, reason):
        self.closed = (code, reason)


class Bench:
    """One stand-in, and the connection that was opened last."""

    def __init__(self, script="", *, seed=1, **settings):
        self.clock = VirtualClock()
        self.utterances = Utterances()
        self.speaker = Speaker("synthetic")
        self.guesses, self.notes = [], []
        if isinstance(script, str):
            script = parse_agent_script(script, file="agent.yaml") if script else AgentScript()
        self.standin = StandIn(
            script,
            clock=self.clock,
            speaker=self.speaker,
            utterances=self.utterances,
            rng=random.Random(seed),
            settings=StandInSettings(
                on_guess=self.guesses.append, on_note=self.notes.append, **settings
            ),
        )
        self.rate_hz = 24000

    def connect(self, query=None, headers=None):
        """Opens a connection; a `Refusal` is returned instead when it is refused."""
        self.tape = Tape(self.clock)
        admitted = self.standin.accept(
            {"Authorization": "Bearer key"} if headers is None else headers, query or {}, self.tape
        )
        if isinstance(admitted, Refusal):
            return admitted
        self.conversation = admitted
        admitted.open()
        return admitted

    def run(self, ms):
        """Lets virtual time pass."""
        over = []
        self.clock.call_later(ms * 1000, over.append, True)
        trio.run(self.clock.drive, None, lambda: bool(over))

    def send(self, message, heard=(), **fields):
        """Sends a client message, given as an object or as a type with fields."""
        if isinstance(message, str):
            message = {"type": message, **fields}
        self.conversation.receive(json.dumps(message), heard)

    def configure(self, **session):
        """Sets server VAD and live transcripts, and whatever else is given."""
        audio = {"input": {"transcription": {"model": "grok-transcribe"}}}
        body = {"turn_detection": {"type": "server_vad"}, "audio": audio, **session}
        self.send("session.update", session=body)
        self.run(500)

    def ready(self, **session):
        """Connects and configures; forgets the frames so far."""
        self.connect()
        self.configure(**session)
        self.forget()
        return self

    def forget(self):
        """Forgets the frames so far."""
        for kept in (self.tape.frames, self.tape.times_ms, self.tape.spans, self.tape.sound):
            kept.clear()

    def caller_says(
        self, text, *, tagged=True, tail_ms=1000, chunk_ms=100, stop_at_ms=None, wire=None
    ):
        """The caller speaks and then is silent, in real time; or is interrupted himself."""
        wire = wire or AudioFormat("audio/pcm", self.rate_hz)
        speech = self.speaker.say(text, voice="caller", rate_hz=self.rate_hz)
        pcm = speech.pcm + bytes(2 * self.rate_hz * tail_ms // 1000)
        step = self.rate_hz * chunk_ms // 1000
        for start in range(0, len(pcm) // 2, step):
            if stop_at_ms is not None and start * 1000 // self.rate_hz >= stop_at_ms:
                return
            end = start + step
            self.run(chunk_ms)
            words = (
                [
                    HeardWord(
                        text=w.text, utterance=1, speaker="caller", start_us=0, end_us=0, share=100
                    )
                    for w in speech.words
                    if start < w.end <= end
                ]
                if tagged
                else []
            )
            data = wire.from_pcm(pcm[2 * start : 2 * end])
            self.append(data, words)

    def append(self, data, words=()):
        """Appends bytes in the session's input format."""
        self.send("input_audio_buffer.append", words, audio=base64.b64encode(data).decode())

    def silence(self, ms):
        """The caller is silent for a while, in real time."""
        for _ in range(ms // 100):
            self.run(100)
            self.append(bytes(2 * self.rate_hz // 10))

    @property
    def types(self):
        """The types of the frames, collapsed."""
        return collapsed(self.tape.frames)

    def all(self, kind):
        """The frames of one type."""
        return [f for f in self.tape.frames if f["type"] == kind]

    def one(self, kind):
        """The only frame of one type."""
        found = self.all(kind)
        assert len(found) == 1, f"{len(found)} frames of {kind} in {self.types}"
        return found[0]

    @property
    def said(self):
        """What the agent said, one text per spoken message."""
        done = self.all("response.output_audio_transcript.done")
        return [frame["transcript"] for frame in done]

    @property
    def heard(self):
        """The final transcripts of the caller's turns."""
        kind = "conversation.item.input_audio_transcription.completed"
        return [f["transcript"] for f in self.all(kind) if f["status"] == "completed"]

    @property
    def calls(self):
        """The function calls that the agent made: name and arguments."""
        done = self.all("response.function_call_arguments.done")
        return [(f["name"], json.loads(f["arguments"])) for f in done]


@pytest.fixture
def bench():
    """Makes a `Bench`."""
    return Bench


@pytest.fixture
def sequences():
    """The usual sequences: a spoken message, a whole reply, a function call; and `collapsed`."""

    class Sequences:
        spoken, reply, call, partials = SPOKEN, REPLY, CALL, PARTIALS
        collapse = staticmethod(collapsed)

    return Sequences
