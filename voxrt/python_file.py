"""Files that users write in Python instead of YAML: a caller, an agent, answers, a check."""

from __future__ import annotations

import runpy
import traceback
from pathlib import Path
from typing import Any

from voxrt.errors import DocumentError, VoxrtError


def run_file(path: Path) -> dict[str, Any]:
    """Runs a file and returns its names.

    Raises:
        DocumentError: It is not there, is not Python, or raised something; with the line.
        VoxrtError: It made something of ours wrongly, which says so itself.
    """
    if not path.is_file():
        raise DocumentError("there is no such file", file=str(path))
    try:
        return runpy.run_path(str(path))
    except SyntaxError as error:
        raise DocumentError(
            f"not valid Python: {error.msg}", file=str(path), line=error.lineno
        ) from None
    except VoxrtError:
        raise
    except Exception as error:
        raise raised_in(path, error) from error


def raised_in(path: Path, error: Exception) -> DocumentError:
    """An exception of the code of a file, as an error at the file's line."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return DocumentError(
        f"{type(error).__name__}: {error}", file=str(path), line=lines[-1] if lines else None
    )
