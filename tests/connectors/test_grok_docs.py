"""The examples of docs/grok.md run, and what the page says about numbers is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxrt.connectors import client, service
from voxrt.connectors.grok.settings import OPTIONS
from voxrt.connectors.media import QUEUE_MS
from voxrt.outside import live_socket
from voxrt.run import RunConfig, run

PAGE = (Path(__file__).parents[2] / "docs" / "grok.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SCENARIOS = [text for kind, text in BLOCKS if kind == "python"]
AGENT, CALLER, FAULTY = [text for kind, text in BLOCKS if kind == "yaml"]


def play_block(folder, text, **files):
    """Runs an example, with the scripts given as texts."""
    (folder / "agent.py").write_text(text, encoding="utf-8")
    for name, script in files.items():
        (folder / f"{name}.yaml").write_text(script, encoding="utf-8")
    paths = {name: folder / f"{name}.yaml" for name in files}
    config = RunConfig(
        scenarios=(folder / "agent.py",), out=folder / "run", speech="synthetic", **paths
    )
    return run(config)


@pytest.mark.parametrize("number", range(len(SCENARIOS)))
def test_an_example_runs(tmp_path, number):
    """Each ends well by itself, with the caller and the agent that come with voxrt."""
    result = play_block(tmp_path, SCENARIOS[number])
    assert result.outcome == "normal", result.files["log"].read_text()
    assert result.record["errors"] == 0
    assert result.finish_reason == "Normal termination"


def test_the_function_call_is_answered(tmp_path):
    """The example with its two scripts: the caller hears the hours."""
    text = next(text for text in SCENARIOS if "opening_hours" in text)
    result = play_block(tmp_path, text, agent=AGENT, caller=CALLER)
    assert result.outcome == "normal"
    assert "On Monday we are open from nine to six." in result.files["journal"].read_text()


def test_the_fault_closes_the_connection(tmp_path):
    """The example of a fault, with the first scenario."""
    result = play_block(tmp_path, SCENARIOS[0], agent=FAULTY)
    assert result.outcome == "normal"
    assert "code = 1011 ; wasClean = true ; reason = gone" in result.files["log"].read_text()


def test_the_switches_are_those_of_the_page():
    """Every switch with its values, the default first."""
    rows = dict(re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", PAGE, re.MULTILINE))
    documented = {name: re.findall(r"\w+", values) for name, values in rows.items()}
    assert documented == {name: list(values) for name, values in OPTIONS.items()}


def test_the_numbers_are_those_of_the_code():
    """Times, limits and the version that the page names."""
    for us in (service.CREATED_US, service.OPENED_US, service.RESOLVED_US, service.INFORMATION_US,
               client.CONNECT_US):  # fmt: skip
        assert f"| {us // 1000} ms |" in PAGE
    assert f"Up to {QUEUE_MS // 60_000} minutes wait" in PAGE
    assert f"| audio that waits to be played | 10 s in a WebSocket | {QUEUE_MS // 60_000} m" in PAGE
    assert f"does not answer within {live_socket.CONNECT_TIMEOUT_S:g} s" in PAGE
    assert f"up to {live_socket.MOST_WAITING_BYTES // 1_000_000} MB of it wait" in PAGE
    assert f"`{service.CONNECTOR_VERSION}`" in PAGE


def test_the_links_lead_somewhere():
    """To headings of the page, and to pages beside it."""
    headings = {re.sub(r"[^\w -]", "", line[3:].lower()).replace(" ", "-")
                for line in PAGE.splitlines() if line.startswith("## ")}  # fmt: skip
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("#"):
            assert target[1:] in headings
        elif not target.startswith("http"):
            assert (Path(__file__).parents[2] / "docs" / target).is_file()
