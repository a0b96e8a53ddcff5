"""The global scope of a scenario: everything that is simply there.

`VoxEngine`, `AppEvents`, `Logger`, timers and helpers are there from the start; a module's
namespace, such as `Grok`, is there after `require(Modules.Grok)`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from voxrt.clock import Clock
from voxrt.errors import ScenarioTypeError
from voxrt.session.values import PlatformObject, kind_of, plain, shows, wrap
from voxrt.vox import api
from voxrt.vox.acd import ACDRequest
from voxrt.vox.ai import unlock_ai
from voxrt.vox.amd import AMDModule
from voxrt.vox.asr import ASR
from voxrt.vox.call import Call
from voxrt.vox.call_list import CallList
from voxrt.vox.conference import Conference
from voxrt.vox.context import Context
from voxrt.vox.crypto import DIGESTS, Crypto
from voxrt.vox.endpoint import Endpoint
from voxrt.vox.helpers import HELPERS
from voxrt.vox.ivr import unlock_ivr
from voxrt.vox.language import Language
from voxrt.vox.measurement_protocol import MeasurementProtocol
from voxrt.vox.names import Constants, Enum, NotEmulated, Surface, UnemulatedModule
from voxrt.vox.net import Net
from voxrt.vox.phone_number import PhoneNumber
from voxrt.vox.player import BasePlayer, Player, SequencePlayer
from voxrt.vox.recorder import ConferenceRecorder, Recorder
from voxrt.vox.smart_queue import SmartQueueTask
from voxrt.vox.voxengine import VoxEngine
from voxrt.vox.websocket import WebSocket

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Modules that old scenarios require although the type definitions no longer list them.
LEGACY_MODULES = ("AMD", "Call", "CallList", "Crypto", "Net", "Player", "WebSocket")

#: Modules that the type definitions do not list yet; none of them is emulated.
NEWER_MODULES = ("Hush",)

#: Events of calls that old scenarios listen to; the platform no longer sends them.
LEGACY_EVENTS = {
    name: f"Call.{name}"
    for name in (
        "AcceptReInvite",
        "FirstVideoPacket",
        "ReInvite",
        "VoicemailPromptDetected",
        "VoicemailPromptNotDetected",
        "VoicemailToneDetected",
        "VoicemailToneNotDetected",
    )
}

#: Lists of constants that the module ASR unlocks.
CONSTANT_LISTS = ("ASRModelList", "ASRProfileList")

#: Namespaces that no page names a module for; scenarios that use them require this one.
WITH_MODULES = {"AI": ("CCAI",)}

#: The classes of the platform that are there without a module, for `instanceof` and `isinstance`.
CLASSES: dict[str, type[PlatformObject]] = {
    cls._platform_name: cls for cls in (Call, BasePlayer, Player, SequencePlayer, WebSocket)
}

#: Those that a module unlocks beside its own namespace.
MODULE_CLASSES: dict[str, type[PlatformObject]] = {
    cls._platform_name: cls
    for cls in (ACDRequest, ASR, Conference, ConferenceRecorder, Endpoint, Recorder, SmartQueueTask)
}
#: What a module unlocks beside its classes, enums and constants, by the module's name.
UNLOCKED: dict[str, Callable[[Context], dict[str, Any]]] = {"AI": unlock_ai, "IVR": unlock_ivr}

#: Makes a module's namespace when it is required.
ModuleFactory = Callable[[Context], Any]


class Logger(Surface):
    """`Logger`: lines in the session's log, and what does not belong there."""

    _platform_name = "Logger"

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("Logger")

    @shows
    def write(self, message: Any = "", *_: Any) -> None:
        """Writes a line to the log; at most 15,000 characters, objects as JSON."""
        session, text = self._context.session, _log_text(message)
        most = session.limits.log_chars
        if len(text) > most and session.enforces(
            f"the platform cuts this line to {most} characters"
        ):
            text = text[:most]
        session.journal.write("log", text=text)

    def hideTones(self, flag: Any = False, *_: Any) -> None:
        """Whether the keys that callers press are left out of the log and the journal."""
        self._context.session.hides_tones = bool(flag)


class JSONObject(PlatformObject):
    """`JSON`, which scenarios write everything with, platform objects included."""

    def stringify(self, value: Any, *_: Any) -> str:
        """The value as JSON text."""
        return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))

    def parse(self, text: Any) -> Any:
        """The value of a JSON text, with objects that read like the platform's.

        Raises:
            ValueError: The text is not JSON.
        """
        return wrap(json.loads(text))


class DateObject(PlatformObject):
    """`Date`, the session's clock, where Python's own tells the machine's time.

    Args:
        clock: The run's clock; in virtual time it stands still between events.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self) -> datetime:
        """The present date of the session, in UTC; milliseconds are exact."""
        return EPOCH + timedelta(milliseconds=self._clock.unix_ms())

    def now(self) -> int:
        """The present date of the session, in milliseconds since 1970."""
        return self._clock.unix_ms()


class Console(PlatformObject):
    """`console`, which troubleshooting pages mention: another way to `Logger.write`."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    @shows
    def log(self, message: Any = "", *_: Any) -> None:
        """Writes a line to the log."""
        self._logger.write(message)


