"""One running scenario: its life, its events, and what ends it.

A session is loading, running, terminating or terminated. Everything that happens to it goes
through `emit` and the run's clock, so handlers run one at a time, in order, and never inside the
call that caused their event. `terminate` does not unwind the script: the code after it runs on,
but from then on only `Terminating` and `Terminated` reach handlers; other events are still
written to the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from enum import Enum
from functools import partial
from random import Random
from typing import Any, Protocol

from attrs import define, field

from voxrt.clock import US_PER_S, Clock, Timer
from voxrt.errors import NotEmulatedError
from voxrt.session.emitter import Emitter, Handler
from voxrt.session.engine import Engine, ScriptEnded, no_function
from voxrt.session.ids import Ids
from voxrt.session.journal import Journal
from voxrt.session.limits import Budget, LimitMode, Limits
from voxrt.session.place import script_frames, script_place
from voxrt.session.timers import ScriptTimers
from voxrt.session.values import Struct, journal_form

STARTED = "Application.Started"
TERMINATING = "Application.Terminating"
TERMINATED = "Application.Terminated"

NORMAL_TERMINATION = "Normal termination"

#: The end of a session waits so long for the requests that are under way.
LONGEST_WAIT_US = 90 * US_PER_S

#: Events whose keys `Logger.hideTones` hides.
TONE_EVENTS = ("Call.ToneReceived",)
HIDDEN_TONE = "*"
SCRIPT_ERROR = "JS session error"


class State(Enum):
    """Where in its life a session is."""

    LOADING = "loading"
    RUNNING = "running"
    TERMINATING = "terminating"
    TERMINATED = "terminated"


class SourceFile(Protocol):
    """A scenario file."""

    @property
    def name(self) -> str:
        """What the log calls it: the file name without its ending."""

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of the file's bytes."""


class Script(Protocol):
    """The scenario files of a session, in whatever language."""

    @property
    def language(self) -> str:
        """`python` or `javascript`."""

    @property
    def sources(self) -> Sequence[SourceFile]:
        """The files, in the order in which they run."""

    @property
    def files(self) -> frozenset[str]:
        """The names of the files as they appear in stacks."""

    def budget(self, limits: Limits, warn: Callable[[str], object]) -> Budget:
        """What watches the time of the scenario's code; `warn` is for limits that only warn."""

    def execute(self, session: Session) -> None:
        """Runs the files in order in the session's global scope."""

    def defined(self, names: Mapping[str, Any]) -> None:
        """Names have come to the global scope after `execute` began."""

    def waiting(self) -> list[str]:
        """The asynchronous functions that wait in an engine of its own, as `name (file:line)`."""

    def close(self) -> None:
        """Gives back what running the script needed; the session is over."""

    def describe(self, error: BaseException) -> dict[str, Any]:
        """The fields of an `error` record: code, text, file, line, column, source_line, stack."""


class Unit(Protocol):
    """What a session creates and has to destroy at its end: calls, players, clients."""

    def destroy(self) -> None:
        """Ends it; the events that this causes are written but not delivered."""


