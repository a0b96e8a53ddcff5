"""The connection between a connector and its provider, as a small interface.

A link carries text frames both ways. Beside an outgoing audio frame travel the words that were
audible in it, and beside an incoming one the part of an utterance that it is; only a link within
the process can carry these, a real network drops them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from voxrt.media.hearing import HeardWord
from voxrt.xai.standin import SpokenSpan


class LinkUser(Protocol):
    """The connector's end: told what happens to the connection, on the run's clock."""

    def link_opened(self) -> None:
        """The provider accepted the connection."""

    def link_text(self, text: str, speech: SpokenSpan | None) -> None:
        """A text frame arrived."""

    def link_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """A binary frame arrived."""

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The connection is gone, or was refused (then `reason` says how); told once."""


class Link(ABC):
    """One connection to a provider."""

    @abstractmethod
    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        """Begins to connect; the user is told how it went."""

    @abstractmethod
    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        """Sends a frame.

        Returns:
            False when it was dropped: too much waits to be sent already.
        """

    @abstractmethod
    def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes the connection; the user hears no more of it."""
