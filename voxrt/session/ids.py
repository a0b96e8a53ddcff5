"""Identifiers in the shapes that the platform uses, from the run's seeded randomness."""

from __future__ import annotations

import base64
from random import Random

from attrs import define, field

from voxrt.xai.ids import random_uuid


@define(eq=False)
class Ids:
    """Makes identifiers; the same seed gives the same ones in the same order.

    Args:
        rng: The run's source of randomness.
    """

    rng: Random
    _counter: int = field(default=0, init=False)

    def object_id(self) -> str:
        """43 characters of URL-safe base64, as objects that a script creates have."""
        return base64.urlsafe_b64encode(self.rng.randbytes(32)).decode().rstrip("=")

    def call_id(self, unix_s: int) -> str:
        """`HEX16.unix.counter`, as incoming calls have."""
        self._counter += 1
        return f"{self.rng.getrandbits(64):016X}.{unix_s}.{self._counter}"

    def session_id(self) -> int:
        """A whole number of ten digits."""
        return self.rng.randrange(1_000_000_000, 9_999_999_999)

    def hex(self, digits: int) -> str:
        """Lower-case hexadecimal digits."""
        return f"{self.rng.getrandbits(digits * 4):0{digits}x}"

    def uuid(self) -> str:
        """A version 4 UUID in lower case."""
        return random_uuid(self.rng)
