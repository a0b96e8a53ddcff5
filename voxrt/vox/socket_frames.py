"""The frames of media on a WebSocket: JSON text, the same in both directions.

A stream is a `start` frame with its format, `media` frames with its sound, and a `stop` frame.
`sequenceNumber` counts all frames of one direction from 0; `chunk` counts those of a stream from
0, and `timestamp` is the number of samples before the chunk. The key `event` is the platform's;
a message that has it with another value is a message of the application like any other.

Source: https://voximplant.com/docs/guides/voxengine/websocket
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
import pybase64
from attrs import define, field, frozen

from voxrt.media import opus
from voxrt.media.codecs import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode

#: The formats, by the platform's names, and their rates.
RATES_HZ = {"PCM8": 8_000, "PCM16": 16_000, "ALAW": 8_000, "ULAW": 8_000, "OPUS": opus.RATE_HZ}
SYNONYMS = {"audio/x-mulaw": "ULAW", "audio/x-alaw": "ALAW"}
#: What a call sends, when the scenario does not say.
DEFAULT_ENCODING = "PCM8"
#: What sound is that comes without a start frame.
ASSUMED_ENCODING = "PCM16"
LOWEST_HZ, HIGHEST_HZ = 8_000, 48_000
FRAMES = ("start", "media", "stop")


class FrameError(ValueError):
    """A frame of media that cannot be understood."""


@frozen(kw_only=True)
class Start:
    """A stream begins."""

    tag: str
    encoding: str
    rate_hz: int
    parameters: Any = None


@frozen(kw_only=True)
class Media:
    """Some sound of a stream."""

    tag: str
    chunk: int | None
    payload: bytes = field(repr=False)


@frozen(kw_only=True)
class Stop:
    """A stream is complete."""

    tag: str


def looks_like_frame(message: str | bytes) -> bool:
    """Whether a message is sound, which is dropped before anything else when too much waits."""
    return isinstance(message, str) and message.startswith('{"event":"media"')


def frame_object(text: str) -> dict[str, Any] | None:
    """The JSON of a text that is a frame of media; `None` for any other text."""
    if '"event"' not in text:
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    known = isinstance(value, dict) and value.get("event") in FRAMES
    return value if known else None


def parse_frame(frame: Mapping[str, Any]) -> Start | Media | Stop:
    """Reads a frame.

    Raises:
        FrameError: Something that it needs is missing or wrong.
    """
    event = frame["event"]
    body = frame.get(event)
    if not isinstance(body, dict):
        raise FrameError(f"a {event} frame without its object `{event}`")
    tag = body.get("tag")
    tag = "" if tag is None else str(tag)
    if event == "stop":
        return Stop(tag=tag)
    return _start(body, tag) if event == "start" else _media(body, tag)


def _start(body: dict[str, Any], tag: str) -> Start:
    form = body.get("mediaFormat")
    if not isinstance(form, dict):
        raise FrameError("a start frame without `mediaFormat`")
    encoding = known_encoding(form.get("encoding"))
    if not encoding:
        raise FrameError(f"there is no encoding {form.get('encoding')!r}")
    if form.get("channels", 1) != 1:
        raise FrameError(f"sound has one channel, not {form['channels']!r}")
    rate_hz = form.get("sampleRate", RATES_HZ[encoding])
    if isinstance(rate_hz, bool) or not isinstance(rate_hz, int):
        raise FrameError(f"the sampleRate {rate_hz!r} is no number")
    if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        raise FrameError(f"the sampleRate {rate_hz} is not from {LOWEST_HZ} to {HIGHEST_HZ}")
    if encoding == "OPUS" and rate_hz != opus.RATE_HZ:
        raise FrameError(f"OPUS has a sampleRate of {opus.RATE_HZ}, not {rate_hz}")
    return Start(
        tag=tag, encoding=encoding, rate_hz=rate_hz, parameters=body.get("customParameters")
    )


def _media(body: dict[str, Any], tag: str) -> Media:
    payload, chunk = body.get("payload"), body.get("chunk")
    if not isinstance(payload, str):
        raise FrameError("a media frame without a `payload`")
    try:
        sound = pybase64.b64decode(payload, validate=True)
    except ValueError:
        raise FrameError("the `payload` of a media frame is no base64") from None
    try:
        number = None if chunk is None or isinstance(chunk, bool) else int(chunk)
    except (TypeError, ValueError, OverflowError):
        raise FrameError(f"the `chunk` {chunk!r} is no number") from None
    return Media(tag=tag, chunk=number, payload=sound)


def known_encoding(value: Any) -> str:
    """The platform's name of an encoding; empty for what is none."""
    name = SYNONYMS.get(value, value) if isinstance(value, str) else ""
    return name if name in RATES_HZ else ""


