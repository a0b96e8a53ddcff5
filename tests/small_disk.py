"""A disk with little room: the system refuses what makes a file longer than that.

It writes the part that fits first, as it does when a disk fills up.
"""

from __future__ import annotations

import resource
from contextlib import contextmanager


@contextmanager
def room_for(most_bytes):
    """No file of this process can be made longer than that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
