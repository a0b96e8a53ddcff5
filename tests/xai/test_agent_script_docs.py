"""The documentation of agent scripts: its examples work, and its tables name every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxrt.xai.standin import parse_agent_script, read_agent_script
from voxrt.xai.standin.faults import FAULT_KINDS
from voxrt.xai.standin.script_file import KEYS
from voxrt.xai.standin.script_parts import ACTION_KEYS, RULE_KEYS, TOOL_RULE_KEYS, WHEN_KEYS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/agent-script.md").read_text(encoding="utf-8")
HOTEL = ROOT / "scenarios/agents/hotel.yaml"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_the_example_as_it_is():
    assert blocks("yaml")[0] == HOTEL.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_yaml_block_is_a_script(text):
    parse_agent_script(text)


@pytest.mark.parametrize("text", blocks("python"))
def test_every_python_block_is_a_script(text, tmp_path, bench):
    path = tmp_path / "agent.py"
    path.write_text(text)
    room = bench(read_agent_script(path)).ready()
    room.send("response.create")
    room.run(6000)
    assert room.said == ["Hello!"]


def test_the_tables_name_every_key():
    keys = {*KEYS, *ACTION_KEYS, *RULE_KEYS, *TOOL_RULE_KEYS, *WHEN_KEYS, *FAULT_KINDS}
    for required, optional in FAULT_KINDS.values():
        keys |= {*required, *optional}
    assert not [key for key in sorted(keys) if f"`{key}`" not in PAGE]


FIND_ROOM = {
    "type": "function",
    "name": "find_room",
    "parameters": {"type": "object", "properties": {"guests": {"type": "integer"}}},
}


def test_the_hotel_takes_a_call(bench):
    room = bench(read_agent_script(HOTEL)).ready(
        tools=[FIND_ROOM, {"type": "function", "name": "hang_up"}]
    )
    room.send("response.create")
    room.run(5000)
    room.caller_says("Do you have a room for two people?")
    room.run(5000)
    assert room.calls == [("find_room", {"guests": 2})]
    call_id = room.one("response.function_call_arguments.done")["call_id"]
    output = {
        "type": "function_call_output",
        "call_id": call_id,
        "output": '{"room": "room twelve", "price": 90}',
    }
    room.send("conversation.item.create", item=output)
    room.send("response.create")
    room.run(6000)
    for text in ("Thank you.", "Thanks a lot.", "Just a moment.", "Blue cheese.", "Goodbye."):
        room.caller_says(text)
        room.run(6000)
    assert room.said == [
        "Good evening, Hotel Aurora. What can I do for you?",
        "Let me see whether we have a room for two.",
        "We have room twelve for 90 euros a night.",
        "You are welcome.",
        "My pleasure.",
        'I am afraid I did not understand "Blue cheese.".',
        "Thank you for calling. Good night!",
    ]
    assert room.calls[-1] == ("hang_up", {})