@define(eq=False, kw_only=True, repr=False)  # it has secrets
class Session:
    """One running scenario.

    Args:
        clock: The run's clock.
        journal: Where everything is recorded.
        script: The scenario.
        rng: The run's randomness.
        limits: The platform's limits.
        secrets: What `VoxEngine.getSecretValue` answers.
        started: The fields of the `Started` event.
        spawn: Starts a trio task that lives as long as the run.
    """

    clock: Clock
    journal: Journal
    script: Script
    rng: Random
    limits: Limits
    secrets: Mapping[str, str]
    started: Mapping[str, Any]
    spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
    ids: Ids = field(init=False)
    application: Emitter = field(factory=lambda: Emitter(unit="application"))
    engine: Engine = field(init=False)
    timers: ScriptTimers = field(init=False)
    namespace: dict[str, Any] = field(factory=dict)
    state: State = State.LOADING
    finish_reason: str = NORMAL_TERMINATION
    custom_data: str = ""
    on_event: list[Callable[[str], None]] = field(factory=list)
    script_errors: int = 0
    hides_tones: bool = False
    """Whether the keys that callers press are left out of the records."""
    _outstanding: int = field(default=0, init=False)
    _patience: Timer | None = field(default=None, init=False)
    _units: list[Unit] = field(factory=list, init=False)
    _calls: int = field(default=0, init=False)
    _requests: int = field(default=0, init=False)
    _idle: Timer | None = field(default=None, init=False)
    _system_error: bool = field(default=False, init=False)
    _untold: list[NotEmulatedError] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.journal.place = partial(script_place, self.script.files)
        self.ids = Ids(self.rng)
        self.engine = Engine(
            clock=self.clock,
            budget=self.script.budget(self.limits, partial(self.warn, "limit")),
            spawn=self.spawn,
            fail=self.fail,
            rejected=self.unhandled_rejection,
        )
        self.timers = ScriptTimers(
            clock=self.clock,
            limits=self.limits,
            call=self.engine.call,
            warn=self.warn,
            record=partial(self.journal.write, "timer"),
        )

    # --- life -----------------------------------------------------------------------------

    def start(self, custom_data: str | None = None) -> None:
        """Loads the scenario and makes `Started` due.

        The top level of the files runs at once; an error in it ends the session.
        """
        self._arm_idle()
        self.engine.run(partial(self.script.execute, self))
        if self.state is not State.LOADING:
            return
        self.state = State.RUNNING
        if custom_data is not None:
            self.journal.write("session", state="custom-data", value=custom_data)
            self.set_custom_data(custom_data)
        self.emit(self.application, STARTED, dict(self.started))

    def set_custom_data(self, value: str) -> None:
        """Sets the session's custom data; long ones are kept, with a warning."""
        most = self.limits.custom_data_bytes
        if len(value.encode()) > most and self.limits.mode is not LimitMode.OFF:
            self.warn("limit", f"custom data is longer than {most} bytes")
        self.custom_data = value

    def define(self, names: Mapping[str, Any]) -> None:
        """Adds names to the scenario's global scope."""
        self.namespace.update(names)
        self.script.defined(names)

    @property
    def ending(self) -> bool:
        """Whether `terminate` was called: what the scenario asks for from then on is not done."""
        return self.state in (State.TERMINATING, State.TERMINATED)

    def terminate(self) -> None:
        """Ends the session; a second call does nothing."""
        if self.ending:
            return
        self.state = State.TERMINATING
        self.journal.write("session", state="terminating", stack=self._script_stack())
        self.command("terminating", [])
        self.timers.close()
        if self._idle is not None:
            self._idle.cancel()
        for unit in list(self._units):
            unit.destroy()
        self.clock.call_soon(self._say_terminating)

    def _say_terminating(self) -> None:
        self._last_event(TERMINATING, self._say_terminated)

    def _say_terminated(self) -> None:
        if self._outstanding:
            self._patience = self.clock.call_later(LONGEST_WAIT_US, self._end_events)
        else:
            self._end_events()

    def _end_events(self) -> None:
        self._patience = None
        self._last_event(TERMINATED, self._finish)

    def hold_end(self) -> None:
        """Something is under way whose outcome the session still hears of before `Terminated`."""
        self._outstanding += 1

    def release_end(self) -> None:
        """It is over, and the session has been told."""
        self._outstanding -= 1
        if not self._outstanding and self._patience is not None:
            self._patience.cancel()
            self._patience = None
            self.clock.call_soon(self._say_terminated)

    def _last_event(self, name: str, then: Callable[[], None]) -> None:
        fields = {"systemError": True} if self._system_error else {}
        self._deliver(self.application, name, fields, "platform", last=True)
        self.clock.call_soon(then)

    def _finish(self) -> None:
        self.engine.leaked += self.engine.run(self.script.waiting) or ()
        self.engine.end_tasks(then=self._end)

    def _end(self) -> None:
        self.state = State.TERMINATED
        self.journal.write(
            "session",
            state="terminated",
            reason=self.finish_reason,
            exit_code=1 if self._system_error else 0,
        )

    def fail(self, error: BaseException) -> None:
        """Ends the session because its script went wrong."""
        self.script_errors += 1
        report = self.script.describe(error)
        self._told(report["text"])
        self.journal.write("error", **report)
        self.finish_reason = SCRIPT_ERROR
        self._system_error = True
        self.terminate()

    def unhandled_rejection(self, error: BaseException) -> None:
        """An asynchronous handler raised: the platform goes on, and so do we, loudly."""
        if isinstance(error, ScriptEnded):
            return
        self.script_errors += 1
        report = self.script.describe(error)
        self._told(report["text"])
        report["text"] = f"Unhandled rejection: {report['text']}"
        self.journal.write("error", **report)

    def not_emulated(self, error: NotEmulatedError) -> None:
        """The script is about to get this error: should it catch it, a warning tells of it."""
        self._untold.append(error)
        self.clock.call_soon(self._tell_not_emulated, error, self._script_place())

    def _tell_not_emulated(self, error: NotEmulatedError, place: dict[str, Any]) -> None:
        if error in self._untold:
            self._untold.remove(error)
            text = f"{error.message}. {error.hint}"
            self.journal.write("warning", code="not-emulated", text=text, **place)

    def _told(self, text: str) -> None:
        self._untold = [error for error in self._untold if error.message not in text]

    # --- the idle rule ----------------------------------------------------------------------

    def call_began(self) -> None:
        """A call exists: the session does not idle."""
        self._calls += 1
        self._arm_idle()

    def call_ended(self) -> None:
        """One of them is gone; with the last one the idle time begins."""
        self._calls -= 1
        self._arm_idle()

    def queue_began(self) -> None:
        """A request waits in a queue: without a call, the session lasts for longer."""
        self._requests += 1
        self._arm_idle()

    def queue_ended(self) -> None:
        """One of them no longer waits."""
        self._requests -= 1
        self._arm_idle()

    def _arm_idle(self) -> None:
        """Begins the time again that the session may last as it is now."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._calls or self.ending or self.limits.mode is LimitMode.OFF:
            return
        seconds = self.limits.queue_idle_s if self._requests else self.limits.idle_s
        self._idle = self.clock.call_later(seconds * US_PER_S, self._idle_end, seconds)

    def _idle_end(self, seconds: int) -> None:
        if self.limits.mode is LimitMode.WARN:
            what = "with nothing but a queue request" if self._requests else "without a call"
            self.warn("limit", f"the platform ends a session {what} after {seconds} s")
            return
        self.journal.write("session", state="idle")
        self.terminate()

    # --- units and what they say ------------------------------------------------------------

    def own(self, unit: Unit) -> None:
        """Destroys the unit with the session; one that is made after its end, at once."""
        self._units.append(unit)
        if self.ending:
            self.warn("ignored", "the session is ending: nothing new is made")
            self.clock.call_soon(unit.destroy)

    def disown(self, unit: Unit) -> None:
        """The unit has ended by itself."""
        if unit in self._units:
            self._units.remove(unit)

    def command(self, name: str, params: Any) -> None:
        """Records what the scenario asked of the platform."""
        self.journal.write("command", name=name, params=params)

    def enforces(self, text: str) -> bool:
        """A limit of the platform is exceeded: whether to do as the platform does.

        Args:
            text: What the platform does, for the warning when limits only warn.
        """
        if self.limits.mode is LimitMode.WARN:
            self.warn("limit", text)
        return self.limits.mode is LimitMode.ENFORCE

    def warn(self, code: str, text: str) -> None:
        """Records a diagnostic for the scenario's author, with the line that caused it."""
        self.journal.write("warning", code=code, text=text, **self._script_place())

    def emit(
        self,
        emitter: Emitter,
        name: str,
        fields: dict[str, Any] | None = None,
        *,
        via: str = "platform",
        after_close: bool = False,
        returned: Callable[[Any], object] | None = None,
        heard: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        """Makes an event due now, after everything that is due already.

        Args:
            emitter: Who emits it; nothing happens when it is closed.
            name: The string value of the event.
            fields: What the event carries beside its name, id and subject.
            via: `platform`, or `script` for events that the platform makes inside its script
                engine (mirrored player events, connectors): the log words them differently.
            after_close: Deliver it even though the emitter is closed.
            returned: Told what each handler that is a plain function returned.
            heard: Makes the fields that handlers get, once there is one; then `fields` are plain,
                and for the journal alone. Most of a provider's messages interest nobody.
        """
        if not emitter.closed or after_close:
            call_soon, deliver = self.clock.call_soon, self._deliver
            call_soon(deliver, emitter, name, fields or {}, via, False, returned, heard)

    def deliver(self, emitter: Emitter, name: str, fields: dict[str, Any]) -> None:
        """Delivers an event now: for an entry of the clock that has just found that it is due."""
        self._deliver(emitter, name, fields, "platform")

    def _deliver(
        self,
        emitter: Emitter,
        name: str,
        fields: dict[str, Any],
        via: str,
        last: bool = False,
        returned: Callable[[Any], object] | None = None,
        heard: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        if self.state is State.TERMINATED:
            return
        hears = last or self.state is State.RUNNING
        handlers = emitter.handlers.of(name) if hears else []
        if not emitter.private:
            record = {
                "unit": emitter.unit,
                "id": emitter.id,
                "name": name,
                "data": self._shown(name, fields) if heard is None else fields,
                "handlers": len(handlers),
                "via": via,
            }
            if emitter.websocket and "data" in fields:  # a message, not a media event
                record["websocket"] = emitter.websocket
            self.journal.write_plain("event", record)
        for listener in list(self.on_event):
            listener(name)
        if handlers:
            event = emitter.event(name, fields if heard is None else heard())
            self._run_handlers(handlers, event, last, returned)

    def _shown(self, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """An event's fields for the journal."""
        if self.hides_tones and name in TONE_EVENTS:
            fields = {**fields, "tone": HIDDEN_TONE}
        return journal_form(fields)

    def _run_handlers(
        self,
        handlers: list[Handler],
        event: Struct,
        last: bool,
        returned: Callable[[Any], object] | None,
    ) -> None:
        while handlers:
            handler = handlers.pop(0)
            if not handler.active or not (last or self.state is State.RUNNING):
                continue
            if not callable(handler.function):
                lines = [at for at in handler.added_at if at[0] in self.script.files]
                self.fail(no_function(handler.function, *lines[:1]))
            elif self.engine.call(handler.function, (event,), returned):
                # Its first step runs now, as an async function's does, before the next handler.
                self.clock.call_next(self._run_handlers, handlers, event, last, returned)
                return

    # --- where the script is ----------------------------------------------------------------

    def _script_place(self) -> dict[str, Any]:
        """`file` and `line` of the scenario's innermost frame; nothing when it is not running."""
        frame = next(script_frames(self.script.files), None)
        return {} if frame is None else {"file": frame.file, "line": frame.line}

    def _script_stack(self) -> str:
        """Where the scenario is now, as `function@file:line`, innermost first."""
        frames = script_frames(self.script.files)
        return " ".join(f"{frame.function}@{frame.file}:{frame.line}" for frame in frames)
