"""Patterns of routing rules: JavaScript's regular expressions, matched with Python's `re`.

Where both read a pattern the same way it stays as it is; where only the spelling differs it is
translated (`(?<name>...)`, `[^]`, a `{` that counts nothing); what only one of them has is
refused, so that a rule never matches here what it would not match there.

A leading `+` or `+?`, as in the documented `+?[1-9]\\d{1,14}`, is no valid expression; the
platform takes it, and it means a plus sign that may be missing.
"""

from __future__ import annotations

import re
import warnings

_PLUS = re.compile(r"(\^?)\+\??")
_COUNT = re.compile(r"\{\d+(?:,\d*)?\}")
_GROUP = re.compile(r"\((?:\?(?:[:=!]|<[=!]|<(?P<name>[A-Za-z_$][\w$]*)>))?")
_REFERENCE = re.compile(r"\\k<([A-Za-z_]\w*)>")
_ESCAPE = re.compile(
    r"\\(?:[dDwWsSbBnrtfv]|0(?!\d)|[1-9]\d?|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[^0-9A-Za-z])",
    re.DOTALL,
)
_EMPTY_CLASSES = {"[^]": r"[\s\S]", "[]": r"(?!)"}


class PatternError(ValueError):
    """A pattern that is no regular expression, or one that cannot be matched here."""


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The expression of a rule; it is meant for `fullmatch`.

    Raises:
        PatternError: It is none; the message says what is wrong and where.
    """
    translated = _Translator(
        _PLUS.sub(r"\1\\+?", pattern, count=1) if _starts(pattern) else pattern
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's plans for nested sets are no concern here
            return re.compile(translated.run(), re.ASCII)
    except (re.error, OverflowError) as error:
        raise PatternError(str(error)) from None
    except RecursionError:
        raise PatternError("it is nested too deeply") from None


def literal_of(pattern: str) -> str:
    """The only destination that a pattern matches, when it is written out; otherwise empty."""
    text = pattern.removeprefix("^").removesuffix("$")
    text = re.sub(r"^(\\?\+\??)", "", text)
    return text if re.fullmatch(r"[\w@-]+", text) else ""


def _starts(pattern: str) -> bool:
    return _PLUS.match(pattern) is not None


class _Translator:
    """Goes through a pattern once."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.parts: list[str] = []

    def run(self) -> str:
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character == "\\":
                self.escape()
            elif character == "[":
                self.character_class()
            elif character == "(":
                self.group()
            elif character in "*+?" or _COUNT.match(self.pattern, self.at):
                self.repeat()
            elif character == "{":
                self.put("\\{", 1)
            else:
                self.put(character, 1)
        return "".join(self.parts)

    def put(self, text: str, length: int) -> None:
        self.parts.append(text)
        self.at += length

    def fail(self, problem: str) -> None:
        raise PatternError(f"{problem} at position {self.at}")

    def escape(self) -> None:
        if reference := _REFERENCE.match(self.pattern, self.at):
            self.put(f"(?P={reference.group(1)})", len(reference.group()))
        elif escape := _ESCAPE.match(self.pattern, self.at):
            self.put("\\x00" if escape.group() == "\\0" else escape.group(), len(escape.group()))
        elif self.at + 1 == len(self.pattern):
            self.fail("a backslash with nothing behind it")
        else:
            self.fail(f"`{self.pattern[self.at : self.at + 2]}` is not supported")

    def character_class(self) -> None:
        for empty, meaning in _EMPTY_CLASSES.items():
            if self.pattern.startswith(empty, self.at):
                self.put(meaning, len(empty))
                return
        self.put("[", 1)
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character == "\\":
                self.escape()
                continue
            self.put("\\" + character if character in "[&|~" else character, 1)
            if character == "]":
                return
        self.fail("a set of characters that has no end")

    def group(self) -> None:
        group = _GROUP.match(self.pattern, self.at)
        assert group is not None
        if group.group() == "(" and self.pattern.startswith("(?", self.at):
            self.fail(f"JavaScript has no group `{self.pattern[self.at : self.at + 3]}`")
        name = group["name"]
        if name and not name.isidentifier():
            self.fail(f"the group's name {name!r} is not supported")
        self.put(f"(?P<{name}>" if name else group.group(), len(group.group()))

    def repeat(self) -> None:
        count = _COUNT.match(self.pattern, self.at)
        self.put(count.group() if count else self.pattern[self.at], len(count[0]) if count else 1)
        if self.pattern.startswith("?", self.at):
            self.put("?", 1)
        if self.pattern.startswith(("+", "*", "?"), self.at):
            self.fail("nothing to repeat")
