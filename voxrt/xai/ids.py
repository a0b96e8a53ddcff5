"""Identifiers in the shapes that the service uses, from seeded randomness."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    import random


@frozen
class Ids:
    """Makes identifiers that look random and repeat with the seed."""

    _rng: random.Random

    def uuid(self) -> str:
        """A UUID of version 4, as of events, items, replies and conversations."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def session(self) -> str:
        """32 hexadecimal digits."""
        return self.uuid().replace("-", "")

    def calls(self, count: int) -> list[str]:
        """Call ids of one reply: `call-<uuid>-0`, `-1`, …"""
        stem = self.uuid()
        return [f"call-{stem}-{index}" for index in range(count)]

    def secret(self) -> str:
        """An ephemeral client secret."""
        return f"xai-realtime-client-secret-{self.session()}"
