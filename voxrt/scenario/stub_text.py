"""The text of a stub: classes, functions, parameters."""

from __future__ import annotations

import json
from keyword import iskeyword

from voxrt.scenario.stub_facts import GROK_FIELDS


def grok_payloads(indent: str) -> list[str]:
    """One payload, one `data` and one event class for each Grok event with documented fields."""
    texts = []
    for member, fields in GROK_FIELDS.items():
        payload, data = f"_{member}Payload", f"_{member}Data"
        own = {"customEvent": "str", "payload": f"Grok.{payload}"}
        event = {"client": "Grok.VoiceAgentAPIClient", "name": "str", "id": "str"}
        event["data"] = f"Grok.{data}"
        texts += [
            struct_text(payload, [], fields, set(fields), indent),
            struct_text(data, [f"Grok.{payload}"], fields | own, set(own), indent),
            struct_text(f"_{member}Event", ["Grok._Event"], event, {"data"}, indent),
        ]
    return texts


def struct_text(
    name: str, bases: list[str], typed: dict[str, str], own: set[str], indent: str
) -> str:
    """A class whose fields are attributes and items.

    Args:
        typed: All fields with their types, inherited ones first.
        own: Those that are not inherited; only they are declared as attributes.
    """
    inner = indent + "    "
    lines = [f"{indent}class {name}({', '.join(bases or ['_Struct'])}):"]
    lines += [
        f"{inner}{key}: {text}" for key, text in typed.items() if key in own and not iskeyword(key)
    ]
    item = "{}def __getitem__(self, name: Literal[{}], /) -> {}: ..."
    if len(typed) > 1 and own:
        for key, text in typed.items():
            lines += [f"{inner}@overload", item.format(inner, json.dumps(key), text)]
    elif own:
        lines += [item.format(inner, json.dumps(key), text) for key, text in typed.items()]
    return "\n".join(lines if len(lines) > 1 else [*lines, f"{inner}pass"]) + "\n"


def def_line(name: str, parameters: str, result: str, indent: str, kind: str) -> str:
    """A function without a body; `kind` is `"static"`, `"self"` or empty."""
    decorator = f"{indent}@staticmethod\n" if kind == "static" else ""
    inside = ", ".join(part for part in ("self" if kind == "self" else "", parameters) if part)
    return f"{decorator}{indent}def {name}({inside}) -> {result}: ...\n"


def parameter_text(name: str, text: str, optional: bool) -> str:
    """One parameter of a function, with a default when it may be left out."""
    name = f"{name}_" if iskeyword(name) else name
    return f"{name}: {text}{' = ...' if optional else ''}"


def optional_type(text: str) -> str:
    """The type of a field that may be missing."""
    # Not `| None`: scenarios read these fields unguarded, as the platform lets them. A union with
    # Any still checks and completes the members of the type that is there most of the time.
    return text if text == "Any" else f"{text} | Any"


def enum_alias_name(name: str) -> str:
    """The alias that stands for the values of an enum."""
    return "_" + name.replace(".", "_")


def event_class(enum: str) -> str:
    """The class of the names of an event enum's members."""
    return f"{enum_alias_name(enum)}Name"


def is_top(name: str) -> bool:
    """Whether a name is a global of the platform."""
    return "." not in name


def words(text: str) -> set[str]:
    """The names that a type mentions, each without its namespace."""
    for mark in "()[]{}<>|;:,":
        text = text.replace(mark, " ")
    return {word.rpartition(".")[2] for word in text.split()}
