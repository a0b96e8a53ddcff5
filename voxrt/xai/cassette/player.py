"""Plays the provider of a recorded connection to a client, with the timing kept.

What the provider sent follows what it followed in the recording: every message that the client had
sent before, and as much of the caller's audio. When these have come, it is sent after the same
time as then. So a client that does what was recorded gets every message at its recorded instant,
and one that takes its time (a slower request, a later link of the media) gets it as much later.
A message about the caller's audio and what comes after it, up to the client's next message, go by
the audio alone.

What the client sends is compared by meaning (`voxrt.xai.cassette.matching`). It may come before
messages that preceded it in the recording, and messages between which nothing was received may
change places. What was not recorded ends the connection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate, takewhile
from typing import Any, Final, Protocol

import msgspec
from attrs import define, field

from voxrt.clock import US_PER_S, Clock
from voxrt.errors import CassetteError
from voxrt.media.utterances import Speech, Utterances, Word
from voxrt.xai.cassette.file import Cassette, Line
from voxrt.xai.cassette.matching import Matcher, explain, identifiers
from voxrt.xai.formats import DEFAULT_FORMAT, AudioFormat, format_of_echo
from voxrt.xai.standin.settings import SpokenSpan

#: How a connection ends whose client sent what was not recorded.
MISMATCH_CODE: Final = 1011
MISMATCH_REASON: Final = "not in the cassette"
#: The client's chunks may fall a little differently from those of the recording.
_SLACK_US: Final = 20_000
_ABOUT_AUDIO: Final = "input_audio_buffer."


class Listener(Protocol):
    """The client's end: told what the provider does, on the run's clock."""

    def text(self, text: str, speech: SpokenSpan | None) -> None:
        """A text message comes."""

    def audio(self, message: dict[str, Any], speech: SpokenSpan | None) -> None:
        """A binary message comes; `message` has its sound in `delta`."""

    def closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The provider closes the connection."""


