"""Runs that are interrupted or killed leave what they have recorded."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from textwrap import dedent

import pytest

from voxrt.media.wav import read_wav
from voxrt.session.journal import read_journal

#: Runs a scenario in a process of its own, in real time, and prints what the scenario logs.
#: An interruption that comes after the run's end, for which nobody waited, does nothing.
PROGRAM = """
import signal, sys
from pathlib import Path
from voxrt.run import RunConfig, run

signal.signal(signal.SIGINT, signal.SIG_IGN)

def watch(record):
    if record["kind"] == "log":
        print(record["text"], flush=True)

folder = Path(sys.argv[1])
result = run(RunConfig(scenarios=(folder / "scenario.py",), out=folder / "run",
                       speech="synthetic", time=sys.argv[2], limits=sys.argv[3]), watch)
print(result.outcome, result.finish_reason, flush=True)
sys.exit(result.exit_code)
"""

#: Answers, plays a file for ever, and says so after so much of the recording is on disk.
TALKING = """
from pathlib import Path
import trio
def on_call(e):
    e.call.addEventListener(CallEvents.Connected, connected)
    e.call.answer()
async def connected(e):
    e.call.say("a word " * 100)
    recording = Path(__file__).parent / "run" / "call-1.wav"
    while recording.stat().st_size < 2 * 8000 * 2 * 2 + 44:
        await trio.sleep(0.1)
    Logger.write("ready")
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
VoxEngine.addEventListener(AppEvents.Terminating, lambda e: Logger.write("terminating"))
"""


@pytest.fixture
def start(tmp_path):
    """Starts a scenario in a process; what it prints can be read line by line."""
    started = []

    def begin(source, time="4", limits="enforce"):
        (tmp_path / "scenario.py").write_text(dedent(source), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), time, limits],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def wait_for(process, line):
    """Reads what the process prints up to a line."""
    for text in process.stdout:
        if text.rstrip("\n") == line:
            return
    pytest.fail(f"it ended without {line!r}: {process.stderr.read()}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_session_as_the_platform_would(start, tmp_path, number):
    process = start(TALKING)
    wait_for(process, "ready")
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert err == ""
    assert out.splitlines() == ["terminating", "interrupted Terminated administratively"]
    assert process.returncode == 130
    records = read_journal(tmp_path / "run" / "journal.jsonl")
    ends = [r["name"] for r in records if r["kind"] == "event"][-3:]
    assert ends == ["Call.Disconnected", "Application.Terminating", "Application.Terminated"]
    assert records[-1]["outcome"] == "interrupted"
    log = (tmp_path / "run" / "session.log").read_text(encoding="utf-8").splitlines()
    assert [line[24:] for line in log[-2:]] == ["Terminated administratively", "Session terminated"]
    wav = read_wav(tmp_path / "run" / "call-1.wav")
    assert len(wav.pcm) > 2 * wav.rate_hz * 2 * wav.channels  # two seconds at least


def test_an_interruption_of_virtual_time_that_never_waits(start):
    process = start(
        """
        def for_ever():
            setTimeout(for_ever, 0)
        def started(e):
            Logger.write("ready")
            for_ever()
        VoxEngine.addEventListener(AppEvents.Started, started)
        VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: None)
        """,
        time="virtual",
        limits="off",
    )
    wait_for(process, "ready")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert err == ""
    assert process.returncode == 130
    assert out.splitlines() == ["interrupted Terminated administratively"]


def test_a_second_interruption_ends_a_scenario_that_computes_for_ever(start, tmp_path):
    process = start(
        """
        def started(e):
            Logger.write("ready")
            while True:
                pass
        VoxEngine.addEventListener(AppEvents.Started, started)
        """,
        limits="off",
    )
    wait_for(process, "ready")
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert err == ""
    assert out.startswith("interrupted ")
    assert process.returncode == 130
    records = read_journal(tmp_path / "run" / "journal.jsonl")
    assert records[-1]["outcome"] == "interrupted"


def test_a_third_interruption_does_not_wait_for_a_task_that_holds_on(start, tmp_path):
    process = start(
        """
        import trio
        async def started(e):
            Logger.write("ready")
            try:
                await trio.sleep_forever()
            finally:
                Logger.write("holding on")
                with trio.CancelScope(shield=True):
                    await trio.sleep_forever()
        VoxEngine.addEventListener(AppEvents.Started, started)
        """
    )
    wait_for(process, "ready")
    process.send_signal(signal.SIGINT)
    wait_for(process, "holding on")
    interruptions = 1
    while process.poll() is None and interruptions < 20:
        process.send_signal(signal.SIGINT)
        interruptions += 1
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
    out, _ = process.communicate(timeout=20)
    assert out.startswith("interrupted ")
    assert process.returncode == 130
    assert read_journal(tmp_path / "run" / "journal.jsonl")[-1]["outcome"] == "interrupted"


def test_a_killed_run_leaves_a_readable_journal_and_recording(start, tmp_path):
    process = start(TALKING)
    wait_for(process, "ready")
    process.kill()
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGKILL
    records = read_journal(tmp_path / "run" / "journal.jsonl")
    assert [record["n"] for record in records] == list(range(1, len(records) + 1))
    # The kill may come a little later than what it waited for.
    assert "ready" in [record.get("text") for record in records]
    log = (tmp_path / "run" / "session.log").read_text(encoding="utf-8").splitlines()
    assert any(line.endswith(" ready") for line in log)
    wav = read_wav(tmp_path / "run" / "call-1.wav")
    assert wav.channels == 2
    assert len(wav.pcm) >= 2 * wav.rate_hz * 2 * wav.channels
