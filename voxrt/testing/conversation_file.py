"""Conversations as files: a whole test in YAML, without any Python.

    scenario: restaurant.js
    agent: agent.yaml
    conversation:
      - hear: Good evening, this is La Piazza.
      - say: A table for two at eight, please.
      - tool: check_table
        arguments: {guests: 2}
      - hear: by the window
      - hang_up

The format is described in docs/conversation-format.md and in conversation.schema.json, which a
test holds against the tables of keys below. Whatever does not fit is a `DocumentError` with its
line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import evolve, field, frozen

from voxrt.documents import Node, parse_document, read_document
from voxrt.errors import UsageError
from voxrt.fields import Fields, as_integer, as_list, as_text, is_a, near
from voxrt.legs.script import Caller, CallerScript
from voxrt.legs.script_file import load_script, read_script
from voxrt.legs.step_file import STEP_KEYS, WORDS, read_steps
from voxrt.outside.rules import Rules
from voxrt.outside.rules_file import load_rules, read_rules
from voxrt.run.config import LONGEST_CONFERENCE_NAME, RunConfig
from voxrt.run.dates import unix_ms_of
from voxrt.run.scenarios import of_project
from voxrt.testing.conversation import AUDITS
from voxrt.testing.director import DEFAULT_TIMEOUT_MS, Expect, Hear, HungUp, Item
from voxrt.testing.expectation_file import (
    LONGEST_MS,
    FigureBound,
    is_expectation,
    read_expectation,
    read_pattern,
)
from voxrt.xai.standin import AgentScript, read_agent_script, script_of

#: A file whose name ends like this is a conversation.
SUFFIXES: Final = (".conversation.yaml", ".conversation.yml")

SCENARIO_KEYS: Final = (
    "scenario", "project", "app", "rule", "define", "replace", "video_conference"
)  # fmt: skip
CALL_KEYS: Final = ("to", "from", "start", "conference", "custom_data")
PEOPLE_KEYS: Final = ("caller", "callers", "parties")
WORLD_KEYS: Final = ("agent", "cassette", "answers", "queues", "secrets", "storage")
RUN_KEYS: Final = (
    "date", "seed", "limits", "longest_s", "speech", "asr", "asr_confidence", "grok_options"
)  # fmt: skip
TEST_KEYS: Final = ("name", "about", "conversation", "expect", "allow")
KEYS: Final = (*TEST_KEYS, *SCENARIO_KEYS, *CALL_KEYS, *PEOPLE_KEYS, *WORLD_KEYS, *RUN_KEYS)
LIMITS: Final = ("enforce", "warn", "off")
CONFIDENCES: Final = (1, 100)
SPEECH: Final = ("auto", "espeak", "synthetic")
HUNG_UP: Final = "hung_up"


@frozen(kw_only=True)
class Placed:
    """Something of a conversation file, with its place."""

    value: Any
    place: str


@frozen(kw_only=True)
class ConversationFile:
    """A test that was read from a file.

    Attributes:
        path: The file.
        name: What the test is called.
        config: What is run; `out` is still to be set. Its rules count their uses, so read the
            file again for another run.
        script: Who calls, and who may be called.
        conversation: What the person at the phone does and expects, in order.
        expectations: What must be so when the run is over.
        allow: The names of the audits that need not hold.
    """

    path: Path
    name: str
    config: RunConfig = field(repr=False)
    script: CallerScript
    conversation: Sequence[Placed] = ()
    expectations: Sequence[Placed] = ()
    allow: Sequence[str] = ()


def read_conversation(path: str | Path) -> ConversationFile:
    """Reads a conversation file; the files that it names are looked for beside it.

    Raises:
        InputError: The file, a line of it, or a file that it names is wrong.
    """
    return _conversation(read_document(path), Path(path))


def parse_conversation(text: str, *, path: Path) -> ConversationFile:
    """Reads a conversation from YAML text; `path` is where it would stand."""
    return _conversation(parse_document(text, file=str(path)), path)


def _conversation(document: Node, path: Path) -> ConversationFile:
    if document.value is None:
        document.fail("the conversation is empty")
    read, folder = Fields(document, "a conversation", KEYS), path.parent
    people = _people(read, folder)
    items = _items(read, folder)
    if items and people.caller.steps:
        read["conversation"].fail(
            "the steps of the caller and `conversation` exclude each other",
            "Leave one of them out.",
        )
    if read.boolean("start", False) and items and not people.parties:
        read["conversation"].fail("there is nobody to talk to", "Declare them in `parties`.")
    suffix = next((end for end in SUFFIXES if path.name.endswith(end)), path.suffix)
    return ConversationFile(
        path=path,
        name=read.text("name", path.name.removesuffix(suffix)),
        config=RunConfig(**_settings(read, folder)),
        script=people,
        conversation=items,
        expectations=_expectations(read),
        allow=_allowed(read),
    )


# --- what is run --------------------------------------------------------------------------------


def _settings(read: Fields, folder: Path) -> dict[str, Any]:
    """The fields of `RunConfig` that the file gives."""
    settings = _scenario(read, folder)
    if "from" in read:
        settings["from_"] = read.text("from")
    settings["start"] = read.boolean("start", False)
    if read.boolean("video_conference", False):
        settings["video_conference"] = True
    if "conference" in read:
        settings["conference"] = _conference(read["conference"], started=settings["start"])
    if "date" in read:
        settings["starts_at_ms"] = _date(read["date"])
    if "custom_data" in read:
        settings["custom_data"] = _custom_data(read["custom_data"])
    if "agent" in read:
        settings["agent"] = _agent(read["agent"], folder)
    if "cassette" in read:
        settings["cassette"] = folder / read.text("cassette")
        settings["record_mode"] = "none"
    if "answers" in read:
        settings["http"] = _answers(read["answers"], folder)
    if "queues" in read:
        settings["queues"] = folder / read.text("queues")
    settings["secrets"] = read.texts("secrets")
    settings["stored"] = read.texts("storage")
    settings["grok_options"] = _switches(read)
    settings["seed"] = read.integer("seed", 1, 0, 2**63 - 1)
    settings["limits"] = read.choice("limits", "enforce", LIMITS)
    settings["speech"] = read.choice("speech", "auto", SPEECH)
    settings["asr"] = read.text("asr", "words")
    settings["asr_confidence"] = read.integer("asr_confidence", 1, 1, 100)
    if settings["asr_confidence"] not in CONFIDENCES:
        read["asr_confidence"].fail("must be 1 or 100")
    settings["longest_s"] = read.integer("longest_s", 3_600, 1, 86_400)
    return settings


def _scenario(read: Fields, folder: Path) -> dict[str, Any]:
    defines = {key: node.plain() for key, node in _mapping(read, "define").items()}
    replacements = {key: folder / value for key, value in read.texts("replace").items()}
    to = read.text("to") if "to" in read else None
    kind = read.one_of(("scenario", "project"))
    if kind == "project":
        return of_project(
            folder / read.text("project"),
            app=read.text("app") if "app" in read else None,
            rule=read.text("rule") if "rule" in read else None,
            to=to,
            start=read.boolean("start", False),
            defines=defines,
            replacements=replacements,
        )
    if not kind:
        read.fail("a conversation needs the key `scenario` or `project`")
    for key in ("app", "rule"):
        if key in read:
            read[key].fail("goes with `project` only")
    node = read["scenario"]
    files = as_list(node) if isinstance(node.value, list) else [node]
    scenarios = tuple(folder / as_text(file) for file in files)
    return {"scenarios": scenarios, "defines": defines, "replacements": replacements, "to": to}


def _conference(node: Node, *, started: bool) -> str:
    name = as_text(node)
    if not started:
        node.fail("goes with `start: true`: nobody calls to begin its session")
    if len(name) > LONGEST_CONFERENCE_NAME:
        node.fail(f"has at most {LONGEST_CONFERENCE_NAME} characters, not {len(name)}")
    return name


def _date(node: Node) -> int:
    try:
        return unix_ms_of(as_text(node))
    except UsageError as error:
        node.fail(error.message.removesuffix("."), error.hint or "")


def _custom_data(node: Node) -> str:
    """Text as it stands, anything else as JSON."""
    return node.value if isinstance(node.value, str) else json.dumps(node.plain())


def _agent(node: Node, folder: Path) -> AgentScript:
    if isinstance(node.value, dict):
        return script_of(node)
    return read_agent_script(_file(node, folder))


def _answers(node: Node, folder: Path) -> Rules:
    if isinstance(node.value, dict | list):
        return read_rules(node, folder)
    return load_rules(_file(node, folder))


def _file(node: Node, folder: Path) -> Path:
    path = folder / as_text(node)
    if not path.is_file():
        node.fail(f"there is no file {path}")
    return path


def _mapping(read: Fields, key: str) -> Mapping[str, Node]:
    if key not in read:
        return {}
    if not isinstance(read[key].value, dict):
        read[key].fail(f"must be a mapping of keys, but is {is_a(read[key])}")
    found: Mapping[str, Node] = read[key].value
    return found


def _switches(read: Fields) -> dict[str, str | bool]:
    return {
        key: node.value if isinstance(node.value, bool) else as_text(node)
        for key, node in _mapping(read, "grok_options").items()
    }


# --- who takes part -----------------------------------------------------------------------------


def _people(read: Fields, folder: Path) -> CallerScript:
    """The caller's script: a file, or `caller`, `callers` and `parties` of this one."""
    given = {key: read[key] for key in PEOPLE_KEYS if key in read}
    named = given.get("caller")
    if named is not None and isinstance(named.value, str):
        script = load_script(_file(named, folder))
        del given["caller"]
        rest = _people_of(given, read, folder)
        return evolve(
            script,
            parties=(*rest.parties, *script.parties),
            callers=(*script.callers, *rest.callers),
        )
    if named is not None and isinstance(named.value, list):
        given["caller"] = evolve(named, value={"steps": named})
    return _people_of(given, read, folder)


