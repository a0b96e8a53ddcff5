"""Files of queues: what they may say, and what is said of mistakes."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from voxrt.errors import DocumentError
from voxrt.legs import queue_file
from voxrt.legs.queue_file import load_queues, parse_queues
from voxrt.vox.queue_plan import Agent, OtherCaller, Queue

ROOT = Path(__file__).parents[2]

WHOLE = """
agents:
  - user: anna
    name: Anna
    id: 7
    skills: {billing: 5, english: 3}
    ready_after_ms: 1000
    leaves_after_ms: 60000
    after_service_ms: 2000
    pause_ms: 5000
    answer_after_ms: 1500
    steps: [{say: Hello}]
  - user: bob
    offline: true
    busy: true
queues:
  - name: support
    id: 17
    agents: [anna, bob]
    max_size: 3
    max_waiting_ms: 90000
    task_selection: max_waiting_time
    agent_selection: most_qualified
    hold_when_offline: true
    handling_ms: 45000
    ring_s: 15
    others:
      - {at_ms: 100, priority: 1, skills: {billing: 2}, talk_ms: 3000, patience_ms: 9000}
"""


def test_everything_that_can_be_said():
    found = parse_queues(WHOLE)
    assert found.plan.agents == (
        Agent(
            name="anna",
            display_name="Anna",
            id=7,
            skills={"billing": 5, "english": 3},
            ready_after_ms=1_000,
            leaves_after_ms=60_000,
            after_service_ms=2_000,
            pause_ms=5_000,
        ),
        Agent(name="bob", id=102, offline=True),
    )
    assert found.plan.queues == (
        Queue(
            name="support",
            id=17,
            agents=("anna", "bob"),
            max_size=3,
            max_waiting_ms=90_000,
            task_selection="max_waiting_time",
            agent_selection="most_qualified",
            hold_when_offline=True,
            handling_ms=45_000,
            ring_s=15,
            others=(
                OtherCaller(
                    at_ms=100, priority=1, skills={"billing": 2}, talk_ms=3_000, patience_ms=9_000
                ),
            ),
        ),
    )
    anna, bob = found.phones
    assert (anna.match, anna.kind, anna.answer_after_ms, len(anna.steps)) == (
        "anna",
        "user",
        1500,
        1,
    )
    assert bob.fail == (486, "Busy Here")
    assert not bob.offline  # they are not rung at all


def test_what_is_left_out_has_its_default():
    found = parse_queues(
        "agents: [{user: a}]\nqueues: [{name: q, agents: [a]}, {name: r, agents: []}]"
    )
    assert found.plan.agents == (Agent(name="a", id=101),)
    assert found.plan.queues == (Queue(name="q", id=1, agents=("a",)), Queue(name="r", id=2))


AGENTS = "agents:\n  - user: anna\n  - user: bob\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file is empty"),
        ("queue: []", 1, "a file of queues has no key `queue`. Did you mean `queues`?"),
        ("agents: []", 1, "a file of queues needs the key `queues`"),
        ("agents:\n  - name: Anna\nqueues: []", 2, "an agent needs the key `user`"),
        ("agents:\n  - user: a*\nqueues: []", 2, "must be a user's name, without wildcards"),
        ("agents:\n  - user: a\n    skill: {}\nqueues: []", 3, "an agent has no key `skill`."),
        ("agents:\n  - user: a\n    skills: {it: 6}\nqueues: []", 3, "from 1 to 5"),
        ("agents:\n  - user: a\n    skills: [it]\nqueues: []", 3, "must be a mapping of keys"),
        (
            "agents:\n  - user: a\n    skills: {a: 1, b: 1, c: 1, d: 1, e: 1, f: 1}\nqueues: []",
            3,
            "at most 5 skills",
        ),
        (
            "agents:\n  - user: a\n    offline: true\n    leaves_after_ms: 1\nqueues: []",
            4,
            "does not go with `offline`",
        ),
        ("agents:\n  - user: a\n    pause_ms: 0\nqueues: []", 3, "from 1000 to 3600000"),
        ("agents:\n  - user: a\n    busy: true\n    fail: 500\nqueues: []", 2, "cannot have"),
        ("agents:\n  - user: a\n    match: b\nqueues: []", 3, "an agent has no key `match`."),
        ("agents:\n  - user: a\n  - user: a\nqueues: []", 3, "the user a is given twice"),
        (
            "agents:\n  - user: a\n    id: 102\n  - user: b\nqueues: []",
            4,
            "the id 102 is given twice",
        ),
        (AGENTS + "queues:\n  - name: q", 5, "a queue needs the key `agents`"),
        (AGENTS + "queues:\n  - agents: [anna]", 5, "a queue needs the key `name`"),
        (
            AGENTS + "queues:\n  - name: q\n    agents: [ana]",
            6,
            "there is no agent `ana`. Did you mean `anna`?",
        ),
        (
            AGENTS + "queues:\n  - name: q\n    agents: [anna, anna]",
            6,
            "the name anna is given twice",
        ),
        ("queues:\n  - name: q\n    agents: [a]", 3, "The file declares no agents."),
        (
            AGENTS + "queues:\n  - {name: q, agents: []}\n  - {name: q, agents: []}",
            6,
            "the name q is given twice",
        ),
        (
            AGENTS + "queues:\n  - name: q\n    agents: []\n    task_selection: oldest",
            7,
            "must be max_priority or max_waiting_time",
        ),
        (
            AGENTS + "queues:\n  - name: q\n    agents: []\n    others: [{priority: 0}]",
            7,
            "from 1 to 100",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(text, line, message):
    with pytest.raises(DocumentError) as caught:
        parse_queues(text, file="queues.yaml")
    assert message in f"{caught.value.message} {caught.value.hint}"
    assert (caught.value.file, caught.value.line) == ("queues.yaml", line)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DocumentError, match="there is no such file"):
        load_queues(tmp_path / "nothing.yaml")


def schema():
    return json.loads((files("voxrt.legs") / "queues.schema.json").read_text(encoding="utf-8"))


def test_the_schema_has_the_keys_that_are_read():
    whole = schema()
    definitions = whole["$defs"]
    assert set(whole["properties"]) == set(queue_file.FILE_KEYS)
    for name in ("agent", "queue", "other"):
        keys = getattr(queue_file, f"{name.upper()}_KEYS")
        assert set(definitions[name]["properties"]) == set(keys), name
        assert definitions[name]["additionalProperties"] is False


def test_the_schema_has_the_words_and_numbers_that_are_read():
    queue = schema()["$defs"]["queue"]["properties"]
    assert queue["task_selection"]["enum"] == list(queue_file.TASK_SELECTIONS)
    assert queue["agent_selection"]["enum"] == list(queue_file.AGENT_SELECTIONS)
    defaults = Queue(name="q", id=1)
    for key in ("task_selection", "agent_selection", "hold_when_offline", "handling_ms", "ring_s"):
        assert queue[key]["default"] == getattr(defaults, key), key
    agent = schema()["$defs"]["agent"]["properties"]
    assert agent["pause_ms"]["default"] == Agent(name="a", id=1).pause_ms
    levels = schema()["$defs"]["skills"]["additionalProperties"]
    assert range(levels["minimum"], levels["maximum"] + 1) == queue_file.LEVELS
    assert schema()["$defs"]["skills"]["maxProperties"] == queue_file.MOST_SKILLS


def test_what_the_schema_refers_to_is_there():
    caller = json.loads((files("voxrt.legs") / "caller.schema.json").read_text(encoding="utf-8"))
    text = json.dumps(schema())
    used = re.findall(r"caller\.schema\.json#/\$defs/([\w/]+)", text)
    assert used
    for path in used:
        node = caller["$defs"]
        for part in path.split("/"):
            node = node[part]


def test_the_examples_of_the_documentation_work():
    text = (ROOT / "docs" / "queues.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        assert parse_queues(block).plan.queues


def test_every_key_is_in_the_documentation():
    text = (ROOT / "docs" / "queues.md").read_text(encoding="utf-8")
    for key in (*queue_file.DESK_KEYS, *queue_file.QUEUE_KEYS, *queue_file.OTHER_KEYS):
        assert f"`{key}`" in text, key
