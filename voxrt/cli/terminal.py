"""Output to the terminal or to a pipe."""

from __future__ import annotations

import os
import sys

from rich.console import Console


def say(text: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class _Output(Console):
    """A console whose reader may go away: the run goes on and its files become complete."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        leave_pipe()


def leave_pipe() -> None:
    """Sends what is still written to standard output nowhere: its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def make_console() -> Console:
    """The console for styled output: colours on a terminal, plain in a pipe or with NO_COLOR."""
    return _Output(highlight=False, markup=False, emoji=False)
