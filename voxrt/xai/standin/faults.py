"""Faults by rule: what goes wrong, at which event, the how-many-eth time."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from attrs import define, field, frozen


@frozen(kw_only=True)
class Fault:
    """One rule. Which fields a kind uses is in `FAULT_KINDS`.

    Attributes:
        kind: One of `FAULT_KINDS`.
        at: The type of the server frame at which it happens.
        occurrence: At the how-many-eth such frame, reply or turn of the connection, from 1.
        every: At all of them.
        connection: Only on the how-many-eth connection; `None` on each.
        ms: The delay, or the time after which it happens.
        status: The HTTP status of a refusal.
        code: A close code, or the text `code` of an error or refusal.
        reason: The reason of a close.
        type: The type of an error.
        message: The text of an error or refusal.
        key: Refuse only this key.
        place: `file:line`, for messages; empty for a fault that was made in Python.
    """

    kind: str
    at: str = ""
    occurrence: int = 1
    every: bool = False
    connection: int | None = None
    ms: int = 0
    status: int = 401
    code: int | str | None = None
    reason: str = ""
    type: str = "internal_error"
    message: str = ""
    key: str | None = None
    place: str = ""

    @property
    def label(self) -> str:
        """What it is called where nothing else is known of it."""
        return f"the fault {self.kind}"


_COUNTED: Final = ("occurrence", "every", "connection")

#: The fields of each kind: required first, then optional.
FAULT_KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "refuse": ((), ("status", "code", "message", "key", "connection")),
    "close": (("at",), ("code", "reason", *_COUNTED)),
    "error": (("at",), ("type", "code", "message", *_COUNTED)),
    "delay": (("at", "ms"), _COUNTED),
    "duplicate": (("at",), _COUNTED),
    "drop_response": ((), _COUNTED),
    "second_session_updated": ((), ("ms", *_COUNTED)),
    "late_partials": ((), _COUNTED),
    "end_session": (("ms",), ("type", "connection")),
}


@define
class FaultBook:
    """The faults of one connection, with their counts.

    `uses` counts how often each came due, over all connections, as `faults[index]`.
    """

    _faults: tuple[Fault, ...]
    connection: int = 1
    uses: Counter[str] = field(factory=Counter)
    _seen: Counter[str] = field(factory=Counter)

    def due(self, what: str) -> list[Fault]:
        """Counts one more `what` (a frame type, `reply` or `turn`); the faults it brings."""
        self._seen[what] += 1
        if not self._faults:
            return []
        count = self._seen[what]
        return [
            self.used(fault)
            for fault in self._mine()
            if _frame(fault) == what and (fault.every or fault.occurrence == count)
        ]

    def used(self, fault: Fault) -> Fault:
        """Counts that a fault comes to pass; returns it."""
        self.uses[f"faults[{self._faults.index(fault)}]"] += 1
        return fault

    def session_end(self) -> Fault | None:
        """The `end_session` fault, if there is one."""
        return next((f for f in self._mine() if f.kind == "end_session"), None)

    def refusal(self, key: str) -> Fault | None:
        """The fault that refuses this connection, if there is one."""
        for fault in self._mine():
            if fault.kind == "refuse" and fault.key in (None, key):
                return self.used(fault)
        return None

    def _mine(self) -> list[Fault]:
        return [f for f in self._faults if f.connection in (None, self.connection)]


def _frame(fault: Fault) -> str:
    if fault.kind == "drop_response":
        return "reply"
    if fault.kind == "late_partials":
        return "turn"
    if fault.kind == "second_session_updated":
        return "session.updated"
    return fault.at


def error_fields(fault: Fault) -> dict[str, Any]:
    """The `error` frame that an `error` or `end_session` fault sends."""
    return {
        "message": fault.message or "The agent script injected this error.",
        "kind": fault.type,
        "code": None if fault.code is None else str(fault.code),
    }