class JSession(PlatformObject):
    """`JSession`, the platform's inner name of the session, which its published helpers use."""

    def __init__(self, engine: VoxEngine) -> None:
        self._engine = engine

    def close(self, *_: Any) -> None:
        """Ends the session, as `VoxEngine.terminate` does."""
        self._engine.terminate()


class Globals:
    """Builds the global scope of one session.

    Args:
        context: The session's platform.
        modules: The emulated modules, by their `Modules` member.
    """

    def __init__(self, context: Context, modules: Mapping[str, ModuleFactory]) -> None:
        self._context = context
        self._modules = modules

    def scope(self) -> dict[str, Any]:
        """The names and their values."""
        session, warn = self._context.session, self._context.session.warn
        scope: dict[str, Any] = {name: Enum(name, warn) for name in api.global_enums()}
        scope["CallEvents"] = Enum("CallEvents", warn, gone=LEGACY_EVENTS)
        untyped = {name: name.lower() for name in (*LEGACY_MODULES, *NEWER_MODULES)}
        scope["Modules"] = Enum("Modules", warn, untyped)
        scope |= HELPERS
        engine, logger = VoxEngine(self._context), Logger(self._context)
        scope |= {
            "VoxEngine": engine,
            "JSession": JSession(engine),
            "VoiceList": Constants("VoiceList", warn),
            "Language": Language(),
            "Logger": logger,
            "console": Console(logger),
            "JSON": JSONObject(),
            "Date": DateObject(self._context.clock),
            "require": self.require,
            "trace": self.trace,
            "uuidgen": session.ids.uuid,
            "setTimeout": lambda callback, timeout=0, *args: session.timers.set_timeout(
                callback, _ms(timeout), args
            ),
            "setInterval": lambda callback, timeout=0, *args: session.timers.set_interval(
                callback, _ms(timeout), args
            ),
            "clearTimeout": lambda timeoutID=None, *_: session.timers.clear(timeoutID),
            "clearInterval": lambda intervalID=None, *_: session.timers.clear(intervalID),
        }
        scope |= CLASSES
        scope |= DIGESTS
        scope |= {
            "Net": Net(self._context),
            "CallList": CallList(self._context),
            "Crypto": Crypto(),
            "PhoneNumber": PhoneNumber(session.engine.budget.paused),
            "AMD": AMDModule(self._context),
            "MeasurementProtocol": MeasurementProtocol(self._context),
        }
        return scope

    @shows
    def trace(self, data: Any = "", *_: Any) -> None:
        """Writes a line to the log; on the platform to its debugger."""
        self._context.session.journal.write("log", text=_log_text(data))

    def require(self, module: Any = None, *_: Any) -> None:
        """Unlocks a module: its names are in the global scope from now on.

        Repeating it is harmless. An unknown module, or none, only warns: old scenarios require
        modules that no longer exist.
        """
        session = self._context.session
        name = _module_names().get(module) if isinstance(module, str) else None
        if name is None:
            legacy = [name.lower() for name in LEGACY_MODULES]
            if module not in legacy:
                session.warn(
                    "unknown-module",
                    f"require: there is no module {_log_text(module)!r}; "
                    "it takes a member of Modules, and files or packages of Node.js are not there",
                )
            return
        loaded = self._context.modules
        if name in loaded:
            return
        loaded.add(name)
        session.journal.write("session", state="module", module=module)
        if name in self._modules:
            session.define({name: self._modules[name](self._context)})
        else:
            unlock = UNLOCKED.get(name)
            unlocked = {} if unlock is None else unlock(self._context)
            session.define(self._names_of(name) | unlocked)

    def _names_of(self, module: str) -> dict[str, Any]:
        """The names that a module unlocks; what is no constant of them is not emulated."""
        warn, tell = self._context.session.warn, self._context.session.not_emulated
        data = api.surface()
        unlocked: dict[str, Any] = {}
        entities = (*data["moduleEntities"].get(module, ()), *WITH_MODULES.get(module, ()))
        for name in (module, *entities):
            if "." in name:
                continue
            if name in data["enums"]:
                unlocked[name] = Enum(name, warn)
            elif name in CONSTANT_LISTS:
                unlocked[name] = Constants(name, warn)
            elif name in data["namespaces"] or name in NEWER_MODULES:
                unlocked[name] = UnemulatedModule(name, warn, tell)
            elif name in MODULE_CLASSES:
                unlocked[name] = MODULE_CLASSES[name]
            elif name in data["classes"]:
                unlocked[name] = NotEmulated(name, tell)
        return unlocked


@cache
def _module_names() -> dict[str, str]:
    """The members of `Modules` by what scenarios `require`."""
    named = {value: name for name, value in api.enum_members("Modules").items()}
    return named | {name.lower(): name for name in NEWER_MODULES}


def _ms(value: Any) -> float:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioTypeError(f"a delay is a number of ms, not {kind_of(value)}")
    return value


def _log_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "undefined"
    if isinstance(value, dict | list):
        return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, PlatformObject):
        own = getattr(value, "toString", None)
        return str(own() if callable(own) else value)
    return value.__name__ if isinstance(value, type) else str(value)
