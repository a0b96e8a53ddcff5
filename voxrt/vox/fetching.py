"""How the platform reaches addresses outside of the run, as far as players need it.

A run is closed to the outside world unless something says otherwise: then every fetch fails, with
a message that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import field, frozen

from voxrt.clock import Clock


@frozen(kw_only=True)
class Fetched:
    """What came of one fetch: an answer, or an error.

    Attributes:
        status: The HTTP status of the answer; 0 when there was none.
        content_type: The header of that name; empty without one.
        body: The whole body of the answer.
        error: Why there was no answer, as a sentence; empty when there was one.
    """

    status: int = 0
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    error: str = ""


class Fetcher(Protocol):
    """Fetches what an `http:` or `https:` address names."""

    def fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        done: Callable[[Fetched], object],
    ) -> Callable[[], object]:
        """Begins a fetch.

        Args:
            method: `GET` or `POST`.
            url: The whole address.
            headers: What the scenario adds to the request.
            body: Empty for none.
            done: Called once with what came of it, as an entry of the session's clock; never
                inside this call.

        Returns:
            Gives the fetch up: `done` is not called any more. Harmless when it has been.
        """


@frozen
class ClosedWorld:
    """The outside world of a run that has none."""

    clock: Clock

    def fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        done: Callable[[Fetched], object],
    ) -> Callable[[], object]:
        """Fails, as soon as what is due has been done."""
        error = f"the outside world is closed: {url} was not fetched"
        return self.clock.call_soon(done, Fetched(error=error)).cancel
