"""The format of conversation files as a JSON schema, and as a page for people.

    python -m voxrt.testing.schema

writes conversation.schema.json, which editors read, and docs/conversation-format.md. Both say what
`conversation_file.py` and `expectation_file.py` read; tests hold them together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from voxrt.testing.conversation import AUDITS
from voxrt.testing.director import DEFAULT_TIMEOUT_MS
from voxrt.testing.heard import FIGURES
from voxrt.testing.schema_page import page

Schema = dict[str, Any]

FILE: Final = Path(__file__).with_name("conversation.schema.json")
PAGE: Final = Path(__file__).parents[2] / "docs" / "conversation-format.md"

_CALLER: Final = "../legs/caller.schema.json#/$defs/"
_MS: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 3_600_000}
_TEXT: Final[Schema] = {"type": ["string", "integer"]}


def _of(schema: Mapping[str, Any], description: str) -> Schema:
    return {**schema, "description": description}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(required: str, properties: Mapping[str, Any]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [required],
        "properties": dict(properties),
    }


_WITH: Final = _of(_ref("payload"), "What the payload has.")
_FROM: Final = _of(_TEXT, "Who said it: `agent`, `player` (also `call.say`), or a person's name.")
_COMPLETE: Final = _of({"type": "boolean"}, "Whether the sentence was heard to its end.")
_TIMEOUT: Final = _of(
    {"type": "integer", "minimum": 1, "maximum": 3_600_000, "default": DEFAULT_TIMEOUT_MS},
    "How long to wait for it, in virtual time.",
)

#: What can be looked for: the value, what it is, and what may stand beside it.
PATTERNS: Final[dict[str, tuple[Schema, str, dict[str, Schema]]]] = {
    "event": (
        {"type": "string"},
        "An event of the session: its whole name (`Call.Connected`) or its last part; wildcards. "
        "The payload of a connector's event is what the provider sent.",
        {"with": _WITH},
    ),
    "tool": (
        {"type": "string"},
        "A function call of the agent that reached the scenario, by the function's name.",
        {"arguments": _of(_ref("payload"), "What its arguments have.")},
    ),
    "tool_output": (
        {"type": "string"},
        "What the scenario answered to a function call, by the function's name.",
        {"output": _of(_ref("payload"), "What the answer has.")},
    ),
    "hear": (_ref("words"), "Words that a phone heard.", {"from": _FROM, "complete": _COMPLETE}),
    "platform_hears": (
        _ref("words"),
        "Words of somebody at a phone that reached the platform.",
        {"from": _of(_TEXT, "Who said it.")},
    ),
    "log": (_ref("words"), "A line that the scenario wrote with `Logger.write`.", {}),
    "note": (
        _ref("words"),
        "What somebody at a phone did, as the account of a run tells it: `presses 1`.",
        {"who": _of(_TEXT, "Who did it.")},
    ),
    "http": (
        {"type": "string"},
        "A request of the scenario: `METHOD URL`, with wildcards.",
        {"with": _of(_ref("payload"), "What it was like: `headers`, `body`.")},
    ),
    "command": (
        {"type": "string"},
        "What the scenario asked of the platform, as the session's log names it: `HangupCall`.",
        {"with": _WITH},
    ),
    "warning": (
        {"type": "string"},
        "A warning of the run, by its code.",
        {"text": _of(_ref("words"), "Words of it.")},
    ),
    "error": (_ref("words"), "An error of the scenario.", {}),
}

_AFTER: Final = _of(_ref("pattern"), "Only what comes after the first of these counts.")
_WITHIN: Final = _of(_MS, "Only what comes so soon counts: after `after`, or in the run.")
SCOPE: Final = {"after": _AFTER, "within_ms": _WITHIN}
HAPPENS: Final = {
    "count": {
        "oneOf": [{"type": "integer", "minimum": 0}, _ref("range")],
        "description": "How often; without it, at least once.",
    },
    **SCOPE,
}
PART: Final = {
    "within_ms": _of(_MS, "At most so long after the part before it."),
    "after_ms": _of(_MS, "At least so long after it."),
}
#: The other expectations: each with its properties, its own name first.
OTHERS: Final[dict[str, dict[str, Schema]]] = {
    "absent": {"absent": _of(_ref("pattern"), "This did not happen."), **SCOPE},
    "in_order": {
        "in_order": _of(
            {"type": "array", "minItems": 2, "items": _ref("part")},
            "These happened one after the other; anything else may lie between.",
        )
    },
    "any_order": {
        "any_order": _of(
            {"type": "array", "minItems": 2, "items": _ref("pattern")},
            "Each of these happened, in whatever order; nothing counts twice.",
        ),
        "only": _of({"type": "boolean"}, "Whether nothing else of the same kinds may happen."),
    },
}
_CALL: Final = _of(
    {"type": "integer", "minimum": 1, "default": 1},
    "Which call's phone it is about, in the order in which the calls began.",
)

PROPERTIES: Final[dict[str, Schema]] = {
    "name": _of(_TEXT, "What the test is called; without it, as its file."),
    "about": _of(_TEXT, "What it is for, for the reader."),
    "scenario": {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ],
        "description": "The scenario's file, or several in order.",
    },
    "project": _of(
        {"type": "string"}, "In place of `scenario`: a folder with applications and rules."
    ),
    "app": _of(_TEXT, "The application of the project, when it has several."),
    "rule": _of(_TEXT, "The rule of the project; without it, the first that takes the number."),
    "define": _of({"type": "object"}, "Values that are filled into the files, by name."),
    "replace": _of(
        {"type": "object", "additionalProperties": {"type": "string"}},
        "Files that are read instead of scenarios.",
    ),
    "video_conference": _of(
        {"type": "boolean", "default": False},
        "Run as by a rule for video conferences, which `Conference.add` needs.",
    ),
    "to": _of(_TEXT, "The number that is called."),
    "from": _of(_TEXT, "The caller's number."),
    "start": _of(
        {"type": "boolean", "default": False},
        "Begin the session without a call, as the Management API does. The conversation is then "
        "that with the first of `parties`.",
    ),
    "conference": _of(
        _TEXT,
        "With `start`: the session is that of this conference, which `callConference` calls.",
    ),
    "custom_data": _of({}, "The session's custom data: text, or anything else as JSON."),
    "caller": {
        "oneOf": [
            {"type": "string"},
            {"$ref": f"{_CALLER}steps"},
            {"$ref": f"{_CALLER}caller"},
        ],
        "description": "Who calls: a file (a caller's script, a recording), their steps, or the "
        "caller. Beside `conversation` they have no steps.",
    },
    "callers": _of(
        {"type": "array", "items": {"$ref": f"{_CALLER}further_caller"}},
        "Further callers, each in a session of its own.",
    ),
    "parties": _of(
        {"type": "array", "items": {"$ref": f"{_CALLER}party"}}, "Whom the scenario may call."
    ),
    "agent": _of(
        {"type": ["string", "object"]}, "The agent's script: a file, or the script itself."
    ),
    "cassette": _of(
        {"type": "string"},
        "A recording of the agent, instead of a script; it is played, never made (cassettes.md).",
    ),
    "answers": {
        "oneOf": [{"type": "string"}, {"$ref": "../outside/rules.schema.json"}],
        "description": "What the outside world answers and asks: a file, or the answers.",
    },
    "queues": _of({"type": "string"}, "The queues and their agents, a file."),
    "secrets": _of(
        {"type": "object", "additionalProperties": _TEXT},
        "What `VoxEngine.getSecretValue` answers.",
    ),
    "storage": _of(
        {"type": "object", "additionalProperties": _TEXT},
        "What is in the application's storage when the run begins.",
    ),
    "conversation": _of(
        {"type": "array", "items": _ref("item")}, "What is said and heard on the call, in order."
    ),
    "expect": _of(
        {"type": "array", "items": _ref("expectation")}, "What must be so when the run is over."
    ),
    "allow": _of(
        {"type": "array", "items": {"enum": list(AUDITS)}},
        "What would fail every test, and does not fail this one.",
    ),
    "date": _of(
        {"type": "string"},
        "When virtual time begins: `2026-03-06T22:30`, in UTC as the platform's own time, or with "
        "a zone, as in `2026-03-06T22:30+01:00`. Without it, on Monday, 2026-01-05, at 09:00.",
    ),
    "seed": _of({"type": "integer", "minimum": 0, "default": 1}, "Same seed, same run."),
    "limits": {
        "enum": ["enforce", "warn", "off"],
        "default": "enforce",
        "description": "Whether the platform's limits act.",
    },
    "longest_s": _of(
        {"type": "integer", "minimum": 1, "maximum": 86_400, "default": 3_600},
        "The run fails after so many seconds of its own time.",
    ),
    "speech": {
        "enum": ["auto", "espeak", "synthetic"],
        "default": "auto",
        "description": "Which voices speak: those of espeak-ng, or tones of about the right "
        "length; `auto` takes the first when it is installed.",
    },
    "asr": _of(
        {"type": "string", "default": "words"},
        "What recognises speech: `words`, which voxrt's own speech carries, or an installed "
        "recogniser (asr.md).",
    ),
    "asr_confidence": {
        "enum": [1, 100],
        "default": 1,
        "description": "What full confidence of an ASR is.",
    },
    "grok_options": _of({"type": "object"}, "Switches of the Grok module."),
}


def patterns(more: Mapping[str, Schema]) -> list[Schema]:
    """A schema for each of `PATTERNS`, with more properties."""
    return [
        _object(kind, {kind: _of(value, what), **beside, **more})
        for kind, (value, what, beside) in PATTERNS.items()
    ]


def schema() -> Schema:
    """The whole schema."""
    others = [_object(kind, properties) for kind, properties in OTHERS.items()]
    figures = [
        _object(name, {name: _of(_ref("range"), what), "call": _CALL})
        for name, what in FIGURES.items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "voxrt conversation",
        "description": "A test of a scenario: what is run, who talks with it, what must be so.",
        "type": "object",
        "additionalProperties": False,
        "oneOf": [{"required": ["scenario"]}, {"required": ["project"]}],
        "properties": PROPERTIES,
        "$defs": {
            "words": {
                "oneOf": [_TEXT, _object("regex", {"regex": {"type": "string"}})],
                "description": "Words that stand side by side, in any letter case; "
                "`{regex: ...}` is searched in the text as it is.",
            },
            "payload": {
                "description": "Of a mapping the given keys, else the value itself. In place of "
                "a value may stand `{regex: ...}`, `{least: ..., most: ...}` or `{any: true}`."
            },
            "range": {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {"least": {"type": "number"}, "most": {"type": "number"}},
            },
            "pattern": {"oneOf": patterns({})},
            "part": {"oneOf": patterns(PART)},
            "expectation": {"oneOf": [*patterns(HAPPENS), *others, *figures]},
            "item": {"anyOf": [{"$ref": f"{_CALLER}step"}, *_turn_items()]},
        },
    }


def _turn_items() -> list[Schema]:
    """What an item of `conversation` may be beside a step of a caller's script."""
    timeout = {"timeout_ms": _TIMEOUT}
    hear = _of(_ref("words"), "The person listens until they have heard these words.")
    expected = [
        _object(kind, {kind: _of(value, what), **beside, **HAPPENS, **timeout})
        for kind, (value, what, beside) in PATTERNS.items()
        if kind != "hear"
    ]
    return [
        _object("hear", {"hear": hear, "from": _FROM, "complete": _COMPLETE, **timeout}),
        *expected,
        *(_object(kind, {**properties, **timeout}) for kind, properties in OTHERS.items()),
        {"const": "hung_up", "description": "The scenario hangs up."},
        _object("hung_up", {"hung_up": {"enum": [None, True]}, **timeout}),
    ]


def schema_text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def page_text() -> str:
    """The page for people."""
    return page(schema(), AUDITS)


def main() -> None:
    """Writes both."""
    FILE.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
