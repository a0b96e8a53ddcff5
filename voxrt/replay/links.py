"""The provider of a replay: it sends what the recorded one sent, when it did.

What the scenario sends to it is in the replay's own journal, and changes nothing here.
"""

from __future__ import annotations

import base64
import binascii
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.connectors.link import Link, LinkUser, carries_audio
from voxrt.media.hearing import HeardWord
from voxrt.media.utterances import Utterances
from voxrt.replay.after import Continuation
from voxrt.replay.feeder import Feeder
from voxrt.replay.folder import LinkFile, RunFolder
from voxrt.replay.spoken import SpokenAgain, check_spoken
from voxrt.vox.context import Context

#: Who says what comes from a provider, in `heard` records.
SPEAKER = "agent"
NOT_RECORDED = "the recording has no connection to the provider that was opened here"


@define(eq=False)
class ReplayedLink(Link):
    """A connection of a replay: one that the recording has, one with privacy, or a refused one."""

    provider: ReplayedProvider
    context: Context
    file: LinkFile | None = field(default=None, init=False)
    """The recorded one, which is known when it is opened."""
    successor: Continuation | None = field(default=None, init=False)
    """Who is at the other end once the past is over."""
    _headers: Mapping[str, str] = field(factory=dict, init=False, repr=False)
    _query: Mapping[str, str] = field(factory=dict, init=False)
    user: LinkUser | None = field(default=None, init=False)
    _spoken: SpokenAgain = field(init=False)
    _sent_at_us: deque[int] = field(factory=deque, init=False)
    """When sound was sent in the recording that has not been sent again."""
    _shift_us: int = field(default=0, init=False)

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self.user, self._headers, self._query = user, headers, query
        if self.private:  # nothing of it was recorded, not even that it was there
            self.provider.private("a connection to the provider")
            return
        self.file = self.provider.take(self)
        if self.file is None:
            self.provider.warn("replay", NOT_RECORDED)
            self.context.clock.call_soon(self._tell, lambda to: to.link_refused(NOT_RECORDED))
            return
        self.url = str(self.file.head.get("url", ""))
        self._spoken = SpokenAgain(self.file.lines, self.provider.utterances, SPEAKER)
        self._sent_at_us.extend(
            round(line["t"] * US_PER_MS)
            for line in self.file.lines
            if line["direction"] == "sent" and "audio" in line.get("message", ())
        )
        feeder = self.provider.feeder
        self._shift_us = feeder.shift_us(self.file.head["dialled_ms"])
        feeder.post(self._stimuli(self.file), self._shift_us)

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        if self.successor is not None:
            return self.successor.send(text, heard)
        if self._sent_at_us and carries_audio(text):
            self._sent_at_us.popleft()
        return self.file is not None

    def may_wait(self, until_us: int) -> bool:
        # As in the recording, whoever heard it: with the message that had it there.
        if self.file is None or self.successor is not None:
            return False
        return not self._sent_at_us or self._sent_at_us[0] + self._shift_us > until_us

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.user = None
        if self.successor is not None:
            self.successor.link.close(code, reason)

    def go_on(self, link: Link) -> None:
        """Has another provider go on where the recording is left, if the client is still there."""
        if self.user is not None and self.file is not None:
            until = self.provider.feeder.until
            self.successor = Continuation(self.file, until, lambda: self.user, link)
            self.successor.begin(self._headers, self._query)

    def _stimuli(self, file: LinkFile) -> Iterator[tuple[float, float, Callable[[], object]]]:
        head, lines, feeder = file.head, file.lines, self.provider.feeder
        numbers = [line["n"] for line in lines if "n" in line]
        opened_ms = head.get("opened_ms")
        if opened_ms is not None:
            first = min(numbers, default=feeder.after(opened_ms) + 1)
            yield first - 0.5, opened_ms, lambda: self._tell(lambda to: to.link_opened())
        n: float = 0
        for line in lines:
            if line["direction"] == "closed" and line.get("by") == "client":
                continue
            n = self._place(line, n)
            if line["direction"] != "sent":
                yield n, line["t"], lambda line=line: self._give(line)  # type: ignore[misc]

    def _place(self, line: dict[str, Any], last: float) -> float:
        """Where in the journal a line belongs: at its record, or before what came of it."""
        if "n" in line:
            return float(line["n"])
        if line["direction"] in ("refused", "closed"):
            for record in self.provider.feeder.at(line["t"]):
                if record["n"] > last and record["kind"] == "warning":
                    return float(record["n"]) - 0.5
        return last + 0.25

    def _give(self, line: dict[str, Any]) -> None:
        if line["direction"] == "refused":
            self._tell(lambda to: to.link_refused(str(line.get("reason", ""))))
        elif line["direction"] == "closed":
            code, reason = int(line.get("code", 1006)), str(line.get("reason", ""))
            clean = bool(line.get("clean", True))
            self._tell(lambda to: to.link_closed(code, reason, clean))
        elif "text" in line:
            self._tell(lambda to: to.link_text(line["text"], None))
        else:
            self._message(line)

    def _message(self, line: dict[str, Any]) -> None:
        message, span = line["message"], self._spoken.span(line)
        if line.get("binary"):
            data = base64.b64decode(message["delta"])
            self._tell(lambda to: to.link_bytes(data, span))
        else:
            text = msgspec.json.encode(message).decode()
            self._tell(lambda to: to.link_text(text, span))

    def _tell(self, tell: Callable[[LinkUser], object]) -> None:
        if self.user is not None:
            tell(self.user)


