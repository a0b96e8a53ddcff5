"""WebSocket peers that are declared: servers that a scenario connects to, clients that come to it.

A peer is a plan, which a file of answers declares, or a class of the user's: a `Peer` is told what
happens to its connection, and does something with it by `self.connection`. Both live on the
session's clock, and both can speak: what they say has words, and what they hear comes as words.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypedDict, Unpack

from attrs import field, frozen

from voxrt.outside.exchange import Headers, Request
from voxrt.outside.far_end import NORMAL
from voxrt.outside.rules import Answer

#: The formats of sound on a socket, by the platform's names.
ENCODINGS = ("PCM8", "PCM16", "ALAW", "ULAW", "OPUS")


@frozen(kw_only=True)
class SendText:
    """Sends a text message."""

    text: str


@frozen(kw_only=True)
class SendSound:
    """Sends sound, as a stream of its own: a start frame, its chunks as they pass, a stop frame.

    Attributes:
        say: The text that is spoken; empty for a file.
        file: The file's bytes.
        name: The file's name.
        voice: Who speaks.
        encoding: One of `ENCODINGS`.
        tag: The stream's; empty for none.
        parameters: The stream's `customParameters`; `None` for none.
        fast: Send all of it at once, and not as it passes.
        place: `file:line`.
    """

    say: str = ""
    file: bytes = field(default=b"", repr=False)
    name: str = ""
    voice: str = ""
    encoding: str = "PCM16"
    tag: str = ""
    parameters: dict[str, str] | None = None
    fast: bool = False
    place: str = ""


@frozen(kw_only=True)
class Pause:
    """Waits before the next step."""

    ms: int


@frozen(kw_only=True)
class Close:
    """Closes the connection; without a code it breaks."""

    code: int | None = NORMAL
    reason: str = ""


Step = SendText | SendSound | Pause | Close


@frozen(kw_only=True)
class Reaction:
    """What a peer does when something comes; exactly one of the conditions is given.

    Attributes:
        text: A text message that is this.
        contains: A text message that contains this.
        regex: A text message in which this is found.
        json: A text message whose JSON contains this.
        heard: Words that were heard, in which this is found.
        media: A stream that starts (`start`) or stops (`stop`).
        steps: What is done then.
        times: How often; `None` is always.
    """

    text: str | None = None
    contains: str | None = None
    regex: re.Pattern[str] | None = None
    json: Any = None
    heard: re.Pattern[str] | None = None
    media: str | None = None
    steps: tuple[Step, ...] = ()
    times: int | None = None


@frozen(kw_only=True)
class PeerPlan:
    """What a declared peer does.

    Attributes:
        open: After the connection has been opened.
        when: What it reacts to, in order; the first that matches is done.
        echo: Whether it sends media back as it came.
        protocol: The subprotocol that it takes; the first that is offered when this is empty.
    """

    open: tuple[Step, ...] = ()
    when: tuple[Reaction, ...] = ()
    echo: bool = False
    protocol: str = ""

    def steps(self) -> Sequence[Step]:
        """Every step that there is."""
        return (*self.open, *(step for reaction in self.when for step in reaction.steps))


@frozen(kw_only=True)
class Refused:
    """There is no connection."""

    why: str


class StreamOptions(TypedDict, total=False):
    """How sound is sent, as a stream of its own.

    Attributes:
        encoding: One of `ENCODINGS`; `PCM16` without it.
        tag: The stream's; none without it.
        parameters: The stream's `customParameters`.
        fast: Send all of it at once, and not as it passes.
        then: Called when all of it has passed.
    """

    encoding: str
    tag: str
    parameters: dict[str, str] | None
    fast: bool
    then: Callable[[], object]


class PeerConnection(ABC):
    """A connection, for the class of a peer."""

    @property
    @abstractmethod
    def request(self) -> Request:
        """What was asked for: the URL and the headers."""

    @abstractmethod
    def send(self, message: str | bytes) -> None:
        """Sends a message; nothing when the connection is closed."""

    def send_json(self, value: Any) -> None:
        """Sends a value as JSON text."""
        self.send(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    @abstractmethod
    def say(self, text: str, *, voice: str = "", **options: Unpack[StreamOptions]) -> None:
        """Speaks a text into a stream."""

    @abstractmethod
    def play(self, data: bytes, name: str = "sound", **options: Unpack[StreamOptions]) -> None:
        """Plays the bytes of a sound file into a stream."""

    @abstractmethod
    def send_back(self, frame: dict[str, Any]) -> None:
        """Sends a frame of media back, as an echo."""

    @abstractmethod
    def later(self, ms: int, call: Callable[[], object]) -> None:
        """Calls a function after a time of the session's clock, if the connection is open then."""

    @abstractmethod
    def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Closes the connection."""

    @abstractmethod
    def drop(self) -> None:
        """Breaks the connection, without a word."""


class Peer:
    """The far end of a connection; a subclass says what it does.

    Attributes:
        connection: What it does it with.
        protocol: The subprotocol that it takes; the first that is offered when this is empty.
    """

    connection: PeerConnection
    protocol = ""

    def opened(self) -> None:
        """The connection is open."""

    def text(self, text: str) -> None:
        """A text message came that is no frame of media."""

    def bytes(self, data: bytes) -> None:
        """A binary message came."""

    def media(self, frame: dict[str, Any]) -> None:
        """A frame of media came: `event` is `start`, `media` or `stop`."""

    def heard(self, text: str) -> None:
        """Somebody spoke, and has paused."""

    def closed(self, code: int, reason: str) -> None:
        """The other side closed the connection."""


SocketAnswer = Answer[Request, PeerPlan | Refused | Callable[[], Peer]]


@frozen(kw_only=True)
class SocketClient:
    """A client that connects to the session's access URL.

    Attributes:
        at_ms: When, from the start of the run.
        session: To which session: its number in the run, or the identifier of its conference.
        path: What follows the access URL's own path.
        headers: Of its request.
        plan: What it does.
    """

    at_ms: int
    session: int | str = 1
    path: str = ""
    headers: Headers = ()
    plan: PeerPlan
