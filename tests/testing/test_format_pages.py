"""The formats of caller and agent scripts: schemas, pages, readers and real files agree."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from voxrt.documents import parse_document
from voxrt.testing.format_pages import PAGES, ROOT, page_text
from voxrt.xai.standin.faults import FAULT_KINDS
from voxrt.xai.standin.script_file import KEYS
from voxrt.xai.standin.script_parts import ACTION_KEYS, RULE_KEYS, TOOL_RULE_KEYS, WHEN_KEYS

PROJECT = ROOT.parent
CALLER, AGENT = (json.loads((ROOT / page.schema).read_text(encoding="utf-8")) for page in PAGES)
SCENARIOS = [
    path
    for path in sorted((PROJECT / "scenarios").rglob("*.yaml"))
    if not path.name.endswith(".conversation.yaml")
]


def documents(pattern):
    """The files below scenarios/, and the blocks of the documentation, that match."""
    for path in SCENARIOS:
        if re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE):
            yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")
    for page in ("caller-script.md", "agent-script.md"):
        text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)):
            if re.search(pattern, block, re.MULTILINE):
                yield f"{page} {number}", block


CALLERS = dict(documents(r"^(caller|callers|parties):|^- (say|wait|wait_for|press)\b"))
AGENTS = dict(documents(r"^(greeting|rules|after_tool|fallback|faults):"))


def plain(text):
    return parse_document(text).plain()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_are_those_of_the_schemas(page):
    """If not: python -m voxrt.testing.format_pages"""
    assert page.file.read_text(encoding="utf-8") == page_text(page)


@pytest.mark.parametrize("schema", [CALLER, AGENT], ids=["caller", "agent"])
def test_the_schemas_are_schemas_and_tell_what_every_key_is_for(schema):
    Draft202012Validator.check_schema(schema)
    definitions, silent = schema["$defs"], []

    def look(node, path):
        if isinstance(node, list):
            for number, item in enumerate(node):
                look(item, f"{path}/{number}")
        if not isinstance(node, dict):
            return
        keys = node.get("properties", {})
        explained = "description" in node and list(keys)[:1]
        for key, value in keys.items():
            target = definitions.get(value.get("$ref", "").rpartition("/")[2], {})
            if not ({**target, **value}.keys() & {"description"} or key in (explained or [])):
                silent.append(f"{path}/{key}")
        for key, value in node.items():
            look(value, f"{path}/{key}")

    look(schema, "")
    assert silent == []


def test_there_are_files_to_look_at():
    assert len(CALLERS) > 25
    assert len(AGENTS) > 3


@pytest.mark.parametrize("name", CALLERS)
def test_every_caller_script_fits_its_schema(name):
    Draft202012Validator(CALLER).validate(plain(CALLERS[name]))


@pytest.mark.parametrize("name", AGENTS)
def test_every_agent_script_fits_its_schema(name):
    Draft202012Validator(AGENT).validate(plain(AGENTS[name]))


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        (CALLER, "- sya: Hello"),
        (CALLER, "caller: {channel: {codec: opus}}"),
        (CALLER, "parties: [{busy: true}]"),
        (CALLER, "caller: {expect: all}"),
        (AGENT, "greting: Hello"),
        (AGENT, "rules: [{when: a}]"),
        (AGENT, "rules: [{say: a}]"),
        (AGENT, "faults: [{fault: close}]"),
        (AGENT, "faults: [{fault: refuse, at: response.done}]"),
        (AGENT, "greeting: {fail: {close: {code: 1006}}}"),
        (AGENT, "rules: [{when: {}, say: a}]"),
    ],
)
def test_what_does_not_fit(schema, text):
    assert not Draft202012Validator(schema).is_valid(plain(text))


def test_the_agent_schema_has_the_keys_that_are_read():
    definitions = AGENT["$defs"]
    assert list(AGENT["properties"]) == list(KEYS)
    assert list(definitions["doing"]["properties"]) == list(ACTION_KEYS)
    assert list(definitions["when"]["properties"]) == list(WHEN_KEYS)
    assert list(definitions["rule"]["properties"]) == list(RULE_KEYS)
    assert list(definitions["tool_rule"]["properties"]) == list(TOOL_RULE_KEYS)
    faults = {one["properties"]["fault"]["const"]: one for one in definitions["fault"]["oneOf"]}
    assert list(faults) == list(FAULT_KINDS)
    for kind, (required, optional) in FAULT_KINDS.items():
        assert faults[kind]["required"] == ["fault", *required]
        assert list(faults[kind]["properties"]) == ["fault", *required, *optional]


def test_yaml_reads_the_pages_examples_as_we_do():
    """The strict reader and YAML agree on the examples, so that editors do, too."""
    for text in (*CALLERS.values(), *AGENTS.values()):
        assert len(plain(text)) == len(yaml.safe_load(text))
