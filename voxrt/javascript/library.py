"""Finds the engine: the shared object that the package `quickjs-ng` brings.

The package is a Python wrapper of its own, which loses file names and unhandled rejections; but
its shared object exports the engine's whole C interface, and that is what `native/vx_js_*.c`
binds. The binding is to one version, so the version is pinned in `pyproject.toml` and looked at
here, before the first script runs.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from voxrt._native import ffi, lib
from voxrt.errors import UsageError

PACKAGE = "quickjs-ng"
VERSION = "0.17.0.2"
MODULE = "_quickjs"

_HINT = f"Install it with `pip install {PACKAGE}=={VERSION}`."


@cache
def load_engine() -> None:
    """Loads the engine into the process; only the first call does anything.

    Raises:
        UsageError: It is not installed, is another version, or cannot be loaded.
    """
    try:
        found = version(PACKAGE)
    except PackageNotFoundError:
        raise UsageError(
            f"JavaScript scenarios need the package {PACKAGE}, which is not installed.", hint=_HINT
        ) from None
    if found != VERSION:
        raise UsageError(
            f"JavaScript scenarios need {PACKAGE} {VERSION}, and {found} is installed.", hint=_HINT
        )
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise UsageError(f"the package {PACKAGE} has no module {MODULE}.", hint=_HINT)
    why = ffi.new("const char **")
    if lib.vx_js_load(spec.origin.encode(), why) < 0:
        reason = ffi.string(why[0]).decode(errors="replace")
        raise UsageError(
            f"the JavaScript engine at {spec.origin} is not usable: {reason}.",
            hint=f"The archived package `quickjs` has a module of the same name. {_HINT}",
        )
