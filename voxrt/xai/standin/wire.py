"""The stand-in's way out: every frame passes here, in order, and meets its faults."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.xai.standin.faults import error_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.clock import Clock, Timer
    from voxrt.xai.server import Frame, ServerProtocol
    from voxrt.xai.standin.faults import Fault, FaultBook
    from voxrt.xai.standin.settings import ServerTransport, SpokenSpan


@define
class Wire:
    """Sends frames through the transport.

    A delayed frame holds up all that follow it, as a slow network would. After `close` nothing is
    sent any more, and `on_closed` is called once.
    """

    clock: Clock
    transport: ServerTransport
    protocol: ServerProtocol
    faults: FaultBook
    on_closed: Callable[[], object]
    is_open: bool = True
    _held_until_us: int = 0
    _waiting: deque[tuple[int, Callable[[], object]]] = field(factory=deque)
    _timer: Timer | None = None

    def send(self, frame: Frame, speech: SpokenSpan | None = None) -> None:
        """Sends a frame, with the part of an utterance that it carries."""
        if not self.is_open:
            return
        faults = self.faults.due(frame["type"])
        for fault in faults:
            if fault.kind == "delay":
                self._hold(fault.ms)
        self._out(partial(self.transport.send, self.protocol.encode(frame), speech))
        for fault in faults:
            self._suffer(fault, frame, speech)

    def send_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """Sends sound as a binary frame."""
        if self.is_open:
            self._out(partial(self.transport.send_bytes, data, speech))

    def close(self, code: int, reason: str) -> None:
        """Closes the connection after all that was sent."""
        if not self.is_open:
            return
        self.is_open = False
        self._out(partial(self.transport.close, code, reason))
        self.protocol.connection.closed()
        self.on_closed()

    def peer_closed(self) -> None:
        """The client closed the connection; what waits is not sent."""
        if not self.is_open:
            return
        self.is_open = False
        self._waiting.clear()
        self.protocol.connection.closed()
        self.on_closed()

    def _suffer(self, fault: Fault, frame: Frame, speech: SpokenSpan | None) -> None:
        if fault.kind == "duplicate":
            self._again(frame, speech)
        elif fault.kind == "second_session_updated":
            self.clock.call_later(fault.ms * US_PER_MS, self._again, frame, None)
        elif fault.kind == "error":
            self.send(self.protocol.error(**error_fields(fault)))
        elif fault.kind == "close":
            self.close(int(fault.code or 1011), fault.reason)

    def _again(self, frame: Frame, speech: SpokenSpan | None) -> None:
        if self.is_open:
            copy = {**frame, "event_id": self.protocol.ids.uuid()}
            self._out(partial(self.transport.send, self.protocol.encode(copy), speech))

    def _hold(self, ms: int) -> None:
        self._held_until_us = max(self._held_until_us, self.clock.now_us() + ms * US_PER_MS)

    def _out(self, action: Callable[[], object]) -> None:
        if not self._waiting and self._held_until_us <= self.clock.now_us():
            action()
            return
        self._waiting.append((self._held_until_us, action))
        if self._timer is None:
            self._timer = self.clock.call_at(self._held_until_us, self._flush)

    def _flush(self) -> None:
        self._timer = None
        while self._waiting and self._waiting[0][0] <= self.clock.now_us():
            self._waiting.popleft()[1]()
        if self._waiting:
            self._timer = self.clock.call_at(self._waiting[0][0], self._flush)
