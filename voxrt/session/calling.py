"""Calls a scenario's function the way the platform's language would.

JavaScript ignores arguments that a function does not take: `def on_end(): ...` is a good handler
of an event, and so is one with a default argument of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, lru_cache, partial
from types import CodeType, FunctionType, MethodType
from typing import Any


@lru_cache(maxsize=4096)
def _positional(code: CodeType) -> int | None:
    """How many positional arguments a code object takes; `None` for any number."""
    return None if code.co_flags & inspect.CO_VARARGS else code.co_argcount


@cache
def _of_type(kind: type) -> int | None:
    """How many arguments the objects of a type take that are called through its `__call__`."""
    code = None if issubclass(kind, type) else getattr(kind.__call__, "__code__", None)
    takes = None if code is None else _positional(code)
    return None if takes is None else takes - 1


def fitting(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments that the function can take: surplus ones are dropped."""
    if isinstance(function, partial):
        bound = len(function.args)
        return fitting(function.func, (*function.args, *arguments))[bound:]
    kind: type = type(function)
    if kind is FunctionType or kind is MethodType:
        plain = getattr(function, "__func__", function)
        code = getattr(plain, "__code__", None)
        takes = None if code is None else _positional(code)
        if takes is not None and plain is not function:
            takes -= 1
    else:
        takes = _of_type(kind)
    # A class or a builtin, and what takes any number, know best.
    return arguments if takes is None else arguments[:takes]