def _people_of(given: dict[str, Node], read: Fields, folder: Path) -> CallerScript:
    if not given:
        return CallerScript(caller=Caller())
    return read_script(evolve(read.node, value=given), folder)


# --- what is expected ---------------------------------------------------------------------------


def _items(read: Fields, folder: Path) -> list[Placed]:
    if "conversation" not in read:
        return []
    return [
        Placed(value=item, place=f"{node.file}:{node.line}")
        for node in as_list(read["conversation"])
        for item in _item(node, folder)
    ]


def _item(node: Node, folder: Path) -> list[Item]:
    if node.value == HUNG_UP:
        return [HungUp()]
    if isinstance(node.value, dict) and HUNG_UP in node.value:
        keys = Fields(node, f"`{HUNG_UP}`", (HUNG_UP, "timeout_ms"))
        return [HungUp(timeout_ms=_timeout_ms(keys))]
    if isinstance(node.value, dict) and "hear" in node.value:
        keys = Fields(node, "the step `hear`", ("hear", "from", "complete", "timeout_ms"))
        about = {key: item for key, item in node.value.items() if key != "timeout_ms"}
        pattern = read_pattern(evolve(node, value=about))
        return [Hear(pattern, timeout_ms=_timeout_ms(keys))]
    if is_expectation(node):
        expected = read_expectation(node, ("timeout_ms",))
        if isinstance(expected, FigureBound):
            node.fail("a figure is known at the end of the call", "Move it to `expect`.")
        timeout = node.value.get("timeout_ms")
        ms = DEFAULT_TIMEOUT_MS if timeout is None else as_integer(timeout, 1, LONGEST_MS)
        return [Expect(expected, timeout_ms=ms)]
    if isinstance(node.value, dict) and not any(key in STEP_KEYS for key in node.value):
        key, item = next(iter(node.value.items()), ("", node))
        item.fail(f"there is no step `{key}`.", near(key, item_keys()))
    return list(read_steps(evolve(node, value=[node]), folder))


def item_keys() -> list[str]:
    """What an item of a conversation may be."""
    from voxrt.testing.expectation_file import EXPECTATION_KEYS, PATTERN_KEYS

    own = [key for key in EXPECTATION_KEYS if key in ("absent", "in_order", "any_order")]
    return sorted({*STEP_KEYS, *WORDS, *PATTERN_KEYS, *own, HUNG_UP})


def _timeout_ms(read: Fields) -> int:
    return read.integer("timeout_ms", DEFAULT_TIMEOUT_MS, 1, LONGEST_MS)


def _expectations(read: Fields) -> list[Placed]:
    if "expect" not in read:
        return []
    return [
        Placed(value=read_expectation(node), place=f"{node.file}:{node.line}")
        for node in as_list(read["expect"])
    ]


def _allowed(read: Fields) -> list[str]:
    if "allow" not in read:
        return []
    nodes = as_list(read["allow"])
    for node in nodes:
        if as_text(node) not in AUDITS:
            node.fail(f"nothing to allow is called `{node.value}`.", near(as_text(node), AUDITS))
    return [as_text(node) for node in nodes]
