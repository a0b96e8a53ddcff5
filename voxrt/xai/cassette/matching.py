"""Whether a client sends what was recorded, by meaning: what differs is named field by field.

What makes no difference: the order of an object's fields, also of JSON inside a text; the order of
tools; `event_id`; identifiers that the client makes up, as long as the same stands for the same
wherever it comes again; what a recording has as `******`. Identifiers that the provider made are
compared as they are, as a player sends the recorded ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import define, field, frozen

REDACTED: Final = "******"
#: A side of a difference that is not there.
MISSING: Final = object()
_SHOWN_CHARACTERS: Final = 60
_MOST_SHOWN: Final = 8


@frozen
class Difference:
    """A field that is other than recorded; `MISSING` for a side that does not have it."""

    path: str
    recorded: Any
    sent: Any

    def __str__(self) -> str:
        if isinstance(self.recorded, str) and isinstance(self.sent, str):
            recorded, sent = _around(self.recorded, self.sent)
        else:
            recorded, sent = _shown(self.recorded), _shown(self.sent)
        return f"{self.path}: recorded {recorded}, sent {sent}"


@define
class Matcher:
    """Compares messages of one connection with those of its recording.

    Args:
        made_by_provider: The identifiers in what the provider sent.
        ignore: Paths of fields that are not compared, with what is inside them.
    """

    made_by_provider: frozenset[str]
    ignore: tuple[str, ...] = ()
    _there: dict[str, str] = field(factory=dict, init=False)
    _here: dict[str, str] = field(factory=dict, init=False)

    def differences(self, recorded: Mapping[str, Any], sent: Mapping[str, Any]) -> list[Difference]:
        """What is other than recorded; empty when the messages mean the same."""
        return list(self._compare("", recorded, sent))

    def agree(self, recorded: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
        """Takes two messages for the same: the identifiers in them belong together from now on."""
        for theirs, ours in zip(identifiers(recorded), identifiers(sent), strict=False):
            if theirs not in self.made_by_provider:
                self._there.setdefault(theirs, ours)
                self._here.setdefault(ours, theirs)

    def _compare(self, path: str, recorded: Any, sent: Any) -> Iterator[Difference]:
        if path in self.ignore or path == "event_id":
            return
        if isinstance(recorded, dict) and isinstance(sent, dict):
            for name in dict.fromkeys((*recorded, *sent)):
                inner = f"{path}.{name}" if path else str(name)
                yield from self._compare(
                    inner, recorded.get(name, MISSING), sent.get(name, MISSING)
                )
        elif isinstance(recorded, list) and isinstance(sent, list):
            if path.endswith("tools"):
                recorded, sent = sorted(recorded, key=_sorted), sorted(sent, key=_sorted)
            for index in range(max(len(recorded), len(sent))):
                theirs = recorded[index] if index < len(recorded) else MISSING
                ours = sent[index] if index < len(sent) else MISSING
                yield from self._compare(f"{path}[{index}]", theirs, ours)
        elif not self._same(path, recorded, sent):
            inside = _json_inside(recorded), _json_inside(sent)
            if None not in inside:
                yield from self._compare(path, *inside)
            else:
                yield Difference(path, recorded, sent)

    def _same(self, path: str, recorded: Any, sent: Any) -> bool:
        if isinstance(recorded, bool) or isinstance(sent, bool):
            return recorded is sent
        if recorded == sent:
            return True
        if not (isinstance(recorded, str) and isinstance(sent, str)):
            return False
        if REDACTED in recorded:
            pattern = ".*".join(re.escape(part) for part in recorded.split(REDACTED))
            return re.fullmatch(pattern, sent, re.DOTALL) is not None
        if not _is_identifier(path.rpartition(".")[2]) or recorded in self.made_by_provider:
            return False
        return (
            self._there.get(recorded, sent) == sent and self._here.get(sent, recorded) == recorded
        )


def identifiers(value: Any) -> Iterator[str]:
    """The identifiers in a message, in their order."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and _is_identifier(name):
                yield item
            else:
                yield from identifiers(item)
    elif isinstance(value, list):
        for item in value:
            yield from identifiers(item)


def explain(differences: Iterable[Difference]) -> list[str]:
    """Lines that say what differs, the first few."""
    lines = [str(difference) for difference in differences]
    more = len(lines) - _MOST_SHOWN
    return lines if more <= 0 else [*lines[:_MOST_SHOWN], f"and {more} more"]


def _is_identifier(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def _sorted(tool: Any) -> str:
    if isinstance(tool, dict):
        return f"{tool.get('type')} {tool.get('name') or tool.get('server_url')}"
    return str(tool)


def _json_inside(value: Any) -> dict[str, Any] | list[Any] | None:
    """The object or list that a text spells; `None` for anything else."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _shown(value: Any) -> str:
    if value is MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def _around(recorded: str, sent: str) -> tuple[str, str]:
    """Both texts around the first character in which they differ."""
    if max(len(recorded), len(sent)) <= _SHOWN_CHARACTERS:
        return _shown(recorded), _shown(sent)
    pairs = enumerate(zip(recorded, sent, strict=False))
    first = next((at for at, (a, b) in pairs if a != b), min(len(recorded), len(sent)))
    start = max(0, first - _SHOWN_CHARACTERS // 3)
    return _window(recorded, start), _window(sent, start)


def _window(text: str, start: int) -> str:
    end = start + _SHOWN_CHARACTERS
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return json.dumps(f"{before}{text[start:end]}{after}", ensure_ascii=False)