# --- coding ---------------------------------------------------------------------------------------


class Coding(Protocol):
    """One stream's encoder and decoder."""

    def encode(self, pcm: bytes) -> bytes:
        """PCM16 as the stream has it."""

    def decode(self, data: bytes) -> bytes:
        """What the stream has as PCM16.

        Raises:
            FrameError: It is nothing of this encoding.
            MediaError: The codec is not installed, or refuses.
        """


class _Pcm:
    def encode(self, pcm: bytes) -> bytes:
        return pcm

    def decode(self, data: bytes) -> bytes:
        if len(data) % 2:
            raise FrameError(f"{len(data)} bytes are no samples of 16 bits")
        return data


class _Alaw:
    def encode(self, pcm: bytes) -> bytes:
        return alaw_encode(pcm)

    def decode(self, data: bytes) -> bytes:
        return alaw_decode(data)


class _Ulaw:
    def encode(self, pcm: bytes) -> bytes:
        return ulaw_encode(pcm)

    def decode(self, data: bytes) -> bytes:
        return ulaw_decode(data)


class _Opus:
    def __init__(self) -> None:
        self._encoder: opus.OpusEncoder | None = None
        self._decoder: opus.OpusDecoder | None = None

    def encode(self, pcm: bytes) -> bytes:
        self._encoder = self._encoder or opus.OpusEncoder()
        return self._encoder.encode(pcm)

    def decode(self, data: bytes) -> bytes:
        self._decoder = self._decoder or opus.OpusDecoder()
        return self._decoder.decode(data)


def coding(encoding: str) -> Coding:
    """The coding of one stream, by the platform's name of its encoding."""
    kinds: dict[str, type[Coding]] = {"ALAW": _Alaw, "ULAW": _Ulaw, "OPUS": _Opus}
    return kinds.get(encoding, _Pcm)()


# --- writing --------------------------------------------------------------------------------------


@define(eq=False, kw_only=True)
class WrittenStream:
    """A stream that is being sent.

    Attributes:
        chunks: Media frames so far.
        samples: Samples in them.
        sent_bytes: Bytes in them, before base64.
    """

    tag: str
    encoding: str
    rate_hz: int
    parameters: Any = None
    chunks: int = 0
    samples: int = 0
    sent_bytes: int = 0

    @property
    def duration_s(self) -> int:
        """Whole seconds so far."""
        return self.samples // self.rate_hz


@define(eq=False)
class FrameWriter:
    """Writes the frames of one direction of one connection."""

    _sequence: int = field(default=0, init=False)

    def start(self, stream: WrittenStream) -> str:
        """The frame that begins a stream."""
        form = {"encoding": stream.encoding, "sampleRate": stream.rate_hz, "channels": 1}
        body: dict[str, Any] = {**_tag(stream), "mediaFormat": form}
        if stream.parameters is not None:
            body["customParameters"] = stream.parameters
        return self._frame("start", body)

    def media(self, stream: WrittenStream, payload: bytes, samples: int) -> str:
        """The frame of the next sound of a stream."""
        body = {
            **_tag(stream),
            "chunk": stream.chunks,
            "timestamp": stream.samples,
            "payload": pybase64.b64encode_as_string(payload),
        }
        stream.chunks += 1
        stream.samples += samples
        stream.sent_bytes += len(payload)
        return self._frame("media", body)

    def stop(self, stream: WrittenStream) -> str:
        """The frame that ends a stream."""
        info = {"bytesSent": stream.sent_bytes, "duration": stream.duration_s}
        return self._frame("stop", {**_tag(stream), "mediaInfo": info})

    def again(self, frame: Mapping[str, Any]) -> str:
        """A frame of the other direction, sent back."""
        return self._frame(frame["event"], frame[frame["event"]])

    def _frame(self, event: str, body: Any) -> str:
        frame = {"event": event, "sequenceNumber": self._sequence, event: body}
        self._sequence += 1
        return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def _tag(stream: WrittenStream) -> dict[str, str]:
    return {"tag": stream.tag} if stream.tag else {}
