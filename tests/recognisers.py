"""A recogniser for tests, as an entry point would name it."""

from __future__ import annotations

from attrs import define

from voxrt.media.recogniser import Recognised


@define
class Echo:
    """Says which language it was asked for."""

    name: str = "echo"
    rate_hz: int = 0
    slow: bool = False
    approximated: str = "an echo"
    language: str = ""

    def begin(self, task):
        self.language = task.language
        return self

    def hear(self, piece):
        pass

    def so_far(self):
        return ""

    def result(self):
        return Recognised(self.language, 0.25)
