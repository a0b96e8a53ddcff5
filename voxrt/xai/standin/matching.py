"""Does what the caller said match, and what do templates make of it.

`contains` compares words, not letters: case, accents on quotes and punctuation do not count, and
`no` is not found in `know`. A regular expression is searched in the text as it was heard,
regardless of case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voxrt.xai.standin.replying import Turn

Values = dict[str, Any]

_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z0-9_.]+)\}")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")

_NUMBERS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty"""
NUMBER_WORDS: Final = {word: number for number, word in enumerate(_NUMBERS.split())}


def words_of(text: str) -> list[str]:
    """The words of a text in a form that compares: folded case, plain apostrophes."""
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.casefold())]


def contains(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand side by side in `text`."""
    whole, part = words_of(text), words_of(phrase)
    if not part:
        return False
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


@frozen(kw_only=True)
class Condition:
    """When a rule applies. All that is given must hold; nothing given always holds.

    Attributes:
        contains: At least one of these is in the text.
        all: All of these are in the text.
        regex: At least one of these is found in the text; its groups go into templates.
        prompt: At least one of these is in the instructions of the reply asked for.
        unheard: The caller spoke and no words could be made out (or, if false: could).
        any: At least one of these conditions holds.
        but_not: This condition does not hold.
    """

    contains: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    regex: tuple[re.Pattern[str], ...] = ()
    prompt: tuple[str, ...] = ()
    unheard: bool | None = None
    any: tuple[Condition, ...] = ()
    but_not: Condition | None = None

    def match(self, turn: Turn) -> Values | None:
        """The groups of the expression that was found, or `None` when the rule does not apply."""
        values: Values = {}
        if self.unheard is not None and self.unheard is not turn.unheard:
            return None
        if turn.unheard and (self.contains or self.all or self.regex):
            return None  # the text is a placeholder
        if self.contains and not any_of(turn.text, self.contains):
            return None
        if not all(contains(turn.text, phrase) for phrase in self.all):
            return None
        if self.prompt and not any_of(turn.prompt, self.prompt):
            return None
        if self.regex:
            found = next((m for m in (r.search(turn.text) for r in self.regex) if m), None)
            if found is None:
                return None
            values |= groups_of(found)
        if self.any:
            below = next((v for v in (c.match(turn) for c in self.any) if v is not None), None)
            if below is None:
                return None
            values |= below
        if self.but_not is not None and self.but_not.match(turn) is not None:
            return None
        return values

    @property
    def needs_text(self) -> bool:
        """Whether it looks at what the caller said."""
        given = self.contains or self.all or self.regex or self.unheard is not None
        return bool(given or any(condition.needs_text for condition in self.any))

    def groups(self) -> set[str]:
        """The names of all groups that its expressions may set."""
        names: set[str] = set()
        for expression in self.regex:
            names |= {str(n) for n in range(expression.groups + 1)} | set(expression.groupindex)
        for condition in self.any:
            names |= condition.groups()
        return names


def any_of(text: str, phrases: Iterable[str]) -> bool:
    """Whether `text` contains one of the phrases."""
    return any(contains(text, phrase) for phrase in phrases)


def groups_of(found: re.Match[str]) -> Values:
    """The groups of a match, by number and name; those that took no part are empty."""
    values: Values = {str(i): found.group(i) or "" for i in range((found.re.groups or 0) + 1)}
    return values | {name: found.group(name) or "" for name in found.re.groupindex}


def places_of(template: str) -> list[str]:
    """The names between braces in a template."""
    return [match.group(1) for match in _PLACE.finditer(template) if match.group(1)]


def fill(template: str, values: Mapping[str, Any], missing: list[str]) -> str:
    """A template with its places filled in; `{{` and `}}` are braces.

    `{output.time}` walks into objects and lists. A place without a value becomes empty, and its
    name is added to `missing`.
    """

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group(0)[0]
        value = look_up(name, values)
        if value is None:
            missing.append(name)
        return as_text(value)

    return _PLACE.sub(put, template)


def look_up(name: str, values: Any) -> Any:
    """The value at a dotted path; `None` when there is none."""
    value = values
    for part in name.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def as_text(value: Any) -> str:
    """A value as it is said: nothing, text, a number, yes or no, a list; else JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
        return ", ".join(as_text(v) for v in value)
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    return str(value)


def fitted(arguments: dict[str, Any], function: Mapping[str, Any] | None) -> dict[str, Any]:
    """Arguments with texts turned into the numbers and truth values that the function declares.

    What a caller says is text; `"four"` and `"4"` become 4 where the schema wants an integer.
    """
    schema = ((function or {}).get("parameters") or {}).get("properties") or {}
    return {name: _fit(value, schema.get(name)) for name, value in arguments.items()}


def _fit(value: Any, schema: Any) -> Any:
    if not isinstance(value, str) or not isinstance(schema, dict):
        return value
    kind, text = schema.get("type"), value.strip().casefold()
    if kind in ("integer", "number"):
        if text in NUMBER_WORDS:
            return NUMBER_WORDS[text]
        if re.fullmatch(r"[-+]?\d+", text):
            return int(text)
        if kind == "number" and re.fullmatch(r"[-+]?\d+\.\d+", text):
            return float(text)
    if kind == "boolean" and text in ("true", "yes", "false", "no"):
        return text in ("true", "yes")
    return value
