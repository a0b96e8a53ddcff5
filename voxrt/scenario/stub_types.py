"""TypeScript types of the platform's typings, written as Python types.

The typings use a small part of TypeScript: names, literals, arrays, unions, functions, object
types and `Promise`. A recursive descent over the tokens is all it takes.

    union    := item ('|' item)*
    item     := primary ('[' ']')*
    primary  := literal | name ['<' union '>'] | '(' ... ')' ['=>' union]
              | '{' ... '}' | '[' union ']'

What a scenario passes in is typed generously (`Mapping`, `Sequence`, `float`), what it gets is
typed exactly (`dict`, `list`, and a structure that has fields as attributes and as items).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import define, field

_TOKEN = re.compile(r"\s*(=>|'[^']*'|[A-Za-z_$][\w$.]*|\d+|[\[\]{}()<>|;:,?])")

#: The two sides of a type: what a scenario hands over, and what it receives.
GIVEN = "given"
RECEIVED = "received"

_PLAIN = {
    "string": "str",
    "boolean": "bool",
    "any": "Any",
    "void": "None",
    "null": "None",
    "undefined": "None",
    "Date": "datetime",
}


@define
class TypeWriter:
    """Translates types; `resolve` knows the names of the platform.

    Args:
        resolve: Gets a name and the side; returns the Python name, or None when the name is
            outside what the stubs cover, which makes it `Any`.
    """

    resolve: Callable[[str, str], str | None]
    _tokens: list[str] = field(factory=list, init=False)
    _at: int = field(default=0, init=False)
    _side: str = field(default=GIVEN, init=False)

    def write(self, text: str, side: str) -> str:
        """The Python type of a TypeScript type.

        Raises:
            ValueError: The type uses something that the grammar above lacks.
        """
        self._tokens, self._at, self._side = _split(text), 0, side
        result = self._union()
        if self._at != len(self._tokens):
            raise ValueError(f"cannot read the type {text!r} from {self._tokens[self._at]!r} on")
        return result

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if not token or (expected and token != expected):
            raise ValueError(
                f"expected {expected or 'a type'!r}, found {token!r} in {self._tokens}"
            )
        self._at += 1
        return token

    def _union(self) -> str:
        parts = [self._item()]
        while self._peek() == "|":
            self._take()
            parts.append(self._item())
        return join_union(parts)

    def _item(self) -> str:
        result = self._primary()
        while self._peek() == "[" and self._tokens[self._at + 1] == "]":
            self._at += 2
            result = self._array(result)
        return result

    def _array(self, item: str) -> str:
        if self._side == GIVEN:
            return f"Sequence[{item}]"
        return "list[int]" if item == "float" else f"list[{item}]"

    def _primary(self) -> str:
        token = self._take()
        if token.startswith("'"):
            return f'Literal["{token[1:-1]}"]'
        if token == "(":
            return self._function_or_group()
        if token == "{":
            return self._object()
        if token == "[":  # a tuple; the platform's only ones are lists of one kind
            item = self._union()
            self._take("]")
            return self._array(item)
        if self._peek() == "<":
            return self._generic(token)
        if token == "number":
            return "float"
        if token == "Object":
            return "Mapping[str, Any]" if self._side == GIVEN else "Any"
        return _PLAIN.get(token) or self.resolve(token, self._side) or "Any"

    def _generic(self, name: str) -> str:
        self._take("<")
        side, self._side = self._side, RECEIVED if name == "Promise" else self._side
        inner = self._union()
        self._side = side
        self._take(">")
        return f"Awaitable[{inner}]" if name == "Promise" else self._array(inner)

    def _function_or_group(self) -> str:
        if self._peek() != ")" and self._tokens[self._at + 1] not in (":", "?"):
            inner = self._union()
            self._take(")")
            return f"({inner})" if self._peek() == "[" else inner
        side, self._side = self._side, RECEIVED  # what a callback gets, the scenario receives
        arguments = []
        while self._peek() != ")":
            self._take()
            if self._peek() == "?":
                self._take()
            self._take(":")
            arguments.append(self._union())
            if self._peek() == ",":
                self._take()
        self._take(")")
        self._take("=>")
        self._side = GIVEN
        result = self._union()
        self._side = side
        result = "object" if result in ("Any", "None") else result
        return f"Callable[[{', '.join(arguments)}], {result}]"

    def _object(self) -> str:
        """An object type: a mapping when it has an index, otherwise any structure."""
        index = ""
        while self._peek() != "}":
            if self._peek() == "[":
                self._at += 4  # [ name : type
                self._take("]")
                self._take(":")
                index = self._union()
            else:
                self._take()
                if self._peek() == "?":
                    self._take()
                self._take(":")
                self._union()
            if self._peek() in (";", ","):
                self._take()
        self._take("}")
        if self._side == GIVEN:
            return f"Mapping[str, {index or 'Any'}]"
        return f"dict[str, {index}]" if index else "Any"


def join_union(parts: list[str]) -> str:
    """A Python union without repetitions, literals merged, `Any` alone when it is in it."""
    if "Any" in parts:
        return "Any"
    literals = [part[8:-1] for part in parts if part.startswith("Literal[")]
    others = list(dict.fromkeys(part for part in parts if not part.startswith("Literal[")))
    others.sort(key=lambda part: part == "None")
    merged = [f"Literal[{', '.join(dict.fromkeys(literals))}]"] if literals else []
    return " | ".join([*merged, *others])


def _split(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"cannot read the type {text!r} at {text[at:]!r}")
        tokens.append(match[1])
        at = match.end()
    return tokens
