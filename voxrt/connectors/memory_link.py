"""A link to the stand-in within the process: the same frames, without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from attrs import define, field

from voxrt.clock import Clock
from voxrt.connectors.link import Link, LinkUser
from voxrt.media.hearing import HeardWord
from voxrt.outside.far_end import ABNORMAL
from voxrt.outside.websocket import refusal
from voxrt.xai.standin import Conversation, Refusal, SpokenSpan, StandIn
from voxrt.xai.url import realtime_url


@define(eq=False)
class MemoryLink(Link):
    """Carries frames to and from a conversation of the stand-in, each as its own agenda entry.

    Args:
        stand_in: The server.
        clock: The run's clock, which the stand-in uses too.
    """

    stand_in: StandIn
    clock: Clock
    _user: LinkUser | None = field(default=None, init=False)
    _conversation: Conversation | None = field(default=None, init=False)

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self._user = user
        self.url = realtime_url("ws://stand-in", query.get("model", ""))
        answer = self.stand_in.accept(headers, query, _Transport(self))
        if isinstance(answer, Refusal):
            why = refusal(answer.status, msgspec.json.encode(answer.body))
            self.clock.call_soon(self._refused, why)
            return
        self._conversation = answer
        self.clock.call_soon(self._opened)
        self.clock.call_soon(answer.open)

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        conversation = self._conversation
        if conversation is None:
            return False
        if isinstance(text, str):
            self.clock.call_soon(conversation.receive, text, heard)
        else:
            self.clock.call_soon(conversation.receive_bytes, text, heard)
        return True

    def may_wait(self, until_us: int) -> bool:
        return self._conversation is not None and self._conversation.is_patient

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._user = None
        if self._conversation is not None:
            self.clock.call_soon(self._conversation.peer_closed, code, reason)
            self._conversation = None

    # What the user is told, each on the agenda once everything before it has been told.

    def _opened(self) -> None:
        if self._user is not None:
            self._user.link_opened()

    def _refused(self, why: str) -> None:
        user, self._user = self._user, None
        if user is not None:
            user.link_refused(why)

    def _text(self, text: str, speech: SpokenSpan | None) -> None:
        if self._user is not None:
            self._user.link_text(text, speech)

    def _bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        if self._user is not None:
            self._user.link_bytes(data, speech)

    def _closed(self, code: int, reason: str) -> None:
        user, self._user = self._user, None
        self._conversation = None
        if user is not None:
            user.link_closed(code, reason, code != ABNORMAL)


@define(eq=False)
class _Transport:
    """The stand-in's way to the link: each frame is an entry of the agenda."""

    link: MemoryLink

    def send(self, text: str, speech: SpokenSpan | None) -> None:
        self.link.clock.call_soon(self.link._text, text, speech)

    def send_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        self.link.clock.call_soon(self.link._bytes, data, speech)

    def close(self, code: int, reason: str) -> None:
        self.link.clock.call_soon(self.link._closed, code, reason)
