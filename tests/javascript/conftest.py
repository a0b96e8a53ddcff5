"""A runtime with a few objects of Python in it."""

from __future__ import annotations

import pytest

from voxrt.javascript import Runtime
from voxrt.session.values import PlatformObject


class Bell(PlatformObject):
    """A platform object that tests ring."""

    _platform_name = "Bell"
    _writable = ("onring",)

    def __init__(self) -> None:
        self.tone = "ding"
        self.onring = None
        self._rung = []

    def ring(self, times=1, *, loud=False):
        """Keeps what it was given."""
        self._rung.append(times)
        return times

    def add(self, a, b):
        """Needs both."""
        return [a, b]

    def myself(self):
        """The bell."""
        return self

    def fail(self, error):
        """Raises what a test has put there."""
        raise self._error

    def toString(self):
        """What String() shows."""
        return "Bell!"

    def toJSON(self):
        return {"tone": self.tone}


class BigBell(Bell):
    """One that the platform derives from the other."""

    _platform_name = "BigBell"
    _writable = ("size",)
    size = 3

    def boom(self):
        """Something of its own."""
        return "boom"


@pytest.fixture
def rejections():
    """The reasons of the promises that nobody handled, in order."""
    return []


@pytest.fixture
def runtime(rejections):
    """A runtime with `bell`, `big`, their classes, and `echo`."""
    made = Runtime(
        run=lambda step: step(),
        rejected=rejections.append,
        look=lambda: None,
        memory_bytes=16 << 20,
        seed=1,
    )
    made.bell = Bell()
    made.define(
        {
            "bell": made.bell,
            "big": BigBell(),
            "Bell": Bell,
            "BigBell": BigBell,
            "echo": lambda value: value,
        }
    )
    yield made
    made.close()


@pytest.fixture
def js(runtime):
    """`js(source)` evaluates a script and gives the value of its last expression."""
    return lambda source: runtime.evaluate(source, "test.js")
