"""Identifiers in the shapes that the service uses, from seeded randomness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    import random


def random_uuid(rng: random.Random) -> str:
    """A UUID of version 4 in lower case, the one that `uuid.UUID` makes of the same 128 bits."""
    bits = rng.getrandbits(128) & ~(0xF << 76) | (4 << 76)
    text = f"{bits & ~(0x3 << 62) | (0x2 << 62):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@frozen
class Ids:
    """Makes identifiers that look random and repeat with the seed."""

    _rng: random.Random

    def uuid(self) -> str:
        """A UUID of version 4, as of events, items, replies and conversations."""
        return random_uuid(self._rng)

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
