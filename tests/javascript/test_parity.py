"""What a Python scenario has of the platform, a JavaScript scenario has, and vice versa."""

from __future__ import annotations

import json
from types import FunctionType, MethodType

import pytest

from voxrt.javascript import Runtime, define_dates
from voxrt.scenario.javascript import OF_THE_LANGUAGE
from voxrt.session.values import PlatformObject
from voxrt.vox import api
from voxrt.vox.names import Enum

#: The units that are made.
KINDS = ("amd", "asr", "call", "client", "socket", "state")

#: Makes one object of each class that there is, in `units`.
UNITS = """
require(Modules.Grok)
require(Modules.ASR)
require(Modules.IVR)
units = {}

async def alerting(e):
    e.call.answer()
    units["call"] = e.call
    units["asr"] = VoxEngine.createASR("en-US")
    units["amd"] = AMD.create(model="us")
    units["state"] = IVRState("s", {"type": "noinput"})
    units["client"] = await Grok.createVoiceAgentAPIClient(
        xAIApiKey="key", model="m", onWebSocketClose=closed
    )
    units["client"].close()

def closed(e):
    units["socket"] = e.websocket
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.CallAlerting, alerting)
"""

UNITS_JS = """
require(Modules.Grok);
require(Modules.ASR);
require(Modules.IVR);
const units = {};
function closed(e) {
    units.socket = e.websocket;
    VoxEngine.terminate();
}
VoxEngine.addEventListener(AppEvents.CallAlerting, async (e) => {
    e.call.answer();
    units.call = e.call;
    units.asr = VoxEngine.createASR("en-US");
    units.amd = AMD.create({ model: "us" });
    units.state = new IVRState("s", { type: "noinput" });
    units.client = await Grok.createVoiceAgentAPIClient(
        { xAIApiKey: "key", model: "m", onWebSocketClose: closed });
    units.client.close();
});
function names(object) {
    const found = new Set();
    for (; object && object !== Object.prototype && object !== Function.prototype;
         object = Object.getPrototypeOf(object))
        Object.getOwnPropertyNames(object).forEach((name) => found.add(name));
    for (const name of ["constructor", "name", "length", "prototype"]) found.delete(name);
    return [...found].sort();
}
VoxEngine.addEventListener(AppEvents.Terminated, () => {
    for (const [unit, object] of Object.entries(units))
        Logger.write(JSON.stringify([unit, names(object)]));
    for (const name of Object.getOwnPropertyNames(globalThis))
        Logger.write(JSON.stringify(["global", name, typeof globalThis[name],
            globalThis[name] === Object(globalThis[name]) ? names(globalThis[name]) : []]));
});
"""


@pytest.fixture
def python_scope(play, monkeypatch):
    """The global scope of a Python scenario that has made one of each unit."""
    from voxrt.session.session import Session

    sessions = []
    begin = Session.start
    monkeypatch.setattr(
        Session, "start", lambda self, *args: (sessions.append(self), begin(self, *args))
    )
    assert not play(UNITS).errors
    return sessions[0].namespace


@pytest.fixture
def javascript(play_js):
    """What the JavaScript scenario told: of each unit, and of each global, the names in it."""
    played = play_js(UNITS_JS)
    assert not played.errors
    told = [json.loads(line) for line in played.logs]
    units = {line[0]: set(line[1]) for line in told if line[0] != "global"}
    globals_ = {line[1]: (line[2], set(line[3])) for line in told if line[0] == "global"}
    return units, globals_


def language_globals():
    """The globals of the language, without any of the platform."""
    runtime = Runtime(
        run=lambda step: step(),
        rejected=print,
        look=lambda: None,
        memory_bytes=0,
        seed=1,
    )
    try:
        define_dates(runtime, now_ms=lambda: 0)
        return set(runtime.evaluate("Object.getOwnPropertyNames(globalThis)", "names.js"))
    finally:
        runtime.close()


def public(value):
    """The public methods of an object of Python, and the properties that may be set."""
    methods = (FunctionType, MethodType)

    def is_there(member):
        return isinstance(member, methods) or (isinstance(member, property) and member.fset)

    return {
        name
        for name in dir(type(value))
        if ("_" not in name or name in getattr(type(value), "_underscored", ()))
        and is_there(getattr(type(value), name))
    }


def test_each_unit_has_the_same_members(python_scope, javascript):
    units, _ = javascript
    assert set(units) == set(python_scope["units"]) == set(KINDS)
    for name, unit in python_scope["units"].items():
        assert units[name] == public(unit), name


def test_the_global_scope_has_the_same_names(python_scope, javascript):
    _, globals_ = javascript
    script = {"units", "alerting", "closed"}
    python = {name for name in python_scope if not name.startswith("__")} - script
    found = set(globals_) - language_globals() - {"closed", "names"}
    assert found | OF_THE_LANGUAGE == python
    assert not OF_THE_LANGUAGE - language_globals()


def test_each_global_has_the_same_members(python_scope, javascript):
    _, globals_ = javascript
    for name, (kind, members) in globals_.items():
        if name in OF_THE_LANGUAGE:
            continue
        value = python_scope.get(name)
        if isinstance(value, Enum):
            assert members - {"toJSON"} == set(value.toJSON()), name
        elif isinstance(value, PlatformObject):
            # Values that never change become properties when they are read.
            assert members >= {*value._listed}, name
            assert members - {*vars(value), *value._listed} == public(value), name
        if name in python_scope:
            assert (kind == "function") == callable(value), name


def test_every_enum_has_the_same_values_in_the_script(play_js):
    """Of all enums that a session begins with, and all that the emulated modules bring."""
    names = [*api.global_enums(), "Grok.Events", "Grok.VoiceAgentAPIEvents"]
    assert len(names) > 20
    source = "require(Modules.Grok);\n" + "".join(
        f"Logger.write(JSON.stringify({{...{name}}}));\n" for name in names
    )
    played = play_js(source + "VoxEngine.terminate();", start=True)
    for name, line in zip(names, played.logs, strict=True):
        found = json.loads(line)
        expected = api.enum_members(name)
        if name == "Modules":  # it has those of old scenarios, too
            found = {member: found[member] for member in expected}
        assert found == expected, name
