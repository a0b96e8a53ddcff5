"""`WebSocket`: a connection of the scenario to an application, with text and sound both ways.

Source: https://voximplant.com/docs/references/voxengine/websocket, and the guide
https://voximplant.com/docs/guides/voxengine/websocket for the frames of media.
"""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.media import opus
from voxrt.media.graph import Port
from voxrt.session.emitter import Emitter, Handler, HandlerTable
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox.context import Context
from voxrt.vox.routing import MediaTarget, MediaUnit, demand_unit
from voxrt.vox.socket_frames import RATES_HZ
from voxrt.vox.socket_line import (
    CLOSE,
    CREATED,
    ERROR,
    MEDIA_ENDED,
    MEDIA_STARTED,
    MESSAGE,
    OPEN,
    SocketLine,
)
from voxrt.vox.socket_media import encoding_of, tag_of

#: The properties that are handlers, by the event that each of them hears.
PROPERTIES = {
    CREATED: "oncreated",
    OPEN: "onopen",
    MESSAGE: "onmessage",
    ERROR: "onerror",
    CLOSE: "onclose",
    MEDIA_STARTED: "onmediastarted",
    MEDIA_ENDED: "onmediaended",
}


class SocketHandlers(HandlerTable):
    """The handlers of a socket: the one in the property runs before the listeners."""

    def __init__(self, socket: WebSocket) -> None:
        super().__init__()
        self._socket = socket

    def of(self, event: str) -> list[Handler]:
        """The handlers of an event, as a copy that later changes do not touch."""
        assigned = getattr(self._socket, PROPERTIES.get(event, ""), None)
        first = [] if assigned is None else [Handler(assigned)]
        return [*first, *super().of(event)]

    def listens_to(self, event: str) -> bool:
        """Whether anybody listens."""
        return bool(self.of(event))


class WebSocket(MediaUnit):
    """A connection, made by `VoxEngine.createWebSocket` or by an application that came.

    Events, in order: `CREATED` (not of incoming ones), `OPEN`, `MESSAGE` for each text that is no
    frame of media, `MEDIA_STARTED` and `MEDIA_ENDED` for each stretch of sound, `CLOSE`. A
    connection that fails gives `ERROR` and `CLOSE` with 1006. The handler in a property
    (`onmessage`) runs before the listeners of its event.
    """

    _platform_name = "WebSocket"
    _is_made_by_scripts = True  # they are told how
    _writable = _nullable = tuple(PROPERTIES.values())

    def __init__(
        self, context: Context, url: str = "", options: Struct | None = None, label: str = ""
    ) -> None:
        options = Struct() if options is None else options
        if not isinstance(context, Context):  # a script has called the class
            raise ScenarioTypeError("a WebSocket is made by VoxEngine.createWebSocket(url, ...)")
        session = context.session
        self._router = context.router
        self._unit_id = session.ids.object_id()
        self.onclose = self.onerror = self.onmessage = self.onopen = self.oncreated = None
        self.onmediastarted = self.onmediaended = None
        emitter = Emitter(
            unit="websocket",
            id=self._unit_id,
            subject={"websocket": self},
            handlers=SocketHandlers(self),
            private=bool(options.get("privacy")),
        )
        self._emitter = emitter
        self._line = SocketLine(
            context, url, options, emitter, label, changed=lambda: context.router.refresh(self)
        )
        self._line.gone = self._gone

    # --- the platform's surface -----------------------------------------------------------------

    def id(self) -> str:
        """The socket's identifier."""
        return self._unit_id

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of one of `WebSocketEvents`; it runs after that of the property."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event but that of the property."""
        self._emitter.handlers.remove(event, callback)

    @property
    def url(self) -> str:
        """Where it leads to."""
        return self._line.url

    @property
    def readyState(self) -> str:
        """`connecting`, `open`, `closing` or `closed`."""
        return self._line.state

    def send(self, data: Any) -> None:
        """Sends a text. Before the connection is open it waits; after its end nothing is sent.

        Args:
            data: The text. The key `event` of a JSON text is the platform's own.
        """
        if not isinstance(data, str):
            raise ScenarioTypeError(f"send: data must be a string, not {kind_of(data)}")
        self._line.send(data)

    def close(self, *_: Any) -> None:
        """Closes the connection: `CLOSE` comes when the far end has answered.

        While it connects, it gives up: `ERROR` and `CLOSE` with 1006. Harmless a second time.
        """
        self._line.close()

    def stopMediaTo(self, mediaUnit: MediaTarget, parameters_: Any = None, *_: Any) -> None:
        """Stops what `sendMediaTo` started; harmless when nothing was.

        Args:
            mediaUnit: The target.
            parameters_: `tag`: only the stream of that tag.
        """
        demand_unit(mediaUnit, "stopMediaTo")
        self._router.order("StopMedia", self, mediaUnit)
        self._router.unlink(self, mediaUnit, parameters(parameters_, {}).get("tag"))

    def clearMediaBuffer(self, parameters_: Any = None, /, **keywords: Any) -> None:
        """Drops the sound that has come and that nobody has heard yet: barge-in.

        Args:
            parameters_: `tag`: only the stream of that tag; all streams without it.
            keywords: The same, as keywords.
        """
        params = parameters(parameters_, keywords)
        self._line.clear(params)

    def toJSON(self) -> dict[str, Any]:
        return {"url": self.url, "readyState": self.readyState, "_id": self._unit_id}

    # --- media ----------------------------------------------------------------------------------

    def _displaces(self, newer: Struct, older: Struct) -> bool:
        # It takes several streams, told apart by their tags.
        return tag_of(newer) == tag_of(older)

    def _check_link(self, params: Struct) -> None:
        encoding = encoding_of(params)
        if encoding == "":
            known = ", ".join(RATES_HZ)
            raise ScenarioTypeError(
                f"sendMediaTo: there is no encoding {params.get('encoding')!r}; known are {known}"
            )
        if encoding == "OPUS" and not opus.is_installed():
            opus.OpusEncoder()  # raises what is missing

    def _gone(self) -> None:
        self._router.forget(self)
        self._sends = self._receives = False
        self._deaf = "this WebSocket has been closed"

    def _can_send(self) -> bool:
        return self._line.state != "closed"

    def _can_receive(self) -> bool:
        return self._line.state == "open"

    def _source_port(self, params: Struct) -> Port:
        return self._line.media.source(params)

    def _sink_port(self, params: Struct) -> Port:
        return self._line.media.sink(params)

    def _sink_ended(self, params: Struct) -> None:
        self._line.media.end_sink(params)


def line_of(socket: WebSocket) -> SocketLine:
    """The connection under a socket."""
    return socket._line
