"""What a connection to a provider carried, whole: one file for each in the run's folder.

`links/1.jsonl` is the first connection that was opened in the run. Its first line says what it is,
each further line is a message, written as it happens; docs/cassettes.md has the format. What the
provider sent is there with its audio. Of audio that was sent, which is the caller's own and is in
the recording of the call, there is only the length and a hash. A cassette is such a file too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
import pybase64
from attrs import define, field

from voxrt import __version__
from voxrt.clock import US_PER_MS
from voxrt.disk import LineFile
from voxrt.session.journal import Journal, Record
from voxrt.session.values import plain
from voxrt.vox.context import Context
from voxrt.vox.spoken import SpokenParts
from voxrt.xai.standin import SpokenSpan

FORMAT = 1
FOLDER = "links"


@define(eq=False)
class LinkFile:
    """The file of one connection; it is made when the connection is opened or refused.

    Args:
        context: The session's platform.
        provider: Who is at the other end, such as `xai`.
        client: The identifier of the connector's client, as the journal's `provider` records have
            it in `link`.
    """

    context: Context
    provider: str
    client: str
    _dialled_us: int = field(init=False)
    _file: LineFile | None = field(default=None, init=False)
    _spoken: SpokenParts = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._dialled_us = self.context.clock.now_us()
        self._spoken = SpokenParts(self.context.utterances)

    def opened(self, url: str) -> None:
        """The provider accepted the connection.

        Args:
            url: Its address.
        """
        self._begin(url, self._now_ms())

    def refused(self, url: str, why: str) -> None:
        """There is no connection; the file says why, and ends."""
        if self._file is None:
            self._begin(url, None)
            self._write({"t": self._now_ms(), "direction": "refused", "reason": why})
            self._end()

    def sent(self, record: Record, message: Mapping[str, Any]) -> None:
        """A message was sent, of which the journal has a record."""
        self._write(self._line(record, "sent", plain(message)))

    def sent_audio(self, record: Record, frame: str | bytes, pcm: bytes, rate_hz: int) -> None:
        """Audio was sent, as text or as bytes; `pcm` is what was in it, as PCM16."""
        audio = {"samples": len(pcm) // 2, "rate_hz": rate_hz, "sha256": _sha256(pcm)}
        line = self._line(record, "sent", {"type": record["type"], "audio": audio})
        if isinstance(frame, bytes):
            line["binary"] = True
        if self._file is not None:  # nothing in it can be a secret
            self._file.write(_quickly(line) + b"\n")

    def received(self, record: Record | None, text: str, speech: SpokenSpan | None) -> None:
        """A message came; the journal has no record of audio that came too late."""
        # It is JSON already, and most of it is sound: it is not spelled again.
        whole = msgspec.Raw(text.encode()) if "\n" not in text else msgspec.json.decode(text)
        line = self._line(record, "received", whole)
        if speech is not None:
            line["speech"] = self._spoken.fields(speech)
        self._write(line)

    def received_bytes(
        self, record: Record | None, kind: str, data: bytes, speech: SpokenSpan | None
    ) -> None:
        """Audio came as a binary message."""
        message = {"type": kind, "delta": pybase64.b64encode_as_string(data)}
        line = {**self._line(record, "received", message), "binary": True}
        if speech is not None:
            line["speech"] = self._spoken.fields(speech)
        self._write(line)

    def received_text(self, text: str) -> None:
        """What came is no message of the protocol."""
        self._write({"t": self._now_ms(), "direction": "received", "text": text})

    def closed(self, code: int, reason: str, *, by: str, was_clean: bool) -> None:
        """The connection is closed, `by` the `client` or the `provider`; the file ends."""
        line = {"t": self._now_ms(), "direction": "closed", "code": code, "reason": reason}
        self._write({**line, "by": by, "clean": was_clean})
        self._end()

    # --- writing --------------------------------------------------------------------------------

    def _begin(self, url: str, opened_ms: float | None) -> None:
        links = self.context.links
        path = self.context.folder / FOLDER / f"{len(links) + 1}.jsonl"
        links.append(path)
        self._file = LineFile(path, self.context.broken)
        self.context.open_files.append(self._file)
        header = {
            "format": FORMAT,
            "voxrt": __version__,
            "provider": self.provider,
            "url": url,
            "dialled_ms": self._dialled_us / US_PER_MS,
            "opened_ms": opened_ms,
            "client": self.client,
        }
        number = self.context.number
        self._write(header if number == 1 else {**header, "session": number})

    def _line(self, record: Record | None, direction: str, message: Any) -> dict[str, Any]:
        if record is None:
            return {"t": self._now_ms(), "direction": direction, "message": message}
        n, t = record["n"], record["t"]
        return {"n": n, "t": t, "direction": direction, "message": message}

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(encoded(line, self.context.session.journal) + b"\n")

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _now_ms(self) -> float:
        return self.context.clock.now_us() / US_PER_MS


def encoded(line: dict[str, Any], journal: Journal) -> bytes:
    """One line of a link's file without secrets.

    Audio is kept whatever it looks like: a short secret may well be found in base64, and is not
    there.
    """
    text = _quickly(line)
    if journal.is_clean(_without_sound(text)):
        return text
    line = msgspec.json.decode(text)
    clean = journal.redacted(line)
    message = line.get("message")
    if isinstance(message, dict) and is_audio(message):
        clean["message"]["delta"] = message["delta"]
    return _quickly(clean)


_quickly = msgspec.json.Encoder().encode

#: How a message with sound begins, and where in it the sound is.
_SOUND, _DELTA = b'"message":{"type":"response.output_audio.delta",', b'"delta":"'


def _without_sound(text: bytes) -> bytes:
    """A line but for the sound in it, which is most of it; if that is easily found."""
    if text.find(_SOUND, 0, 200) < 0:
        return text
    start = text.find(_DELTA) + len(_DELTA)
    return text[:start] + text[text.find(b'"', start) :]


@lru_cache(maxsize=32)
def _sha256(pcm: bytes) -> str:
    """The hash of sound; silence comes again and again, in pieces of a few lengths."""
    return hashlib.sha256(pcm).hexdigest()


def is_audio(message: Mapping[str, Any]) -> bool:
    """Whether a message of the provider carries sound."""
    kind = str(message.get("type"))
    return kind.endswith("audio.delta") and isinstance(message.get("delta"), str)
