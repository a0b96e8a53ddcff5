"""A cassette as a server: any client is played the provider of a recorded connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pybase64
from attrs import define, field

from voxrt.clock import Clock
from voxrt.errors import CassetteError
from voxrt.media.utterances import Utterances
from voxrt.xai.cassette.file import Cassette
from voxrt.xai.cassette.player import MISMATCH_CODE, MISMATCH_REASON, Player
from voxrt.xai.messages import decode_append
from voxrt.xai.standin.settings import Notify, Refusal, ServerTransport, SpokenSpan


@define(eq=False)
class CassetteServer:
    """Takes connections as the stand-in does, and plays each the next cassette.

    Args:
        cassettes: The recordings; behind the last one the first comes again.
        clock: The server's clock.
        on_note: Told when a client sends what was not recorded.
    """

    cassettes: Sequence[Cassette]
    clock: Clock
    on_note: Notify
    _given: int = field(default=0, init=False)

    def accept(
        self, headers: Mapping[str, str], query: Mapping[str, str], transport: ServerTransport
    ) -> PlayedConversation | Refusal:
        """Plays the next cassette to a client, whatever its key and model are."""
        cassette = self.cassettes[self._given % len(self.cassettes)]
        self._given += 1
        if cassette.opened_us is None:
            reasons = [line.fields.get("reason", "") for line in cassette.lines]
            return _refusal(str(reasons[0]) if reasons else "")
        return PlayedConversation(cassette, self.clock, transport, self.on_note)

    def client_secret(self, headers: Mapping[str, str], body: Any) -> tuple[int, dict[str, Any]]:
        """No cassette has requests for ephemeral secrets."""
        return 404, {"code": "not-found", "error": "A cassette has connections only."}


@define(eq=False)
class PlayedConversation:
    """One connection of a client."""

    cassette: Cassette
    clock: Clock
    transport: ServerTransport
    on_note: Notify
    subprotocol: str | None = field(default=None, init=False)
    _player: Player = field(init=False)
    _failed: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._player = Player(self.cassette, self.clock, self, Utterances())

    def open(self) -> None:
        """The connection was accepted: what the provider sent first follows."""
        self._player.start()

    def receive(self, text: str) -> None:
        """Takes a text message of the client."""
        if self._failed:
            return
        append = decode_append(text)
        if append is not None:
            self._player.take_audio(append.audio or b"")
            return
        try:
            message = msgspec.json.decode(text)
        except msgspec.DecodeError:
            message = None
        try:
            self._player.take(message if isinstance(message, dict) else {"type": text[:40]})
        except CassetteError as error:
            self._failed = True
            self.on_note(str(error))
            self.transport.close(MISMATCH_CODE, MISMATCH_REASON)

    def receive_bytes(self, data: bytes) -> None:
        """Takes audio of the client."""
        self._player.take_audio(data)

    def peer_closed(self, code: int, reason: str) -> None:
        """The client is gone."""
        self._player.close()
        unsent = [] if self._failed else self._player.never_sent()
        if unsent:
            first = f"the first is `{unsent[0].type}` of line {unsent[0].number}"
            name = self.cassette.path.name
            self.on_note(f"{name}: {len(unsent)} recorded messages were not sent, {first}")

    # --- what the player tells ------------------------------------------------------------------

    def text(self, text: str, speech: SpokenSpan | None) -> None:
        """A text message of the recorded provider."""
        self.transport.send(text, speech)

    def audio(self, message: dict[str, Any], speech: SpokenSpan | None) -> None:
        """A binary message of the recorded provider."""
        self.transport.send_bytes(pybase64.b64decode(message["delta"]), speech)

    def closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The recorded provider closes the connection."""
        self.transport.close(code, reason)


def _refusal(reason: str) -> Refusal:
    """The recorded refusal: `HTTP 401: {...}`; 503 for a network that failed."""
    head, _, body = reason.partition(": ")
    status = head.removeprefix("HTTP ")
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        told = {"code": "refused", "error": reason}
    if not isinstance(told, dict):
        told = {"code": "refused", "error": reason}
    return Refusal(int(status) if status.isdecimal() else 503, told)
