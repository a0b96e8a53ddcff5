"""Type stubs of what a scenario sees, made from the platform's API surface.

    python -m voxrt.scenario.stubs           writes voxrt/platform/*.pyi again

They cover everything outside the voice-AI connectors, and all of Grok. A scenario gets them by
`from voxrt.platform import *` under `if TYPE_CHECKING:`; for Pyright and Pylance a file
`__builtins__.pyi` with that import makes the names known in every file of a folder.
"""

from __future__ import annotations

import json
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path
from typing import Any

from attrs import define, field

from voxrt.scenario.stub_facts import (
    EXTRA_FIELDS,
    FIELDS,
    GROK_FIELDS,
    INTEGERS,
    LEGACY_MODULES,
    OPTIONAL,
    PARAMETERS,
    SIGNATURES,
)
from voxrt.scenario.stub_surface import LISTS, Surface
from voxrt.scenario.stub_text import (
    def_line,
    enum_alias_name,
    event_class,
    grok_payloads,
    is_top,
    optional_type,
    parameter_text,
    struct_text,
)
from voxrt.scenario.stub_types import GIVEN, RECEIVED, TypeWriter

_NOTE = """\
# Made by `python -m voxrt.scenario.stubs` from the platform's API surface; do not edit.
# ruff: noqa
# fmt: off
"""

_HEAD = '''\
"""The globals of a VoxEngine scenario, for type checkers and editors."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import (
    Any, Final, Generic, Literal, Required, TypeAlias, TypedDict, TypeVar, Unpack, overload
)

from voxrt.platform._lists import ASRModelList as ASRModelList
from voxrt.platform._lists import ASRProfileList as ASRProfileList
from voxrt.platform._lists import VoiceList as VoiceList

class _Struct:
    """A plain object of the platform: its fields are attributes and items."""

    def get(self, name: str, default: Any = ..., /) -> Any: ...
    def __contains__(self, name: object, /) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

class _Names(type):
    """An enum or a list of constants: iterating over it gives its names."""

    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...

_E = TypeVar("_E")

class _JSON:
    def stringify(self, value: object, *rest: object) -> str: ...
    def parse(self, text: str) -> Any: ...

JSON: _JSON

class _Date:
    """The session's clock, in UTC."""

    def __call__(self) -> datetime: ...
    def now(self) -> int: ...

Date: _Date

class _EventName(Generic[_E]):
    """The name of an event; a string at run time. `_E` is what its handlers get."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
'''

_LISTS_HEAD = '''\
"""Voices, recognition models and profiles: long lists of constants."""

from typing import Final

from voxrt.platform import ASRModel, ASRProfile, Voice, _Names
'''


def make_stubs(surface: dict[str, Any]) -> dict[str, str]:
    """The text of each stub file of `voxrt.platform`, by file name.

    Args:
        surface: The platform's API surface, as in `voxrt/vox/api.json`.
    """
    return _Maker(Surface(surface)).make()


def write_stubs(folder: Path) -> tuple[Path, ...]:
    """Writes the stub files into a folder, from the API surface that voxrt ships."""
    surface = json.loads((files("voxrt") / "vox" / "api.json").read_text(encoding="utf-8"))
    written = []
    for name, text in make_stubs(surface).items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)


