"""A WebSocket peer that does what a file of answers declares."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from typing import Any

from voxrt.outside.peers import (
    Close,
    Pause,
    Peer,
    PeerPlan,
    Reaction,
    SendSound,
    SendText,
    Step,
    StreamOptions,
)
from voxrt.outside.rules import contains


class PlannedPeer(Peer):
    """Does the steps of a plan, one after the other: what comes meanwhile waits for its turn.

    Args:
        plan: What is declared.
    """

    def __init__(self, plan: PeerPlan) -> None:
        self.protocol = plan.protocol
        self._plan = plan
        self._steps: deque[Step] = deque()
        self._busy = False
        self._used = [0] * len(plan.when)

    def opened(self) -> None:
        self._do(self._plan.open)

    def text(self, text: str) -> None:
        self._react(lambda reaction: _is_for_text(reaction, text))

    def heard(self, text: str) -> None:
        self._react(lambda one: one.heard is not None and one.heard.search(text) is not None)

    def media(self, frame: dict[str, Any]) -> None:
        event = frame["event"]
        if self._plan.echo:
            self.connection.send_back(frame)
        if event != "media":
            self._react(lambda reaction: reaction.media == event)

    def _react(self, is_for: Any) -> None:
        for number, reaction in enumerate(self._plan.when):
            spent = reaction.times is not None and self._used[number] >= reaction.times
            if not spent and is_for(reaction):
                self._used[number] += 1
                self._do(reaction.steps)
                return

    def _do(self, steps: Iterable[Step]) -> None:
        self._steps.extend(steps)
        if not self._busy:
            self._go_on()

    def _go_on(self) -> None:
        self._busy = False
        while self._steps and not self._busy:
            self._take(self._steps.popleft())

    def _take(self, step: Step) -> None:
        if isinstance(step, SendText):
            self.connection.send(step.text)
        elif isinstance(step, Pause):
            self._busy = True
            self.connection.later(step.ms, self._go_on)
        elif isinstance(step, SendSound):
            self._busy = True
            self._sound(step)
        elif isinstance(step, Close):
            self._steps.clear()
            if step.code is None:
                self.connection.drop()
            else:
                self.connection.close(step.code, step.reason)

    def _sound(self, step: SendSound) -> None:
        options: StreamOptions = {
            "encoding": step.encoding,
            "tag": step.tag,
            "parameters": step.parameters,
            "fast": step.fast,
            "then": self._go_on,
        }
        if step.file:
            self.connection.play(step.file, step.name, **options)
        else:
            self.connection.say(step.say, voice=step.voice, **options)


def _is_for_text(reaction: Reaction, text: str) -> bool:
    if reaction.text is not None:
        return text == reaction.text
    if reaction.contains is not None:
        return reaction.contains in text
    if reaction.regex is not None:
        return reaction.regex.search(text) is not None
    return reaction.json is not None and _has_json(text, reaction.json)


def _has_json(text: str, wanted: Any) -> bool:
    try:
        return contains(json.loads(text), wanted)
    except ValueError:
        return False
