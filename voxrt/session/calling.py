"""Calls a scenario's function the way the platform's language would.

JavaScript ignores arguments that a function does not take: `def on_end(): ...` is a good handler
of an event, and so is one with a default argument of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any


@lru_cache(maxsize=4096)
def _positional(code: CodeType) -> int | None:
    """How many positional arguments a code object takes; `None` for any number."""
    return None if code.co_flags & inspect.CO_VARARGS else code.co_argcount


def fitting(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments that the function can take: surplus ones are dropped."""
    plain = getattr(function, "__func__", function)
    code = getattr(plain, "__code__", None)
    if code is None:  # a class, a partial, a builtin: it knows best
        return arguments
    takes = _positional(code)
    if takes is None:
        return arguments
    return arguments[: takes - (plain is not function)]
