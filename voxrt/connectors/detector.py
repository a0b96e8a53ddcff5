"""What the platform's own small models have in common: a socket to a local service, and an ear.

`Silero.VAD` and `Pipecat.TurnDetector` listen and answer; nothing is heard from them. Their
factories' promises resolve as those of the voice agents' clients do, and `ConnectorInformation`
follows.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from voxrt.connectors.options import ClientOptions
from voxrt.connectors.service import (
    CREATED_US,
    INFORMATION_US,
    NORMAL_CLOSE,
    NORMAL_CODE,
    OPENED_US,
    RESOLVED_US,
    ServiceUnit,
)
from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Port
from voxrt.session.promise import Promise
from voxrt.session.values import Struct
from voxrt.vox.context import Context, Owned

RATE_HZ = 16_000


class SpeechDetector(ServiceUnit):
    """Listens to the streams that are sent to it, mixed.

    Args:
        context: The session's platform.
        module: The module's name.
        subject: Which field of its events it is.
        options: The factory's.
    """

    _sends = False
    _one_stream = False

    def __init__(self, context: Context, module: str, subject: str, options: ClientOptions) -> None:
        super().__init__(context, module, subject, options)
        self._port = context.graph.port(self._name, RATE_HZ)
        self._owned = Owned(self._end)
        context.session.own(self._owned)

    def reset(self, *_: Any) -> None:
        """Forgets what it has heard: `Reset` follows."""
        if not self._ignores("reset"):
            self._command("ResetDetector")
            self._forget()
            self._tell_reset()

    def close(self, *_: Any) -> None:
        """Closes it; a second time does nothing."""
        if not self._closed:
            self._context.session.command("DestroyWebSocket", [self._socket.id()])
            self._end()

    # --- inside -------------------------------------------------------------------------------

    def _start(self) -> Promise:
        """Opens the socket; the promise of this detector."""
        session, clock = self._context.session, self._context.clock
        promise = session.engine.promise()
        session.command("CreateWebSocket", [{"id": self._socket.id()}, self._socket.url, {}])
        clock.call_later(CREATED_US, self._socket_event, "Created", {})
        clock.call_later(OPENED_US, self._local_socket_opened)
        clock.call_later(RESOLVED_US, promise.resolve, self)
        clock.call_later(INFORMATION_US, self._inform)
        return promise

    def _inform(self) -> None:
        if not self._closed:
            payload = Struct(self._information())
            self._inform_of(Struct(customEvent="ConnectorInformation", payload=payload))

    @abstractmethod
    def _forget(self) -> None:
        """Begins to listen afresh."""

    @abstractmethod
    def _tell_reset(self) -> None:
        """Emits the module's `Reset`."""

    @abstractmethod
    def _inform_of(self, data: Struct) -> None:
        """Emits the module's `ConnectorInformation`."""

    def _end(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._receives, self._deaf = False, f"this {self._platform_name} has been closed"
        self._socket.readyState = "closed"
        self._router.forget(self)
        self._context.media.forget(self._port)
        self._port.close()
        self._tell_closed(NORMAL_CODE, NORMAL_CLOSE, was_clean=True)
        self._context.session.disown(self._owned)

    def _can_receive(self) -> bool:
        return not self._closed

    def _sink_port(self, params: Struct) -> Port:
        return self._port

    def _emit(self, name: str, **fields: Any) -> None:
        self._context.session.emit(self._emitter, name, fields)

    def _command(self, name: str) -> None:
        self._context.session.command(name, [{"id": self._unit_id}])

    def _ignores(self, function: str) -> bool:
        if self._closed:
            kind = self._platform_name
            self._context.session.warn("ignored", f"{function}: this {kind} has been closed")
        return self._closed


def number_of(
    function: str, options: ClientOptions, name: str, usual: float, least: float, most: float
) -> float:
    """A parameter of a factory.

    Raises:
        ScenarioTypeError: It is no number, or out of its range.
    """
    value = options.get(name)
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ScenarioTypeError(
            f"{function}: {name} must be a number from {least:g} to {most:g}, not {value!r}"
        )
    return float(value)
