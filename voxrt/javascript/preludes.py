"""Code of ours in a runtime: the session's timers, its dates, texts for locales, settings of menus.

Each file of `prelude/` is a function expression, which is called with the functions of the host:
before any script, when the platform's name has come that it is about, or (`intl.js`, which few
scenarios need) when a script asks for what is in it. They are compiled once for the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any, NoReturn

from voxrt.errors import NotEmulatedError
from voxrt.javascript import intl
from voxrt.javascript.errors import OURS
from voxrt.javascript.runtime import Compiled, Runtime

FILES = ("timers.js", "dates.js")
#: What runs when a module has unlocked a name.
BY_NAME = {"IVRState": "ivr.js"}

_compiled: dict[str, Compiled] = {}


def run_preludes(runtime: Runtime, *, now_ms: Callable[[], float]) -> None:
    """Gives a runtime its timers and dates; the platform's globals are defined.

    Args:
        runtime: A new one.
        now_ms: The session's time, in ms since 1970.
    """

    def load_intl() -> dict[str, Any]:
        return {"make": _function(runtime, "intl.js"), "host": INTL}

    host = {"now": now_ms, "loadIntl": load_intl}
    for file in FILES:
        _function(runtime, file)(host)


def run_preludes_of(runtime: Runtime, names: Iterable[str]) -> None:
    """Completes names of the platform that have just been defined."""
    for name in names:
        if name in BY_NAME:
            _function(runtime, BY_NAME[name])({})


def _function(runtime: Runtime, file: str) -> Any:
    """The function that a file of `prelude/` is, in a runtime."""
    if file not in _compiled:
        source = (files("voxrt.javascript") / "prelude" / file).read_text(encoding="utf-8")
        _compiled[file] = runtime.compile(source, f"{OURS}{file}", shown=False)
    return runtime.run_compiled(_compiled[file])


def _not_emulated(name: str) -> NoReturn:
    raise NotEmulatedError(
        f"{name} is part of JavaScript, but voxrt does not emulate it",
        hint="docs/javascript-scenarios.md says what of Intl there is.",
    )


#: What `intl.js` asks Python for.
INTL: dict[str, Callable[..., Any]] = {
    "formatDate": intl.format_date,
    "resolvedDate": intl.resolved_date,
    "formatNumber": intl.format_number,
    "resolvedNumber": intl.resolved_number,
    "supportedLocales": intl.supported_locales,
    "notEmulated": _not_emulated,
}
