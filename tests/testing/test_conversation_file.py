"""Conversation files: what they may say, and what is told of mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from voxrt.errors import DocumentError
from voxrt.legs import script_file, step_file
from voxrt.run.dates import date_of
from voxrt.testing import conversation_file as reader
from voxrt.testing import expectation_file, schema
from voxrt.testing.conversation import AUDITS
from voxrt.testing.director import Expect, Hear, HungUp
from voxrt.testing.heard import FIGURES

ROOT = Path(__file__).parents[2]


def read(text, folder=Path()):
    return reader.parse_conversation(text, path=folder / "a.conversation.yaml")


def test_a_conversation_has_steps_and_expectations_in_order():
    file = read(
        """
scenario: a.js
name: A test
conversation:
  - hear: Hello
    from: agent
    timeout_ms: 5000
  - say: Hi
  - tool: find
    arguments: {n: {least: 2}, who: {regex: "A.*"}, x: {any: true}}
  - barge_in: No!
  - hung_up
expect:
  - event: Call.Connected
    count: {least: 1, most: 2}
  - dead_air_ms: {most: 4000}
allow: [unused, leaks]
seed: 7
"""
    )
    hear, say, tool, wait, barge_in, hung_up = [placed.value for placed in file.conversation]
    assert isinstance(hear, Hear)
    assert (hear.pattern.text, hear.pattern.name, hear.timeout_ms) == ("Hello", "agent", 5000)
    assert say.text == "Hi"
    assert isinstance(tool, Expect)
    assert tool.expectation.pattern.data["x"] is ...
    assert (wait.condition, barge_in.text) == ("agent_speech", "No!")
    assert isinstance(hung_up, HungUp)
    assert [placed.place for placed in file.conversation][:2] == [
        "a.conversation.yaml:5",
        "a.conversation.yaml:8",
    ]
    assert [str(placed.value) for placed in file.expectations] == [
        "event Call.Connected, 1 to 2 times",
        "dead_air_ms at most 4000",
    ]
    assert (file.name, file.allow, file.config.seed) == ("A test", ["unused", "leaks"], 7)
    assert file.config.scenarios == (Path("a.js"),)


def test_everything_can_stand_in_the_file(tmp_path):
    (tmp_path / "caller.yaml").write_text("- say: Hello\n", encoding="utf-8")
    file = read(
        """
scenario: [a.js, b.js]
caller: caller.yaml
parties: [{match: "1555", busy: true}]
agent: {greeting: Hello}
answers: [{match: "https://a.example/x", reply: 200}]
secrets: {KEY: abc}
storage: {greeting: hello}
custom_data: {name: Ann}
define: {NUMBER: 5}
expect: [{absent: {event: Call.Failed}, after: {event: Call.Connected}, within_ms: 500}]
""",
        tmp_path,
    )
    assert [step.text for step in file.script.caller.steps] == ["Hello"]
    assert [party.match for party in file.script.parties] == ["1555"]
    assert file.config.agent.greeting.say == ("Hello",)
    assert file.config.http.http[0].place.endswith("a.conversation.yaml:6")
    assert file.config.custom_data == '{"name": "Ann"}'
    assert (file.config.secrets, file.config.stored) == ({"KEY": "abc"}, {"greeting": "hello"})
    assert file.config.defines == {"NUMBER": 5}


def test_how_the_session_begins_can_stand_in_the_file():
    file = read(
        """
