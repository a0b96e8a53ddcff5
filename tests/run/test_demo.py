"""The demo: a call with an agent from greeting to hang-up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxrt.media.codecs import level_dbfs
from voxrt.media.wav import read_wav
from voxrt.run import RunConfig, run

ROOT = Path(__file__).parents[2]
FOLDER = Path("scenarios/restaurant")


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """Runs the demo as `make demo` does, into a folder of the test's own."""
    monkeypatch.chdir(ROOT)

    def play(name, language="py", **changes):
        options = {"speech": "synthetic", "seed": 7, **changes}
        return run(
            RunConfig(
                scenarios=(FOLDER / f"restaurant.{language}",),
                caller=FOLDER / "caller.yaml",
                agent=FOLDER / "agent.yaml",
                out=tmp_path / name,
                **options,
            )
        )

    play.folder = tmp_path
    return play


def records_of(result):
    return [json.loads(line) for line in result.files["journal"].read_text().splitlines()]


def test_the_call_goes_from_greeting_to_hang_up(demo):
    result = demo("one")
    records = records_of(result)
    heard = [(r["by"], r["complete"], r["text"]) for r in records if r["kind"] == "heard"]
    names = [r["name"] for r in records if r["kind"] == "event"]
    assert result.exit_code == 0
    assert heard[0] == ("caller", True, "Good evening, this is La Piazza.")
    assert heard[-1] == ("caller", True, "See you tonight, goodbye!")
    assert ("platform", True, "Could you make it nine o'clock instead?") in heard
    assert names.count("Grok.VoiceAgentAPI.ResponseFunctionCallArgumentsDone") == 3
    assert result.record["calls"][0]["ended"] == "Disconnected"


def test_the_barge_in_cuts_the_agent_off(demo):
    records = records_of(demo("one"))
    menu = next(r for r in records if r["kind"] == "heard" and r["text"].startswith("Today"))
    barge_in = next(r for r in records if r["kind"] == "heard" and r["text"] == "Sorry, wait.")
    assert not menu["complete"]
    assert menu["from_ms"] < barge_in["from_ms"]
    assert menu["to_ms"] - barge_in["from_ms"] < 400
    cleared = [r for r in records if r["kind"] == "media" and r["action"] == "clear"]
    assert max(r["samples"] for r in cleared) > 16_000


def test_both_voices_are_in_the_recording(demo):
    wav = read_wav(demo("one").files["recording"])
    guest, agent = wav.channel(0), wav.channel(1)
    assert wav.channels == 2
    assert level_dbfs(guest) > -40
    assert level_dbfs(agent) > -40
    assert guest != agent


def test_both_languages_give_the_same_journal(demo):
    """All but what tells the language, and what follows from the text of the files."""
    python, javascript = records_of(demo("one")), records_of(demo("two", "js"))
    assert python[0].pop("scenario")["language"] == "python"
    assert javascript[0].pop("scenario")["language"] == "javascript"
    for record in (*python, *javascript):
        record.pop("at", None)
    assert python == javascript
    for file in ("call-1.wav", "session.log"):
        one, two = ((demo.folder / name / file).read_bytes() for name in ("one", "two"))
        assert one == two, file
