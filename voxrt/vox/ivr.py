"""`IVR` and `IVRState`: menus by keys.

Source: https://voximplant.com/docs/references/voxengine/ivrstate

On the platform this is a small library in its own script engine, made of the public calls and
events of a call; so it is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field

from voxrt.errors import ScenarioTypeError
from voxrt.session.calling import fitting
from voxrt.session.session import State
from voxrt.session.values import PlatformObject, Struct, kind_of, wrap
from voxrt.vox import api
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.context import Context
from voxrt.vox.names import Surface

DEFAULT_TIMEOUT_MS = 5_000
TYPES = ("select", "inputfixed", "inputunknown", "noinput")
ALL_TONES = 0


@define(eq=False)
class Desk:
    """The states that calls are in, of one session."""

    context: Context
    tts_options: Any = field(factory=Struct, init=False)
    """`IVR.ttsOptions`, with which prompts are spoken."""
    visits: dict[str, Visit] = field(factory=dict, init=False)
    """By the id of the call."""

    def leave(self, call_id: str) -> None:
        """Ends the visit of a call, if there is one."""
        visit = self.visits.pop(call_id, None)
        if visit is not None:
            visit.end()

    def reset(self) -> None:
        """Ends all of them."""
        for call_id in list(self.visits):
            self.leave(call_id)


class IVR(Surface):
    """The namespace `IVR`."""

    _platform_name = "IVR"
    _writable = ("ttsOptions",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def ttsOptions(self) -> Any:
        """What `say` prompts are spoken with: the `ttsOptions` of `Call.say`."""
        return self._desk.tts_options

    @ttsOptions.setter
    def ttsOptions(self, options: Any) -> None:
        self._desk.tts_options = options

    @classmethod
    def _platform_members(cls) -> set[str]:
        return {*api.namespace_functions("IVR"), "ttsOptions"}

    def reset(self, *_: Any) -> None:
        """Forgets all states: no call is in one any more, and what they play goes on."""
        self._desk.context.session.command("IVRReset", [])
        self._desk.reset()


class IVRState(PlatformObject):
    """A state of a menu: a prompt, and what the caller's keys do.

    By `settings.type`:

    - `select`: one key. One of `nextStates` enters that state; another is handed to
      `onInputComplete`.
    - `inputfixed`: `inputLength` keys, which `onInputComplete` gets together.
    - `inputunknown`: keys until `terminateOn` is pressed, or until `inputValidator` returns true.
    - `noinput`: none. After the prompt `nextState` is entered; without one `onInputComplete` is
      called with an empty text.

    A key ends the prompt. When no key came for `timeout` ms since the end of the prompt, or since
    the key before, `onInputTimeout` gets the keys so far and the state is left.
    """

    _platform_name = "IVRState"
    _is_made_by_scripts = True
    _desk: Desk

    def __init__(
        self,
        name: Any = None,
        settings: Any = None,
        onInputComplete: Any = None,
        onInputTimeout: Any = None,
        *_: Any,
    ) -> None:
        """Makes a state.

        Args:
            name: For the journal.
            settings: `type`, `prompt` (`{play}` with a URL, or `{say, lang}`), `timeout`,
                `inputLength`, `inputValidator`, `terminateOn`, `nextStates`, `nextState`. What is
                changed in them later counts when a call enters. From another language: a function
                that returns them.
            onInputComplete: Called with the keys.
            onInputTimeout: Called with the keys so far.
        """
        self._name = demand_text("IVRState", "name", name)
        self._settings = settings
        self.input = ""
        self._complete, self._timed_out = onInputComplete, onInputTimeout
        for what, function in (("onInputComplete", onInputComplete),
                               ("onInputTimeout", onInputTimeout)):  # fmt: skip
            if function is not None and not callable(function):
                raise ScenarioTypeError(
                    f"IVRState: {what} must be a function, not {kind_of(function)}"
                )
        _checked(self.settings)

    @property
    def settings(self) -> Struct:
        """What the state was made with.

        Raises:
            ScenarioTypeError: They are no object.
        """
        settings = self._settings
        if callable(settings):
            settings = settings()
        if not isinstance(settings, Mapping):
            raise ScenarioTypeError(
                f"IVRState: settings must be an object, not {kind_of(settings)}"
            )
        if isinstance(settings, Struct):
            return settings
        made: Struct = wrap(settings)
        if settings is self._settings:
            self._settings = made
        return made

    @settings.setter
    def settings(self, settings: Any) -> None:
        self._settings = settings

    def enter(self, call: Any, *_: Any) -> None:
        """Brings a call into the state, out of the one that it is in.

        Args:
            call: A call that is connected; one that is not yet gets nothing to hear.
        """
        if getattr(call, "_platform_name", "") != "Call":
            raise ScenarioTypeError(f"enter: there must be a call, not {kind_of(call)}")
        settings = _checked(self.settings)
        desk = self._desk
        desk.context.session.command("IVREnter", [{"state": self._name, "id": call.id()}])
        desk.leave(call.id())
        if call.state() == "TERMINATED":
            desk.context.session.warn("ignored", f"IVRState {self._name}: the call has ended")
            return
        self.input = ""
        visit = desk.visits[call.id()] = Visit(desk, self, call, settings)
        visit.begin()

    def toJSON(self) -> dict[str, Any]:
        return {"name": self._name, "input": self.input}


@define(eq=False)
class Visit:
    """One call in one state."""

    _desk: Desk
    _state: IVRState
    _call: Any
    _settings: Struct
    _listeners: list[tuple[str, Callable[[Struct], object]]] = field(factory=list, init=False)
    _timer: int = field(default=0, init=False)
    _playing: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Plays the prompt and listens to keys."""
        if self._settings.type != "noinput":
            self._call.handleTones(True, ALL_TONES)
            self._listen("Call.ToneReceived", self._key)
        self._listen("Call.PlaybackFinished", self._prompt_ended)
        for event in ("Call.Disconnected", "Call.Failed"):
            self._listen(event, lambda _: self._leave())
        self._prompt()

    def end(self) -> None:
        """Stops listening; nothing of this visit is told any more."""
        for event, listener in self._listeners:
            self._call.removeEventListener(event, listener)
        self._listeners.clear()
        self._stop_timer()

    # --- inside -------------------------------------------------------------------------------

    def _listen(self, event: str, listener: Callable[[Struct], object]) -> None:
        self._listeners.append((event, listener))
        self._call.addEventListener(event, listener)

    def _prompt(self) -> None:
        prompt = self._settings.get("prompt") or Struct()
        if self._call.state() != "CONNECTED":
            self._desk.context.session.warn(
                "ignored", f"IVRState {self._state._name}: the call is not connected, no prompt"
            )
        elif prompt.get("play"):
            self._playing = True
            self._call.startPlayback(prompt.play)
        elif prompt.get("say"):
            self._playing = True
            self._call.say(prompt.say, prompt.get("lang"), self._desk.tts_options or None)
        if not self._playing:
            self._desk.context.clock.call_soon(self._prompt_ended)

    def _prompt_ended(self, _: Any = None) -> None:
        if self._desk.visits.get(self._call.id()) is not self:
            return
        self._playing = False
        if self._settings.type != "noinput":
            self._start_timer()
            return
        following = self._settings.get("nextState")
        if isinstance(following, IVRState):
            following.enter(self._call)
        else:
            self._finish(self._state._complete)

    def _key(self, event: Struct) -> None:
        settings, state = self._settings, self._state
        self._stop_timer()
        if self._playing:
            self._playing = False
            self._call.stopPlayback()
        if settings.type == "inputunknown" and event.tone == settings.get("terminateOn"):
            self._finish(state._complete)
            return
        state.input += event.tone
        if settings.type == "select":
            following = (settings.get("nextStates") or Struct()).get(event.tone)
            if isinstance(following, IVRState):
                following.enter(self._call)
            else:
                self._finish(state._complete)
        elif self._has_all():
            self._finish(state._complete)
        else:
            self._start_timer()

    def _has_all(self) -> bool:
        settings, text = self._settings, self._state.input
        if settings.type == "inputfixed":
            return len(text) >= int(settings.inputLength)
        validator = settings.get("inputValidator")
        return validator is not None and bool(validator(*fitting(validator, (text,))))

    def _start_timer(self) -> None:
        self._stop_timer()
        timeout = self._settings.get("timeout")
        delay_ms = DEFAULT_TIMEOUT_MS if timeout is None else timeout
        timers = self._desk.context.session.timers
        self._timer = timers.set_timeout(self._time_is_up, delay_ms, ())

    def _stop_timer(self) -> None:
        self._desk.context.session.timers.clear(self._timer)

    def _time_is_up(self) -> None:
        self._finish(self._state._timed_out)

    def _leave(self) -> None:
        if self._desk.visits.get(self._call.id()) is self:
            self._desk.leave(self._call.id())

    def _finish(self, tell: Any) -> None:
        """Leaves the state and calls the scenario's function with the keys."""
        self._leave()
        if tell is not None:
            self._desk.context.clock.call_soon(self._tell, tell, self._state.input)

    def _tell(self, tell: Any, keys: str) -> None:
        session = self._desk.context.session
        if session.state is State.RUNNING:
            session.engine.call(tell, (keys,))


