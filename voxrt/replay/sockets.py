"""The far ends of a replay's WebSockets: they send what the recorded ones sent, when they did."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.media.utterances import Utterances
from voxrt.outside.exchange import Request
from voxrt.outside.peers import Peer, Refused, SocketAnswer
from voxrt.outside.rules import Answer, HttpMatch
from voxrt.replay.feeder import Feeder
from voxrt.replay.folder import ConnectionFile, RunFolder
from voxrt.replay.spoken import SpokenAgain, check_spoken
from voxrt.vox.socket_peer import SPEAKER, PeerHandle

#: A connection that was not open yet when the recording ended is never opened.
NEVER_US = 10**12


class RecordedPeer(Peer):
    """The far end of a WebSocket that the recording has."""

    def __init__(self, file: ConnectionFile, feeder: Feeder, utterances: Utterances) -> None:
        self._file, self._feeder = file, feeder
        self._spoken = SpokenAgain(file.lines, utterances, SPEAKER)
        opened = _first(file, "opened")
        self._opened_ms = 0.0 if opened is None else float(opened["t"])
        self.protocol = "" if opened is None else str(opened.get("protocol", ""))

    def opened(self) -> None:
        self._feeder.post(self._stimuli(), self._feeder.shift_us(self._opened_ms))

    def _stimuli(self) -> Iterator[tuple[float, float, Callable[[], object]]]:
        for place, line in enumerate(self._file.lines):
            if line["direction"] in ("received", "closed"):
                # Several lines may follow the same record: their order is that of the file.
                n = line["after"] + (place + 1) / (len(self._file.lines) + 2)
                yield n, line["t"], lambda line=line: self._give(line)  # type: ignore[misc]

    def _give(self, line: dict[str, Any]) -> None:
        connection = self.connection
        assert isinstance(connection, PeerHandle)
        if line["direction"] == "closed":
            connection.end.closed_by_peer(line["code"], line["reason"], line["clean"])
        elif "base64" in line:
            connection.end.arrive(base64.b64decode(line["base64"]), None)
        else:
            connection.end.arrive(line["text"], self._spoken.span(line))


class ClientAgain(Peer):
    """A client that comes to the access URL: who is let in does what the next recorded one did."""

    def __init__(self, sockets: ReplayedSockets) -> None:
        self._sockets = sockets

    def opened(self) -> None:
        peer = self._sockets.client()
        if peer is not None:
            peer.connection = self.connection
            peer.opened()


@define(eq=False)
class ReplayedSockets:
    """The WebSockets of a recording, each used once, in order.

    Attributes:
        private: Told what is opened with `privacy`.
    """

    feeder: Feeder
    utterances: Utterances
    folder: RunFolder
    private: Callable[[str], object]
    _files: list[ConnectionFile] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._files = list(self.folder.sockets)
        for file in self._files:
            _check(file)

    def answer(self, request: Request) -> SocketAnswer | None:
        """The peer for a WebSocket of the scenario; `None` when the recording has none."""
        if "url" in request.hidden:
            self.private("a WebSocket")
            return Answer(match=HttpMatch(url=request.url), reply=Peer, delay_us=NEVER_US)
        file = self._take(lambda head: not head["incoming"] and head["url"] == request.url)
        if file is None:
            return None
        source = self._source(file)
        if source == "closed":
            return None
        opened, refused = _first(file, "opened"), _first(file, "refused")
        line = opened or refused
        match = HttpMatch(url=request.url)
        took_us = NEVER_US if line is None else round((line["t"] - file.head["dialled_ms"]) * 1000)
        if opened is None and refused is not None:
            reply = Refused(why=str(refused["reason"]))
            return Answer(match=match, reply=reply, delay_ms=0, delay_us=took_us, place=source)
        peer = RecordedPeer(file, self.feeder, self.utterances)
        return Answer(match=match, reply=lambda: peer, delay_ms=0, delay_us=took_us, place=source)

    def client(self) -> RecordedPeer | None:
        """The next client that came to the session's access URL and was let in."""
        file = self._take(lambda head: head["incoming"])
        return None if file is None else RecordedPeer(file, self.feeder, self.utterances)

    def _take(self, fits: Callable[[dict[str, Any]], bool]) -> ConnectionFile | None:
        file = next((file for file in self._files if fits(file.head)), None)
        if file is not None:
            self._files.remove(file)
        return file

    def _source(self, file: ConnectionFile) -> str:
        """Where the recorded one led to, as its `connect` record says."""
        at_us = round(file.head["dialled_ms"] * US_PER_MS)
        for record in self.folder.of_kind("socket"):
            same = record.get("url") == file.head["url"] and record["what"] == "connect"
            if same and round(record["t"] * US_PER_MS) >= at_us:
                return str(record.get("source", ""))
        return ""


def _first(file: ConnectionFile, direction: str) -> dict[str, Any] | None:
    return next((line for line in file.lines if line["direction"] == direction), None)


def _check(file: ConnectionFile) -> None:
    path: Path = file.path

    def fail(line: int, message: str) -> NoReturn:
        file.refuse(line, message)

    head = {"url": str, "incoming": bool, "dialled_ms": int | float}
    for name, kind in head.items():
        if not isinstance(file.head.get(name), kind):
            fail(1, f"the first line of {path.name} has no `{name}` as a run writes it")
    needed: dict[str, dict[str, Any]] = {
        "opened": {},
        "refused": {"reason": str},
        "closed": {"code": int, "reason": str, "clean": bool},
        "received": {},
    }
    for number, line in enumerate(file.lines, 2):
        for name, kind in {"after": int, **needed.get(line["direction"], {})}.items():
            if not isinstance(line.get(name), kind):
                fail(number, f"the line has no `{name}` as a run writes it")
        if "base64" in line:
            try:
                base64.b64decode(line["base64"], validate=True)
            except (TypeError, ValueError, binascii.Error):
                fail(number, "`base64` is not what it says")
    check_spoken(file.lines, fail)
