"""docs/websockets.md: its examples are read by the code that it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxrt.outside import peers_file
from voxrt.outside.exchange import Request
from voxrt.outside.peers import Peer, PeerConnection
from voxrt.outside.rules_file import load_rules, parse_rules
from voxrt.vox.socket_frames import RATES_HZ, frame_object, parse_frame
from voxrt.vox.websocket import PROPERTIES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "websockets.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_examples_are_rules(text):
    rules = parse_rules(text)
    assert [*rules.websockets, *rules.clients]


def test_the_python_example(tmp_path):
    (text,) = blocks("python")
    path = tmp_path / "world.py"
    path.write_text(text)
    rules = load_rules(path)
    assert isinstance(rules.answer_socket(Request(url="wss://speech.example.com/")).reply(), Peer)
    assert rules.answer_socket(Request(url="wss://other.example.com/")) is None


def test_the_frames_are_frames():
    lines = [line for line in PAGE.splitlines() if line.startswith('{"event"')]
    frames = [frame_object(line.replace("<base64>", "")) for line in lines]
    assert [type(parse_frame(frame)).__name__ for frame in frames] == ["Start", "Media", "Stop"]


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *peers_file.SOCKET_KEYS, *peers_file.CLIENT_KEYS, *peers_file.REACTION_KEYS,
            *peers_file.STEPS, *peers_file.SOUND_KEYS, *RATES_HZ, *PROPERTIES.values(),
            *(name for name in vars(PeerConnection) if not name.startswith("_")),
            *(name for name in vars(Peer) if not name.startswith("_")),
        }
    ),
)  # fmt: skip
def test_every_word_is_there(word):
    assert re.search(rf"\b{word}\b", PAGE), word


@pytest.mark.parametrize("path", re.findall(r"scenarios/[\w/.-]+", PAGE))
def test_the_files_of_the_commands_are_there(path):
    assert (ROOT / path).is_file()
