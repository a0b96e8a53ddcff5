"""The far end of a WebSocket that a declared peer has: on the session's clock, with words.

What the peer sends and what reaches it are entries of the agenda, and nothing is coded twice: the
messages are those that a network would carry. Beside a frame of sound go the words in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from attrs import define, field

from voxrt.clock import US_PER_MS, Timer
from voxrt.errors import DocumentError, VoxrtError
from voxrt.media.hearing import HeardWord
from voxrt.media.sound_data import decode_sound
from voxrt.outside.exchange import Request
from voxrt.outside.far_end import ABNORMAL, NORMAL, FarEnd, SocketUser
from voxrt.outside.peers import Peer, PeerConnection, PeerPlan, SendSound, StreamOptions
from voxrt.outside.websocket import NOT_OPENED
from voxrt.vox.context import Context
from voxrt.vox.socket_frames import (
    RATES_HZ,
    Coding,
    FrameWriter,
    WrittenStream,
    coding,
    frame_object,
)
from voxrt.xai.standin import SpokenSpan

FRAME_MS = 20
#: Sound that is not sent at once goes out so often, and so much earlier than it plays.
EVERY_MS, AHEAD_MS = 100, 200
#: Somebody who said nothing for so long has paused.
PAUSE_US = 700 * US_PER_MS
UNDERSTOOD_PERCENT = 50
SPEAKER = "peer"


@define(eq=False)
class PeerEnd(FarEnd):
    """A connection to a peer within the process.

    Args:
        context: The session's platform.
        peer: Who is there.
        request: What was asked for.
    """

    context: Context
    peer: Peer
    request: Request
    _user: SocketUser | None = field(default=None, init=False)
    _state: str = field(default="connecting", init=False)
    _opening: Timer | None = field(default=None, init=False)
    _writer: FrameWriter = field(factory=FrameWriter, init=False)
    _words: list[HeardWord] = field(factory=list, init=False)
    _pause: Timer | None = field(default=None, init=False)

    def answer(self, user: SocketUser, protocols: Sequence[str], delay_us: int) -> None:
        """Opens the connection after a while."""
        self._user = user
        self.peer.connection = PeerHandle(self)
        wanted = self.peer.protocol
        protocol = wanted if wanted in protocols else next(iter(protocols), "")
        self._opening = self.context.clock.call_later(delay_us, self._open, protocol)

    def _open(self, protocol: str) -> None:
        self._state = "open"
        if self._user is not None:
            self._user.socket_opened(protocol)
        self.tell(self.peer.opened)

    # --- from the near end --------------------------------------------------------------------

    def send(self, message: str | bytes, heard: Sequence[Any] = ()) -> bool:
        if self._state == "open":
            self.context.clock.call_soon(self._receive, message, heard)
        # What is on its way while the peer closes is lost, and nobody is told, as on a network.
        return self._state in ("open", "closing")

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        self.context.clock.call_soon(self._closed_by_user, code, reason)

    def forget(self) -> None:
        self._user = None

    def _closed_by_user(self, code: int, reason: str) -> None:
        state, user = self._state, self._user
        if state == "closed":
            return
        self._end()
        if state == "open":
            self.tell(self.peer.closed, code, reason)
            if user is not None:
                user.socket_closed(code, reason, True)
        elif user is not None:
            user.socket_refused(NOT_OPENED)

    def _receive(self, message: str | bytes, heard: Sequence[HeardWord]) -> None:
        if self._state != "open":
            return
        if isinstance(message, bytes):
            self.tell(self.peer.bytes, message)
            return
        frame = frame_object(message)
        if frame is None:
            self.tell(self.peer.text, message)
            return
        for word in heard:
            self._hear(word)
        if frame["event"] == "stop":
            self._understand()
        self.tell(self.peer.media, frame)

    def _hear(self, word: HeardWord) -> None:
        if self._words and self._words[-1].utterance != word.utterance:
            self._understand()
        if word.share >= UNDERSTOOD_PERCENT:
            self._words.append(word)
        if self._pause is not None:
            self._pause.cancel()
        self._pause = self.context.clock.call_later(PAUSE_US, self._understand)

    def _understand(self) -> None:
        """What was said is complete: the peer has understood it."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        words, self._words = self._words, []
        if not words or self._state != "open":
            return
        text = " ".join(word.text for word in words)
        whole = self.context.utterances.get(words[-1].utterance).speech.text
        self.context.session.journal.write(
            "heard",
            call="",
            by="websocket",
            speaker=words[0].speaker,
            text=text,
            from_ms=words[0].start_us / US_PER_MS,
            to_ms=words[-1].end_us / US_PER_MS,
            complete=whole.endswith(words[-1].text),
        )
        self.tell(self.peer.heard, text)

    # --- from the peer --------------------------------------------------------------------------

    def deliver(self, message: str | bytes, span: SpokenSpan | None = None) -> None:
        """Brings a message of the peer to the near end."""
        if self._state == "open":
            self.context.clock.call_soon(self.arrive, message, span)

    def arrive(self, message: str | bytes, span: SpokenSpan | None) -> None:
        """A message of the peer is at the near end."""
        if self._user is None or self._state == "closed":
            return
        if isinstance(message, str):
            self._user.socket_text(message, span)
        else:
            self._user.socket_bytes(message, span)

    def hang_up(self, code: int, reason: str, was_clean: bool) -> None:
        """The peer closes or breaks the connection, after all that it has sent."""
        if self._state == "open":
            self._state = "closing"
            self.context.clock.call_soon(self.closed_by_peer, code, reason, was_clean)

    def closed_by_peer(self, code: int, reason: str, was_clean: bool) -> None:
        """The peer has closed or broken the connection; a second time does nothing."""
        user = self._user
        if self._state != "closed":
            self._end()
            if user is not None:
                user.socket_closed(code, reason, was_clean)

    def later(self, ms: int, call: Callable[[], object]) -> None:
        """Calls a function of the peer after a while, if the connection is open then."""
        self.context.clock.call_later(ms * US_PER_MS, self._if_open, call)

    def _if_open(self, call: Callable[[], object]) -> None:
        if self._state == "open":
            self.tell(call)

    def play(self, sound: Sound, fast: bool, then: Callable[[], object]) -> None:
        """Sends a stream: at once, or as it passes."""
        if self._state != "open":
            return
        self.deliver(self._writer.start(sound.written))
        self._play_on(sound, None if fast else AHEAD_MS, then)

    def _play_on(self, sound: Sound, ms: int | None, then: Callable[[], object]) -> None:
        frames = len(sound.pcm) if ms is None else ms // FRAME_MS
        for _ in range(frames):
            if sound.is_over:
                break
            payload, samples, span = sound.next()
            self.deliver(self._writer.media(sound.written, payload, samples), span)
        if not sound.is_over:
            self.later(EVERY_MS, lambda: self._play_on(sound, EVERY_MS, then))
            return
        self.deliver(self._writer.stop(sound.written))
        # What was sent early has not passed yet.
        self.later(0 if ms is None else AHEAD_MS, then)

    def send_back(self, frame: dict[str, Any]) -> None:
        """Sends a frame of the near end back."""
        self.deliver(self._writer.again(frame))

    def tell(self, function: Callable[..., object], *arguments: Any) -> None:
        """Calls something of the peer, which may be the user's: an error in it ends the peer."""
        try:
            function(*arguments)
        except Exception as error:
            told = error.message if isinstance(error, VoxrtError) else str(error)
            text = f"the WebSocket peer raised {type(error).__name__}: {told}"
            self.context.session.warn("answers", text)
            self.hang_up(ABNORMAL, "", False)

    def _end(self) -> None:
        self._state = "closed"
        for timer in (self._opening, self._pause):
            if timer is not None:
                timer.cancel()


