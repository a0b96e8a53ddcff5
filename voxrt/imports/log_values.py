"""Values as the platform's session log spells them: `{k = v ; n = {a = b ; } ; }`, `[v ;  ]`.

Texts stand there without quotes, so what is one, and where it ends, can only be told from what
follows it: a text goes on until a ` ; ` behind which the next name, the next value or the end of
what it is in comes. Numbers, `true`, `false` and `NULL` cannot be told from texts that look alike.

Source: section "Session log" of the platform's facts, real session logs.
"""

from __future__ import annotations

import re
from typing import Any, Final

from attrs import define, field

_NAME: Final = re.compile(r"([A-Za-z_][\w.$-]*) = ")
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d+)?")
_END: Final = " ; "
_WORDS: Final = {"NULL": None, "void": None, "true": True, "false": False}
_DEEPEST: Final = 60


class LogValueError(ValueError):
    """A text is not a value of the log; says where it stops being one."""


def parse_value(text: str) -> Any:
    """Reads one value that fills the whole text.

    Raises:
        LogValueError: It does not.
    """
    reader = _Reader(text.strip())
    value = reader.value("", 0)
    if reader.at < len(reader.text):
        raise LogValueError(f"something follows the value: {reader.text[reader.at :][:30]!r}")
    return value


@define
class _Reader:
    text: str
    at: int = field(default=0, init=False)

    def value(self, closing: str, depth: int) -> Any:
        """The value here; `closing` is what the object or list it is in ends with."""
        if depth > _DEEPEST:
            raise LogValueError("it is nested too deeply")
        if self.text.startswith("{", self.at) and self._opens_object():
            return self._object(depth)
        if self.text.startswith("[", self.at):
            return self._list(depth)
        return self._bare(closing)

    def _opens_object(self) -> bool:
        """Whether a brace opens an object of the log, and not a text that is JSON."""
        rest = self.at + 1
        return self.text.startswith("}", rest) or _NAME.match(self.text, rest) is not None

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while not self.text.startswith("}", self.at):
            name = _NAME.match(self.text, self.at)
            if name is None:
                raise LogValueError(f"a name was expected at {self._here()}")
            self.at = name.end()
            found[name[1]] = self.value("}", depth + 1)
            self._separator()
        self.at += 1
        return found

    def _list(self, depth: int) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while not self._skip_list_end():
            found.append(self.value("]", depth + 1))
            self._separator()
        return found

    def _skip_list_end(self) -> bool:
        end = re.compile(r" *\]").match(self.text, self.at)
        if end is not None:
            self.at = end.end()
        return end is not None

    def _separator(self) -> None:
        if not self.text.startswith(_END, self.at):
            raise LogValueError(f"` ; ` was expected at {self._here()}")
        self.at += len(_END)

    def _bare(self, closing: str) -> Any:
        """A text, or what looks like a number; to the first end that makes sense."""
        at = self.at
        while True:
            at = self.text.find(_END, at)
            if at < 0:
                if closing:
                    raise LogValueError(f"it is cut off behind {self._here()}")
                at = len(self.text)
                break
            if self._is_end(at + len(_END), closing):
                break
            at += 1
        text, self.at = self.text[self.at : at], at
        if text in _WORDS:
            return _WORDS[text]
        if _NUMBER.fullmatch(text) and not re.match(r"-?0\d", text):
            return float(text) if "." in text else int(text)
        return text

    def _is_end(self, behind: int, closing: str) -> bool:
        if closing == "}":
            return self.text.startswith("}", behind) or bool(_NAME.match(self.text, behind))
        return bool(closing)

    def _here(self) -> str:
        return f"{self.text[self.at :][:30]!r}" if self.at < len(self.text) else "its end"
