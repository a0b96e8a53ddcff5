"""The order of the rooms: a lower one never imports a higher one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import voxrt

PACKAGE = Path(voxrt.__file__).parent

#: From the lowest to the highest; rooms in one row do not import each other either.
ORDER = (
    ("errors", "disk", "documents", "fields", "python_file", "agenda", "clock", "clocks"),
    ("media", "outside"),
    ("xai",),
    ("session",),
    ("vox",),
    ("connectors",),
    ("javascript",),
    ("legs", "scenario"),
    ("run",),
    ("replay", "imports"),
    ("show",),
    ("testing",),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}

#: In the lowest row each module may import those before it.
BASE = ORDER[0]

#: The surface that editors read: it imports nothing of the rest.
TYPING_ONLY = "platform"


def room_of(path):
    """The room of a file: the folder below the package, or the module itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".pyi").removesuffix(".py")


def imports(path):
    """(room, line) of everything of voxrt that a file imports, also inside of functions."""
    package = ("voxrt", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, (node.module,))))
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            top, *rest = name.split(".")
            if top == "voxrt" and rest and rest[0] not in {"__version__", "_native"}:
                yield rest[0], node.lineno


def allowed(room, imported):
    if room == imported:
        return True
    if room in BASE and imported in BASE:
        return BASE.index(imported) < BASE.index(room)
    return LEVEL[imported] < LEVEL[room]


FILES = sorted(
    path
    for ending in ("py", "pyi")
    for path in PACKAGE.rglob(f"*.{ending}")
    if path.parent != PACKAGE or path.stem not in {"__init__", "__main__", "_native"}
)


def test_every_room_has_its_place():
    assert len(FILES) > 80
    assert {room_of(path) for path in FILES} <= {*LEVEL, TYPING_ONLY}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_lower_room_never_imports_a_higher_one(path):
    room = room_of(path)
    if room == TYPING_ONLY:
        wrong = [at for at in imports(path) if at[0] != TYPING_ONLY]
    else:
        wrong = [at for at in imports(path) if not allowed(room, at[0])]
    assert not wrong, f"{path}: (room, line) {wrong}"


def test_the_rule_is_seen_to_be_broken(tmp_path, monkeypatch):
    """The test of the test: an import upwards is found, however it is written."""
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    path = tmp_path / "media" / "bad.py"
    path.parent.mkdir()
    path.write_text(
        "import voxrt.session.session\n"
        "from voxrt import vox, errors\n"
        "from ..run import runner\n"
        "from . import graph\n"
        "def late():\n"
        "    from voxrt.cli.main import main\n",
        encoding="utf-8",
    )
    found = list(imports(path))
    assert found == [
        ("session", 1),
        ("vox", 2),
        ("errors", 2),
        ("run", 3),
        ("media", 4),
        ("cli", 6),
    ]
    assert [room for room, _ in found if not allowed("media", room)] == [
        "session",
        "vox",
        "run",
        "cli",
    ]
