"""Same input, same bytes: two runs with the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import files_of

from voxrt.errors import UsageError
from voxrt.legs.builder import CallerSteps
from voxrt.legs.script_file import load_script
from voxrt.media.speech import Speaker
from voxrt.run import RunConfig, run

RESTAURANT = Path(__file__).parents[2] / "scenarios" / "restaurant"


def play_restaurant(out, **options):
    caller = options.pop("caller", RESTAURANT / "caller.yaml")
    return run(
        RunConfig(
            scenarios=(RESTAURANT / "restaurant.py",),
            caller=caller,
            agent=RESTAURANT / "agent.yaml",
            out=out,
            **options,
        )
    )


@pytest.fixture(params=["synthetic", "espeak"])
def voice(request):
    try:
        Speaker(request.param)
    except UsageError:
        pytest.skip("the extra `speech` is not installed")
    return request.param


def test_two_runs_with_the_same_seed_leave_the_same_bytes(tmp_path, voice):
    first = play_restaurant(tmp_path / "first", speech=voice, seed=7)
    second = play_restaurant(tmp_path / "another folder" / "second", speech=voice, seed=7)
    made = files_of(first.out)
    assert {"journal.jsonl", "session.log", "call-1.wav", "result.json"} <= set(made)
    assert any(name.startswith("recordings/") for name in made)
    assert files_of(second.out) == made
    assert first.outcome == "normal"
    assert second.record == first.record


def test_a_lossy_line_is_the_same_each_time(tmp_path):
    """Noise, losses and jitter come from the seed; with another seed other words get lost."""
    bad = {"codec": "pcmu", "loss_percent": 12, "burst_packets": 3, "jitter_ms": 15}
    script = load_script(RESTAURANT / "caller.yaml")
    line = CallerSteps(script.caller).channel(**bad, send={"noise_dbfs": -55})

    def played(name, seed):
        out = tmp_path / name
        return play_restaurant(out, speech="synthetic", seed=seed, caller=line.script()).out

    first, second, other = played("1", 5), played("2", 5), played("3", 6)
    assert files_of(first) == files_of(second)
    assert (first / "call-1.wav").read_bytes() != (other / "call-1.wav").read_bytes()


def test_another_seed_gives_other_ids(tmp_path):
    first = play_restaurant(tmp_path / "1", speech="synthetic", seed=1)
    second = play_restaurant(tmp_path / "2", speech="synthetic", seed=2)
    assert first.record["calls"][0]["id"] != second.record["calls"][0]["id"]
    assert first.files["journal"].read_bytes() != second.files["journal"].read_bytes()


def test_a_folder_is_used_again(tmp_path):
    """Nothing of an older run changes the new one; only its recordings are still there."""
    out = tmp_path / "run"
    play_restaurant(out, speech="synthetic", seed=1)
    first = files_of(out)
    play_restaurant(out, speech="synthetic", seed=2)
    play_restaurant(out, speech="synthetic", seed=1)
    again = files_of(out)
    kept = {name for name in again if name.startswith("recordings/")}
    assert {name: again[name] for name in again if name not in kept} == {
        name: first[name] for name in first if name not in kept
    }


def test_the_folder_is_not_in_what_a_run_writes(tmp_path):
    result = play_restaurant(tmp_path / "a very special name", speech="synthetic")
    for path in result.out.rglob("*"):
        if path.suffix in {".jsonl", ".log", ".json"}:
            assert "a very special name" not in path.read_text(encoding="utf-8")


def test_objects_of_the_platform_are_written_down_without_addresses(play):
    """Python's own words for an object are other ones in each run."""
    source = """
    def on_call(e):
        Logger.write(f"{e.call} {VoxEngine.createTTSPlayer('Hm.')} {dict(e)['call']}")
        VoxEngine.terminate()

    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    assert play(source).logs == ["<Call> <Player> <Call>"]
