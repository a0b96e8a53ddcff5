"""Each absent member of the platform is known, and says so when it is used; in both languages."""

from __future__ import annotations

import json

import pytest
from harness import play_in

from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.javascript import members
from voxrt.vox import api, coverage
from voxrt.vox.amd import AnsweringMachineDetector
from voxrt.vox.globals import CLASSES, MODULE_CLASSES
from voxrt.vox.ivr import IVRState
from voxrt.vox.voxengine import VoxEngine

PYTHON = """
for module in Modules:
    require(Modules[module])

def use(full):
    found = globals()
    try:
        for name in full.split("."):
            found = found[name] if isinstance(found, dict) else getattr(found, name)
        found()
        Logger.write(full)
    except Exception as error:
        Logger.write(f"{full}: {type(error).__name__}: {error}")

for full in NAMES:
    use(full)
VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
"""
JAVASCRIPT = """
for (const module of Object.keys(Modules)) require(Modules[module]);
for (const full of NAMES) {
  for (const how of ["", "new "]) {
    try { (0, eval)(how + full + "()"); Logger.write(full); }
    catch (error) { Logger.write(`${full}: ${error.code}: ${error.message}`); }
  }
}
VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate);
"""


def absent():
    """The full names of the functions, classes, methods and constants that are absent."""
    source, data = coverage.Source.read(), api.surface()
    parts = [*coverage.namespaces(source), *coverage.classes(source)]
    names = [f"{part.name}.{m}" for part in parts for m in part.absent if part.status != "absent"]
    names += [part.name for part in parts if part.status == "absent"]
    for module in coverage.absent_modules():
        inside = [*data["functions"], *data["classes"]]
        names += [name for name in inside if name.startswith(f"{module}.")]
        lists = data["constants"].get(module, {}).values()
        names += [f"{module}.{name}" for one in lists for name in one]
    return names


def test_in_python(tmp_path):
    names = absent()
    assert len(names) > 40
    played = play_in(tmp_path, f"NAMES = {names!r}\n" + PYTHON, start=True)
    page = "What is emulated is listed in docs/coverage.md."
    said = "is part of VoxEngine, but voxrt does not emulate it yet"
    assert played.logs == [f"{name}: NotEmulatedError: {name} {said} {page}" for name in names]
    # The scenario has caught all of them: each is a warning, with the page.
    assert played.warnings == [f"{name} {said}. {page}" for name in names]
    assert not played.errors


def test_in_javascript(tmp_path):
    names = absent()
    source = f"const NAMES = {json.dumps(names)};\n" + JAVASCRIPT
    played = play_in(tmp_path, source, start=True, ending="js")
    said = "is part of VoxEngine, but voxrt does not emulate it yet"
    assert played.logs == [f"{name}: V204: {name} {said}" for name in names for _ in range(2)]
    assert len(played.warnings) == len(played.logs)
    assert all("docs/coverage.md" in text for text in played.warnings)


def test_enums_of_absent_modules_can_be_read(tmp_path):
    enums = [
        name
        for name, enum in api.surface()["enums"].items()
        if name.partition(".")[0] in coverage.absent_modules()
    ]
    assert len(enums) > 15
    lines = [
        f"Logger.write(JSON.stringify([{json.dumps(name)}, {name}.{member}]))"
        for name in enums
        for member in api.enum_members(name)
    ]
    require = "\nfor module in Modules: require(Modules[module])\n"
    played = play_in(tmp_path, require + "\n".join(lines) + "\nVoxEngine.terminate()", start=True)
    assert [json.loads(text) for text in played.logs] == [
        [name, value] for name in enums for value in api.enum_members(name).values()
    ]


#: Methods that scenarios call and the type definitions no longer have, or never had.
UNDOCUMENTED = {
    "Call": {"acceptReInvite", "detectProgressTone", "detectVoicemailPrompt",
             "detectVoicemailTone", "reInvite", "rejectReInvite"},
    "VoxEngine": {"createToneScript"},
}  # fmt: skip


@pytest.mark.parametrize(
    "cls",
    [*CLASSES.values(), *MODULE_CLASSES.values(), AnsweringMachineDetector, IVRState, VoxEngine,
     VoiceAgentAPIClient],
    ids=lambda cls: cls._platform_name,
)  # fmt: skip
def test_scripts_see_the_platforms_methods_and_no_others(cls):
    name = cls._platform_name
    known = api.namespace_functions(name) or api.class_members(name)
    seen = set(members.methods(cls)) - {"toJSON"}
    assert seen - known == UNDOCUMENTED.get(name, set())
