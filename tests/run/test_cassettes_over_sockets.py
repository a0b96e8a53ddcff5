"""A cassette of a server on a real socket, played to a scenario, to a client, and to the server."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from cassettes import TALK
from loopback import served, serving

from voxrt.cli.main import main
from voxrt.xai.cassette import read_cassettes
from voxrt.xai.cassette.served import CassetteServer

CALLER = "[{wait_for: agent_turn}, {say: Well.}, {wait_for: agent_turn}, hang_up]"
#: The answer is long in coming; over a socket the stand-in hears no words, and says it to anybody.
AGENT = "{greeting: Hi., rules: [{when: {regex: '.*'}, say: Yes., delay_ms: 900}], fallback: Yes.}"


@pytest.fixture
def recorded(play, tmp_path):
    """A cassette of a talk with a server on the loopback, in real time."""
    with served(AGENT) as url:
        played = play(
            TALK, caller=CALLER, grok=url, time="real", cassette=tmp_path / "talk.jsonl",
            out=tmp_path / "recorded",
        )  # fmt: skip
    assert played.result.outcome == "normal"
    return tmp_path / "talk.jsonl"


def messages(path, direction="received"):
    """The time in ms since the connection was opened, and the type of each message."""
    head, *lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        (line["t"] - head["opened_ms"], line["message"]["type"])
        for line in lines
        if line["direction"] == direction and line["message"]["type"] != "ping"
    ]


def types(path, direction="received"):
    return [kind for _, kind in messages(path, direction) if "append" not in kind]


def pauses(path):
    """How long the provider was silent between its messages, in ms."""
    return [after - before for (before, _), (after, _) in pairwise(messages(path))]


def test_it_is_played_offline_with_its_timing(recorded, play):
    played = play(TALK, caller=CALLER, cassette=recorded, record_mode="none")
    assert played.result.outcome == "normal"
    link = played.result.out / "links/1.jsonl"
    assert types(link) == types(recorded)
    assert types(link, "sent") == types(recorded, "sent")
    for before, now in zip(pauses(recorded), pauses(link), strict=True):
        assert now == pytest.approx(before, abs=150)
    assert max(pauses(recorded)) > 700
    again = play(TALK, caller=CALLER, cassette=recorded, record_mode="none")
    assert (again.result.out / "links/1.jsonl").read_bytes() == link.read_bytes()


def test_it_is_served_to_a_client_on_a_socket_with_its_timing(recorded, play, tmp_path):
    notes = []
    cassettes = read_cassettes(recorded)
    with serving(lambda clock: CassetteServer(cassettes, clock, notes.append)) as url:
        played = play(TALK, caller=CALLER, grok=url, time="real", out=tmp_path / "served")
    assert played.result.outcome == "normal"
    assert notes == []
    link = played.result.out / "links/1.jsonl"
    assert types(link) == types(recorded)
    for before, now in zip(pauses(recorded), pauses(link), strict=True):
        assert now > before - 150  # never earlier; later when the machine has much to do


def test_its_client_is_played_to_the_server(recorded, capsys):
    """What xAI, or another server, answers now is held against what it answered then."""
    with served(AGENT) as url:
        assert main(["cassette", str(recorded), "--against", url]) == 0
    assert "as recorded" in capsys.readouterr().out
    gone = "{greeting: Hi., faults: [{fault: close, at: response.created, occurrence: 2}]}"
    with served(gone) as url:
        assert main(["cassette", str(recorded), "--against", url]) == 1
    assert (
        "differs      response.output_item.done: recorded 2 times, now once"
        in capsys.readouterr().out
    )
