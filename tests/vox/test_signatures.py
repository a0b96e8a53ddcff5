"""Functions and methods take the parameters of the type definitions, by their names."""

from __future__ import annotations

import inspect

import pytest

from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.legs.builder import caller
from voxrt.vox import api, coverage

SCENARIO = """
for module in ("ACD", "AI", "ASR", "ApplicationStorage", "Conference", "Grok", "IVR", "Recorder",
               "Pipecat", "Silero", "SmartQueue"):
    require(Modules[module])

def on_call(e):
    global call
    call = e.call
    call.addEventListener(CallEvents.Connected, connected)
    call.answer()

def connected(e):
    for full in CALLED:
        function = FIND(full)
        try:
            function()
        except (TypeError, ValueError):
            continue
        TAKEN.append(full)
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

#: What may be left out here although the type definitions demand it, and what is taken instead.
MAY_BE_MISSING = {
    "Call.decline": "603",
    "Call.handleBlindTransfer": "true, as scenarios write it",
    "Call.handleMicStatus": "true, as scenarios write it",
    "Call.handleTones": "true, as scenarios write it",
    "Call.record": "all defaults: the documentation calls each of them optional",
    "Call.enableBeepDetection": "all defaults",
    "Call.monitorMediaStatistics": "all defaults",
    "Call.reject": "603",
    "CallList.reportError": "no data",
    "CallList.reportErrorAsync": "no data",
    "CallList.reportProgress": "no data",
    "CallList.reportProgressAsync": "no data",
    "CallList.reportResult": "no data",
    "CallList.reportResultAsync": "no data",
    "Logger.hideTones": "false",
    "Logger.write": "an empty line",
    "VoxEngine.createConference": "the older form",
    "VoxEngine.getSecretValue": "`undefined`: the reference says so",
}

#: Whose functions are called without anything.
OWNERS = ("VoxEngine", "Call", "CallList", "Logger", "Net", "Crypto", "PhoneNumber", "AI")


def declared():
    """(full name, signature) of every function and method that is there."""
    data = api.surface()
    source = coverage.Source.read()
    for part in coverage.namespaces(source):
        for member in (*part.full, *part.partial):
            full = member if part.name == "(global)" else f"{part.name}.{member}"
            yield full, data["functions"][full]["signatures"][0]
    for part in coverage.classes(source):
        owner = part.name
        while owner:
            for member, overloads in data["classes"][owner]["methods"].items():
                if member in (*part.full, *part.partial):
                    yield f"{part.name}.{member}", overloads[0]
            owner = data["classes"][owner].get("extends")


DECLARED = dict(declared())


@pytest.fixture
def scope(play):
    """The global scope of a scenario that has required every module."""
    return play(SCENARIO.replace("connected)", "lambda e: VoxEngine.terminate())")).scope


def find(scope, full):
    """A function of the scope, or of a class that is in it; for a method, without its object."""
    if full.startswith("Grok.VoiceAgentAPIClient."):
        return getattr(VoiceAgentAPIClient, full.rpartition(".")[2])
    found = scope
    for name in full.split("."):
        found = found[name] if isinstance(found, dict) else getattr(found, name)
    return found


def test_names_and_order_of_the_parameters(scope):
    assert len(DECLARED) > 200
    for full, signature in DECLARED.items():
        function = find(scope, full)
        if isinstance(function, type):
            continue
        taken = [
            parameter
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
            and parameter.name != "self"
        ]
        wanted = [parameter["name"] for parameter in signature["params"]]
        # Our `parameters_` is their `parameters`: keywords are the fields of the object.
        assert [p.name.rstrip("_") for p in taken][: len(wanted)] == wanted, full
        optional = {p["name"] for p in signature["params"] if p.get("optional")}
        required = {p.name.rstrip("_") for p in taken if p.default is p.empty}
        assert not optional & required, full
        assert all(p.default is not p.empty for p in taken[len(wanted) :]), full


def test_what_is_required_is_demanded(play):
    """Without its parameters each function raises, but for those of the table."""
    demanding = [
        full
        for full, signature in DECLARED.items()
        if any(not p.get("optional") for p in signature["params"])
        and full.partition(".")[0] in OWNERS
    ]
    taken: list[str] = []

    def setup(run):
        run.session.define(
            {
                "CALLED": demanding,
                "TAKEN": taken,
                "FIND": lambda full: locate(run.session.namespace, full),
            }
        )

    def locate(scope, full):
        owner, _, member = full.rpartition(".")
        return getattr(scope["call"] if owner == "Call" else scope[owner], member)

    played = play(SCENARIO, caller().wait(1_000), setup=setup)
    assert not played.errors
    assert sorted(taken) == sorted(MAY_BE_MISSING)
