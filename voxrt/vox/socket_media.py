"""The sound of a WebSocket: from units to its far end, and back.

Towards the far end, each tag is a stream: every 20 ms of what units send there is a frame, and the
words that were audible go beside it. From the far end, frames may come faster than they play: up
to 10 s of each stream wait, and what finds no room is dropped. A unit hears the streams of the
tag that it was linked with, and those without a tag; one that was linked without a tag hears all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from attrs import define, field

from voxrt.errors import MediaError, VoxrtError
from voxrt.media.graph import Conference, Port, Side, Tap
from voxrt.media.hearing import HeardWord, Hearing
from voxrt.session.media import FRAME_US
from voxrt.session.values import Struct, plain, wrap
from voxrt.vox.arrivals import USUAL_HZ, Arrivals, Piece
from voxrt.vox.context import Context
from voxrt.vox.socket_frames import (
    ASSUMED_ENCODING,
    DEFAULT_ENCODING,
    RATES_HZ,
    Coding,
    FrameError,
    FrameWriter,
    Media,
    Start,
    Stop,
    WrittenStream,
    coding,
    known_encoding,
    parse_frame,
)
from voxrt.vox.streams import Outlet
from voxrt.xai.standin import SpokenSpan

CHUNK_MS = 20
QUEUE_MS = 10_000


@define(eq=False)
class SentStream:
    """What units send to the far end under one tag."""

    written: WrittenStream
    port: Port
    tap: Tap
    hearing: Hearing
    coding: Coding

    @property
    def chunk_bytes(self) -> int:
        """PCM bytes of one frame."""
        return self.written.rate_hz // 1000 * CHUNK_MS * 2


@define(eq=False)
class ReceivedStream:
    """What the far end sends under one tag."""

    outlet: Outlet
    arrivals: Arrivals
    encoding: str = ASSUMED_ENCODING
    rate_hz: int = RATES_HZ[ASSUMED_ENCODING]
    coding: Coding = field(factory=lambda: coding(ASSUMED_ENCODING))
    expected: int | None = None
    """The number of the next chunk, unless some are lost."""
    frames: int = 0
    lost: int = 0
    dropped: int = 0


@define(eq=False, kw_only=True)
class SocketMedia:
    """Streams of one socket.

    Args:
        context: The session's platform.
        name: What its ports are called.
        send: Sends a frame, with the words that were audible in it.
        note: Writes down a frame that is no sound: its direction and its fields.
        warn: Tells the scenario's author once what is wrong with a frame.
        on_started: A stream of the far end began to be heard.
        on_ended: It has been silent for a second, or is complete.
    """

    context: Context
    name: str
    send: Callable[[str, list[HeardWord]], object]
    note: Callable[..., object]
    warn: Callable[[str, str], object]
    on_started: Callable[[Outlet], None]
    on_ended: Callable[[Outlet], None]
    _writer: FrameWriter = field(factory=FrameWriter, init=False)
    _sent: dict[str, SentStream] = field(factory=dict, init=False)
    _received: dict[str, ReceivedStream] = field(factory=dict, init=False)
    _mixes: dict[str, Conference] = field(factory=dict, init=False)
    """What units hear that were linked with a tag, by the tag."""

    # --- to the far end -----------------------------------------------------------------------

    def sink(self, params: Struct) -> Port:
        """Begins a stream to the far end; where the sound for it goes."""
        tag, encoding = tag_of(params), encoding_of(params) or DEFAULT_ENCODING
        parameters = params.get("customParameters")
        shown = None if parameters is None else json.dumps(plain(parameters), ensure_ascii=False)
        written = WrittenStream(
            tag=tag, encoding=encoding, rate_hz=RATES_HZ[encoding], parameters=shown
        )
        port = self.context.graph.port(f"{self.name} hears", written.rate_hz)
        port.ledger(Side.SINK)
        tap = self.context.graph.tap((port, Side.SINK), chunk_ms=CHUNK_MS)
        hearing = Hearing(self.context.utterances)
        stream = self._sent[tag] = SentStream(written, port, tap, hearing, coding(encoding))
        self.context.media.drain_with(tap, lambda: self._drain(stream))
        frame = self._writer.start(written)
        given = {} if shown is None else {"customParameters": shown}
        self.note("sent", frame="start", tag=tag, encoding=encoding, **given)
        self.send(frame, [])
        return port

    def end_sink(self, params: Struct) -> None:
        """Ends a stream to the far end; harmless when there is none."""
        stream = self._sent.pop(tag_of(params), None)
        if stream is None:
            return
        self._drain(stream)
        self.context.media.stop_draining(stream.tap)
        stream.tap.close()
        stream.port.close()
        written = stream.written
        frame = self._writer.stop(written)
        self.note(
            "sent", frame="stop", tag=written.tag, frames=written.chunks, bytes=written.sent_bytes
        )
        self.send(frame, stream.hearing.flush())

    def _drain(self, stream: SentStream) -> None:
        pcm, size = stream.tap.read(), stream.chunk_bytes
        ledger = stream.port.ledger(Side.SINK).read()
        words = stream.hearing.feed(ledger, until_us=self.context.graph.tick * FRAME_US)
        for start in range(0, len(pcm) - size + 1, size):
            payload = stream.coding.encode(pcm[start : start + size])
            frame = self._writer.media(stream.written, payload, size // 2)
            self.send(frame, words)
            words = []

    # --- from the far end ---------------------------------------------------------------------

    def source(self, params: Struct) -> Port:
        """What a unit hears that is linked with these parameters."""
        tag = tag_of(params)
        mix = self._mixes.get(tag)
        if mix is None:
            mix = self._mixes[tag] = self.context.graph.conference(f"{self.name} says", USUAL_HZ)
            for stream in self._received.values():
                self._join(stream.outlet, tag, mix)
        return mix

    def take(self, frame: dict[str, Any], span: SpokenSpan | None) -> None:
        """Takes a frame of the far end; one that cannot be understood is dropped, with a warning.

        Args:
            frame: Its JSON.
            span: Which part of an utterance its sound is.
        """
        try:
            parsed = parse_frame(frame)
            if isinstance(parsed, Start):
                self._start(parsed)
            elif isinstance(parsed, Media):
                self._play(parsed, span)
            else:
                self._stop(parsed)
        except (FrameError, MediaError) as error:
            told = error.message if isinstance(error, VoxrtError) else str(error)
            self.warn("media-frame", f"a frame of media was dropped: {told}")

    def _start(self, start: Start) -> None:
        made = coding(start.encoding)
        stream = self._stream(start.tag)
        if stream.frames and (start.encoding, start.rate_hz) != (stream.encoding, stream.rate_hz):
            self._queue(stream, stream.arrivals.flush())
        stream.coding, stream.encoding, stream.rate_hz = made, start.encoding, start.rate_hz
        stream.expected = None
        stream.outlet.encoding = start.encoding
        stream.outlet.custom_parameters = _parameters(start.parameters)
        given = plain(start.parameters)
        self.note(
            "received",
            frame="start",
            tag=start.tag,
            encoding=start.encoding,
            sampleRate=start.rate_hz,
            **({} if given is None else {"customParameters": given}),
        )

    def _play(self, media: Media, span: SpokenSpan | None) -> None:
        stream = self._stream(media.tag)
        pcm = stream.coding.decode(media.payload)
        if media.chunk is not None:
            if stream.expected is not None and media.chunk > stream.expected:
                stream.lost += media.chunk - stream.expected
            stream.expected = media.chunk + 1
        stream.frames += 1
        self._queue(stream, stream.arrivals.take(pcm, stream.rate_hz, span))

    def _stop(self, stop: Stop) -> None:
        stream = self._received.get(stop.tag)
        if stream is None:
            self.note("received", frame="stop", tag=stop.tag)
            return
        self._queue(stream, stream.arrivals.flush())
        self._note_end(stream)
        stream.outlet.complete()

    def _note_end(self, stream: ReceivedStream) -> None:
        self.note(
            "received",
            frame="stop",
            tag=stream.outlet.tag,
            frames=stream.frames,
            **({"lost_frames": stream.lost} if stream.lost else {}),
            **({"dropped_samples": stream.dropped} if stream.dropped else {}),
        )
        stream.frames = stream.lost = stream.dropped = 0
        stream.expected = None

    def _stream(self, tag: str) -> ReceivedStream:
        found = self._received.get(tag)
        if found is None:
            outlet = Outlet(
                self.context, f"{self.name} says", tag, QUEUE_MS, self.on_started, self.on_ended
            )
            found = self._received[tag] = ReceivedStream(outlet, Arrivals(self.context.utterances))
            for wanted, mix in self._mixes.items():
                self._join(outlet, wanted, mix)
        return found

    def _join(self, outlet: Outlet, wanted: str, mix: Conference) -> None:
        if wanted in ("", outlet.tag) or not outlet.tag:
            outlet.port.send_to(mix)

    def _queue(self, stream: ReceivedStream, pieces: list[Piece]) -> None:
        dropped = sum(stream.outlet.push(piece) for piece in pieces)
        if dropped and not stream.dropped:
            self.warn(
                "media-overflow",
                f"more than {QUEUE_MS // 1000} s of sound wait to be played: what comes is dropped",
            )
        stream.dropped += dropped

    def clear(self, tag: str | None) -> int:
        """Drops what has not been heard yet; returns its samples.

        Args:
            tag: Only the stream of this tag; all of them with `None`.
        """
        samples = 0
        for stream in self._received.values():
            if tag is None or tag == stream.outlet.tag:
                stream.arrivals.drop()
                samples += stream.outlet.clear()
        return samples

    def close(self) -> None:
        """Ends every stream, and frees the ports."""
        for tag in list(self._sent):
            self.end_sink(Struct(tag=tag))
        for stream in self._received.values():
            if stream.frames:
                self._note_end(stream)
            stream.outlet.close()
        for mix in self._mixes.values():
            mix.close()
        self._received.clear()
        self._mixes.clear()


def tag_of(params: Struct) -> str:
    """The tag of a stream; a number is as good as a text, and none is the empty one."""
    tag = params.get("tag")
    return "" if tag is None else str(tag)


def encoding_of(params: Struct) -> str | None:
    """The encoding that a link asks for: empty for one that there is not, `None` for no wish."""
    value = params.get("encoding")
    return None if value is None else known_encoding(value)


def _parameters(given: Any) -> Any:
    """`customParameters` of a start frame: an object, or one as JSON text."""
    if isinstance(given, str):
        try:
            value = json.loads(given)
        except ValueError:
            return given
        return wrap(value) if isinstance(value, dict) else given
    return wrap(given)
