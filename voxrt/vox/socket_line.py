"""The connection under a scenario's WebSocket: its state, its messages and its end.

A scenario's `WebSocket` is a view of this. What the far end tells comes here, on the run's clock,
and becomes events; what goes out is written down here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voxrt.clock import US_PER_MS
from voxrt.media.hearing import HeardWord
from voxrt.outside.exchange import Request
from voxrt.outside.far_end import ABNORMAL, NORMAL, FarEnd
from voxrt.outside.websocket import NOT_OPENED
from voxrt.session.emitter import Emitter
from voxrt.session.values import Struct
from voxrt.vox.context import Context
from voxrt.vox.dialling import dial
from voxrt.vox.socket_file import SocketFile
from voxrt.vox.socket_frames import frame_object
from voxrt.vox.socket_media import SocketMedia, tag_of
from voxrt.vox.streams import Outlet
from voxrt.vox.trace import Statistics, Trace
from voxrt.xai.standin import SpokenSpan

CREATED = "WebSocket.Created"
OPEN = "WebSocket.Open"
MESSAGE = "WebSocket.Message"
ERROR = "WebSocket.Error"
CLOSE = "WebSocket.Close"
MEDIA_STARTED = "WebSocket.MediaEventStarted"
MEDIA_ENDED = "WebSocket.MediaEventEnded"

#: When it is created after it was asked for, as in the platform's own session logs.
CREATED_US = 1 * US_PER_MS
NORMAL_CLOSE = "Normal connection close"


class SocketLine:
    """One connection; a `SocketUser`, and a unit of the session.

    Args:
        context: The session's platform.
        url: Where it leads to.
        options: `privacy`, `trace`, `statistics`.
        emitter: Its events.
        label: The name of its diagnostic files.
        changed: Called when sound can flow, or can no more.

    Attributes:
        state: `connecting`, `open`, `closing` or `closed`.
        media: Its streams.
        gone: Called before the streams end.
    """

    def __init__(
        self,
        context: Context,
        url: str,
        options: Struct,
        emitter: Emitter,
        label: str,
        changed: Callable[[], object],
    ) -> None:
        self.url = url
        self.state = "connecting"
        self.gone: Callable[[], object] = lambda: None
        self._context = context
        self._emitter = emitter
        self._changed = changed
        self.media = SocketMedia(
            context=context,
            name="websocket",
            send=self._send_frame,
            note=self._note,
            warn=self._warn_once,
            on_started=self._media_started,
            on_ended=self._media_ended,
        )
        self._trace = Trace(context, label) if options.get("trace") else None
        self._statistics = Statistics(context, label) if options.get("statistics") else None
        self._far: FarEnd | None = None
        self._file: SocketFile | None = None
        self._waiting: list[str] = []
        self._told: set[str] = set()
        self.on_end: Callable[[], object] = lambda: None
        context.session.own(self)

    # --- opening --------------------------------------------------------------------------------

    def connect(self, request: Request, protocols: list[str]) -> None:
        """Begins to connect to a server: `CREATED` first, a millisecond later."""
        self._context.clock.call_later(CREATED_US, self._created, request, protocols)

    def _created(self, request: Request, protocols: list[str]) -> None:
        if self.state == "closed":
            return
        url = {} if self._statistics is None else {"statisticsUrl": self._statistics.url}
        self._context.session.emit(self._emitter, CREATED, url)
        if self.state == "connecting":
            self._keep(request.url, incoming=False)
            self._far, source = dial(self._context, self, request, protocols)
            self._note("connect", url=request.url, source=source)
        else:
            self._context.clock.call_soon(self.socket_refused, NOT_OPENED)

    def attach(self, far: FarEnd) -> None:
        """Its far end came by itself."""
        self._far = far
        self._keep(self.url, incoming=True)
        self._note("accept", url=self.url)

    # --- what the scenario does -----------------------------------------------------------------

    def send(self, text: str) -> None:
        """Sends a text, now or when the connection is open."""
        self._command("SendMessageWebSocket", [self._emitter.id, text])
        if self.state in ("closing", "closed"):
            self._warn_once("ignored", "WebSocket: it is closed, send does nothing")
        elif self.state == "connecting":
            self._waiting.append(text)
        else:
            self._send_text(text)

    def close(self) -> None:
        """Closes the connection, or gives up connecting."""
        if self.state in ("closing", "closed"):
            return
        self._command("DestroyWebSocket", [self._emitter.id])
        self.gone()
        self.media.close()
        self.state = "closing"
        if self._far is not None:
            self._far.close(NORMAL, "")

    def clear(self, params: Struct) -> None:
        """Drops sound that nobody has heard yet."""
        self._command("WebSocketClearMediaBuffer", [self._emitter.id, dict(params)])
        if self.state != "open":
            text = f"WebSocket: it is {self.state}, clearMediaBuffer does nothing"
            self._warn_once("ignored", text)
            return
        dropped = self.media.clear(None if params.get("tag") is None else tag_of(params))
        self._record("media", action="clear", unit=self._emitter.id, samples=dropped)

    def destroy(self) -> None:
        """Closes it with the session."""
        if self.state == "closed":
            return
        if self._far is not None:
            self._far.forget()
            self._far.close(NORMAL, "")
        self._end(NORMAL, NORMAL_CLOSE, was_clean=True)

    # --- what the far end tells -----------------------------------------------------------------

    def socket_opened(self, protocol: str) -> None:
        """The connection is open: what waited is sent, sound begins to flow."""
        if self.state != "connecting":
            return
        self.state = "open"
        self._tell_file("opened", protocol=protocol)
        self._note("open", **({"protocol": protocol} if protocol else {}))
        self._context.session.emit(self._emitter, OPEN, {})
        waiting, self._waiting = self._waiting, []
        for text in waiting:
            self._send_text(text)
        self._changed()

    def socket_refused(self, why: str) -> None:
        """There will be no connection."""
        if self.state == "closed":
            return
        self._tell_file("refused", reason=why)
        self._note("refused", why=why)
        if self.state == "connecting":
            self._warn("websocket", f"WebSocket: no connection to {self.url}", why)
        self._context.session.emit(self._emitter, ERROR, {})
        self._end(ABNORMAL, "", was_clean=False)

    def socket_text(self, text: str, speech: SpokenSpan | None) -> None:
        """A text came: a message, or a frame of media."""
        self._trace_line("<", text)
        if self._file is not None:
            self._file.received(text, speech)
        frame = frame_object(text)
        if frame is not None:
            if self.state == "open":
                self.media.take(frame, speech)
            return
        self._note("received", text=text)
        if self.state == "open":
            self._context.session.emit(self._emitter, MESSAGE, {"text": text})

    def socket_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """A binary message came, which no scenario can take."""
        if self._file is not None:
            self._file.received(data, speech)
        self._note("received", bytes=len(data))
        self._warn_once(
            "ignored", "WebSocket: a binary message came, which is ignored: only text is taken"
        )

    def socket_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The connection is gone."""
        if self.state != "closed":
            self._tell_file("closed", code=code, reason=reason, clean=was_clean)
            self._far = None  # nothing can be sent to it any more
            usual = NORMAL_CLOSE if code == NORMAL else ""
            self._end(code, reason or usual, was_clean=was_clean)

    def _end(self, code: int, reason: str, *, was_clean: bool) -> None:
        self.gone()
        self.media.close()
        self.state = "closed"
        for diagnostic in (self._trace, self._statistics):
            if diagnostic is not None:
                diagnostic.close()
        event = {"code": code, "reason": reason, "wasClean": was_clean}
        self._context.session.emit(self._emitter, CLOSE, event)
        self._emitter.closed = True
        self._context.session.disown(self)
        if self._file is not None:
            self._file.close()
        self.on_end()

    # --- media ----------------------------------------------------------------------------------

    def _media_started(self, outlet: Outlet) -> None:
        fields: dict[str, Any] = {"tag": outlet.tag} if outlet.tag else {}
        fields["encoding"] = outlet.encoding
        if outlet.custom_parameters:
            fields["customParameters"] = outlet.custom_parameters
        self._context.session.emit(self._emitter, MEDIA_STARTED, fields)

    def _media_ended(self, outlet: Outlet) -> None:
        fields: dict[str, Any] = {"tag": outlet.tag} if outlet.tag else {}
        fields["mediaInfo"] = Struct(duration=outlet.played_s)
        self._context.session.emit(self._emitter, MEDIA_ENDED, fields)

    def _send_frame(self, frame: str, heard: list[HeardWord]) -> None:
        if self.state == "open" and self._far is not None:
            self._trace_line(">", frame)
            if not self._far.send(frame, heard):
                self._warn_once("media-overflow", "WebSocket: the far end takes no more sound")

    def _send_text(self, text: str) -> None:
        self._note("sent", text=text)
        self._trace_line(">", text)
        if self._far is not None:
            self._far.send(text)

    # --- writing things down ----------------------------------------------------------------------

    def _keep(self, url: str, *, incoming: bool) -> None:
        """Begins to keep what comes, unless the scenario asked for privacy."""
        if not self._emitter.private:
            self._file = SocketFile(self._context, url, incoming)

    def _tell_file(self, direction: str, **fields: Any) -> None:
        if self._file is not None:
            self._file.write(direction, **fields)

    def _note(self, what: str, **fields: Any) -> None:
        self._record("socket", id=self._emitter.id, what=what, **fields)

    def _command(self, name: str, params: Any) -> None:
        self._record("command", name=name, params=params)

    def _record(self, kind: str, **fields: Any) -> None:
        if not self._emitter.private:
            self._context.session.journal.write(kind, **fields)

    def _trace_line(self, direction: str, text: str) -> None:
        if self._trace is not None:
            self._trace.write(direction, text)
        if self._statistics is not None:
            way = "sent" if direction == ">" else "received"
            self._statistics.add(f"messages_{way}")
            self._statistics.add(f"bytes_{way}", len(text.encode("utf-8", "surrogatepass")))

    def _warn_once(self, code: str, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._warn(code, text)

    def _warn(self, code: str, text: str, detail: str = "") -> None:
        """Warns the author; with `privacy` without what the connection carried."""
        full = f"{text}: {detail}" if detail and not self._emitter.private else text
        self._context.session.warn(code, full)