def _checked(settings: Struct) -> Struct:
    """The settings, when they make sense.

    Raises:
        ScenarioTypeError: They do not.
    """
    kind = settings.get("type")
    if kind not in TYPES:
        what = repr(kind) if isinstance(kind, str) else kind_of(kind)
        raise ScenarioTypeError(f"IVRState: type must be one of {', '.join(TYPES)}, not {what}")
    if kind == "inputfixed":
        demand_number("IVRState", "inputLength", settings.get("inputLength"))
    if kind == "inputunknown":
        validator = settings.get("inputValidator")
        if validator is not None and not callable(validator):
            raise ScenarioTypeError(
                f"IVRState: inputValidator must be a function, not {kind_of(validator)}"
            )
        if validator is None and not settings.get("terminateOn"):
            raise ScenarioTypeError(
                "IVRState: inputunknown needs terminateOn or inputValidator: it would never end"
            )
    if settings.get("timeout") is not None:
        demand_number("IVRState", "timeout", settings["timeout"])
    following = {"nextState": settings.get("nextState"), **(settings.get("nextStates") or {})}
    for name, state in following.items():
        if state is not None and not isinstance(state, IVRState):
            raise ScenarioTypeError(
                f"IVRState: the next state {name} must be an IVRState, not {kind_of(state)}"
            )
    return settings


def unlock_ivr(context: Context) -> dict[str, Any]:
    """The names that the module IVR unlocks."""
    desk = Desk(context)
    # A scenario makes states itself, and those of its session know where calls are.
    states = type("IVRState", (IVRState,), {"_desk": desk, "_platform_name": "IVRState"})
    return {"IVR": IVR(desk), "IVRState": states}
