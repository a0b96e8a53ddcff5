"""What a test looks for among the happenings of a run.

    event("Call.Disconnected", internalCode=16)
    tool("check_table", guests=2, time="eight")
    hear("by the window", source="agent")

Texts are compared by their words, which must stand side by side; letter case and punctuation do
not count. A regular expression (`re.compile`) is searched in the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from attrs import field, frozen

from voxrt.testing.happenings import Happening, shown_kind
from voxrt.testing.values import difference
from voxrt.xai.standin.matching import contains

Text = str | re.Pattern[str]


@frozen(kw_only=True)
class Pattern:
    """What a happening must be like.

    Attributes:
        kind: Its kind (see `Happening`).
        name: Its name, with wildcards; an event is also known by the last part of its name.
            Empty is any.
        text: Words or a regular expression that its text has; `None` is any.
        data: What its payload has (see `voxrt.testing.values`).
    """

    kind: str
    name: str = ""
    text: Text | None = None
    data: Any = field(default=...)

    def matches(self, happening: Happening) -> bool:
        """Whether it is like this."""
        return self.is_named(happening) and not self.differs(happening)

    def is_named(self, happening: Happening) -> bool:
        """Whether kind and name fit, whatever the rest is."""
        if happening.kind != self.kind:
            return False
        if not self.name or fnmatchcase(happening.name, self.name):
            return True
        return self.kind == "event" and fnmatchcase(happening.name.rpartition(".")[2], self.name)

    def differs(self, happening: Happening) -> str:
        """Where text or payload differ, in words; empty when they do not."""
        if self.text is not None and not has_text(happening.text, self.text):
            return f'the text is "{happening.text}"'
        return difference(happening.data, self.data)

    def __str__(self) -> str:
        words = [shown_kind(self.kind), self.name]
        if self.text is not None:
            words.append(shown_text(self.text))
        if self.data is not ...:
            words.append(f"with {shown_value(self.data)}")
        return " ".join(filter(None, words))


def has_text(text: str, wanted: Text) -> bool:
    """Whether a text has the words side by side, or what the expression looks for."""
    if isinstance(wanted, re.Pattern):
        return wanted.search(text) is not None
    return contains(text, wanted)


def shown_text(text: Text) -> str:
    """A wanted text as messages show it."""
    return f"/{text.pattern}/" if isinstance(text, re.Pattern) else f'"{text}"'


def shown_value(value: Any) -> str:
    """A wanted value as messages show it."""
    if isinstance(value, re.Pattern):
        return f"/{value.pattern}/"
    if value is ...:
        return "anything"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(shown_value, value)) + "]"
    return getattr(value, "__name__", None) or (
        repr(value) if isinstance(value, str) else str(value)
    )


def event(name: str, /, **payload: Any) -> Pattern:
    """An event of the session: its whole name (`Call.Connected`) or its last part.

    The payload of a connector's event is what the provider sent.
    """
    return _named("event", name, payload)


def tool(name: str, /, **arguments: Any) -> Pattern:
    """A function call of the agent that reached the scenario."""
    return _named("tool", name, arguments)


def tool_output(name: str, /, **output: Any) -> Pattern:
    """What the scenario answered to a function call."""
    return _named("tool_output", name, output)


def command(name: str, /, **parameters: Any) -> Pattern:
    """What the scenario asked of the platform, as the session's log names it: `HangupCall`."""
    return _named("command", name, parameters)


def hear(text: Text, *, source: str = "", complete: bool | None = None) -> Pattern:
    """A sentence that a phone heard.

    Args:
        text: Words of it.
        source: Who said it: `agent`, `player` (also `call.say`), or the name of a person.
        complete: Whether it was heard to its end.
    """
    data = ... if complete is None else {"complete": complete}
    return Pattern(kind="hear", name=source, text=text, data=data)


def platform_hears(text: Text, *, source: str = "") -> Pattern:
    """A sentence of somebody at a phone, as it reached the platform."""
    return Pattern(kind="platform_hears", name=source, text=text)


def log(text: Text) -> Pattern:
    """A line that the scenario wrote with `Logger.write`."""
    return Pattern(kind="log", text=text)


def note(text: Text, *, who: str = "") -> Pattern:
    """What somebody at a phone did, as the account of a run tells it: `presses 1`."""
    return Pattern(kind="note", name=who, text=text)


def http(request: str, /, **about: Any) -> Pattern:
    """An HTTP request of the scenario: `POST https://...`, with wildcards; `headers`, `body`."""
    return _named("http", request, about)


def warning(code: str = "", text: Text | None = None) -> Pattern:
    """A warning of the run, by its code."""
    return Pattern(kind="warning", name=code, text=text)


def error(text: Text) -> Pattern:
    """An error of the scenario."""
    return Pattern(kind="error", text=text)


def _named(kind: str, name: str, data: dict[str, Any]) -> Pattern:
    return Pattern(kind=kind, name=name, data=data or ...)


def nearest(pattern: Pattern, happenings: Sequence[Happening]) -> str:
    """The last happening that has the pattern's name, and where it differs; empty for none."""
    for happening in reversed(happenings):
        if pattern.is_named(happening):
            return f"{happening}: {pattern.differs(happening)}"
    return ""
