"""Objects that read like the platform's and like Python's.

A scenario author writes `event.data.payload.name`; a Python programmer may write
`event["data"]["payload"]["name"]`. Both work on the objects made here. A field that is not there
reads as `None` in attribute form, as `undefined` would, and raises `KeyError` in item form.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, ItemsView, Iterable, Mapping
from typing import Any, TypeAlias

JSON: TypeAlias = Any


class Struct(dict[str, Any]):
    """A plain object: fields are attributes and items.

    A field always wins over a dict method of the same name, so `payload.items` is the field when
    there is one; use `dict.items(payload)` to iterate over such an object.
    """

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("__") and dict.__contains__(self, name):
            return dict.__getitem__(self, name)
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        self.pop(name, None)


class Envelope(Struct):
    """A connector's `data`: `customEvent` and `payload`, with the payload's fields readable on it.

    Real sessions carry the provider's message in `data.payload`; the module's reference documents
    its fields on `data` itself. Both read the same here. Only `customEvent` and `payload` are
    fields of their own, so nothing appears twice when the object is written out.
    """

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("__"):
            for fields in (self, _payload(self)):
                if dict.__contains__(fields, name):
                    return dict.__getitem__(fields, name)
        return super().__getattribute__(name)

    def __missing__(self, name: str) -> Any:
        return _payload(self)[name]

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or dict.__contains__(_payload(self), name)

    def get(self, name: str, default: Any = None) -> Any:
        """The field, of its own or of the payload; `default` when neither has it."""
        return dict.get(self, name, dict.get(_payload(self), name, default))


class NamedList(list[Struct]):
    """A list of `{key, value}` that is also read by name, such as the headers of an answer.

    Documents show a list, older ones an object: `headers["Content-Type"]` works as
    `headers[0].value` does. A name that is not there reads as `None`.

    Args:
        pairs: Names and values, in order.

    Attributes:
        named: The values by name; of a repeated name, the last.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        pairs = list(pairs)
        super().__init__(Struct(key=key, value=value) for key, value in pairs)
        self.named: dict[str, str] = dict(pairs)

    def __getitem__(self, place: Any) -> Any:
        return self.named.get(place) if isinstance(place, str) else super().__getitem__(place)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.named.get(name)


def _payload(envelope: Envelope) -> Struct:
    payload = dict.get(envelope, "payload")
    return payload if isinstance(payload, Struct) else Struct()


class PlatformObject:
    """An object with an identity, such as a call or a player; its public names are the platform's.

    A method or property without a leading underscore is part of the platform's surface, for every
    scripting language; anything else is ours.
    """

    __slots__ = ()

    #: Whether what its attributes read as never changes, as of an enum.
    _is_constant = False
    #: Whether scripts make such objects themselves, by `new`.
    _is_made_by_scripts = False
    #: Names of the platform that have an underscore.
    _underscored: tuple[str, ...] = ()

    #: The names of the members that a scenario enumerates, in the platform's order; what they are
    #: is made when they are read, and stays the same.
    _listed: Collection[str] = ()

    #: The attributes that a script may set, such as `onmessage`; others that it sets are its own.
    _writable: tuple[str, ...] = ()

    #: The attributes that are `null` in the platform's language while there is nothing in them.
    _nullable: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        # A codec would take an attrs class for a record of data, and copy it.
        if "__attrs_attrs__" in vars(cls):
            raise TypeError(f"{cls.__name__}: a platform object is no attrs class")

    def __repr__(self) -> str:
        # Python's own has an address, and would make each run another one that writes it down.
        return f"<{type(self).__name__}>"

    def toJSON(self) -> dict[str, Any]:
        """What `JSON.stringify` shows of it."""
        return {name: getattr(self, name) for name in self._listed}


def kind_of(value: Any) -> str:
    """What the platform's documentation calls a value of this type, such as `a string`."""
    if isinstance(value, PlatformObject):
        return f"a {getattr(value, '_platform_name', '') or type(value).__name__}"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return "a function" if callable(value) else f"a {type(value).__name__}"


