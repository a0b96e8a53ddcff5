"""Tests of scenarios: expectations, what was heard, conversations, and what runs them.

The fixture `voxrt` of the pytest plug-in runs scenarios; what a test expects of them comes from
here. docs/testing.md explains both.
"""

from voxrt.legs.builder import caller, party
from voxrt.testing.conversation import Conversation, ExpectationError
from voxrt.testing.expectations import Absent, AnyOrder, Happens, InOrder, Part
from voxrt.testing.heard import Heard
from voxrt.testing.live import LiveCall
from voxrt.testing.patterns import (
    command,
    error,
    event,
    hear,
    http,
    log,
    note,
    platform_hears,
    tool,
    tool_output,
    warning,
)
from voxrt.testing.values import Bound

__all__ = [
    "Absent",
    "AnyOrder",
    "Bound",
    "Conversation",
    "ExpectationError",
    "Happens",
    "Heard",
    "InOrder",
    "LiveCall",
    "Part",
    "caller",
    "command",
    "error",
    "event",
    "hear",
    "http",
    "log",
    "note",
    "party",
    "platform_hears",
    "tool",
    "tool_output",
    "warning",
]
