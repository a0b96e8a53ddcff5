"""The platform's side of a runtime: its objects in the script, and what the script asks of them.

The engine calls `call`, `missing` and `global_value`; each answers through a struct of the core.
Whatever a method of the platform raises becomes an error of the script, and is found again by its
number when nobody there catches it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any

from attrs import define

from voxrt._native import ffi, lib
from voxrt.errors import LimitError, NoSuchMemberError, ScenarioTypeError, VoxrtError
from voxrt.javascript import members
from voxrt.javascript.codec import NULL, UNDEFINED, Codec, is_small_number
from voxrt.javascript.errors import JavaScriptError
from voxrt.javascript.intl_locales import ScenarioRangeError
from voxrt.session.values import PlatformObject

UNDEFINED_ANSWER, BOOL, NUMBER, PACKED, KEEP = (
    lib.VX_JS_ANSWER_UNDEFINED,
    lib.VX_JS_ANSWER_BOOL,
    lib.VX_JS_ANSWER_NUMBER,
    lib.VX_JS_ANSWER_PACKED,
    lib.VX_JS_ANSWER_KEEP,
)  # looked up once: each call of the platform answers
#: An array without anything in it, packed, in bytes.
NO_ARGUMENTS = 5

#: So many exceptions of the platform can be found again when the script did not catch them.
REMEMBERED = 256


@define(eq=False)
class Made:
    """A global whose value code of ours in the runtime makes, when the script first reads it.

    Args:
        make: Runs that code: gives a function of the script that returns the value.
    """

    _make: Callable[[], Any]
    _maker: Any = None

    def maker(self) -> Any:
        """The function that returns the value, the same one each time."""
        if self._maker is None:
            self._maker = self._make()
        return self._maker


class Host:
    """The objects of one runtime, by number, and their members.

    Args:
        engine: The runtime in the core, a `vx_js *`.
        codec: Packs values.
    """

    def __init__(self, engine: Any, codec: Codec) -> None:
        self._engine = engine
        self._codec = codec
        self._objects: list[Any] = []
        self._handles: dict[int, int] = {}
        self._classes: dict[type, int] = {}
        self._bound: dict[tuple[int, int], tuple[Callable[..., Any], members.Parameters]] = {}
        self._globals: list[tuple[str, Any]] = []
        self._exceptions: OrderedDict[int, tuple[BaseException, str]] = OrderedDict()
        self._called: tuple[int, int] | None = None
        self._exception_count = 0
        self._answered = b""  # what the core is still reading
        self.stop: BaseException | None = None
        """What has to go through the script uncaught, such as an interruption."""
        self.last_missing: NoSuchMemberError | None = None
        """The member that was looked up last of those that the platform does not have."""

    # --- objects --------------------------------------------------------------------------------

    def object_at(self, handle: int) -> Any:
        """The object of a number."""
        return self._objects[handle]

    def handle_of(self, value: Any) -> int:
        """The number of an object, a class or a function; a new one becomes known to the script."""
        handle = self._handles.get(id(value))
        if handle is not None:
            return handle
        handle = len(self._objects)
        name, number, flags = self._kind(value)
        if lib.vx_js_object(self._engine, handle, number, flags, name.encode()) < 0:
            raise MemoryError(f"there is no memory for {name} in the script")
        self._objects.append(value)
        self._handles[id(value)] = handle
        return handle

    def _kind(self, value: Any) -> tuple[str, int, int]:
        """Its name, the number of its class (-1 for none), and flags."""
        if isinstance(value, type) and issubclass(value, PlatformObject):
            name = str(getattr(value, "_platform_name", "") or value.__name__)
            return name.rpartition(".")[2], self._class(value), lib.VX_JS_CLASS
        if callable(value):
            flags = lib.VX_JS_CALLABLE | (lib.VX_JS_TEXT if members.takes_text(value) else 0)
            return getattr(value, "__name__", type(value).__name__), -1, flags
        flags = lib.VX_JS_LISTED if getattr(value, "_listed", ()) else 0
        return type(value).__name__, self._class(type(value)), flags

    def _class(self, cls: type) -> int:
        number = self._classes.get(cls)
        if number is None:
            above = members.parent(cls)
            parent = -1 if above is None else self._class(above)
            number = self._classes[cls] = len(self._classes)
            if lib.vx_js_class(self._engine, number, parent, members.table(cls)) < 0:
                raise MemoryError(f"there is no memory for the class {cls.__name__}")
        return number

    # --- globals --------------------------------------------------------------------------------

    def define(self, names: Mapping[str, Any]) -> None:
        """Adds globals; the engine asks for a value when the script reads its name.

        Args:
            names: The values by name, or by a path such as `Number.prototype.toLocaleString`.
        """
        self._globals += names.items()
        packed = self._codec.pack(list(names))
        lib.vx_js_globals(self._engine, packed, len(packed))

    def global_value(self, index: int, answer: Any) -> None:
        """The value of a global that is read for the first time."""
        try:
            value = self._globals[index][1]
            if type(value) is Made:
                maker = self._codec.pack(value.maker())
                self._answer_packed(answer, lib.VX_JS_ANSWER_CALL, maker)
            else:
                self._answer(answer, value, keep=True)
        except BaseException as error:
            self._answer_error(answer, error)

    # --- members --------------------------------------------------------------------------------

    def call(self, handle: int, member: int, data: Any, size: int, answer: Any) -> None:
        """Calls a method of an object, or the object itself when there is no member."""
        self._called = handle, member
        try:
            function, parameters = self._bound.get((handle, member)) or self._bind(handle, member)
            if size > NO_ARGUMENTS:
                arguments = self._codec.unpack(ffi.buffer(data, size))
                if self._codec.saw_undefined or parameters.least > len(arguments):
                    arguments = _fill(arguments, parameters)
                if parameters.most is not None and len(arguments) > parameters.most:
                    del arguments[parameters.most :]  # as in the script's own language
                value = function(*arguments)
            elif parameters.least:
                value = function(*_fill([], parameters))
            else:
                value = function()
            self._answer(answer, value)
        except BaseException as error:
            self._answer_error(answer, error)

    def callee(self) -> str:
        """The name of the function that the script has called last, as the script writes it."""
        if self._called is None:
            return ""
        handle, member = self._called
        if member >= 0:
            return members.NAMES[member]
        return str(getattr(self._objects[handle], "__name__", ""))

    def _bind(self, handle: int, member: int) -> tuple[Callable[..., Any], members.Parameters]:
        if member < 0:
            function = self._objects[handle]
            made = isinstance(function, type) and issubclass(function, PlatformObject)
            if made and not function._is_made_by_scripts:
                name = self._kind(function)[0]
                raise ScenarioTypeError(
                    f"a scenario cannot make a {name} itself", hint="The platform hands it over."
                )
        else:
            name = members.NAMES[member]
            owner = self._objects[handle] if handle >= 0 else self._namespace_of(name)
            if owner is None:
                raise TypeError(f"{name} was called without its object")
            function = members.accessor(owner, name) or getattr(owner, name, None)
            if not callable(function):
                raise TypeError(f"{name} was called without its object")
        found = self._bound[handle, member] = function, members.parameters_of(function)
        return found

    def _namespace_of(self, name: str) -> PlatformObject | None:
        """The global object that has this method: as the one of its class it works without it."""
        for _, value in self._globals:
            cls: type = type(value)
            if isinstance(value, PlatformObject) and name in members.methods(cls):
                return value
        return None

    def missing(self, handle: int, name: str, answer: Any) -> None:
        """Answers for a property that an object does not have in the script."""
        try:
            owner = self._objects[handle]
            if name.startswith("_") or isinstance(owner, type):
                return
            if name in getattr(owner, "_listed", ()):
                return  # the script has deleted it
            try:
                value = members.value_of(owner, name)
            except NoSuchMemberError as error:
                self.last_missing = error.with_traceback(None)
            except AttributeError:
                pass  # as any object of the language
            else:
                if isinstance(value, MethodType) and value.__self__ is owner:
                    return  # the platform's methods are there already; this one is ours
                lasts = getattr(owner, "_is_constant", False) or not isinstance(value, str | int)
                self._answer(answer, value, keep=lasts and value is not None and value is not NULL)
        except BaseException as error:
            self._answer_error(answer, error)

    def own(self, handle: int, name: str | None, answer: Any) -> None:
        """Answers for a member of an object that lists them; without a name for all of them."""
        try:
            owner = self._objects[handle]
            if name is None:
                self._answer(answer, owner.toJSON())
            elif name in owner._listed:
                self._answer(answer, getattr(owner, name))
        except BaseException as error:
            self._answer_error(answer, error)

    # --- answers --------------------------------------------------------------------------------

    def _answer(self, answer: Any, value: Any, *, keep: bool = False) -> None:
        if value is NULL:
            self._answer_packed(answer, PACKED, self._codec.pack(None))
        elif keep:
            self._answer_packed(answer, KEEP, self._codec.pack(value))
        elif value is None:
            answer.kind = UNDEFINED_ANSWER
        elif type(value) is bool:
            answer.kind, answer.number = BOOL, value
        elif is_small_number(value):
            answer.kind, answer.number = NUMBER, value
        else:
            self._answer_packed(answer, PACKED, self._codec.pack(value))

    def _answer_packed(self, answer: Any, kind: int, packed: bytes) -> None:
        self._answered = packed
        answer.kind, answer.len = kind, len(packed)
        answer.data = ffi.from_buffer(packed)

    def _answer_error(self, answer: Any, error: BaseException) -> None:
        if isinstance(error, Exception):
            packed = self._codec.pack_error(self.error_fields(error))
            self._answer_packed(answer, lib.VX_JS_ANSWER_THROW, packed)
        else:
            self.stop = error
            answer.kind = lib.VX_JS_ANSWER_STOP

    # --- errors ---------------------------------------------------------------------------------

    def error_fields(self, error: BaseException) -> dict[str, Any]:
        """What the script's error has, that stands for an exception of Python."""
        if isinstance(error, JavaScriptError) and error.slot >= 0:
            return {"slot": error.slot}
        if isinstance(error, VoxrtError):
            error = error.with_traceback(None)  # it points into our code, and keeps it alive
        self._exception_count += 1
        self._exceptions[self._exception_count] = error, self.callee()
        if len(self._exceptions) > REMEMBERED:
            self._exceptions.popitem(last=False)
        fields = {"name": _error_class(error), "message": str(error)}
        if isinstance(error, VoxrtError):
            fields |= {"message": error.message, "code": error.code}
        return {**fields, "number": self._exception_count}

    def exception_at(self, number: int) -> BaseException | None:
        """The exception that an error of the script stands for."""
        return self._exceptions.get(number, (None, ""))[0]

    def callee_at(self, number: int) -> str:
        """The platform's function that raised it; empty when it came from no call."""
        return self._exceptions.get(number, (None, ""))[1]


def _error_class(error: BaseException) -> str:
    if isinstance(error, LimitError | ScenarioRangeError):
        return "RangeError"
    return "TypeError" if isinstance(error, TypeError | NoSuchMemberError) else "Error"


def _fill(arguments: list[Any], parameters: members.Parameters) -> list[Any]:
    """The arguments with defaults for those given as `undefined`, and for those that are missing.

    A missing argument without a default is None, which the platform's functions know to refuse.
    """
    for at, value in enumerate(arguments):
        if value is UNDEFINED:
            default = at - parameters.least
            known = 0 <= default < len(parameters.defaults)
            arguments[at] = parameters.defaults[default] if known else None
    return arguments + [None] * (parameters.least - len(arguments))
