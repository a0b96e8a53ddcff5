"""Plays the client of a recorded conversation to a server, and compares what the server says.

The client sends what was recorded, each message when the server has sent as many of each kind as
it had then; the caller's words are spoken where they were heard to begin. So the stand-in, or any
other server, can be held against a conversation with the real service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field, frozen

from voxrt.clock import US_PER_MS, US_PER_S, Clock, Timer
from voxrt.connectors.link import Link
from voxrt.errors import ProtocolError
from voxrt.imports.trace import TraceFile
from voxrt.media.hearing import HeardWord
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Speech, Utterances
from voxrt.xai.client import ClientProtocol
from voxrt.xai.messages import encode
from voxrt.xai.standin import SpokenSpan

CHUNK_MS: Final = 100
#: How long an answer of the server is waited for before the client goes on without it.
PATIENCE_US: Final = 10 * US_PER_S
#: A pause of the recorded client that is longer is cut to this.
LONGEST_PAUSE_MS: Final = 3_000.0
STARTED: Final = "input_audio_buffer.speech_started"
APPEND: Final = "input_audio_buffer.append"
TRANSCRIBED: Final = "conversation.item.input_audio_transcription.completed"
SPOKEN: Final = ("response.output_audio.delta", "response.output_audio_transcript.delta")


def kind_of(message: Mapping[str, Any]) -> str:
    """What a received message is for the comparison; empty for what comes at any time.

    How many deltas and partial transcripts come is a matter of timing.
    """
    name = str(message.get("type"))
    if name == "ping":
        return ""
    if message.get("status") == "in_progress" or name.endswith("transcription.updated"):
        return "a partial transcript"
    return name


def is_counted(kind: str) -> bool:
    """Whether the number of messages of a kind says something."""
    return bool(kind) and kind != "a partial transcript" and not kind.endswith(".delta")


@frozen(kw_only=True)
class Step:
    """Something that the client does.

    Attributes:
        t_ms: When it did so in the recording.
        needs: How many messages of each kind had come before.
        message: What it sends; `None` when the caller speaks instead.
        words: What the caller says.
    """

    t_ms: float
    needs: Counter[str]
    message: dict[str, Any] | None = None
    words: str = ""


def steps_of(trace: TraceFile) -> list[Step]:
    """What the client of a recorded conversation does, in order; audio goes on by itself."""
    words = {
        message.message.get("item_id"): str(message.message.get("transcript") or "")
        for message in trace.messages
        if message.message["type"] == TRANSCRIBED
        and message.message.get("status", "completed") == "completed"
    }
    steps: list[Step] = []
    come: Counter[str] = Counter()
    for one in trace.messages:
        message, needs = one.message, Counter(come)
        if one.direction == "sent" and message["type"] != APPEND:
            steps.append(Step(t_ms=one.t_ms, needs=needs, message=message))
        elif message["type"] == STARTED and words.get(message.get("item_id")):
            item_words = words[message["item_id"]]
            steps.append(Step(t_ms=one.t_ms, needs=needs, words=item_words))
        kind = kind_of(message) if one.direction == "received" else ""
        if is_counted(kind):
            come[kind] += 1
    return steps


@define(eq=False)
class Rehearsal:
    """One playing of the client; the user of the link to the server.

    Args:
        trace: The recorded conversation.
        link: To the server.
        clock: The run's clock.
        speaker: Speaks what the caller said.
        utterances: The run's register, in which the words of that are.

    Attributes:
        received: What the server sent.
        sent: How many messages the client sent, without audio.
        notes: What did not go as recorded, in words.
        over: Whether everything was sent and answered, or the connection has ended.
    """

    trace: TraceFile
    link: Link
    clock: Clock
    speaker: Speaker
    utterances: Utterances
    received: list[dict[str, Any]] = field(factory=list, init=False)
    sent: int = field(default=0, init=False)
    notes: list[str] = field(factory=list, init=False)
    over: bool = field(default=False, init=False)
    _steps: list[Step] = field(init=False)
    _expected: Counter[str] = field(init=False)
    _come: Counter[str] = field(factory=Counter, init=False)
    _protocol: ClientProtocol = field(factory=ClientProtocol, init=False)
    _calls: list[str] = field(factory=list, init=False)
    _speech: list[tuple[bytes, list[HeardWord]]] = field(factory=list, init=False)
    _has_audio: bool = field(init=False)
    _streams: bool = field(default=False, init=False)
    _waits: Timer | None = field(default=None, init=False)
    _is_due: bool = field(default=False, init=False)
    """Whether the timer takes the next step, rather than losing patience."""
    _before_ms: float = field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        self._steps = steps_of(self.trace)
        kinds = [kind_of(one.message) for one in self.trace.messages if one.direction == "received"]
        self._expected = Counter(kind for kind in kinds if is_counted(kind))
        self._has_audio = any(one.message["type"] == APPEND for one in self.trace.messages)
        self._before_ms = self.trace.messages[0].t_ms

    def begin(self, headers: Mapping[str, str], model: str) -> None:
        """Calls the server."""
        self.link.open(self, headers=headers, query={"model": model})

    # --- what the server does ---------------------------------------------------------------------

    def link_opened(self) -> None:
        """The server accepted the connection."""
        self._protocol.connection.opened()
        self._go_on()

    def link_refused(self, why: str) -> None:
        """There is no connection."""
        self.notes.append(f"the server refused the connection: {why}")
        self.over = True

    def link_text(self, text: str, speech: SpokenSpan | None) -> None:
        """A message of the server."""
        try:
            messages = self._protocol.receive(text)
        except ProtocolError as error:
            self.notes.append(f"the server sent what is not the protocol: {error.message}")
            return
        for message in messages:
            self.received.append(message.data)
            self._come[kind_of(message.data)] += 1
            if message.type == "response.function_call_arguments.done":
                self._calls.append(str(message.data.get("call_id")))
        self._go_on()

    def link_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """Sound of the server as a binary message."""
        self.received.append({"type": SPOKEN[0]})

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The server closed the connection."""
        self.notes.append(f"the server closed the connection: {code} {reason}".rstrip())
        self.over = True

    # --- what the client does ---------------------------------------------------------------------

    def _go_on(self) -> None:
        """Takes the next step when what it needs is there, or its patience is over."""
        if self.over or (self._waits is not None and (self._is_due or not self._is_ready())):
            return
        if self._waits is not None:
            self._waits.cancel()
        self._is_due = self._is_ready()
        if self._is_due:
            pause_ms = 0.0
            if self._steps and self.trace.timed:
                pause_ms = min(max(0.0, self._steps[0].t_ms - self._before_ms), LONGEST_PAUSE_MS)
            self._waits = self.clock.call_later(round(pause_ms * US_PER_MS), self._step)
        else:
            self._waits = self.clock.call_later(PATIENCE_US, self._give_up)

    def _is_ready(self) -> bool:
        needs = self._steps[0].needs if self._steps else self._expected
        return not needs - self._come

    def _give_up(self) -> None:
        needs = self._steps[0].needs if self._steps else self._expected
        lacking = ", ".join(sorted(needs - self._come))
        before = f"before the client sent {_name(self._steps[0])}" if self._steps else "at the end"
        self.notes.append(f"waited in vain for {lacking} {before}")
        self._come |= needs
        self._step()

    def _step(self) -> None:
        self._waits = None
        if self.over:
            return
        if not self._steps:
            self.over = True
            self.link.close()
            return
        step = self._steps.pop(0)
        self._before_ms = step.t_ms
        if step.message is not None:
            self._send(step.message)
        else:
            self._say(step.words)
        if self._has_audio and not self._streams and self._protocol.session:
            self._streams = True
            self._stream()
        self._go_on()

    def _send(self, message: dict[str, Any]) -> None:
        item = message.get("item")
        if isinstance(item, dict) and item.get("type") == "function_call_output" and self._calls:
            message = {**message, "item": {**item, "call_id": self._calls.pop(0)}}
        if self.link.send(encode(message)):
            self.sent += 1

    def _say(self, words: str) -> None:
        if not self._streams:
            self._streams = True
            self._stream()
        rate_hz = self._protocol.input_format.rate_hz
        speech = self.speaker.say(words, voice="caller", rate_hz=rate_hz)
        tag = self.utterances.add(speech, "caller")
        self._speech += list(_chunks(speech, tag, self.clock.now_us()))

    def _stream(self) -> None:
        """Sends 100 ms of the caller's sound, for as long as the conversation goes on."""
        if self.over:
            return
        rate_hz = self._protocol.input_format.rate_hz
        pcm, words = self._speech.pop(0) if self._speech else (b"", [])
        length = 2 * rate_hz * CHUNK_MS // 1000
        self.link.send(self._protocol.append(pcm.ljust(length, b"\0")), words)
        self.clock.call_later(CHUNK_MS * US_PER_MS, self._stream)


