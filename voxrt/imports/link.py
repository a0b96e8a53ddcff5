"""The messages of a trace as the file of a run's connection, and so as a cassette."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from attrs import define, field, frozen

from voxrt import __version__
from voxrt.connectors.grok.events import AUDIO_DELTA, folded
from voxrt.connectors.link_file import FORMAT
from voxrt.imports.trace import Traced, TraceFile
from voxrt.xai.cassette.secrets import without_credentials
from voxrt.xai.client import ClientProtocol
from voxrt.xai.messages import encode

#: What stands for the connector's client when no log tells its identifier.
CLIENT: Final = "imported-client"


@frozen(kw_only=True)
class LinkMessage:
    """One message: a line of the link's file, and the journal's record of it.

    Attributes:
        t_ms: When.
        line: The line without `n`.
        record: The fields of the `provider` record.
    """

    t_ms: float
    line: dict[str, Any] = field(repr=False)
    record: dict[str, Any] = field(repr=False)


def header(trace: TraceFile, client: str) -> dict[str, Any]:
    """The first line: the connection is taken to have been there when the first message came."""
    first_ms = trace.messages[0].t_ms
    return {
        "format": FORMAT,
        "voxrt": __version__,
        "provider": "xai",
        "url": trace.url,
        "dialled_ms": first_ms,
        "opened_ms": first_ms,
        "client": client,
        "imported": trace.path.name,
    }


def link_messages(trace: TraceFile, client: str) -> Iterator[LinkMessage]:
    """The messages with sent audio folded and credentials hidden.

    Args:
        trace: The trace, in the run's time.
        client: The identifier of the connector's client.
    """
    formats = _Formats()
    for one in trace.messages:
        message = without_credentials(one.message)
        if one.audio is not None:
            message = {"type": one.message["type"], "audio": formats.fold(one.audio)}
        short = message
        if one.direction == "received":
            short = formats.take(message)
        elif one.audio is not None:
            short = {"type": message["type"], **message["audio"]}
            del short["sha256"]
        yield LinkMessage(
            t_ms=one.t_ms,
            line={"direction": one.direction, "message": message},
            record=_record(one, short, client),
        )


def _record(one: Traced, message: dict[str, Any], client: str) -> dict[str, Any]:
    return {
        "link": client,
        "direction": one.direction,
        "type": one.message["type"],
        "message": message,
    }


@define
class _Formats:
    """Follows the session's audio formats, by which audio is measured."""

    _protocol: ClientProtocol = field(factory=ClientProtocol)

    def __attrs_post_init__(self) -> None:
        self._protocol.connection.opened()

    def take(self, message: dict[str, Any]) -> dict[str, Any]:
        """A received message as the journal has it."""
        understood = self._protocol.receive(encode(message))
        if message["type"] != AUDIO_DELTA:
            return message
        pcm = understood[0].audio if understood else None
        rate_hz = self._protocol.output_format.rate_hz
        return folded(message, len(pcm or b"") // 2, rate_hz, None)

    def fold(self, audio: bytes) -> dict[str, Any]:
        """Sent audio as its length and hash."""
        sound = self._protocol.input_format
        pcm = sound.to_pcm(audio)
        return {
            "samples": max(1, len(pcm) // 2),
            "rate_hz": sound.rate_hz,
            "sha256": hashlib.sha256(pcm).hexdigest(),
        }
