"""Lower rooms never import higher ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "voxrt"

#: From the lowest to the highest; rooms in one row may import one another.
ROOMS = (
    ("errors",),
    ("documents", "fields", "clock"),
    ("media",),
    ("xai",),
    ("session",),
    ("vox",),
    ("connectors",),
    ("legs", "scenario"),
    ("run",),
    ("cli",),
)
LEVEL = {room: level for level, row in enumerate(ROOMS) for room in row}


def rooms_imported(path):
    """The rooms of the package that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "voxrt" and len(parts) > 1 and parts[1] in LEVEL:
                yield node.lineno, parts[1]


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_room_has_its_place():
    found = {room_of(path) for path in PACKAGE.rglob("*.py")}
    assert found - {"__init__", "platform"} == set(LEVEL)


@pytest.mark.parametrize("room", LEVEL)
def test_a_room_imports_only_what_is_below_it(room):
    paths = [path for path in PACKAGE.rglob("*.py") if room_of(path) == room]
    assert paths
    upwards = [
        f"{path.relative_to(PACKAGE)}:{line} imports {other}"
        for path in paths
        for line, other in rooms_imported(path)
        if LEVEL[other] > LEVEL[room]
    ]
    assert upwards == []
