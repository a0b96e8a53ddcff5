"""Code of ours in a runtime: the session's timers, its dates, texts for locales, settings of menus.

Each file of `prelude/` is a function expression. When a script first reads a name that it is about
(or, of `intl.js`, which few scenarios need, what is in it), it is called with functions of the host
and returns functions that give the values. They are compiled once for the process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any, NoReturn

from voxrt.errors import NotEmulatedError
from voxrt.javascript import intl
from voxrt.javascript.errors import OURS
from voxrt.javascript.host import Made
from voxrt.javascript.runtime import Compiled, Runtime

#: What makes of a name of the platform what the script has.
BY_NAME = {"setTimeout": "timers.js", "setInterval": "timers.js", "IVRState": "ivr.js"}
#: What `dates.js` makes.
DATES = ("Date", "Intl", "Number.prototype.toLocaleString", "BigInt.prototype.toLocaleString")
#: What it needs of the language as that was before any script.
KEPT = (
    "Reflect.apply",
    "Reflect.construct",
    "Reflect.defineProperty",
    "Reflect.ownKeys",
    "Object",
    "Object.getOwnPropertyDescriptor",
    "Number.prototype.valueOf",
    "BigInt.prototype.valueOf",
    "Date",
    "Symbol",
    "WeakMap",
    "WeakMap.prototype.get",
    "WeakMap.prototype.set",
    "Math.floor",
    "Function.prototype.bind",
    "Function.prototype.call",
    "String.prototype.concat",
    "String.prototype.slice",
    "String.prototype.toLowerCase",
    "RegExp.prototype.exec",
)

_compiled: dict[str, Compiled] = {}


def define_dates(runtime: Runtime, *, now_ms: Callable[[], float]) -> None:
    """Gives a runtime the session's dates; no script has run in it.

    Args:
        runtime: A new one.
        now_ms: The session's time, in ms since 1970.
    """
    runtime.keep(KEPT)

    def load_intl() -> dict[str, Any]:
        return {"make": _function(runtime, "intl.js"), "host": INTL}

    makers: dict[str, Any] = {}

    def maker(name: str) -> Any:
        if not makers:
            host = {"now": now_ms, "loadIntl": load_intl}
            makers.update(_function(runtime, "dates.js")(host, runtime.kept()))
        return makers[name]

    runtime.define({name: Made(partial(maker, name)) for name in DATES})


def completed(runtime: Runtime, names: Mapping[str, Any]) -> dict[str, Any]:
    """Names of the platform as a runtime has them: some are completed by code of ours."""
    return {
        name: Made(partial(_maker, runtime, name, value)) if name in BY_NAME else value
        for name, value in names.items()
    }


def _maker(runtime: Runtime, name: str, value: Any) -> Any:
    return _function(runtime, BY_NAME[name])(name, value)


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
