"""What of the platform the code defines, read from its text: for the page of coverage.

A class says which of the platform's it is by `_platform_name`, and an event is emitted where its
name is handed to a function that emits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from attrs import define, field

from voxrt.vox import api

#: The rooms that make what a scenario sees.
ROOMS = ("session", "vox", "connectors")
#: Classes whose members are made of the type definitions, all of them.
MADE_OF_DECLARATIONS = ("VoximplantAPI.Client",)
#: The functions that emit an event, by the name in one of their arguments.
EMITTING = (
    "emit",
    "_emit",
    "deliver",
    "_last_event",
    "report",
    "_report",
    "_media_event",
    "_script_event",
    "_tell",
)


@define
class Source:
    """What the code defines: members by the platform's class or namespace, and events."""

    members: dict[str, set[str]] = field(factory=dict)
    names: set[str] = field(factory=set)
    """Strings that are keys of dictionaries, and the names of functions: the global scope."""
    emitted: set[str] = field(factory=set)
    _classes: dict[str, ast.ClassDef] = field(factory=dict)

    @classmethod
    def read(cls) -> Source:
        """Reads the source of the rooms that a scenario sees."""
        source = cls()
        trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules()]
        for tree in trees:
            source._take_definitions(tree)
        for tree in trees:
            source._take_emits(tree)
        for node in source._classes.values():
            name = _platform_name(node)
            if name:
                source.members.setdefault(name, set()).update(source._members_of(node))
        for name in MADE_OF_DECLARATIONS:
            source.members.setdefault(name, set()).update(api.class_members(name))
        return source

    def _take_definitions(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self._classes[node.name] = node
            elif isinstance(node, ast.Dict):
                self.names |= {text for key in node.keys if (text := _text(key))}
        self.names |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

    def _take_emits(self, tree: ast.Module) -> None:
        constants = _constants(tree.body)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name_of(node.func) in EMITTING:
                texts = [_text(arg) or constants.get(_name_of(arg), "") for arg in node.args]
                self.emitted.update(text for text in texts if text)

    def _members_of(self, node: ast.ClassDef) -> set[str]:
        """Public methods and attributes of a class, those of its bases included."""
        members: set[str] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.FunctionDef):
                members.add(part.name)
            elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                members.add(part.attr)
        for base in node.bases:
            found = self._classes.get(_name_of(base))
            if found is not None:
                members |= self._members_of(found)
        return {member for member in members if not member.startswith("_")}


def modules() -> Iterator[Path]:
    """The source files of the rooms that a scenario sees."""
    for room in ROOMS:
        yield from sorted(Path(str(files("voxrt") / room)).rglob("*.py"))


def _text(node: ast.expr | None) -> str:
    """The value of a string literal; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _constants(body: list[ast.stmt]) -> dict[str, str]:
    """The names that the statements bind to string literals."""
    return {
        _name_of(target): _text(node.value)
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }


def _platform_name(node: ast.ClassDef) -> str:
    return _constants(node.body).get("_platform_name", "")