@define
class _Maker:
    surface: Surface
    namespace: str = field(default="", init=False)
    writer: TypeWriter = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.writer = TypeWriter(self._resolve)

    def make(self) -> dict[str, str]:
        enums = self.surface.of("enum")
        interfaces = self.surface.of("struct", "parameters")
        functions = self.surface.covered("functions")
        namespaces = self.surface.namespaces()
        events = [name for name in enums if self._has_events(name)]
        parts = [
            _NOTE + _HEAD,
            *(f"class {event_class(name)}(_EventName[_E], Generic[_E]): ..." for name in events),
            *(self._enum(name) for name in filter(is_top, enums)),
            *(self._enum_alias(name) for name in enums if name not in events),
            *(self._alias(name) for name in self.surface.of("alias")),
            *(self._interface(name) for name in filter(is_top, interfaces)),
            *(self._class(name) for name in filter(is_top, self.surface.of("class"))),
            *(self._namespace(name) for name in namespaces),
            *(
                self._function(name, entry["signatures"], indent="")
                for name, entry in functions.items()
                if is_top(name)
            ),
        ]
        of_the_language = {"Date", "JSON"}
        named = filter(is_top, [*self.surface.kinds, *functions])
        public = {*of_the_language, *namespaces, *LISTS, *named}
        listed = ", ".join(f'"{name}"' for name in sorted(public))
        parts.append(f"__all__ = [{listed}]\n")
        return {"__init__.pyi": "\n".join(parts), "_lists.pyi": self._lists()}

    def _resolve(self, name: str, side: str) -> str | None:
        full = self.surface.qualified(name, self.namespace)
        if full is None:
            return None
        return enum_alias_name(full) if self.surface.kinds[full] == "enum" else full

    def _type(self, text: str, side: str, name: str = "") -> str:
        result = self.writer.write(text, side)
        return "int" if side == RECEIVED and result == "float" and name in INTEGERS else result

    # Enums and aliases.

    def _enum(self, name: str, indent: str = "") -> str:
        if self._has_events(name):
            return self._event_enum(name, indent)
        members = dict(self.surface.api["enums"][name]["members"])
        if name == "Modules":
            members |= {legacy: legacy.lower() for legacy in LEGACY_MODULES}
        lines = [f"{indent}class {name.split('.')[-1]}(metaclass=_Names):"]
        lines += [
            f"{indent}    {member}: Final = {json.dumps(value)}"
            for member, value in members.items()
            if member.isidentifier() and not iskeyword(member)
        ]
        return "\n".join(lines) + "\n"

    def _has_events(self, enum: str) -> bool:
        return bool(self.surface.api["enums"][enum].get("eventEnum"))

    def _event_enum(self, name: str, indent: str) -> str:
        """Names of events, each of which knows the payload that its handlers get."""
        lines = [f"{indent}class {name.split('.')[-1]}(metaclass=_Names):"]
        for member in self.surface.api["enums"][name]["members"]:
            event = self.surface.api["events"].get(f"{name}.{member}")
            payload = self._payload_class(f"{name}.{member}", event["payload"]) if event else "Any"
            lines.append(f"{indent}    {member}: Final[{event_class(name)}[{payload}]]")
        return "\n".join(lines) + "\n"

    def _enum_alias(self, name: str) -> str:
        values = list(dict.fromkeys(self.surface.api["enums"][name]["members"].values()))
        literal = ", ".join(json.dumps(value) for value in values)
        return f"{enum_alias_name(name)}: TypeAlias = Literal[{literal}]"

    def _alias(self, name: str) -> str:
        # Media units that the stubs do not cover would turn the whole union into Any.
        parts = self.surface.api["typeAliases"][name]["type"]
        if name == "VoxMediaUnit":
            parts = " | ".join(part for part in parts.split(" | ") if part in self.surface.kinds)
        return f"{name}: TypeAlias = {self._type(parts, GIVEN)}"

    # Interfaces.

    def _interface(self, name: str, indent: str = "") -> str:
        make = self._struct if self.surface.kinds[name] == "struct" else self._parameters
        return make(name, indent)

    def _struct(self, name: str, indent: str) -> str:
        typed = {}
        for key, value in self.surface.fields(name).items():
            self.namespace = value["scope"]
            text = self._type(value["type"], RECEIVED, key)
            typed[key] = optional_type(text) if value.get("optional") else text
        bases = self.surface.bases(name)
        own = set(self.surface.api["interfaces"][name]["fields"]) | set(EXTRA_FIELDS.get(name, {}))
        if len(bases) > 1:  # their item access would contradict each other
            bases, own = [], set(typed)
        return struct_text(name.split(".")[-1], bases, typed, own, indent)

    def _parameters(self, name: str, indent: str) -> str:
        bases = ", ".join([*(self.surface.bases(name) or ["TypedDict"]), "total=False"])
        lines = [f"{indent}class {name.split('.')[-1]}({bases}):"]
        self.namespace = name.rpartition(".")[0]
        extra = {key: {"type": text} for key, text in EXTRA_FIELDS.get(name, {}).items()}
        for key, value in (self.surface.api["interfaces"][name]["fields"] | extra).items():
            text = FIELDS.get(f"{name}.{key}") or self._type(value["type"], GIVEN)
            optional = value.get("optional") or f"{name}.{key}" in OPTIONAL
            lines.append(f"{indent}    {key}: {text if optional else f'Required[{text}]'}")
        return "\n".join(lines if len(lines) > 1 else [*lines, f"{indent}    pass"]) + "\n"

    # Classes, namespaces and functions.

    def _class(self, name: str, indent: str = "") -> str:
        entry = self.surface.api["classes"][name]
        self.namespace = name.rpartition(".")[0]
        base = (
            self.surface.qualified(entry["extends"], self.namespace) if entry["extends"] else None
        )
        lines = [f"{indent}class {name.split('.')[-1]}{f'({base})' if base else ''}:"]
        inner = indent + "    "
        for key, value in entry["properties"].items():
            text = self._type(value["type"], RECEIVED, key)
            optional = " | None" if value.get("optional") else ""
            lines.append(f"{inner}{key}: {text}{optional}")
        lines += [
            self._function(f"{name}.__init__", [signature], inner, "self").rstrip()
            for signature in entry.get("constructors", ())
        ]
        for method, signatures in entry["methods"].items():
            full = f"{name}.{method}"
            if method in ("addEventListener", "removeEventListener"):
                continue
            lines.append(self._function(full, signatures, inner, "self").rstrip())
        emitter = self.surface.api["emitters"].get(name)
        if emitter is not None and "inheritedFrom" not in emitter:
            lines.append(self._listeners(emitter["events"], inner, "self").rstrip())
        return "\n".join(lines if len(lines) > 1 else [*lines, f"{inner}pass"]) + "\n"

    def _namespace(self, name: str) -> str:
        lines = [f"class {name}:"]
        inner = "    "
        prefix = name + "."
        lines += [self._enum(n, inner) for n in self.surface.of("enum") if n.startswith(prefix)]
        lines += [
            self._interface(n, inner)
            for n in self.surface.of("struct", "parameters")
            if n.startswith(prefix)
        ]
        if name == "Grok":
            lines += grok_payloads(inner)
        lines += [self._class(n, inner) for n in self.surface.of("class") if n.startswith(prefix)]
        for full, entry in self.surface.covered("functions").items():
            if full.startswith(prefix) and not full.endswith("EventListener"):
                lines.append(self._function(full, entry["signatures"], inner, "static").rstrip())
        emitter = self.surface.api["emitters"].get(name)
        if emitter is not None:
            lines.append(self._listeners(emitter["events"], inner, "static").rstrip())
        return "\n".join(lines if len(lines) > 1 else [*lines, f"{inner}pass"]) + "\n"

    def _function(
        self, full: str, signatures: list[dict[str, Any]], indent: str, kind: str = ""
    ) -> str:
        name = full.rpartition(".")[2]
        self.namespace = full.rpartition(".")[0]
        if full in SIGNATURES:
            return def_line(name, *SIGNATURES[full], indent, kind)
        (signature,) = signatures
        parameters = signature["params"]
        typed = []
        for parameter in parameters:
            text = PARAMETERS.get(f"{full}.{parameter['name']}")
            text = text or self._type(parameter["type"], GIVEN)
            optional = parameter.get("optional") or self._has_default(full, parameters, parameter)
            typed.append((parameter["name"], text, bool(optional)))
        result = self._type(signature.get("returns", "void"), RECEIVED)
        result = "int" if result == "float" else result
        plain = def_line(
            name, ", ".join(parameter_text(*item) for item in typed), result, indent, kind
        )
        keywords = self._keywords(parameters[-1]["type"]) if parameters else None
        if keywords is None:
            return plain
        before = [parameter_text(*item) for item in typed[:-1]]
        spread = def_line(
            name, ", ".join([*before, f"**{typed[-1][0]}: {keywords}"]), result, indent, kind
        )
        return f"{indent}@overload\n{plain}{indent}@overload\n{spread}"

    def _has_default(self, full: str, parameters: list[Any], parameter: Any) -> bool:
        entry = self.surface.api["functions"].get(full, {})
        return "default" in entry and parameter is parameters[-1]

    def _keywords(self, text: str) -> str | None:
        """The type of keywords that stand for a parameter object."""
        if text == "Object":
            return "Any"
        full = self.surface.qualified(text, self.namespace)
        return f"Unpack[{full}]" if full and self.surface.kinds[full] == "parameters" else None

    def _listeners(self, events: list[str], indent: str, kind: str) -> str:
        enums = dict.fromkeys(event.rpartition(".")[0] for event in events)
        names = " | ".join(f"{event_class(enum)}[_E]" for enum in enums)
        any_names = names.replace("[_E]", "[Any]")
        overloads = (
            f"event: {names}, callback: Callable[[_E], object]",
            f"event: {any_names}, callback: Callable[[], object]",
            "event: str, callback: Callable[..., object]",
        )
        removed = f"event: {any_names} | str, callback: Callable[..., object] = ..."
        return "".join(
            f"{indent}@overload\n{def_line('addEventListener', parameters, 'None', indent, kind)}"
            for parameters in overloads
        ) + def_line("removeEventListener", removed, "None", indent, kind)

    def _payload_class(self, event: str, payload: str) -> str:
        member = event.rpartition(".")[2]
        if event.startswith("Grok.VoiceAgentAPIEvents.") and member in GROK_FIELDS:
            return f"Grok._{member}Event"
        return payload

    # Constants.

    def _lists(self) -> str:
        return "\n".join([_NOTE + _LISTS_HEAD, *(self._list(name, "") for name in LISTS)])

    def _list(self, name: str, indent: str) -> str:
        lines = [f"{indent}class {name.rpartition('.')[2]}(metaclass=_Names):"]
        for kind, members in self.surface.api["constants"].get(name, {}).items():
            for member in members:
                if "=>" in kind:
                    result = kind.rpartition(" ")[2]
                    lines.append(
                        def_line(member, "name: str", result, indent + "    ", "static").rstrip()
                    )
                else:
                    lines.append(f"{indent}    {member}: Final[{kind}]")
        lines += [
            self._list(inner, indent + "    ").rstrip("\n")
            for inner in self.surface.api["namespaces"]
            if inner.rpartition(".")[0] == name
        ]
        return "\n".join(lines if len(lines) > 1 else [*lines, f"{indent}    pass"]) + "\n"


if __name__ == "__main__":
    write_stubs(Path(str(files("voxrt") / "platform")))
