"""Values from outside, put into the text of a scenario: `--define NAME=VALUE`.

A deployment fills in what a repository leaves open: a key, the rented number, an address. Real
projects leave it open in three ways, and a define goes to all of them:

1. A declaration at the top level, `const voxNum = 'YOUR_RENTED_PHONE_NUMBER';` (`let`, `var`,
   also one of several in a list; in Python `NAME = ...`): VALUE stands in place of what is there,
   unless that has the placeholder `{{NAME}}` itself.
2. A placeholder within a text: `{{NAME}}`, and a NAME that begins with `YOUR_`, alone or as
   `<YOUR_NAME>`. VALUE stands in its place, escaped as the quotes need it.
3. A name that is used and declared nowhere, because a file that a deployment would generate is
   not in the folder: it becomes a global variable before the first file runs.

Lines never move: a value that replaces several lines is followed by as many line breaks. Columns
behind a value move only where it is longer than what it replaces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from attrs import define, field, frozen

from voxrt.errors import UsageError

_NAME = re.compile(r"(?!\d)[\w$]+")
_BRACES = re.compile(r"\{\{\s*([\w$.-]+)\s*\}\}")
_YOURS = re.compile(r"<(YOUR_\w+)>|\b(YOUR_\w+)\b", re.IGNORECASE)


@frozen(kw_only=True)
class Filled:
    """A text with the values in it, and what became of each define.

    Attributes:
        text: The text, with as many lines as before.
        declared: Defines that a declaration took.
        placed: Defines that a placeholder took.
        mentioned: Defines that the text uses as the name of a variable.
        fixed: Defines that the text declares where no value can be put in, by the line of the
            declaration: inside a function, or as a function, a class or part of a pattern.
        names: Every name that could have been defined here, for near misses.
        readable: False when the text could not be understood; it is unchanged then, and the
            engine that runs it says what is wrong.
    """

    text: str
    declared: frozenset[str] = frozenset()
    placed: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    fixed: Mapping[str, int] = field(factory=dict)
    names: frozenset[str] = frozenset()
    readable: bool = True

    @property
    def used(self) -> frozenset[str]:
        """Defines that this text has a use for."""
        return self.declared | self.placed | self.mentioned


@define
class Edits:
    """Replacements of pieces of one text, made all at once."""

    text: str
    _edits: list[tuple[int, int, str]] = field(factory=list)

    def replace(self, start: int, end: int, new: str) -> None:
        """Puts `new` in the place of `text[start:end]`; of two pieces the one around both wins."""
        if any(begin <= start and end <= finish for begin, finish, _ in self._edits):
            return
        self._edits = [e for e in self._edits if not (start <= e[0] and e[1] <= end)]
        self._edits.append((start, end, new))

    def apply(self) -> str:
        """The new text."""
        parts, at = [], 0
        for start, end, new in sorted(self._edits):
            parts += [self.text[at:start], new]
            at = end
        return "".join([*parts, self.text[at:]])


def parse_define(entry: str) -> tuple[str, Any]:
    """The name and the value of a `--define`.

    Args:
        entry: `NAME=TEXT`, or `NAME:=JSON` for a number, a list and so on.

    Raises:
        UsageError: It is neither.
    """
    name, equals, value = entry.partition("=")
    is_json = name.endswith(":")
    name = name.removesuffix(":")
    if not equals or not _NAME.fullmatch(name):
        raise UsageError(
            "--define takes NAME=VALUE or NAME:=JSON, where NAME is the name of a variable."
        )
    if not is_json:
        return name, value
    try:
        return name, json.loads(value)
    except ValueError as error:
        raise UsageError(
            f"--define {name}: what follows `:=` is not JSON: {error}.",
            hint=f"Write {name}=VALUE for a text.",
        ) from None


def fill_in(text: str, defines: Mapping[str, Any], language: str) -> Filled:
    """Puts values into the text of a scenario file.

    Args:
        text: The text of the file, with `\\n` between its lines.
        defines: The values by name: texts, or anything that JSON can say.
        language: `javascript` (TypeScript too) or `python`.
    """
    if not defines:
        return Filled(text=text)
    if language == "python":
        from voxrt.scenario.fill_python import fill_python

        return fill_python(text, defines)
    from voxrt.scenario.fill_javascript import fill_javascript

    return fill_javascript(text, defines)


def fill_placeholders(
    text: str, defines: Mapping[str, Any], placed: set[str], names: set[str]
) -> str | None:
    """The text with its placeholders filled in; None when there is nothing to fill in.

    Args:
        text: What stands between quotes.
        defines: The values by name.
        placed: Gets the defines that were used.
        names: Gets the names of all placeholders.
    """

    def value(found: re.Match[str]) -> str:
        name = next(group for group in found.groups() if group)
        names.add(name)
        if name not in defines:
            return found.group()
        placed.add(name)
        return plain_text(defines[name])

    braces = _BRACES.sub(value, text)
    # What a value brought in is not searched again.
    filled = _YOURS.sub(value, text) if braces == text else braces
    return None if filled == text else filled


def holds_placeholder(text: str, name: str) -> bool:
    """Whether a value has a place for a define of its own name, as `NAME = 'x{{NAME}}'` has."""
    return any(found.group(1) == name for found in _BRACES.finditer(text))


def plain_text(value: Any) -> str:
    """A value as it reads within a text: itself, or its JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def between_quotes(value: Any, quote: str) -> str:
    """A value as it is written between quotes of a kind, in JavaScript and in Python."""
    text = json.dumps(plain_text(value), ensure_ascii=False)[1:-1].replace('\\"', '"')
    return text.replace(quote, "\\" + quote)


def in_place_of(old: str, new: str) -> str:
    """The new value, on one line, with what keeps the text behind it where it was.

    After an old value of several lines come as many line breaks, and blanks up to where it ended.
    """
    breaks = old.count("\n")
    if breaks:
        return new + "\n" * breaks + " " * (len(old) - old.rfind("\n") - 1)
    return new.ljust(len(old))


def check_used(defines: Mapping[str, Any], texts: Sequence[tuple[str, Filled]]) -> None:
    """Refuses defines that change nothing.

    Args:
        defines: The values by name.
        texts: The files by name, filled in.

    Raises:
        UsageError: Nothing uses a name, or no value can be put where it is declared.
    """
    if not all(filled.readable for _, filled in texts):
        return  # the error of the file itself comes first
    for name in defines:
        if any(name in filled.declared | filled.placed for _, filled in texts):
            continue
        for file, filled in texts:
            if name in filled.fixed:
                raise UsageError(
                    f"--define {name}: this declaration takes no value from outside.",
                    hint="Only a variable that is declared at the top level of a file does.",
                    file=file,
                    line=filled.fixed[name],
                )
        if not any(name in filled.mentioned for _, filled in texts):
            known = sorted(frozenset().union(*(filled.names for _, filled in texts)))
            near = get_close_matches(name, known, n=1)
            raise UsageError(
                f"--define {name}: nothing in the scenario files uses this name.",
                hint=f"Did you mean `{near[0]}`?" if near else "",
            )


def undeclared(defines: Mapping[str, Any], texts: Iterable[Filled]) -> dict[str, Any]:
    """The defines that are to be global variables before the first file runs."""
    files = tuple(texts)
    return {
        name: value
        for name, value in defines.items()
        if any(name in filled.mentioned for filled in files)
        and not any(name in filled.declared for filled in files)
    }
