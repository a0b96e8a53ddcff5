"""A media unit over a WebSocket of the platform to a local service of its module.

What voice agents' clients, detectors of speech and the like have in common: an identity, listeners,
and the socket, which opens a moment after the factory was called. The factory's promise resolves
when it is open; `ConnectorInformation` follows.
"""

from __future__ import annotations

from typing import Any

from voxrt.clock import US_PER_MS
from voxrt.connectors.options import ClientOptions
from voxrt.session.emitter import Emitter
from voxrt.session.values import PlatformObject
from voxrt.vox.context import Context
from voxrt.vox.routing import MediaTarget

#: When things happen after the factory was called, as in the platform's own session logs.
CREATED_US = 1 * US_PER_MS
OPENED_US = 8 * US_PER_MS
RESOLVED_US = 13 * US_PER_MS
INFORMATION_US = 60 * US_PER_MS

CONNECTOR_VERSION = "0.57.4"
NORMAL_CODE, NORMAL_CLOSE = 1000, "Normal connection close"


class ConnectorSocket(PlatformObject):
    """The socket under a unit, as `onWebSocketClose` shows it."""

    def __init__(self, id: str, url: str) -> None:  # noqa: A002
        self._id = id
        self.url = url
        self.readyState = "connecting"

    def id(self) -> str:
        """The socket's identifier."""
        return self._id

    def toJSON(self) -> dict[str, Any]:
        return {"url": self.url, "readyState": self.readyState, "_id": self._id}


class ServiceUnit(MediaTarget):
    """Identity, listeners and socket.

    Args:
        context: The session's platform.
        module: The module's name, such as `Grok`.
        subject: Which field of its events it is.
        options: The factory's options.
        private: Whether its events are left out of the records.
        carries_messages: Whether its events come over the socket, as messages, and not as media.
    """

    def __init__(
        self,
        context: Context,
        module: str,
        subject: str,
        options: ClientOptions,
        *,
        private: bool = False,
        carries_messages: bool = False,
    ) -> None:
        ids = context.session.ids
        self._context = context
        self._router = context.router
        self._name = module.lower()
        self._options = options
        self._unit_id = ids.object_id()
        self._socket = ConnectorSocket(ids.object_id(), f"wss://local/{self._name}")
        self._emitter = Emitter(
            unit=self._name,
            id=self._unit_id,
            subject={subject: self},
            websocket=self._socket.id() if carries_messages else "",
            private=private,
        )
        self._socket_emitter = Emitter(unit="websocket", id=self._socket.id(), private=private)
        self._closed = False

    def id(self) -> str:
        """The unit's identifier."""
        return self._unit_id

    def webSocketId(self) -> str:
        """The identifier of its WebSocket."""
        return self._socket.id()

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of one of the module's events; a handler added twice runs twice.

        Anything but a function is accepted, and ends the scenario when its event comes.
        """
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def toJSON(self) -> dict[str, Any]:
        return {}

    # --- the socket ---------------------------------------------------------------------------

    def _local_socket_opened(self) -> None:
        if not self._closed:
            self._socket.readyState = "open"
            self._socket_event("Open", {})

    def _information(self) -> dict[str, Any]:
        """What `ConnectorInformation` says."""
        return {
            "applicationVersion": CONNECTOR_VERSION,
            "id": self._context.session.ids.hex(32),
            "endpoint": f"/{self._name}",
        }

    def _tell_closed(self, code: int, reason: str, *, was_clean: bool) -> None:
        """The last event of all: nothing follows it."""
        event = {"code": code, "wasClean": was_clean, "reason": reason}
        on_close = self._options.get("onWebSocketClose")
        if on_close is not None:
            self._socket_emitter.handlers.add("WebSocket.Close", on_close)
        self._socket_emitter.subject["websocket"] = self._socket
        self._socket_event("Close", event)
        self._socket_emitter.closed = self._emitter.closed = True

    def _socket_event(self, name: str, fields: dict[str, Any]) -> None:
        self._context.session.emit(self._socket_emitter, f"WebSocket.{name}", fields)