@define(eq=False)
class Player:
    """Plays one cassette once.

    Args:
        cassette: What was recorded; the connection was opened then.
        clock: The run's clock.
        listener: The client.
        utterances: The run's register, which gets the words that travelled with recorded sound.
        redact: Replaces the secrets of this run in a message, as they are in the recording.
    """

    cassette: Cassette
    clock: Clock
    listener: Listener
    utterances: Utterances
    redact: Callable[[dict[str, Any]], dict[str, Any]] = lambda message: message
    _matcher: Matcher = field(init=False)
    _met: dict[int, int] = field(factory=dict, init=False)
    """When each recorded message was sent this time, by its line, in microseconds."""
    _asked: tuple[Line, ...] = field(init=False)
    _next: int = field(default=0, init=False)
    _later_us: int | None = field(default=None, init=False)
    """How much later than recorded the client's last message came; `None` once audio leads."""
    _audio_later_us: int | None = field(default=None, init=False)
    """The same for the caller's audio."""
    _due_us: int = field(default=0, init=False)
    _audio_needed_us: int = field(default=0, init=False)
    _audio_came: list[tuple[int, int]] = field(factory=list, init=False)
    """How much audio there was, and since when, in microseconds."""
    _audio_sent: list[int] = field(init=False)
    """How much audio there was in the recording after each message with some, in microseconds."""
    _tags: dict[int, int] = field(factory=dict, init=False)
    _format: AudioFormat = field(default=DEFAULT_FORMAT, init=False)
    _closed: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        received = [line.message for line in self.cassette.lines if line.direction == "received"]
        made = frozenset(name for message in received for name in identifiers(message))
        self._matcher = Matcher(made, self.cassette.ignore)
        self._asked = tuple(line for line in self.cassette.lines if line.is_asked)
        pieces = [line.audio_us for line in self.cassette.lines]
        self._audio_sent = list(accumulate(us for us in pieces if us is not None))

    def start(self) -> None:
        """The connection is open now; what the provider sent first follows."""
        self._later_us = self.clock.now_us() - (self.cassette.opened_us or 0)
        self._go_on()

    def take(self, message: dict[str, Any]) -> None:
        """Takes a message of the client's other than audio.

        Raises:
            CassetteError: It was not recorded; the connection is over.
        """
        message = self.redact(message)
        for line in self._candidates():
            if not self._matcher.differences(line.message or {}, message):
                self._matcher.agree(line.message or {}, message)
                self._met[line.number] = self.clock.now_us()
                self._go_on()
                return
        self.close()
        raise self._mismatch(message)

    def take_audio(self, data: bytes) -> None:
        """Takes audio of the client's, in the format that the session has now."""
        samples = len(data) // self._format.bytes_per_sample
        us = samples * US_PER_S // self._format.rate_hz
        self._audio_came.append((self._heard_us + us, self.clock.now_us()))
        self._go_on()

    def may_wait(self, until_us: int) -> bool:
        """Whether audio up to an instant may come later: it was sent with more in the recording."""
        most_us = self._heard_us + until_us - self.clock.now_us() + _SLACK_US
        index = bisect_right(self._audio_sent, self._heard_us + _SLACK_US)
        return index < len(self._audio_sent) and self._audio_sent[index] > most_us

    def close(self) -> None:
        """Sends nothing any more."""
        self._closed = True

    def never_sent(self) -> list[Line]:
        """The recorded messages that the client has not sent."""
        return [line for line in self._asked if line.number not in self._met]

    @property
    def _heard_us(self) -> int:
        """How much audio there was."""
        return self._audio_came[-1][0] if self._audio_came else 0

    # --- what may come next ---------------------------------------------------------------------

    def _candidates(self) -> list[Line]:
        """The recorded messages that may be sent next: the first, and those beside it."""
        waiting = self.never_sent()
        if not waiting:
            return []
        lines = self.cassette.lines
        first = lines.index(waiting[0])
        beside = takewhile(lambda line: line.direction == "sent", lines[first:])
        return [line for line in beside if line in waiting]

    def _mismatch(self, message: dict[str, Any]) -> CassetteError:
        """What was sent, what could have been, and the recorded message that is nearest to it."""
        kind, expected = message.get("type"), self._candidates()
        if not self._asked:
            said, line = [f"`{kind}` was sent, and nothing that was sent is recorded"], 1
        else:
            measured = [
                (line.type != kind, len(found), line, found)
                for line in (self.never_sent() or self._asked)
                for found in [self._matcher.differences(line.message or {}, message)]
            ]
            _, _, nearest, found = min(measured, key=lambda entry: entry[:2])
            near, line = f"`{nearest.type}` of line {nearest.number}", nearest.number
            if expected and nearest is expected[0]:
                said = [f"`{kind}` was sent, and it is not the recorded {near}"]
            else:
                first = f"`{expected[0].type}` of line {expected[0].number}" if expected else "none"
                said = [
                    f"`{kind}` was sent, and the next recorded message is {first}",
                    f"the nearest one is {near}",
                ]
            said += [f"  {text}" for text in explain(found)]
        return CassetteError(
            "\n  ".join(said),
            hint="Record it again (--record-mode all), or name what may differ in its `ignore`.",
            file=str(self.cassette.path),
            line=line,
        )

    # --- playing --------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Makes everything due that waits for nothing any more."""
        lines = self.cassette.lines
        while self._next < len(lines) and not self._closed:
            line = lines[self._next]
            if line.audio_us is not None:
                came_us = self._came_us(self._audio_needed_us + line.audio_us)
                if came_us is None:
                    return
                self._audio_needed_us += line.audio_us
                self._audio_later_us = came_us - line.t_us
            elif line.direction == "sent":
                if line.number not in self._met:
                    return
                self._later_us = self._met[line.number] - line.t_us
            else:
                self._schedule(line)
            self._next += 1

    def _came_us(self, audio_us: int) -> int | None:
        """When there was so much audio; `None` when there is not yet."""
        index = bisect_left(self._audio_came, (audio_us - _SLACK_US, 0))
        return self._audio_came[index][1] if index < len(self._audio_came) else None

    def _schedule(self, line: Line) -> None:
        if line.type.startswith(_ABOUT_AUDIO) and self._audio_later_us is not None:
            self._later_us = None
        later_us = max(us for us in (self._later_us, self._audio_later_us) if us is not None)
        self._due_us = max(self._due_us, line.t_us + later_us)
        self.clock.call_at(self._due_us, self._play, line)

    def _play(self, line: Line) -> None:
        if self._closed:
            return
        if line.direction == "closed":
            if line.fields.get("by") != "client":
                self.close()
                code, clean = line.fields["code"], bool(line.fields.get("clean", True))
                self.listener.closed(code, str(line.fields.get("reason", "")), clean)
        elif line.message is None:
            self.listener.text(line.fields["text"], None)
        elif line.fields.get("binary"):
            self.listener.audio(line.message, self._span(line))
        else:
            if line.type in ("session.created", "session.updated"):
                session = line.message.get("session")
                if isinstance(session, dict):
                    self._format = format_of_echo(session, "input") or self._format
            text = msgspec.json.encode(line.message).decode()
            self.listener.text(text, self._span(line))

    def _span(self, line: Line) -> SpokenSpan | None:
        """The words that travelled with recorded sound, registered in this run."""
        speech = line.fields.get("speech")
        if speech is None:
            return None
        recorded, of = speech["utterance"], speech.get("of")
        if recorded not in self._tags:
            if of is None:  # its words were lost with an earlier part of the file
                return None
            words = tuple(Word(text, start, end) for text, start, end in of["words"])
            self._tags[recorded] = self.utterances.add(
                Speech(
                    text=of["text"],
                    pcm=b"",
                    rate_hz=of["rate_hz"],
                    words=words,
                    synthetic=bool(of.get("synthetic")),
                    voice=str(of.get("voice", "")),
                ),
                "agent",
            )
        return SpokenSpan(
            self._tags[recorded], speech["offset"], speech["samples"], speech["rate_hz"]
        )
