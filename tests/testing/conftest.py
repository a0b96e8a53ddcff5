"""Small scenarios, and what runs them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from voxrt.testing.conversation_file import parse_conversation
from voxrt.testing.fixture import Voxrt
from voxrt.testing.play import play

#: Answers, says what it is asked to, and hangs up on a 0. It has no agent, so it is fast.
ECHO = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    call.handleTones(True, DTMFType.ALL)
    call.addEventListener(CallEvents.ToneReceived, lambda e: on_tone(call, e.tone))
    call.addEventListener(CallEvents.Connected, lambda e: call.say("Welcome. Press a key."))
    call.answer()

def on_tone(call, tone):
    Logger.write(f"key {tone}")
    if tone == "0":
        call.hangup()
    else:
        call.say(f"You pressed {tone}.")

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def echo(tmp_path):
    """The folder of a scenario `echo.py`."""
    (tmp_path / "echo.py").write_text(ECHO, encoding="utf-8")
    return tmp_path


@pytest.fixture
def runner(echo):
    """What the fixture `voxrt` is, for the folder of `echo.py`; its runs are ended."""
    made = Voxrt(folder=echo, out=echo / "out", speech="synthetic")
    yield made
    made.finish()


@pytest.fixture
def played(echo):
    """`played(text)` plays a conversation that is given as text, in the folder of `echo.py`."""

    def play_text(text):
        file = parse_conversation(
            f"speech: synthetic\n{dedent(text)}", path=Path(echo, "a.conversation.yaml")
        )
        return play(file, echo / "run")

    return play_text
