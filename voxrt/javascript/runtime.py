"""One JavaScript runtime: the scripts of a session, in one global scope of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Any
from weakref import WeakValueDictionary

from attrs import field, frozen

from voxrt._native import ffi, lib
from voxrt.errors import NoSuchMemberError, ScenarioTypeError
from voxrt.javascript.codec import UNDEFINED, Codec
from voxrt.javascript.errors import JavaScriptError, Original, read_stack
from voxrt.javascript.host import Host
from voxrt.javascript.library import load_engine
from voxrt.session.engine import ScriptEnded
from voxrt.session.limits import CallbackTimeout, MemoryExceeded
from voxrt.session.place import ScriptFrame, running_scripts
from voxrt.session.promise import Promise
from voxrt.session.values import Struct

#: So many rejections of one callback are told one by one.
MOST_REJECTIONS = 100
#: Of a stack; the second one for a script that called the platform itself, as nearly all do.
MOST_FRAMES, FEW_FRAMES = 50, 2


@frozen
class Compiled:
    """A compiled script, for runtimes of this process.

    Attributes:
        file: What it is called in stacks.
        source: Its text; empty for one whose functions are not shown.
        code: The engine's.
    """

    file: str
    source: str = field(repr=False)
    code: bytes = field(repr=False)


class ScriptFunction:
    """A function of the script; the same function is the same object as long as Python has it.

    Calling it runs it, and the microtasks after it; what it returns is converted.

    Raises:
        JavaScriptError: It threw.
        CallbackTimeout: It computed for too long.
        MemoryExceeded: The script used too much memory.
    """

    __slots__ = ("__weakref__", "_runtime", "slot", "uses")

    def __init__(self, runtime: Runtime, slot: int) -> None:
        self._runtime = runtime
        self.slot = slot
        self.uses = 0

    def __call__(self, *arguments: Any) -> Any:
        return self._runtime.call(self.slot, arguments)

    def __del__(self) -> None:
        self._runtime.give_up(self.slot, self.uses)


class Runtime:
    """The engine, with the platform's objects in it.

    Args:
        run: Runs a function under the session's watch: its errors end the session.
        rejected: Told the reason of a rejected promise that nobody handles.
        look: Called now and then in a long computation; an exception of it stops the script.
        memory_bytes: The limit of the script's memory; 0 for none.
        seed: Of `Math.random`, 64 bits.

    It belongs to one thread. Close it at the end: objects of both sides refer to each other.

    Raises:
        UsageError: The engine is not installed, or not the right one.
    """

    def __init__(
        self,
        *,
        run: Callable[[Callable[[], Any]], Any],
        rejected: Callable[[BaseException], object],
        look: Callable[[], object],
        memory_bytes: int,
        seed: int,
    ) -> None:
        load_engine()
        self._run = run
        self._rejected = rejected
        self._look = look
        self._functions: WeakValueDictionary[int, ScriptFunction] = WeakValueDictionary()
        self._given_up: deque[tuple[int, int]] = deque()
        self._event: Any = None  # what the last function was given, for the next one
        self._killed = False
        self.originals: dict[str, Original] = {}
        """Where the places of compiled files come from, by the file's name."""
        self._texts: dict[str, str] = {}
        self._self = ffi.new_handle(self)
        made = ffi.new("vx_js **")
        host = {
            "self": self._self,
            "call": lib.vx_js_on_call,
            "missing": lib.vx_js_on_missing,
            "own": lib.vx_js_on_own,
            "global": lib.vx_js_on_global,
            "look": lib.vx_js_on_look,
            "memory_limit": memory_bytes,
            "seed": seed,
        }
        if lib.vx_js_new(ffi.new("vx_js_host *", host), made) < 0:
            raise MemoryError("there is no memory for a JavaScript runtime")
        self._engine = made[0]
        self._outcome = lib.vx_js_outcome_of(self._engine)
        self._codec = Codec(self)
        self._host = Host(self._engine, self._codec)
        self.handle_of, self.object_at = self._host.handle_of, self._host.object_at
        self.define = self._host.define

    def close(self) -> None:
        """Frees everything; harmless when done twice."""
        if not self.closed:
            lib.vx_js_free(self._engine)
            self._engine = ffi.NULL
            self._event = None
            del self._host, self._codec
            del self.handle_of, self.object_at, self.define

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return bool(self._engine == ffi.NULL)

    @property
    def used_bytes(self) -> int:
        """The memory that the script uses."""
        return 0 if self.closed else int(lib.vx_js_used(self._engine))

    @property
    def last_missing(self) -> NoSuchMemberError | None:
        """The member that the script looked up last of those that the platform does not have."""
        return None if self.closed else self._host.last_missing

    # --- running the script ---------------------------------------------------------------------

    def evaluate(self, source: str, file: str) -> Any:
        """Runs a script in the global scope.

        Args:
            source: Its text.
            file: What it is called in stacks.

        Returns:
            The value of its last expression, converted.

        Raises:
            JavaScriptError: It does not compile, or threw.
            CallbackTimeout: It computed for too long.
            MemoryExceeded: It used too much memory.
        """
        self._texts[file] = source
        return self._enter(lib.vx_js_eval, *_source(source, file))

    def compile(self, source: str, file: str, *, shown: bool = True) -> Compiled:
        """Compiles a script and does not run it.

        Args:
            source: Its text.
            file: What it is called in stacks.
            shown: Whether its functions can be read as text; else they look like the engine's own.

        Returns:
            What `run_compiled` of any runtime of this process takes.

        Raises:
            JavaScriptError: It does not compile.
        """
        code: bytes = self._enter(lib.vx_js_compile, *_source(source, file), shown)
        return Compiled(file, source if shown else "", code)

    def run_compiled(self, compiled: Compiled) -> Any:
        """Runs a compiled script; as `evaluate` does with its text."""
        if compiled.source:
            self._texts[compiled.file] = compiled.source
        return self._enter(lib.vx_js_run, compiled.code, len(compiled.code))

    def call(self, slot: int, arguments: tuple[Any, ...]) -> Any:
        """Calls a function of the script, see `ScriptFunction`."""
        if self.closed:
            return None
        if self._outcome.ended:
            raise ScriptEnded
        event = arguments[0] if len(arguments) == 1 and type(arguments[0]) is Struct else None
        if event is not None and event is self._event:
            # The handlers of an event get the same object, one after the other.
            return self._enter(lib.vx_js_call, slot, ffi.NULL, 0, lib.VX_JS_AGAIN)
        packed = self._codec.pack(arguments)
        if event is None:
            return self._enter(lib.vx_js_call, slot, packed, len(packed), 0)
        self._event = event
        return self._enter(lib.vx_js_call, slot, packed, len(packed), lib.VX_JS_REMEMBER)

    def keep(self, paths: tuple[str, ...]) -> None:
        """Keeps functions of the language, such as `Math.floor`, for code of ours; see `kept`."""
        packed = self._codec.pack(paths)
        lib.vx_js_keep(self._engine, packed, len(packed))

    def kept(self) -> dict[str, Any]:
        """By its path what `keep` has found there, whatever a script has put there since."""
        found: dict[str, Any] = self._enter(lib.vx_js_kept)
        return found

    def arm(self, budget_us: int) -> None:
        """Allows the script so much processor time from now on, in µs; 0 for any."""
        lib.vx_js_arm(self._engine, budget_us)

    def allow(self, more_us: int) -> None:
        """Allows more of it: what the host needed in between for things of its own, in µs."""
        lib.vx_js_allow(self._engine, more_us)

    def stack(self) -> tuple[ScriptFrame, ...]:
        """Where the script is, innermost first; empty when it does not run."""
        return tuple(self._frames(MOST_FRAMES))

    def place(self, files: Collection[str]) -> ScriptFrame | None:
        """The innermost frame of these files that is running; None when there is none."""
        for most in (FEW_FRAMES, MOST_FRAMES):
            for frame in self._frames(most):
                if frame.file in files:
                    return frame
        return None

    def waiting(self) -> list[ScriptFrame]:
        """The asynchronous functions that were called from here and still wait; where each begins.

        Of those that wait at the same time the first 32 are known. Functions that the script has
        called itself are not among them. The file is empty when the script hides it.
        """
        if self.closed or self._outcome.ended:
            return []
        return [self._beginning(*facts) for facts in self._enter(lib.vx_js_waiting) or ()]

    def _beginning(self, name: Any, file: Any, line: Any, column: Any) -> ScriptFrame:
        function = name if name and isinstance(name, str) else "<anonymous>"
        if not isinstance(file, str) or not isinstance(line, int) or not isinstance(column, int):
            return ScriptFrame(function, "", 0)
        if file in self.originals:
            line, column = self.originals[file](line, column)
        return ScriptFrame(function, file, line, column)

    def _frames(self, most: int) -> Iterator[ScriptFrame]:
        lib.vx_js_stack(self._engine, most)
        data = ffi.buffer(self._outcome.data, self._outcome.len)[:] if self._outcome.len else b""
        return read_stack(data.decode(), self.originals, self._texts, self._host.callee())

    def _enter(self, function: Callable[..., int], *arguments: Any) -> Any:
        while self._given_up:
            lib.vx_js_release(self._engine, *self._given_up.popleft())
        running_scripts.append(self)
        try:
            status = function(self._engine, *arguments)
            if not status:  # VX_JS_NOTHING
                return None
            outcome = self._taken() if self._outcome.len else None
        finally:
            running_scripts.pop()
        if status != lib.VX_JS_DONE:
            self._raise(status, outcome)
        if self._outcome.rejections:
            self._tell_rejections()
        return None if outcome is UNDEFINED else outcome

    def _raise(self, status: int, outcome: Any) -> None:
        if status == lib.VX_JS_STOPPED:
            stop, self._host.stop = self._host.stop, None
            raise stop or ScriptEnded
        if status == lib.VX_JS_TIME:
            raise CallbackTimeout from outcome
        if status == lib.VX_JS_MEMORY:
            if self._killed:  # told already; nothing of it runs any more
                raise ScriptEnded
            self._killed = True
            raise MemoryExceeded from outcome
        if self._outcome.rejections:
            self._tell_rejections()
        raise outcome

    def _tell_rejections(self) -> None:
        for _ in range(MOST_REJECTIONS):
            if lib.vx_js_rejection(self._engine) == lib.VX_JS_NOTHING:
                return
            self._rejected(self._taken())
        if more := self._outcome.rejections:
            lib.vx_js_forget_rejections(self._engine)
            self._rejected(JavaScriptError("", f"{more} more rejections that nobody handles"))

    def _taken(self) -> Any:
        try:
            return self._codec.unpack(ffi.buffer(self._outcome.data, self._outcome.len))
        except ScenarioTypeError:
            return None  # what a handler returns is nothing to the platform

    # --- what the codec asks --------------------------------------------------------------------

    def function_at(self, slot: int) -> ScriptFunction:
        """What stands for a function of the script, with one use of its slot more."""
        function = self._functions.get(slot)
        if function is None:
            function = self._functions[slot] = ScriptFunction(self, slot)
        function.uses += 1
        return function

    def slot_of(self, value: Any) -> int:
        """The slot of what stands for a function; -1 when it is something else."""
        if isinstance(value, ScriptFunction) and value._runtime is self:
            return value.slot
        return -1

    def give_up(self, slot: int, uses: int = 1) -> None:
        """Python does not need a slot any more; it is told when the script is entered next.

        Objects end wherever Python collects them, in another thread, too.
        """
        self._given_up.append((slot, uses))

    def error_from(self, fields: dict[str, Any]) -> JavaScriptError:
        """The error that the script described."""
        number = fields.get("number", 0)
        stack, callee = fields.get("stack", ""), self._host.callee_at(number)
        error = JavaScriptError(
            fields.get("name", ""),
            fields.get("message", ""),
            tuple(read_stack(stack, self.originals, self._texts, callee)),
            slot=fields.get("slot", -1),
            release=self.give_up,
        )
        error.__cause__ = self._host.exception_at(number)
        return error

    def promise_of(self, promise: Promise) -> int:
        """The number of a promise of the script that settles as this one does."""
        number = int(lib.vx_js_promise(self._engine))
        if number < 0:
            raise MemoryError("there is no memory for a promise")

        def settle(value: Any, error: BaseException | None) -> None:
            if not self.closed and not self._outcome.ended:
                self._run(lambda: self._settle(number, value, error))

        promise.when_settled(settle)
        return number

    def _settle(self, number: int, value: Any, error: BaseException | None) -> None:
        if error is None:
            packed = self._codec.pack(value)
        else:
            packed = self._codec.pack_error(self._host.error_fields(error))
        self._enter(lib.vx_js_settle, number, error is not None, packed, len(packed))

    # --- what the engine asks -------------------------------------------------------------------

    def _interrupted(self) -> bool:
        try:
            self._look()
        except BaseException as error:
            self._host.stop = error
        return self._host.stop is not None


