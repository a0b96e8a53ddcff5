"""Which records of a journal came from outside, and which a scenario brought about.

A replay gives the stimuli again and compares the effects. Records of some kinds are either, so the
table decides by what is in them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from voxrt.session.journal import Record


class Role(Enum):
    """What a record is for a replay."""

    HEAD = "what was run"
    STIMULUS = "given again"
    EFFECT = "compared"
    ASIDE = "neither: it tells of the tools, or follows from both"


def _by(field: str, stimuli: tuple[str, ...]) -> Callable[[Record], Role]:
    def role(record: Record) -> Role:
        return Role.STIMULUS if record.get(field) in stimuli else Role.EFFECT

    return role


def _warning(record: Record) -> Role:
    """What the simulated far ends and the tools say of themselves is no effect."""
    return Role.ASIDE if record["code"] in _OWN_WARNINGS else Role.EFFECT


_OWN_WARNINGS = ("gave-up", "not-as-expected", "stand-in", "stalled", "cassette", "replay")

#: The one table: the role of each kind of record.
ROLES: dict[str, Role | Callable[[Record], Role]] = {
    "run": Role.HEAD,
    "session": Role.EFFECT,
    "event": Role.EFFECT,
    "command": Role.EFFECT,
    "log": Role.EFFECT,
    "warning": _warning,
    "error": Role.EFFECT,
    "note": Role.STIMULUS,
    "far": Role.STIMULUS,
    "heard": Role.EFFECT,
    "provider": _by("direction", ("received",)),
    "media": Role.EFFECT,
    "file": Role.EFFECT,
    "queue": Role.EFFECT,
    "agent": Role.EFFECT,
    "timer": Role.EFFECT,
    "http": _by("state", ("reply",)),
    "mail": _by("state", ("answered",)),
    "socket": _by("what", ("open", "received", "refused")),
    "access": Role.EFFECT,
    "request": Role.EFFECT,
    "call-list": Role.EFFECT,
    "result": Role.EFFECT,
}


def role_of(record: Record) -> Role:
    """The role of a record; a kind that is not in the table is an effect, and so compared."""
    role = ROLES.get(record["kind"], Role.EFFECT)
    return role if isinstance(role, Role) else role(record)


def is_counted(record: Record) -> bool:
    """Whether a record marks the order of an instant.

    What was heard is written when somebody looks, and who looks when is no matter of the scenario.
    """
    return role_of(record) in (Role.STIMULUS, Role.EFFECT) and record["kind"] != "heard"