def _name(step: Step) -> str:
    return f"`{step.message['type']}`" if step.message is not None else f'"{step.words}"'


def _chunks(speech: Speech, tag: int, now_us: int) -> list[tuple[bytes, list[HeardWord]]]:
    """A speech in pieces of 100 ms, each with the words that end in it."""
    step = speech.rate_hz * CHUNK_MS // 1000
    found: list[tuple[bytes, list[HeardWord]]] = []
    for start in range(0, max(1, speech.samples), step):
        words = [
            HeardWord(
                text=word.text,
                utterance=tag,
                speaker="caller",
                start_us=now_us + word.start * US_PER_S // speech.rate_hz,
                end_us=now_us + word.end * US_PER_S // speech.rate_hz,
                share=100,
            )
            for word in speech.words
            if start < word.end <= start + step
        ]
        found.append((speech.pcm[2 * start : 2 * (start + step)], words))
    return found


# --- the comparison ------------------------------------------------------------------------------


def differences(trace: TraceFile, received: list[dict[str, Any]]) -> list[str]:
    """In what the answers of a server are others than the recorded ones, in words.

    Compared are the kinds of messages, how often each came where that says something, and the
    fields of each kind.
    """
    recorded = [one.message for one in trace.messages if one.direction == "received"]
    theirs, ours = _by_kind(recorded), _by_kind(received)
    lines = []
    for kind in sorted({*theirs, *ours}):
        there, here = theirs.get(kind, []), ours.get(kind, [])
        if is_counted(kind) and len(there) != len(here):
            lines.append(f"{kind}: recorded {_times(len(there))}, now {_times(len(here))}")
        elif not there or not here:
            lines.append(f"{kind}: {'recorded' if there else 'now'} only")
        if there and here:
            lines += _field_differences(kind, there, here)
    return lines


def _by_kind(messages: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for message in messages:
        kind = kind_of(message)
        if kind:
            found.setdefault(kind, []).append(message)
    return found


def _field_differences(
    kind: str, there: list[dict[str, Any]], here: list[dict[str, Any]]
) -> list[str]:
    theirs = {path for message in there for path in _paths(message)}
    ours = {path for message in here for path in _paths(message)}
    lines = [f"{kind}: the field {path} is recorded only" for path in sorted(theirs - ours)]
    return lines + [f"{kind}: the field {path} is new" for path in sorted(ours - theirs)]


def _paths(value: Any, path: str = "") -> list[str]:
    """The paths of all fields of a message; the items of a list count as one."""
    if isinstance(value, list):
        return [found for item in value for found in _paths(item, f"{path}[]")]
    if not isinstance(value, dict):
        return [path]
    return [found for name, item in value.items()
            for found in _paths(item, f"{path}.{name}" if path else str(name))]  # fmt: skip


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")
