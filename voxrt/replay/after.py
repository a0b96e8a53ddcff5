"""What comes after the past: a replay that is kept to a point goes on with something else.

Up to the point everything is as in the recording. From there on the provider is another one, and
the callers may be: somebody who says something else, or the recorded ones, who go on as they did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
from attrs import define, field, frozen

from voxrt.connectors.link import Link, LinkUser
from voxrt.errors import UsageError
from voxrt.legs.script import CallerScript
from voxrt.legs.script_file import load_script
from voxrt.legs.scripted import ScriptedCaller, ScriptedParty
from voxrt.legs.switchboard import Switchboard
from voxrt.replay.folder import LinkFile
from voxrt.xai.standin import SpokenSpan
from voxrt.xai.url import realtime_url

if TYPE_CHECKING:
    from voxrt.media.hearing import HeardWord
    from voxrt.replay.phones import ReplayedLeg
    from voxrt.vox.line import Line

PROVIDERS = ("stand-in", "live")
#: Messages of the past that make the new provider what the old one was, and how it confirms them.
PRIMING = {
    "session.update": ("session.updated",),
    "conversation.item.create": ("conversation.item.added", "conversation.item.created"),
}
#: What was said on both sides, as messages of the provider: the role and the field of the text.
TRANSCRIPTS = {
    "conversation.item.input_audio_transcription.completed": ("user", "input_text", "transcript"),
    "response.output_audio_transcript.done": ("assistant", "output_text", "transcript"),
}


@frozen(kw_only=True)
class After:
    """Who is there once the past is over.

    Attributes:
        provider: `stand-in`, `live`, or the `ws://` address of a server.
        people: Who calls and is called; `None` when the recorded ones go on.
        agent: The stand-in's script.
    """

    provider: str = "stand-in"
    people: CallerScript | None = None
    agent: Path | None = None


def read_after(given: Sequence[str], agent: Path | None) -> After | None:
    """What `--then` asks for: a provider (`stand-in`, `live`, a URL), a caller script, or both.

    Returns:
        `None` when it asks for nothing.

    Raises:
        InputError: Something is asked for twice, or a file is wrong.
    """
    if not given:
        if agent is not None:
            raise UsageError("--agent is the stand-in's script, and goes with --then stand-in.")
        return None
    providers = [one for one in given if one in PROVIDERS or "://" in one]
    files = [one for one in given if one not in providers]
    if len(providers) > 1 or len(files) > 1:
        raise UsageError(
            "--then takes one provider (stand-in, live or a ws:// URL) and one caller script."
        )
    provider = providers[0] if providers else "stand-in"
    if provider not in PROVIDERS:
        realtime_url(provider)  # checks it
    if agent is not None and provider != "stand-in":
        raise UsageError("--agent is the stand-in's script, and --then names another provider.")
    people = load_script(Path(files[0])) if files else None
    return After(provider=provider, people=people, agent=agent)


def take_over(leg: ReplayedLeg, board: Switchboard) -> None:
    """Has somebody of a script go on in the place of a recorded far end.

    A caller goes on as the script's caller, a party as the one who would be reached there. Nobody
    says anything more for a party that the script does not have.
    """
    line = cast("Line", leg.line)
    if leg.over:
        return
    leg.mouth.stop()
    successor: ScriptedCaller | ScriptedParty
    if line.incoming:
        successor = cast("ScriptedCaller", board.incoming())
    else:
        successor = cast("ScriptedParty", board.outgoing(leg.client_type, line.number))
    leg.successor = successor
    successor.attach(line)
    if line.connected or line.answered:
        successor.answered({})
    elif not line.incoming:
        successor.alert({})


@define(eq=False)
class Continuation(LinkUser):
    """Tells a client what its new provider says, once that knows what the old one knew.

    Args:
        file: The old connection.
        until: The number of the last record of the past.
        user: The client.
    """

    file: LinkFile
    until: float
    user: Callable[[], LinkUser | None]
    link: Link
    _unconfirmed: list[tuple[str, ...]] = field(factory=list, init=False)
    _waiting: list[tuple[str | bytes, Sequence[HeardWord]]] = field(factory=list, init=False)
    _ready: bool = field(default=False, init=False)

    def begin(self, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        """Calls the new provider."""
        self.link.open(self, headers=headers, query=query)

    def send(self, text: str | bytes, heard: Sequence[HeardWord]) -> bool:
        """Sends what the client says, now or when the past has been told."""
        if self._ready:
            return self.link.send(text, heard)
        self._waiting.append((text, heard))
        return True

    def link_opened(self) -> None:
        for message in self._past():
            self._unconfirmed.append(PRIMING[message["type"]])
            self.link.send(msgspec.json.encode(message).decode())
        self._look()

    def _past(self) -> list[dict[str, Any]]:
        """The messages that make the new provider what the old one was."""
        found: list[dict[str, Any]] = []
        for line in self.file.lines:
            message = line.get("message", {})
            if line.get("n", 0) > self.until:
                break
            if line["direction"] == "sent" and _is_lasting(message):
                found.append(message)
            elif line["direction"] == "received" and message.get("type") in TRANSCRIPTS:
                role, kind, key = TRANSCRIPTS[message["type"]]
                content = [{"type": kind, "text": str(message.get(key, ""))}]
                item = {"type": "message", "role": role, "content": content}
                found.append({"type": "conversation.item.create", "item": item})
        return found

    def _look(self) -> None:
        if self._unconfirmed or self._ready:
            return
        self._ready = True
        waiting, self._waiting = self._waiting, []
        for text, heard in waiting:
            self.link.send(text, heard)

    def link_refused(self, why: str) -> None:
        user = self.user()
        if user is not None:  # its connection was open: now it is gone
            user.link_closed(1011, why, False)

    def link_text(self, text: str, speech: SpokenSpan | None) -> None:
        user = self.user()
        if self._ready:
            if user is not None:
                user.link_text(text, speech)
            return
        kind = msgspec.json.decode(text).get("type")
        for confirmed in self._unconfirmed:
            if kind in confirmed:
                self._unconfirmed.remove(confirmed)
                break
        self._look()

    def link_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        user = self.user()
        if self._ready and user is not None:
            user.link_bytes(data, speech)

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        user = self.user()
        if user is not None:
            user.link_closed(code, reason, was_clean)


def _is_lasting(message: dict[str, Any]) -> bool:
    """Whether a message of the past is to be sent again.

    The output of a function answers a call that the new provider never made; what came of it is in
    what was said.
    """
    item = message.get("item")
    kind = item.get("type", "message") if isinstance(item, dict) else "message"
    return message.get("type") in PRIMING and kind == "message"
