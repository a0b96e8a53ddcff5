"""`voxrt stubs`: lets an editor know the platform's names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def stubs(
    folder: Annotated[Path, Parameter(name="DIR", help="A folder of scenarios.")] = Path(),
) -> int:
    """Let an editor know the platform's names.

    Writes `__builtins__.pyi` and `typings/` into a folder of Python scenarios: Pyright and Pylance
    then complete and check `VoxEngine`, `Grok` and everything else in it, without an import. Run
    it again after an update of voxrt. For mypy, write `from voxrt.platform import *` under
    `if TYPE_CHECKING:`.
    """
    from voxrt.cli.exits import OK
    from voxrt.cli.terminal import say
    from voxrt.scenario.editor import write_editor_files

    for path in write_editor_files(folder):
        say(f"wrote {path}")
    return OK