def _source(text: str, file: str) -> tuple[bytes, int, bytes]:
    data = text.encode("utf-8", "replace")
    return data, len(data), file.encode("utf-8", "replace")


@ffi.def_extern()  # type: ignore[untyped-decorator]
def vx_js_on_call(self: Any, handle: int, member: int, data: Any, size: int, answer: Any) -> None:
    """A method of the platform, or a function of it, was called."""
    ffi.from_handle(self)._host.call(handle, member, data, size, answer)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def vx_js_on_missing(self: Any, handle: int, name: Any, size: int, answer: Any) -> None:
    """A property was read that an object does not have."""
    text = ffi.buffer(name, size)[:].decode(errors="replace")
    ffi.from_handle(self)._host.missing(handle, text, answer)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def vx_js_on_own(self: Any, handle: int, name: Any, size: int, answer: Any) -> None:
    """A member is looked for of an object that lists them, or all of them."""
    text = None if name == ffi.NULL else ffi.buffer(name, size)[:].decode(errors="replace")
    ffi.from_handle(self)._host.own(handle, text, answer)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def vx_js_on_global(self: Any, index: int, answer: Any) -> None:
    """A global was read for the first time."""
    ffi.from_handle(self)._host.global_value(index, answer)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def vx_js_on_look(self: Any) -> int:
    """A computation takes long."""
    return int(ffi.from_handle(self)._interrupted())
