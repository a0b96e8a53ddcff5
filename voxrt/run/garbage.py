"""Garbage collection during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: More than 500 sessions have that are alive at once, of some 600 each. What one leaves behind that
#: only the collector finds is some 30 objects, so that little waits for it.
LEAST_OBJECTS = 500_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Lets Python look for garbage after that many more objects at the least, not after 700.

    Looking through what a run has just made finds nothing, and took a twentieth of the time of
    many sessions at once. Settings that are rarer already, or off, stay as they are.
    """
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], LEAST_OBJECTS), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
