"""What runs in a runtime before any script: the session's timers, its dates, texts for locales.

Each file of `prelude/` is a function expression, which is called with the functions of the host.
They are compiled once for the process.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import NoReturn

from voxrt.errors import NotEmulatedError
from voxrt.javascript import intl
from voxrt.javascript.errors import OURS
from voxrt.javascript.runtime import Runtime

FILES = ("timers.js", "dates.js")

_code: dict[str, bytes] = {}


def run_preludes(runtime: Runtime, *, now_ms: Callable[[], float]) -> None:
    """Gives a runtime its timers and dates; the platform's globals are defined.

    Args:
        runtime: A new one.
        now_ms: The session's time, in ms since 1970.
    """
    host = {
        "now": now_ms,
        "formatDate": intl.format_date,
        "resolvedDate": intl.resolved_date,
        "formatNumber": intl.format_number,
        "resolvedNumber": intl.resolved_number,
        "supportedLocales": intl.supported_locales,
        "notEmulated": _not_emulated,
    }
    for file in FILES:
        if file not in _code:
            source = files("voxrt.javascript") / "prelude" / file
            _code[file] = runtime.compile(source.read_text(encoding="utf-8"), f"{OURS}{file}")
        runtime.run_code(_code[file])(host)


def _not_emulated(name: str) -> NoReturn:
    raise NotEmulatedError(
        f"{name} is part of JavaScript, but voxrt does not emulate it",
        hint="docs/javascript-scenarios.md says what of Intl there is.",
    )
