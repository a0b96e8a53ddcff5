"""What came over a scenario's WebSocket, whole: one file for each in the run's folder.

`sockets/1.jsonl` is the first WebSocket of the run, to a server or from a client. The first line
says what it is; each further line is something that came from the far end, written as it happens:

    {"t": 20.0, "after": 12, "direction": "opened", "protocol": "chat"}
    {"t": 21.0, "after": 14, "direction": "received", "text": "...", "speech": {...}}
    {"t": 22.0, "after": 15, "direction": "received", "base64": "..."}
    {"t": 23.0, "after": 15, "direction": "refused", "reason": "..."}
    {"t": 24.0, "after": 16, "direction": "closed", "code": 1000, "reason": "", "clean": true}

`after` is the number of the last record that the journal had then: frames of media have none of
their own. `speech` is which part of which words the sound in a frame is, when a declared peer
spoke it. What was sent is in the journal; its sound is what the scenario's units played.
"""

from __future__ import annotations

import base64

import msgspec
from attrs import define, field

from voxrt import __version__
from voxrt.clock import US_PER_MS
from voxrt.disk import LineFile
from voxrt.vox.context import Context
from voxrt.vox.spoken import SpokenParts
from voxrt.xai.standin import SpokenSpan

FORMAT = 1
FOLDER = "sockets"


@define(eq=False)
class SocketFile:
    """The file of one WebSocket.

    Args:
        context: The session's platform.
        url: Where the WebSocket leads to.
        incoming: Whether a client came to the session's access URL.
    """

    context: Context
    url: str
    incoming: bool
    _dialled_us: int = field(init=False)
    _file: LineFile = field(init=False)
    _spoken: SpokenParts = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._dialled_us = self.context.clock.now_us()
        self._spoken = SpokenParts(self.context.utterances)
        sockets = self.context.sockets
        path = self.context.folder / FOLDER / f"{len(sockets) + 1}.jsonl"
        sockets.append(path)
        self._file = LineFile(path, self.context.broken)
        self.context.open_files.append(self._file)
        head = {
            "format": FORMAT,
            "voxrt": __version__,
            "url": self.url,
            "incoming": self.incoming,
            "dialled_ms": self._dialled_us / US_PER_MS,
        }
        number = self.context.number
        self._put(head if number == 1 else {**head, "session": number})

    def write(self, direction: str, **fields: object) -> None:
        """Appends what came from the far end, `opened`, `refused`, `received` or `closed`."""
        journal = self.context.session.journal
        head = {"t": self.context.clock.now_us() / US_PER_MS, "after": journal.count}
        self._put({**head, "direction": direction, **fields})
        if direction in ("refused", "closed"):
            self.close()

    def received(self, message: str | bytes, speech: SpokenSpan | None) -> None:
        """A message came."""
        if isinstance(message, bytes):
            self.write("received", base64=base64.b64encode(message).decode())
        elif speech is None:
            self.write("received", text=message)
        else:
            self.write("received", text=message, speech=self._spoken.fields(speech))

    def close(self) -> None:
        """Closes the file; nothing more is written."""
        self._file.close()

    def _put(self, line: dict[str, object]) -> None:
        journal = self.context.session.journal
        data = msgspec.json.encode(line)
        if not journal.is_clean(data):
            data = msgspec.json.encode(journal.redacted(line))
        self._file.write(data + b"\n")
