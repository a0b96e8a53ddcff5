"""The files that make an editor know the platform's names in a folder of scenarios.

`__builtins__.pyi` makes Pyright and Pylance treat the platform's names as builtins; the copies
below `typings/`, where both look by default, let them find the names even when their Python
environment has no voxrt, or has it as an editable install, which they cannot see into.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from voxrt.errors import UsageError

BUILTINS_NAME = "__builtins__.pyi"
STUBS_FOLDER = Path("typings") / "voxrt" / "platform"

BUILTINS_TEXT = """\
# The globals of a VoxEngine scenario, for Pyright and Pylance: they treat the names in this file
# as builtins in every file below its folder. Written by `voxrt stubs`.
from voxrt.platform import *
"""


def write_editor_files(folder: Path) -> list[Path]:
    """Writes them; those of an older version are replaced.

    Returns:
        The files, in the order of writing.

    Raises:
        UsageError: The folder is missing or not writable, or has a `__builtins__.pyi` of its own.
    """
    if not folder.is_dir():
        raise UsageError("there is no such folder.", file=str(folder))
    builtins = folder / BUILTINS_NAME
    if builtins.exists() and "`voxrt stubs`" not in builtins.read_text("utf-8", "replace"):
        raise UsageError(
            "this file exists already, and it is not from `voxrt stubs`.",
            hint="Add `from voxrt.platform import *` to it by hand.",
            file=str(builtins),
        )
    texts = {builtins: BUILTINS_TEXT}
    for source in sorted((files("voxrt") / "platform").iterdir(), key=lambda entry: entry.name):
        if source.name.endswith(".pyi"):
            texts[folder / STUBS_FOLDER / source.name] = source.read_text(encoding="utf-8")
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"the file cannot be written: {error.strerror or error}.", file=str(path)
        ) from None
    return list(texts)