@define(eq=False)
class Sound:
    """Sound on its way out, frame by frame.

    Args:
        pcm: PCM16 at the rate of the stream.
        written: The stream.
        utterance: What is said in it; 0 for nothing known.
    """

    pcm: bytes
    written: WrittenStream
    utterance: int = 0
    _coding: Coding = field(init=False)
    _at: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._coding = coding(self.written.encoding)

    @property
    def is_over(self) -> bool:
        """Whether all of it was taken."""
        return 2 * self._at >= len(self.pcm)

    def next(self) -> tuple[bytes, int, SpokenSpan | None]:
        """The next frame: its payload, its samples, and which part of the utterance it is."""
        rate_hz = self.written.rate_hz
        samples, start = rate_hz // 1000 * FRAME_MS, self._at
        piece = self.pcm[2 * start : 2 * (start + samples)]
        self._at += samples
        real = len(piece) // 2
        payload = self._coding.encode(piece + bytes(2 * (samples - real)))
        span = SpokenSpan(self.utterance, start, real, rate_hz) if self.utterance else None
        return payload, samples, span


@define(eq=False)
class PeerHandle(PeerConnection):
    """The connection as the peer has it."""

    end: PeerEnd

    @property
    def request(self) -> Request:
        return self.end.request

    def send(self, message: str | bytes) -> None:
        self.end.deliver(message)

    def send_back(self, frame: dict[str, Any]) -> None:
        self.end.send_back(frame)

    def say(self, text: str, *, voice: str = "", **options: Unpack[StreamOptions]) -> None:
        context, stream = self.end.context, _stream(options)
        speech = context.speaker.say(text, voice=voice, rate_hz=stream.rate_hz)
        number = context.utterances.add(speech, SPEAKER)
        context.session.journal.write(
            "note", call="", who="WebSocket peer", text=f'says "{speech.text}"'
        )
        self._play(Sound(speech.pcm, stream, number), options)

    def play(self, data: bytes, name: str = "sound", **options: Unpack[StreamOptions]) -> None:
        stream = _stream(options)
        self._play(Sound(decode_sound(data, name=name).mono(stream.rate_hz), stream), options)

    def _play(self, sound: Sound, options: StreamOptions) -> None:
        self.end.play(sound, options.get("fast", False), options.get("then", lambda: None))

    def later(self, ms: int, call: Callable[[], object]) -> None:
        self.end.later(ms, call)

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        self.end.hang_up(code, reason, True)

    def drop(self) -> None:
        self.end.hang_up(ABNORMAL, "", False)


def _stream(options: StreamOptions) -> WrittenStream:
    """The stream that these options describe.

    Raises:
        TypeError: One of them is none.
    """
    unknown = ", ".join(sorted(set(options) - StreamOptions.__optional_keys__))
    if unknown:
        raise TypeError(f"a peer's stream has no option {unknown}")
    encoding = options.get("encoding", "PCM16")
    return WrittenStream(
        tag=options.get("tag", ""),
        encoding=encoding,
        rate_hz=RATES_HZ[encoding],
        parameters=options.get("parameters"),
    )


def check_plan(plan: PeerPlan) -> None:
    """Checks what only shows when a plan is done: its sound files, and its encodings.

    Raises:
        DocumentError: A file is no sound, or a codec is not installed.
    """
    for step in plan.steps():
        if isinstance(step, SendSound):
            try:
                coding(step.encoding).encode(bytes(2 * FRAME_MS * RATES_HZ[step.encoding] // 1000))
                if step.file:
                    decode_sound(step.file, name=step.name)
            except VoxrtError as error:
                file, _, line = step.place.rpartition(":")
                raise DocumentError(error.message, file=file, line=int(line)) from None
