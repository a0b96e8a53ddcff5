"""Calls a scenario's function the way the platform's language would.

JavaScript ignores arguments that a function does not take: `def on_end(): ...` is a good handler
of an event, and so is one with a default argument of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache, partial
from types import CodeType
from typing import Any


@lru_cache(maxsize=4096)
def _positional(code: CodeType) -> int | None:
    """How many positional arguments a code object takes; `None` for any number."""
    return None if code.co_flags & inspect.CO_VARARGS else code.co_argcount


def fitting(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments that the function can take: surplus ones are dropped."""
    if isinstance(function, partial):
        bound = len(function.args)
        return fitting(function.func, (*function.args, *arguments))[bound:]
    plain = getattr(function, "__func__", function)
    if not hasattr(plain, "__code__") and not isinstance(plain, type):
        plain = getattr(type(plain), "__call__", plain)  # noqa: B004 - its function
    code = getattr(plain, "__code__", None)
    takes = None if code is None else _positional(code)
    if takes is None:  # any number, or a class or a builtin, which knows best
        return arguments
    return arguments[: takes - (plain is not function)]
