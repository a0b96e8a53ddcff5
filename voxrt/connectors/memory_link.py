"""A link to the stand-in within the process: the same frames, without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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
            self.deliver(lambda to: to.link_refused(why), last=True)
            return
        self._conversation = answer
        self.deliver(lambda to: to.link_opened())
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

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._user = None
        if self._conversation is not None:
            self.clock.call_soon(self._conversation.peer_closed, code, reason)
            self._conversation = None

    def deliver(self, tell: Callable[[LinkUser], object], *, last: bool = False) -> None:
        """Tells the user something once everything before it has been told."""

        def due() -> None:
            user = self._user
            if last:
                self._user = self._conversation = None
            if user is not None:
                tell(user)

        self.clock.call_soon(due)


@define(eq=False)
class _Transport:
    """The stand-in's way to the link."""

    link: MemoryLink

    def send(self, text: str, speech: SpokenSpan | None) -> None:
        self.link.deliver(lambda to: to.link_text(text, speech))

    def send_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        self.link.deliver(lambda to: to.link_bytes(data, speech))

    def close(self, code: int, reason: str) -> None:
        clean = code != ABNORMAL
        self.link.deliver(lambda to: to.link_closed(code, reason, clean), last=True)
