"""The connection between a connector and its provider, as a small interface.

A link carries text frames both ways. Beside an outgoing audio frame travel the words that were
audible in it, and beside an incoming one the part of an utterance that it is; only a link within
the process can carry these, a real network drops them.

What a link tells its user is, in this order: `link_opened` or `link_refused` once; frames while it
is open; `link_closed` once. A link that its user closes tells nothing any more, at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from voxrt.media.hearing import HeardWord
from voxrt.xai.messages import APPEND_HEAD
from voxrt.xai.standin import SpokenSpan


def carries_audio(frame: str | bytes) -> bool:
    """Whether a frame to the provider is the caller's sound."""
    return isinstance(frame, bytes) or frame.startswith(APPEND_HEAD)


class LinkUser(Protocol):
    """The connector's end: told what happens to the connection, on the run's clock."""

    def link_opened(self) -> None:
        """The provider accepted the connection."""

    def link_refused(self, why: str) -> None:
        """There will be no connection: nobody answered, or not as a provider does.

        Args:
            why: `HTTP 401: ...` with the body of a refusal, or what the network said.
        """

    def link_text(self, text: str, speech: SpokenSpan | None) -> None:
        """A text frame arrived."""

    def link_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """A binary frame arrived."""

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The open connection is gone; 1006 when it broke without a word."""


class Link(ABC):
    """One connection to a provider.

    Attributes:
        url: Its address, as a link's file has it; empty before `open`.
        private: Whether nothing of it is recorded; known before `open`.
    """

    url: str = ""
    private: bool = False

    @abstractmethod
    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        """Begins to connect; the user is told how it went."""

    @abstractmethod
    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        """Sends a frame; one that comes before the connection is open waits for that.

        Returns:
            False when it was dropped: the link is closed, or it is audio and too much of it waits.
        """

    def may_wait(self, until_us: int) -> bool:
        """Whether silence may come later, with what follows it: the other end does nothing of it.

        Args:
            until_us: When the silence in question is over, in microseconds of the run.
        """
        return False

    @abstractmethod
    def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes the connection, or ends the attempt at one; harmless when it is closed."""
