"""`voxrt stubs`: lets an editor know the platform's names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def stubs(folder: Annotated[Path, Parameter(name="DIR", help="The folder.")] = Path()) -> int:
    """Let an editor know the platform's names.

    Writes `__builtins__.pyi` into a folder of Python scenarios. Pyright and Pylance then complete
    and check `VoxEngine`, `Grok` and everything else in them, without an import. For mypy, write
    `from voxrt.platform import *` under `if TYPE_CHECKING:`.
    """
    from voxrt.cli.exits import OK
    from voxrt.cli.terminal import say
    from voxrt.errors import UsageError
    from voxrt.scenario.builtins_stub import BUILTINS_NAME, BUILTINS_TEXT

    if not folder.is_dir():
        raise UsageError("there is no such folder.", file=str(folder))
    path = folder / BUILTINS_NAME
    if path.exists() and path.read_bytes() != BUILTINS_TEXT.encode():
        raise UsageError(
            "the file exists and says something else.",
            hint="Add `from voxrt.platform import *` to it by hand.",
            file=str(path),
        )
    try:
        path.write_text(BUILTINS_TEXT, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}.", file=str(path)) from None
    say(f"wrote {path}")
    return OK
