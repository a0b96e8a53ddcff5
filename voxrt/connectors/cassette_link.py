"""A link to nobody: a recorded connection is played in place of the provider."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from attrs import define, field

from voxrt.connectors.link import Link, LinkUser
from voxrt.errors import CassetteError
from voxrt.media.hearing import HeardWord
from voxrt.vox.context import Context
from voxrt.xai.cassette import Cassette, Player
from voxrt.xai.cassette.player import MISMATCH_CODE, MISMATCH_REASON
from voxrt.xai.messages import decode_append
from voxrt.xai.standin import SpokenSpan


@define(eq=False)
class CassetteDeck:
    """Gives each connection of a run its recording, in the order of their making.

    Args:
        cassettes: The recordings.
        approximated: Told that the agent is a recording.
    """

    cassettes: Sequence[Cassette]
    approximated: Callable[[str], object]
    _given: int = field(default=0, init=False)

    def link(self, context: Context) -> Link:
        """The link for the next connection."""
        self._given += 1
        if self._given > len(self.cassettes):
            return _NoLink(context, self.cassettes[-1], self._given)
        cassette = self.cassettes[self._given - 1]
        self.approximated(f"the agent: the recording {cassette.path.name}, not xAI's model")
        return CassetteLink(context, cassette)


@define(eq=False)
class CassetteLink(Link):
    """Plays one cassette to a connector's client.

    Args:
        context: The session's platform.
        cassette: What was recorded.
    """

    context: Context
    cassette: Cassette
    _user: LinkUser | None = field(default=None, init=False)
    _player: Player | None = field(default=None, init=False)

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self._user, self.url = user, str(self.cassette.head.get("url", ""))
        clock, cassette = self.context.clock, self.cassette
        if cassette.opened_us is None:
            refusal = next((line for line in cassette.lines if line.direction == "refused"), None)
            took_us = 0 if refusal is None else refusal.t_us - cassette.dialled_us
            why = "" if refusal is None else str(refusal.fields.get("reason", ""))
            clock.call_later(took_us, self._refuse, why)
        else:
            clock.call_later(cassette.opened_us - cassette.dialled_us, self._opened)

    def _opened(self) -> None:
        if self._user is not None:
            journal = self.context.session.journal
            self._player = Player(
                self.cassette,
                self.context.clock,
                _Teller(self),
                self.context.utterances,
                journal.redacted,
            )
            self._user.link_opened()
            self._player.start()

    def _refuse(self, why: str) -> None:
        user, self._user = self._user, None
        if user is not None:
            user.link_refused(why)

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        player = self._player
        if self._user is None:
            return False
        if player is None:  # the connection is about to close
            return True
        append = decode_append(text)
        if isinstance(text, bytes) or append is not None:
            player.take_audio(text if isinstance(text, bytes) else (append and append.audio) or b"")
            return True
        try:
            player.take(msgspec.json.decode(text))
        except CassetteError as error:
            self._player = None  # what it has still to play, nobody could have asked for
            fail(self.context, error)
            self.context.clock.call_soon(self.over, MISMATCH_CODE, MISMATCH_REASON, False)
        return True

    def may_wait(self, until_us: int) -> bool:
        return self._player is not None and self._player.may_wait(until_us)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._user = None
        if self._player is not None:
            self._player.close()
            self.context.unused += [
                f"{self.cassette.path.name}:{line.number} to {line.type}"
                for line in self._player.never_sent()
            ]
            self._player = None

    def over(self, code: int, reason: str, was_clean: bool) -> None:
        """The recorded provider closes the connection, or has to."""
        user = self._user
        self.close()
        if user is not None:
            user.link_closed(code, reason, was_clean)

    def tell(self, call: Callable[[LinkUser], object]) -> None:
        """Tells the user something while there is one."""
        if self._user is not None:
            call(self._user)


@define(eq=False)
class _Teller:
    """What the player tells reaches the link's user."""

    link: CassetteLink

    def text(self, text: str, speech: SpokenSpan | None) -> None:
        self.link.tell(lambda user: user.link_text(text, speech))

    def audio(self, message: dict[str, Any], speech: SpokenSpan | None) -> None:
        data = base64.b64decode(message["delta"])
        self.link.tell(lambda user: user.link_bytes(data, speech))

    def closed(self, code: int, reason: str, was_clean: bool) -> None:
        self.link.over(code, reason, was_clean)


@define(eq=False)
class _NoLink(Link):
    """The link of a connection that was not recorded."""

    context: Context
    last: Cassette
    number: int

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        error = CassetteError(
            f"this is connection {self.number} to the provider, which was not recorded",
            hint="Record it again into a folder: --cassette NAME/ --record-mode all.",
            file=str(self.last.path),
        )
        fail(self.context, error)
        self.context.clock.call_soon(user.link_refused, "it is not in the cassette")

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        return False

    def close(self, code: int = 1000, reason: str = "") -> None:
        """There is nothing to close."""


def fail(context: Context, error: CassetteError) -> None:
    """Writes down what is not in the recording, as an error of the run."""
    context.session.journal.write(
        "error",
        code=error.code,
        text=error.message,
        file=error.file,
        line=error.line,
        hint=error.hint,
    )
