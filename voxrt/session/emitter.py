"""Handlers of events: registration, order, and which of them run.

The rules, which every emitter of the platform shares: handlers run in the order of registration;
the same function added twice runs twice; removing without a function removes every handler of the
event; a handler removed while the event is being dispatched, and not reached yet, does not run.
A handler that is not a function is accepted, and is an error when its event comes.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field

from voxrt.session.place import running_frames
from voxrt.session.values import Struct, wrap


@define(eq=False)
class Handler:
    """One registration."""

    function: Any
    active: bool = True
    added_at: tuple[tuple[str, int], ...] = ()
    """The files and lines, innermost first, that added what is not a function."""


@define(eq=False)
class HandlerTable:
    """The handlers of one emitter, by the string value of the event."""

    _handlers: dict[str, list[Handler]] = field(factory=dict, init=False)

    def add(self, event: str, function: Any) -> None:
        """Registers a handler."""
        added_at = () if callable(function) else tuple((f.file, f.line) for f in running_frames())
        # What is no text is the name of no event, and need not be a key.
        name = event if isinstance(event, str) else str(type(event))
        self._handlers.setdefault(name, []).append(Handler(function, added_at=added_at))

    def remove(self, event: str, function: Any = None) -> None:
        """Removes every registration of the function, or of the event when none is given."""
        if not isinstance(event, str):
            return
        kept = []
        for handler in self._handlers.get(event, []):
            if function is None or handler.function == function:
                handler.active = False
            else:
                kept.append(handler)
        if event in self._handlers:
            self._handlers[event] = kept

    def of(self, event: str) -> list[Handler]:
        """The handlers of an event, as a copy that later changes do not touch."""
        return list(self._handlers.get(event, ()))

    def listens_to(self, event: str) -> bool:
        """Whether anybody listens."""
        return bool(self._handlers.get(event))


@define(eq=False, kw_only=True)
class Emitter:
    """What emits events: the application, a call, a player, a connector's client.

    Args:
        unit: What the journal calls it, such as `call`.
        id: Its identifier; empty for the application.
        subject: The fields that each of its events begins with, such as `call`.
        websocket: For a connector's client, the id of its socket.
    """

    unit: str
    id: str = ""
    subject: dict[str, Any] = field(factory=dict)
    websocket: str = ""
    handlers: HandlerTable = field(factory=HandlerTable)
    closed: bool = False
    """A closed emitter is destroyed for the script: its later events are not delivered."""
    private: bool = False
    """Its events are delivered but not recorded: the `privacy` of a connector."""

    def event(self, name: str, fields: dict[str, Any]) -> Struct:
        """The object that handlers get."""
        ids = {"id": self.id} if self.id else {}
        event: Struct = wrap({"name": name, **ids, **self.subject, **fields})
        return event
