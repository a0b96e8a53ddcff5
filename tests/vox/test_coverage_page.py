"""docs/coverage.md: made from the code, and true."""

from __future__ import annotations

from pathlib import Path

import pytest

from voxrt.vox import api, coverage, coverage_notes
from voxrt.vox.shortfalls import WITHOUT_EFFECT

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_the_page_is_what_the_code_says():
    """When this fails, run `python -m voxrt.vox.coverage` and read the difference."""
    assert PAGE.read_text(encoding="utf-8") == coverage.page()


def test_every_partial_member_exists_and_is_there():
    source = coverage.Source.read()
    for full in (*coverage_notes.PARTIAL, *WITHOUT_EFFECT):
        name, _, member = full.rpartition(".")
        if full in api.surface()["events"]:
            assert api.surface()["events"][full]["value"] in source.emitted, full
            continue
        known = api.namespace_functions(name) or api.class_members(name)
        assert member in known, full
        assert member in source.members[name], full


def test_members_agree_with_the_objects_of_a_scenario(play):
    """What the page says is there can be looked up, and what is absent refuses its use."""
    scenario = """
    require(Modules.Grok)
    def on_start(e):
        seen.append(VoxEngine.callPSTN("1", "2"))
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, start=True)
    objects = {"Call": played.seen[0], **played.scope}
    source = coverage.Source.read()
    for part in (*coverage.namespaces(source), *coverage.classes(source)):
        found = objects.get(part.name)
        if found is None or isinstance(found, type):
            continue
        for member in (*part.full, *part.partial):
            assert type(getattr(found, member)).__name__ != "NotEmulated", (part.name, member)
        for member in part.absent:
            assert type(getattr(found, member)).__name__ == "NotEmulated", (part.name, member)


@pytest.mark.parametrize("name", ["require", "setTimeout", "uuidgen", "base64_encode"])
def test_globals_are_there(play, name):
    (globals_,) = [p for p in coverage.namespaces(coverage.Source.read()) if p.name == "(global)"]
    assert name in globals_.full
    assert all(name in play("pass", start=True).scope for name in globals_.full)


def test_events_of_the_tests_are_on_the_page():
    """Events that other tests of this folder see are counted as emitted, others are not."""
    parts = {part.name: part for part in coverage.events(coverage.Source.read())}
    assert {"Connected", "PlaybackStarted", "PushSent", "RecordStopped"} <= {
        *parts["CallEvents"].full
    }
    for part in parts.values():
        assert all(coverage_notes.reason(f"{part.name}.{member}") for member in part.absent)
    assert parts["Grok.Events"].status == parts["Grok.VoiceAgentAPIEvents"].status == "full"
    assert parts["PlayerEvents"].absent == ["AudioChunksPlaybackFinished", "PlaybackBuffering"]
    assert parts["SequencePlayerEvents"].status == "full"
    assert parts["RecorderEvents"].status == parts["ConferenceEvents"].status == "full"
    assert parts["AMD.Events"].status == "full"
