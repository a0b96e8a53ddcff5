"""Between Python's values and the script's: MessagePack, with extensions for what JSON lacks.

| in Python | in the script |
|---|---|
| `None` | `undefined` as an argument or a result, `null` inside of an object or array |
| `NULL` | `null`, as a result |
| `bool`, `int`, `float`, `str` | boolean, number, string |
| `dict`, `list`, `bytes` | a copy: object, array, `Uint8Array` |
| `Envelope` | an object on which the fields of its `payload` can be read, too |
| a subclass of `list`, which has a dict `named` | an array with these properties besides |
| `datetime` | `Date` |
| `PlatformObject`, a class of them, a function | one object, always the same |
| `Promise` | a promise |
| `ScriptFunction` | the function of the script that it stands for |
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from voxrt._native import lib
from voxrt.errors import ScenarioTypeError
from voxrt.session.promise import Promise
from voxrt.session.values import Envelope, Struct

Ext = msgspec.msgpack.Ext

#: What msgspec packs as it is, and what is in it, too.
_PLAIN = frozenset({type(None), bool, int, float, str, bytes, list, dict, Struct})

#: Doubles have each whole number up to this.
_WHOLE = 2**53


class Undefined:
    """An argument that a script gave as `undefined`: the parameter's default stands for it."""

    def __bool__(self) -> bool:
        return False


UNDEFINED = Undefined()


class Null:
    """What the platform has nothing in and reads as `null`."""


NULL = Null()


class OtherValue:
    """A value of a script that means nothing to the platform, such as a promise or a symbol.

    Args:
        kind: What it is.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OtherValue) and other.kind == self.kind

    def __hash__(self) -> int:
        return hash(self.kind)

    def __str__(self) -> str:
        return f"[object {self.kind}]"


class Holder(Protocol):
    """Knows the objects of both sides by their numbers: the runtime."""

    def handle_of(self, value: Any) -> int:
        """The number of an object or function of Python, which is made known to the script."""

    def object_at(self, handle: int) -> Any:
        """The object of a number."""

    def function_at(self, slot: int) -> Any:
        """What stands for a function of the script."""

    def slot_of(self, value: Any) -> int:
        """The slot of what stands for a function; -1 when it is something else."""

    def promise_of(self, promise: Promise) -> int:
        """The number of a promise that the script will have of this one."""

    def error_from(self, fields: dict[str, Any]) -> Exception:
        """The error that the script described."""


class Codec:
    """Packs and unpacks values for one runtime.

    Args:
        holder: Knows the objects by their numbers.
    """

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._pack_other)
        self._decoder = msgspec.msgpack.Decoder(ext_hook=self._unpack_ext)
        self._handles: dict[int, Ext] = {}
        self.saw_undefined = False
        """Whether the value that was unpacked last has an `undefined` in it."""

    def pack(self, value: Any) -> bytes:
        """A value for the script; `None` is `null`."""
        try:
            return self._encoder.encode(value if type(value) is str else self._special(value))
        except (UnicodeEncodeError, OverflowError):
            return self._encoder.encode(_tamed(value))

    def unpack(self, data: Any) -> Any:
        """A value of the script, in a buffer that is not kept.

        Raises:
            ScenarioTypeError: It has a date that Python cannot hold.
        """
        self.saw_undefined = False
        try:
            return self._decoder.decode(data)
        except (msgspec.DecodeError, ValueError) as error:  # ValueError: of the year of a date
            raise ScenarioTypeError(f"a value cannot be given to the platform: {error}") from None

    def pack_error(self, fields: dict[str, Any]) -> bytes:
        """An error for the script; see `vx_js_error.c` for the fields."""
        return self._encoder.encode(Ext(lib.VX_JS_EXT_ERROR, self._encoder.encode(fields)))

    # --- what msgspec packs as something else ---------------------------------------------------

    def _special(self, value: Any) -> Any:
        """The value, with what msgspec would take for something else made to extensions.

        Arguments (a tuple), events and results of the platform have such values at their top,
        never deeper.
        """
        kind = type(value)
        if kind is Struct or kind is dict:
            if not all(type(item) in _PLAIN for item in dict.values(value)):
                return {name: self._special(item) for name, item in dict.items(value)}
        elif kind in _PLAIN:
            pass
        elif kind is tuple:
            return [self._special(item) for item in value]
        elif kind is Envelope:
            return Ext(lib.VX_JS_EXT_ENVELOPE, self._encoder.encode(value))
        elif kind is Promise:
            return _number(lib.VX_JS_EXT_PROMISE, self._holder.promise_of(value))
        elif issubclass(kind, list):
            pair = [list(value), dict(value.named)]
            return Ext(lib.VX_JS_EXT_NAMED, self._encoder.encode(pair))
        return value

    def _pack_other(self, value: Any) -> Ext | str:
        handle = self._handles.get(id(value))
        if handle is not None:
            return handle
        if isinstance(value, OtherValue):
            return str(value)
        slot = self._holder.slot_of(value)
        if slot >= 0:
            return _number(lib.VX_JS_EXT_FUNCTION, slot)
        # The holder keeps the object, so that its id stays its own.
        handle = _number(lib.VX_JS_EXT_OBJECT, self._holder.handle_of(value))
        self._handles[id(value)] = handle
        return handle

    def _unpack_ext(self, kind: int, data: memoryview) -> Any:
        if kind == lib.VX_JS_EXT_OBJECT:
            return self._holder.object_at(int.from_bytes(data))
        if kind == lib.VX_JS_EXT_FUNCTION:
            return self._holder.function_at(int.from_bytes(data))
        if kind == lib.VX_JS_EXT_UNDEFINED:
            self.saw_undefined = True
            return UNDEFINED
        if kind == lib.VX_JS_EXT_ERROR:
            return self._holder.error_from(msgspec.msgpack.decode(data))
        if kind == lib.VX_JS_EXT_BIG_INT:
            return int(bytes(data))
        return OtherValue(bytes(data).decode())


def _number(kind: int, number: int) -> Ext:
    return Ext(kind, number.to_bytes(4))


def is_small_number(value: Any) -> bool:
    """Whether a number can be handed over as a double."""
    return type(value) is float or (type(value) is int and -_WHOLE <= value <= _WHOLE)


def _tamed(value: Any) -> Any:
    """A value with what the wire does not have replaced: half surrogate pairs, huge integers."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int) and not isinstance(value, bool):
        return value if is_small_number(value) else float(value)
    if isinstance(value, dict):
        return {_tamed(str(name)): _tamed(item) for name, item in dict.items(value)}
    if isinstance(value, list | tuple):
        return [_tamed(item) for item in value]
    return value
