"""Output to the terminal or to a pipe."""

from __future__ import annotations

import sys

from rich.console import Console


def say(text: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def make_console() -> Console:
    """The console for styled output: colours on a terminal, plain in a pipe or with NO_COLOR."""
    return Console(highlight=False, markup=False, emoji=False)
