"""Values from outside in Python; `fill_in` says what they mean."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field

from voxrt.scenario.fill_in import (
    Edits,
    Filled,
    between_quotes,
    fill_placeholders,
    holds_placeholder,
    in_place_of,
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def fill_python(text: str, defines: Mapping[str, Any]) -> Filled:
    """Puts values into a Python text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they belong to the compilation of the file
            tree = ast.parse(text)
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, ValueError, tokenize.TokenError, RecursionError):
        return Filled(text=text, readable=False)
    return _Filler(text, defines).run(tree, tokens)


@define
class _Filler:
    text: str
    defines: Mapping[str, Any]
    edits: Edits = field(init=False)
    #: Where each line begins.
    starts: list[int] = field(init=False)
    declared: set[str] = field(factory=set)
    placed: set[str] = field(factory=set)
    names: set[str] = field(factory=set)
    fixed: dict[str, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.edits = Edits(self.text)
        self.starts = [0]
        for line in self.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def run(self, tree: ast.Module, tokens: list[tokenize.TokenInfo]) -> Filled:
        for token in tokens:
            if token.type == tokenize.STRING:
                self._string(token)
        for statement in tree.body:
            self._statement(statement)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for name, line in _bound_inside(tree):
            self.fixed.setdefault(name, line)
        return Filled(
            text=self.edits.apply(),
            declared=frozenset(self.declared),
            placed=frozenset(self.placed),
            mentioned=frozenset(names & self.defines.keys()),
            fixed={name: self.fixed[name] for name in self.fixed if self._is_fixed(name)},
            names=frozenset(self.names),
        )

    def _is_fixed(self, name: str) -> bool:
        return name in self.defines and name not in self.declared

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
            if isinstance(target, ast.Name):
                self._assignment(target.id, value)
                return
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if statement.value is not None:
                self._assignment(statement.target.id, statement.value)
            else:
                self._annotation(statement.target.id, statement.annotation)
            return
        for name in _bound(statement):
            self.fixed.setdefault(name, statement.lineno)

    def _assignment(self, name: str, value: ast.expr) -> None:
        self.names.add(name)
        if name not in self.defines:
            return
        self.declared.add(name)
        start = self._place(value.lineno, value.col_offset)
        end = self._place(value.end_lineno, value.end_col_offset)
        old, new = self.text[start:end], repr(self.defines[name])
        if holds_placeholder(old, name) and name in self.placed:
            return
        if "\n" in old:  # outside of brackets a line break would end the statement
            self.edits.replace(start, end, "(" + in_place_of(old[:-1], new) + ")")
        else:
            self.edits.replace(start, end, in_place_of(old, new))

    def _annotation(self, name: str, annotation: ast.expr) -> None:
        self.names.add(name)
        if name in self.defines:
            self.declared.add(name)
            place = self._place(annotation.end_lineno, annotation.end_col_offset)
            while self.text[place : place + 1] == ")":
                place += 1
            self.edits.replace(place, place, f" = {self.defines[name]!r}")

    def _string(self, token: tokenize.TokenInfo) -> None:
        """Placeholders between quotes; those of bytes and f-strings mean something else."""
        prefix = token.string[: len(token.string) - len(token.string.lstrip("rRbBuUfF"))].lower()
        rest = token.string[len(prefix) :]
        quote = rest[:3] if rest[:3] in ("'''", '"""') else rest[:1]
        if "b" in prefix or "f" in prefix:
            return
        body = rest[len(quote) : -len(quote)]
        if "r" in prefix:  # without the prefix, everything can be escaped
            body = body.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
        values = {name: between_quotes(value, quote[0]) for name, value in self.defines.items()}
        filled = fill_placeholders(body, values, self.placed, self.names)
        if filled is not None:
            start = self.starts[token.start[0] - 1] + token.start[1]
            self.edits.replace(start, start + len(token.string), f"{quote}{filled}{quote}")

    def _place(self, line: int | None, byte: int | None) -> int:
        """The index of a place that `ast` counts in lines and bytes."""
        assert line is not None
        assert byte is not None
        start = self.starts[line - 1]
        text = self.text[start : self.starts[line]].encode("utf-8", "surrogatepass")
        return start + len(text[:byte].decode("utf-8", "surrogatepass"))


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top level binds, other than by a plain assignment."""
    if isinstance(statement, _FUNCTIONS):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield (alias.asname or alias.name).partition(".")[0]
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _bound_inside(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The local variables of functions and classes, with their lines."""
    for scope in ast.walk(tree):
        if not isinstance(scope, _FUNCTIONS):
            continue
        inner = [node for statement in scope.body for node in ast.walk(statement)]
        shared = {name for node in inner if isinstance(node, ast.Global) for name in node.names}
        names = (node for node in inner if isinstance(node, ast.Name) and node.id not in shared)
        yield from ((name.id, name.lineno) for name in names if isinstance(name.ctx, ast.Store))
