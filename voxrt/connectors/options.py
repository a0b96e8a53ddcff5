"""The parameters that the factories of all voice-AI modules share, checked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import FrameType, TracebackType
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.session import Session
from voxrt.session.values import Struct, kind_of, parameters


class ClientOptions(Struct):
    """What a factory was given. Names that no module knows are kept and do nothing."""

    @classmethod
    def check(cls, function: str, given: Any, keywords: dict[str, Any]) -> ClientOptions:
        """Takes the parameters of a factory.

        Args:
            function: The factory, for messages.
            given: The parameter object, or `None`.
            keywords: The same, as keywords.

        Raises:
            ScenarioTypeError: One of them has a wrong type.
        """
        options = cls(parameter_object(function, given, keywords))
        for name in ("statistics", "trace", "privacy"):
            if not isinstance(options.get(name, False), bool | None):
                raise ScenarioTypeError(f"{function}: {name} must be a boolean")
        on_close = options.get("onWebSocketClose")
        if on_close is not None and not callable(on_close):
            raise ScenarioTypeError(f"{function}: onWebSocketClose must be a function")
        return options

    def required_text(self, function: str, name: str) -> str:
        """A text that has to be there.

        Raises:
            ScenarioTypeError: It is missing, empty or of another type.
        """
        value = self.get(name)
        if not isinstance(value, str) or not value:
            found = "missing" if value is None else "empty" if value == "" else "not a string"
            raise ScenarioTypeError(f"{function}: {name} is {found}")
        return value

    def optional_text(self, function: str, name: str) -> str:
        """A text that may be missing; then it is empty.

        Raises:
            ScenarioTypeError: It has another type.
        """
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise ScenarioTypeError(f"{function}: {name} must be a string")
        return value or ""


def parameter_object(function: str, given: Any, keywords: Mapping[str, Any]) -> Struct:
    """The one parameter object of a function, given as a mapping, as keywords, or not at all.

    Raises:
        ScenarioTypeError: It is something else.
    """
    if given is not None and not isinstance(given, Mapping):
        raise ScenarioTypeError(f"{function} needs an object, not {kind_of(given)}")
    return parameters(given, keywords)


def caller_traceback(session: Session) -> TracebackType | None:
    """Where in the scenario a platform function was called; `None` outside of any scenario.

    A rejected promise that nobody awaits is never raised, so no traceback leads to the scenario:
    this one does.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename not in session.script.files:
        frame = frame.f_back
    return frame and TracebackType(None, frame, frame.f_lasti, frame.f_lineno)


def texts_in(value: Any) -> list[str]:
    """Every text in a value of any shape, as when a secret was given where it does not belong."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bytes | bytearray):
        return [value.decode(errors="replace")]
    inside = value.values() if isinstance(value, Mapping) else value
    if isinstance(inside, Iterable):
        return [text for item in inside for text in texts_in(item)]
    return []
