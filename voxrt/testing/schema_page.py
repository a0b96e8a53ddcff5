"""The page of the format of conversation files, made of its JSON schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

_HEAD: Final = """\
# The format of conversation files

<!-- Made by `python -m voxrt.testing.schema` of the schema; change that, not this page. -->

A conversation file is a test: `NAME.conversation.yaml`, run by `voxrt test` and by pytest ([testing.md](testing.md)).
An editor that knows JSON schemas completes and checks it with `voxrt/testing/conversation.schema.json`.
Files that it names are looked for beside it.
A key that is not in these tables is an error, told with its line and the nearest known key.
"""

_CONVERSATION: Final = """\
## `conversation`

A list of what is said and heard on the call, in order.
What the person at the phone does are the steps of a caller's script ([caller-script.md](caller-script.md#steps)): `say`, `barge_in`, `press`, `wait`, `hang_up` and the rest.
Between them stands what must come about: anything of the table [below](#what-can-be-expected), and

| item | what it expects | options beside it |
|---|---|---|
| `hear: text` | the person listens until they have heard this | `from`, `complete`, `timeout_ms` |
| `hung_up` | the scenario hangs up | `timeout_ms` |

Each of these looks at what happened since the person last said, played or pressed something, and waits for it, up to `timeout_ms` (30000).
One `hear` after another looks behind what the first one found.
When something does not come about, the person hangs up, and the test fails at that line.
Without `conversation` the caller does what `caller` says.
"""

_EXPECT: Final = """\
## What can be expected

In `conversation`, and in `expect`, where it is looked for in the whole run:
"""

_WORDS: Final = """\
Texts are compared by their words, which must stand side by side; letter case and punctuation do not count, and `no` is not found in `know`.
`{regex: ...}` in place of a text is searched in it as it is.
Of a payload, the given keys are compared; in place of a value may stand `{regex: ...}`, `{least: ..., most: ...}`, or `{any: true}` for whatever it is.
"""

_FIGURES: Final = """\
## Figures

In `expect`, each with `{least: ..., most: ...}`, and `call` for another call than the first:
"""

_ALLOW: Final = """\
## `allow`

Every test fails for these reasons, unless they stand in `allow`:
"""


def page(schema: Mapping[str, Any], audits: Mapping[str, str]) -> str:
    """The page.

    Args:
        schema: The schema of conversation files.
        audits: What is checked in every test, by name.
    """
    parts = [
        _HEAD,
        table(("key", "meaning"), _keys(schema["properties"])),
        _CONVERSATION,
        _EXPECT,
        table(("key", "what happens", "options beside it"), _expectations(schema, figures=False)),
        _options(schema),
        _WORDS,
        _FIGURES,
        table(("key", "meaning"), (row[:2] for row in _expectations(schema, figures=True))),
        _ALLOW,
        table(("name", "what fails the test"), ((f"`{k}`", v) for k, v in audits.items())),
    ]
    return "\n".join(parts)


def _keys(properties: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    for key, value in properties.items():
        text = value["description"]
        if "enum" in value:
            text += " One of " + ", ".join(f"`{word}`" for word in value["enum"]) + "."
        default = value.get("default")
        if default is not None and default is not False:
            text += f" Without it, `{default}`."
        yield f"`{key}`", text


def _expectations(schema: Mapping[str, Any], *, figures: bool) -> Iterable[tuple[str, ...]]:
    for one in schema["$defs"]["expectation"]["oneOf"]:
        kind = one["required"][0]
        properties = dict(one["properties"])
        if ("call" in properties) is not figures:
            continue
        about = properties.pop(kind)
        yield f"`{kind}`", about["description"], ", ".join(f"`{key}`" for key in properties)


def _options(schema: Mapping[str, Any]) -> str:
    """The meaning of the options, each told once."""
    definitions = schema["$defs"]
    told: dict[str, str] = {}
    for one in definitions["expectation"]["oneOf"]:
        for key, value in one["properties"].items():
            if key not in one["required"] and key != "call":
                told.setdefault(f"`{key}`", value["description"])
    plain, part = (definitions[name]["oneOf"][0]["properties"] for name in ("pattern", "part"))
    for key in part:
        if key not in plain:
            told[f"`{key}` in `in_order`"] = part[key]["description"]
    return table(("option", "meaning"), told.items())


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown; a bar within a cell is escaped."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