@define(eq=False)
class ReplayedProvider:
    """Makes the links of a replay, in the order in which they were dialled.

    Attributes:
        private: Told what is opened with `privacy`.
        links: Those given out, in order.
        later: Makes the links that are dialled once the past is over.
    """

    folder: RunFolder
    feeder: Feeder
    utterances: Utterances
    warn: Callable[[str, str], object]
    private: Callable[[str], object]
    links: list[ReplayedLink] = field(factory=list, init=False)
    later: Callable[[Context], Link] | None = field(default=None, init=False)
    _left: list[LinkFile] = field(init=False)

    def __attrs_post_init__(self) -> None:
        for file in self.folder.links:
            check_link(file)
        self._left = sorted(self.folder.links, key=lambda file: file.head["dialled_ms"])

    def go_on(self, later: Callable[[Context], Link]) -> None:
        """The past is over: every connection goes on with another provider."""
        self.later = later
        for link in self.links:
            link.go_on(later(link.context))

    def make(self, context: Context) -> Link:
        """The next link for a session."""
        if self.later is not None:
            return self.later(context)
        self.links.append(ReplayedLink(self, context))
        return self.links[-1]

    def take(self, link: ReplayedLink) -> LinkFile | None:
        """The recorded connection that a link is, the next one of its session; or none."""
        for file in self._left:
            if file.head.get("session", 1) == link.context.number:
                self._left.remove(file)
                return file
        return None


def check_link(file: LinkFile) -> None:
    """Checks what a replay needs of a link's file.

    Raises:
        DocumentError: Something is not as a run writes it; names the line.
    """
    opened_ms = file.head.get("opened_ms")
    if not isinstance(file.head.get("dialled_ms"), int | float):
        file.refuse(1, "it does not say when the connection was dialled: `dialled_ms`")
    if not isinstance(opened_ms, int | float | None):
        file.refuse(1, "`opened_ms` is a time in ms")
    for number, line in enumerate(file.lines, 2):
        if line.get("binary") and line["direction"] == "received":
            try:
                base64.b64decode(line["message"]["delta"], validate=True)
            except (KeyError, TypeError, ValueError, binascii.Error):
                file.refuse(number, "the sound of a binary message is base64 in its `delta`")
    check_spoken(file.lines, file.refuse)