def shows(function: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a function of the platform that shows its arguments, as a log does.

    A script's language has texts of its own for its values, and hands over these.
    """
    function.shows_arguments = True  # type: ignore[attr-defined]
    return function


def entries(mapping: Mapping[str, Any]) -> ItemsView[str, Any]:
    """The fields of an object, even of one that has a field named `items`."""
    return dict.items(mapping) if isinstance(mapping, dict) else mapping.items()


#: What stands for itself in JSON. These are tuples because every value of every message passes
#: here, and `isinstance` is several times slower with a union, or with an abstract class alone.
_SCALARS = (str, int, float, bool, type(None))
_MAPPINGS = (dict, Mapping)


#: Types whose values stay as they are. To look a type up is quick, where `isinstance` asks an
#: object for its class, which is a field like any other of a `Struct`.
_UNCHANGED: frozenset[type] = frozenset({*_SCALARS, Struct, Envelope})
_PLAIN: frozenset[type] = frozenset({str, int, bool, type(None)})
_OBJECTS: frozenset[type] = frozenset[type]((dict, Struct, Envelope))
_KEPT = (_SCALARS, Struct, NamedList, PlatformObject)


#: The platform's names of types; a boolean is no number there.
_KINDS: tuple[tuple[Any, str], ...] = (
    (type(None), "undefined"),
    (str, "a string"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    ((list, tuple), "an array"),
    (_MAPPINGS, "an object"),
)


def wrap(value: Any) -> Any:
    """A deep copy of plain JSON data in which every object is a `Struct`."""
    kind = type(value)
    if kind in _UNCHANGED:
        return value
    if kind is dict:
        return Struct(
            {
                str(key): item if type(item) in _UNCHANGED else wrap(item)
                for key, item in value.items()
            }
        )
    if isinstance(value, (_SCALARS, Struct, NamedList, PlatformObject)):
        return value
    if isinstance(value, _MAPPINGS):
        return Struct({str(key): wrap(item) for key, item in entries(value)})
    if isinstance(value, list | tuple):
        return [wrap(item) for item in value]
    return value


def plain(value: Any) -> JSON:
    """What `JSON.stringify` would see: dicts, lists, text, numbers, booleans and `None`.

    Platform objects give their public fields, functions are left out (`None` in a list), bytes
    become numbers, and numbers that JSON does not have `None`. The same value gives the same
    result in every run: no addresses, no order of a set.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in _OBJECTS:
        return {
            str(key): item if type(item) in _PLAIN else plain(item)
            for key, item in dict.items(value)
            if not callable(item)
        }
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, _MAPPINGS):
        return {str(key): plain(item) for key, item in entries(value) if not callable(item)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value, key=repr)]
    if isinstance(value, bytes | bytearray):
        return list(value)
    if isinstance(value, PlatformObject):
        return plain(value.toJSON())
    if callable(value):
        return None
    text = str(value)
    return f"[object {type(value).__name__}]" if " at 0x" in text else text


def journal_form(fields: Mapping[str, Any]) -> dict[str, JSON]:
    """An event's fields for the journal: references to platform objects are left out.

    The record names the emitting object already, and a copy of it in every event says nothing.
    """
    return {
        key: plain(value)
        for key, value in entries(fields)
        if not issubclass(type(value), PlatformObject) and not callable(value)
    }


def parameters(given: Any, keywords: Mapping[str, Any]) -> Struct:
    """The one parameter object of a platform function, given as a dict or as keywords.

    Raises:
        TypeError: `given` is neither a mapping nor `None`.
    """
    if given is None:
        return wrap(dict(keywords))  # type: ignore[no-any-return]
    if not isinstance(given, Mapping):
        raise TypeError(f"the parameters must be an object, not {kind_of(given)}")
    return wrap({**dict(entries(given)), **keywords})  # type: ignore[no-any-return]
