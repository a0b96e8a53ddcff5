"""What of a Python class a script can see, by declaration.

The public names of a `PlatformObject` are the platform's, and a script gets exactly these. Names
are numbered once for the process: by its number the engine says which member was called.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import msgspec
from attrs import frozen

from voxrt._native import ffi, lib
from voxrt.javascript.codec import NULL

#: The names of members by number.
NAMES: list[str] = []
_NUMBERS: dict[str, int] = {}

#: Before the name of a property, the names of what reads it and what sets it.
GET, SET = "get ", "set "

_HAS_VARARGS = 0x04  # of a code object's flags


@cache
def methods(cls: type) -> dict[str, Callable[..., Any]]:
    """The public methods of a class, inherited ones included, by name."""
    # A name with an underscore is in our style, for other rooms; the platform has very few.
    underscored = getattr(cls, "_underscored", ())
    found = {
        name: getattr(cls, name) for name in dir(cls) if "_" not in name or name in underscored
    }
    return {name: value for name, value in found.items() if isinstance(value, FunctionType)}


@cache
def properties(cls: type) -> tuple[str, ...]:
    """The attributes that a script may set: those that the class and its bases declare."""
    declared = [name for base in cls.__mro__ for name in vars(base).get("_writable", ())]
    return tuple(dict.fromkeys(declared))


@cache
def numbered(cls: type) -> dict[str, int]:
    """The numbers of the public members of a class, as the engine is told them."""
    numbers = {
        name: _number(name) | (lib.VX_JS_MEMBER_TEXT if takes_text(method) else 0)
        for name, method in methods(cls).items()
    }
    for name in properties(cls):
        numbers[name] = _number(GET + name) | lib.VX_JS_MEMBER_PROPERTY
        _number(SET + name)  # the next one
    return numbers


@cache
def table(cls: type) -> Any:
    """The same for the core, a `vx_js_members *`."""
    packed = msgspec.msgpack.encode(numbered(cls))
    made = lib.vx_js_members_new(packed, len(packed))
    if made == ffi.NULL:
        raise MemoryError(f"there is no memory for the class {cls.__name__}")
    return ffi.gc(made, lib.vx_js_members_free)


def accessor(owner: Any, name: str) -> Callable[..., Any] | None:
    """What reads or sets a declared property of an object; None when the name is a method's."""
    if name.startswith(GET):
        return lambda: value_of(owner, name.removeprefix(GET))
    if name.startswith(SET):
        return lambda value=None: setattr(owner, name.removeprefix(SET), value)
    return None


def value_of(owner: Any, name: str) -> Any:
    """The value of an attribute: `NULL` for nothing in one that is `null` on the platform."""
    value = getattr(owner, name)
    return NULL if value is None and name in getattr(owner, "_nullable", ()) else value


def _number(name: str) -> int:
    if name not in _NUMBERS:
        _NUMBERS[name] = len(NAMES)
        NAMES.append(name)
        if len(NAMES) > lib.VX_JS_MAX_MEMBER:
            raise AssertionError("the platform has more members than the engine can number")
    return _NUMBERS[name]


def takes_text(function: Callable[..., Any]) -> bool:
    """Whether a function was marked with `voxrt.session.values.shows`."""
    plain = getattr(function, "__func__", function)
    return bool(getattr(plain, "__dict__", {}).get("shows_arguments"))


@cache
def parent(cls: type) -> type | None:
    """The nearest base of a class that is a class of the platform, too."""
    for base in cls.__mro__[1:]:
        if vars(base).get("_platform_name"):
            return base
    return None


@frozen
class Parameters:
    """The positional parameters of a function, `self` of a bound method not counted.

    Attributes:
        least: How many have no default.
        most: How many there are; None for any number.
        defaults: Of the last of them.
    """

    least: int
    most: int | None
    defaults: tuple[Any, ...]


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """The parameters of a function; a class or a function of C knows best itself."""
    plain = getattr(function, "__func__", None)
    return _parameters(function, 0) if plain is None else _of_method(plain)


@cache
def _of_method(plain: Callable[..., Any]) -> Parameters:
    return _parameters(plain, 1)


def _parameters(plain: Any, bound: int) -> Parameters:
    code = getattr(plain, "__code__", None)
    if code is None:
        return Parameters(0, None, ())
    count = code.co_argcount - bound
    defaults = plain.__defaults__ or ()
    any_number = code.co_flags & _HAS_VARARGS
    return Parameters(count - len(defaults), None if any_number else count, defaults)