scenario: a.js
start: true
conference: room
video_conference: true
date: 2026-03-06T22:30:00+01:00
asr: words
asr_confidence: 100
"""
    )
    config = file.config
    assert (config.start, config.conference, config.video_conference) == (True, "room", True)
    assert (config.asr, config.asr_confidence) == ("words", 100)
    assert date_of(config.starts_at_ms) == "2026-03-06T21:30:00+00:00"


S = "scenario: a.js\n"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "the conversation is empty"),
        ("expect: []", 1, "a conversation needs the key `scenario` or `project`"),
        (S + "scenaro: b.js", 2, "has no key `scenaro`. Did you mean `scenario`?"),
        (S + "project: .", 1, "cannot have `scenario` and `project` together"),
        (S + "rule: a", 2, "rule: goes with `project` only"),
        (S + "conversation: hello", 2, "conversation: must be a list, but is text (hello)"),
        (S + "conversation:\n  - sya: Hi", 3, "there is no step `sya`. Did you mean `say`?"),
        (S + "conversation:\n  - say: Hi\n    loud: true", 4, "has no key `loud`"),
        (S + "conversation:\n  - hear: '...'", 3, "has no word that could be looked for"),
        (S + "conversation:\n  - hear: {regex: '('}", 3, "not a regular expression"),
        (S + "conversation:\n  - hear: Hi\n    timeout_ms: 0", 4, "from 1 to 3600000, but is"),
        (S + "conversation:\n  - dead_air_ms: {most: 5}", 3, "Move it to `expect`."),
        (S + "conversation: [hang_up]\ncaller: [hang_up]", 2, "exclude each other"),
        (S + "start: true\nconversation: [hang_up]", 3, "there is nobody to talk to"),
        (S + "expect:\n  - evnt: x", 3, "nothing to expect called `evnt`. Did you mean `event`?"),
        (S + "expect:\n  - event: x\n    tool: y", 3, "two things at once: `event` and `tool`"),
        (S + "expect:\n  - event: x\n    arguments: {}", 4, "has no key `arguments`"),
        (S + "expect: [event]", 2, "must be a mapping such as `event: Call.Connected`"),
        (S + "expect:\n  - in_order: [{event: x}]", 3, "needs two parts or more"),
        (S + "expect:\n  - event: x\n    count: -1", 4, "must be a whole number from 0"),
        (S + "expect:\n  - dead_air_ms: {}", 3, "a range needs `least` or `most`"),
        (S + "expect:\n  - dead_air_ms: {least: 5, most: 1}", 3, "`least` is more than `most`"),
        (S + "expect:\n  - dead_air_ms: 5", 3, "a range must be a mapping of keys"),
        (S + "allow: [unsued]", 2, "nothing to allow is called `unsued`. Did you mean `unused`?"),
        (S + "agent: agent.yaml", 2, "there is no file agent.yaml"),
        (S + "agent: {greting: x}", 2, "has no key `greting`. Did you mean `greeting`?"),
        (S + "answers: [{match: x, reply: 200}]", 2, "a URL begins with http:// or https://"),
        (S + "limits: maybe", 2, "must be enforce, warn or off, but is text (maybe)"),
        (S + "conference: room", 2, "goes with `start: true`"),
        (S + f"start: true\nconference: {'x' * 50}", 3, "has at most 49 characters, not 50"),
        (S + "date: noon", 2, "date: 'noon' is no date to begin at"),
        (S + "date: 1812-06-24", 2, "a run begins between 1970 and 9998, not at 1812-06-24"),
        (S + "asr_confidence: 50", 2, "must be 1 or 100"),
        (S + "secrets: [a]", 2, "secrets: must be a mapping of keys, but is a list"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, told):
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert told in str(caught.value)
    assert caught.value.line == line


# --- the schema and its page ------------------------------------------------------------------


def test_the_schema_and_the_page_are_up_to_date():
    hint = "run: python -m voxrt.testing.schema"
    assert schema.FILE.read_text(encoding="utf-8") == schema.schema_text(), hint
    assert schema.PAGE.read_text(encoding="utf-8") == schema.page_text(), hint


def keys_by_kind(variants):
    return {one["required"][0]: set(one["properties"]) for one in variants if "required" in one}


def test_the_schema_has_the_keys_that_are_read():
    read_keys, definitions = expectation_file, schema.schema()["$defs"]
    assert set(schema.schema()["properties"]) == set(reader.KEYS)
    pattern = {kind: {kind, *more} for kind, more in read_keys.PATTERN_KEYS.items()}
    assert keys_by_kind(definitions["pattern"]["oneOf"]) == pattern
    parts = {kind: {*keys, *read_keys.PART_KEYS} for kind, keys in pattern.items()}
    assert keys_by_kind(definitions["part"]["oneOf"]) == parts
    expected = {kind: {*keys, *read_keys.HAPPENS_KEYS} for kind, keys in pattern.items()}
    others = {kind: {kind, *more} for kind, more in read_keys.EXPECTATION_KEYS.items()}
    assert keys_by_kind(definitions["expectation"]["oneOf"]) == expected | others
    assert set(definitions["range"]["properties"]) == set(read_keys.BOUND_KEYS)


def test_an_item_of_a_conversation_may_be_what_is_read():
    items = schema.schema()["$defs"]["item"]["anyOf"]
    kinds = {one["required"][0] for one in items if "required" in one}
    assert kinds | set(step_file.STEP_KEYS) == set(reader.item_keys())


def test_what_the_schema_refers_to_is_there():
    for name, place in re.findall(r'"\$ref": "(\.\./[^"#]+)#?([^"]*)"', schema.schema_text()):
        target = json.loads((schema.FILE.parent / name).resolve().read_text(encoding="utf-8"))
        for part in place.strip("/").split("/") if place else ():
            target = target[part]
        assert target


def test_the_words_of_the_schema_are_those_that_are_read():
    properties = schema.schema()["properties"]
    assert properties["limits"]["enum"] == list(reader.LIMITS)
    assert properties["speech"]["enum"] == list(reader.SPEECH)
    assert properties["allow"]["items"]["enum"] == list(AUDITS)
    assert set(FIGURES) <= set(expectation_file.EXPECTATION_KEYS)
    assert set(reader.PEOPLE_KEYS) == set(script_file.SCRIPT_KEYS)
