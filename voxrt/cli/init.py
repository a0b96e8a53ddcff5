"""`voxrt init`: a project to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def init(
    folder: Annotated[Path, Parameter(name="DIR", help="Where; this folder by default.")] = Path(),
) -> int:
    """Write a scenario with its tests, to begin with.

    A voice agent in JavaScript, what its agent says in tests, a caller, a test in YAML, one in
    Python, and a workflow for GitHub. No file that is there already is touched.
    """
    from voxrt.cli.exits import OK
    from voxrt.cli.terminal import say
    from voxrt.testing.starting import write_starter

    for path in write_starter(folder):
        say(f"wrote {path}")
    say("")
    say(f"voxrt test {folder / 'tests'}")
    say(
        f"voxrt run {folder / 'hello.js'} --caller {folder / 'caller.yaml'} "
        f"--agent {folder / 'agent.yaml'}"
    )
    return OK
