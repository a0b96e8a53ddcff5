"""Finds conversation files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from voxrt.errors import UsageError
from voxrt.testing.conversation_file import SUFFIXES

#: Folders that hold what others wrote.
SKIPPED = ("node_modules", "dist", "build", "runs", "__pycache__")


def find_conversations(paths: Iterable[Path]) -> list[Path]:
    """The conversation files that are named, or lie in folders that are named, at any depth.

    Args:
        paths: Files, whatever they are called, and folders.

    Returns:
        The files in the order of the arguments, those of a folder by name; each once.

    Raises:
        UsageError: There is no such file or folder, or a folder has no conversation.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            inside = list(_inside(path))
            if not inside:
                raise UsageError(
                    "there is no conversation in this folder.",
                    hint=f"The names of conversation files end in {SUFFIXES[0]}.",
                    file=str(path),
                )
            found |= dict.fromkeys(inside)
        else:
            raise UsageError("there is no such file or folder.", hint=_near(path), file=str(path))
    return list(found)


def _inside(folder: Path) -> Iterable[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith("."))
        for file in sorted(files):
            if file.endswith(SUFFIXES):
                yield Path(root) / file


def _near(path: Path) -> str:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return ""
    close = get_close_matches(path.name, names, n=1)
    return f"Did you mean {path.parent / close[0]}?" if close else ""
