"""The starter project of `voxrt init`: a scenario, a caller, an agent, tests, and a CI file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from voxrt.errors import UsageError

#: The templates, and where each goes.
FILES: Final = {
    "hello.js.template": "hello.js",
    "agent.yaml.template": "agent.yaml",
    "caller.yaml.template": "caller.yaml",
    "hello.conversation.yaml.template": "tests/hello.conversation.yaml",
    "test_hello.py.template": "tests/test_hello.py",
    "voxrt.yml.template": ".github/workflows/voxrt.yml",
}


def write_starter(folder: Path) -> list[Path]:
    """Writes the starter project into a folder, which is made when it is not there.

    Returns:
        The files, in order.

    Raises:
        UsageError: A file is there already, or cannot be written; nothing was written then, as
            far as that could be known before.
    """
    paths = {template: folder / target for template, target in FILES.items()}
    for path in paths.values():
        if path.exists():
            raise UsageError(
                "this file is there already.",
                hint="Nothing was written; name another folder.",
                file=str(path),
            )
    templates = files("voxrt.testing") / "starter"
    for template, path in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((templates / template).read_bytes())
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"the file cannot be written: {reason}.", file=str(path)) from None
    return list(paths.values())
