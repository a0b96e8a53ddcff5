"""A disk that fills up at any moment: one error, the run stops, and what was written is whole."""

from __future__ import annotations

import json

import msgspec
import pytest
from small_disk import room_for

from voxrt.cli.main import main
from voxrt.errors import UsageError
from voxrt.media.wav import read_wav
from voxrt.outside.call_list import Row
from voxrt.run import RunConfig, run
from voxrt.run.call_list import RESULTS_FILE, run_call_list
from voxrt.session.journal import read_journal

#: A call with an agent, a WebSocket, a recording, a trace and statistics; it lasts some 8 s.
SCENARIO = """
require(Modules.Grok)

def tell(e):
    Logger.write(f"{{e.name}} {{e.get('error')}}")

async def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    call.record({record})
    socket = VoxEngine.createWebSocket("wss://echo.example.com/")
    call.sendMediaTo(socket)
    for name in ("RecordStarted", "RecordError", "RecordStopped"):
        call.addEventListener(CallEvents[name], tell)
    client = await Grok.createVoiceAgentAPIClient(xAIApiKey="k", trace=True, statistics=True)
    VoxEngine.sendMediaBetween(call, client)
    client.responseCreate({{}})

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLER = "caller: {steps: [{wait: 2000}, {say: One two three.}, {wait: 5000}, hang_up]}"
PEERS = "websockets: [{match: wss://echo.example.com/, open: [{text: hello}], echo: true}]"


@pytest.fixture
def played(tmp_path):
    """Runs the scenario in a new folder; the records as they were told, and the result."""

    def run_it(name, most=None, record="", in_the_way=None):
        folder = tmp_path / name
        (folder / "run").mkdir(parents=True)
        if in_the_way is not None:
            (folder / "run" / in_the_way).write_text("in the way")
        scenario = folder / "scenario.py"
        scenario.write_text(SCENARIO.format(record=record))
        (folder / "caller.yaml").write_text(CALLER)
        (folder / "http.yaml").write_text(PEERS)
        told = []
        config = RunConfig(
            scenarios=(scenario,),
            out=folder / "run",
            speech="synthetic",
            caller=folder / "caller.yaml",
            http=folder / "http.yaml",
        )
        if most is None:
            return told, run(config, told.append)
        with room_for(most):
            return told, run(config, told.append)

    return run_it


def check_files(out):
    """Everything that is on the disk can be read."""
    for path in sorted(out.rglob("*")):
        if path.suffix == ".wav" and path.stat().st_size >= 44:
            read_wav(path)
        elif path.suffix == ".jsonl":
            text = path.read_bytes()
            assert text == b"" or text.endswith(b"\n"), path
            for line in text.splitlines():
                msgspec.json.decode(line)
        elif path.suffix == ".json":
            json.loads(path.read_text())
    assert not list(out.rglob(".*")), "half a file is left"


MOST = [0, 1, 100, 1_000, 3_000, 5_000, 8_000, 12_000, 20_000, 33_000, 60_000, 100_000, 150_000]


@pytest.mark.parametrize("most", MOST)
def test_at_any_moment(played, most):
    told, result = played("a", most)
    check_files(result.out)
    errors = [record for record in told if record["kind"] == "error"]
    assert {record["code"] for record in errors} == {"V510"}
    assert "File too large What was written before is whole." in errors[0]["text"]
    assert (result.outcome, result.exit_code) == ("failed", 3)
    assert result.record["outcome"] == "failed"
    kept = read_journal(result.out / "journal.jsonl")
    assert kept == told[: len(kept)]


def test_the_first_file_is_the_one_that_is_told(played):
    """The WebSocket's; the rest is written to the end."""
    told, result = played("a", 200_000)
    (error,) = [record for record in told if record["kind"] == "error"]
    assert "sockets/1.jsonl: this file of the run cannot be written" in error["text"]
    kept = read_journal(result.out / "journal.jsonl")
    assert kept == told
    assert kept[-1]["outcome"] == "failed"
    assert json.loads((result.out / "result.json").read_text()) == kept[-1]
    heard_s = len(read_wav(result.out / "call-1.wav").pcm) / 32_000
    assert abs(heard_s - error["t"] / 1_000) < 1


def test_a_recording_of_the_scenario_is_told_to_the_scenario(played):
    """It is six times as large as the run's own; the call goes on."""
    told, result = played("a", 400_000, "{'hd_audio': True}")
    assert result.outcome == "normal"
    logs = [record["text"] for record in told if record["kind"] == "log"]
    assert logs[0] == "Call.RecordStarted None"
    assert logs[1].startswith("Call.RecordError ")
    assert "the recording cannot be written: File too large" in logs[1]
    assert len(logs) == 2
    (file,) = [record for record in told if record.get("what") == "recording"]
    assert len(read_wav(result.out / file["path"]).pcm) >= 384_000
    check_files(result.out)


@pytest.mark.parametrize("blocked", ["links", "sockets", "traces", "statistics"])
def test_a_folder_that_cannot_be_made(played, blocked):
    told, result = played("a", in_the_way=blocked)
    (error,) = [record for record in told if record["kind"] == "error"]
    assert f"/{blocked}/" in error["text"]
    assert "What was written before is whole." in error["text"]
    assert (result.outcome, result.exit_code) == ("failed", 3)
    assert read_journal(result.out / "journal.jsonl") == told
    check_files(result.out)


def test_the_result_has_no_room_though_the_rest_had(played, tmp_path):
    """It is the longest line of a run of one line."""
    scenario = tmp_path / "scenario.py"
    scenario.write_text("VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)")
    told = []
    config = RunConfig(scenarios=(scenario,), out=tmp_path / "run", start=True)
    whole = run(config, told.append)
    journal = whole.out / "journal.jsonl"
    before_the_result = sum(len(line) + 1 for line in journal.read_bytes().splitlines()[:-1])
    told.clear()
    with room_for(before_the_result + 1):
        result = run(config, told.append)
    assert [record["kind"] for record in told[-2:]] == ["error", "result"]
    assert "journal.jsonl: this file of the run cannot be written" in told[-2]["text"]
    assert (result.outcome, result.exit_code) == ("failed", 3)
    assert read_journal(journal) == told[:-2]
    check_files(result.out)


def test_the_command_says_it_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    scenario = tmp_path / "scenario.py"
    scenario.write_text(
        "def on_call(e):\n    e.call.answer()\n"
        "VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)\n"
    )
    with room_for(40_000):
        code = main(["run", str(scenario), "--out", "run"])
    out, err = capsys.readouterr()
    assert code == 3
    told = "error: run/call-1.wav: the recording cannot be written: File too large"
    assert f"{told} What was written before is whole. [V510]" in " ".join(out.split())
    assert "failed: Terminated administratively" in out
    assert (out + err).count("cannot be written") == 2  # when it happened, and in the summary
    assert "Traceback" not in out + err


def test_a_folder_that_nothing_can_be_written_to_is_bad_input(tmp_path, monkeypatch):
    scenario = tmp_path / "scenario.py"
    scenario.write_text("VoxEngine.terminate()")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.touch", refuse)
    with pytest.raises(UsageError, match="the folder for the run cannot be written: Permission"):
        run(RunConfig(scenarios=(scenario,), out=tmp_path / "run", start=True))


def test_the_results_of_the_rows_before_are_kept(tmp_path):
    """The folder of the second row cannot be made."""
    scenario = tmp_path / "scenario.py"
    scenario.write_text("VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)")
    out = tmp_path / "out"
    out.mkdir()
    (out / "row-2").write_text("in the way")
    rows = [Row(number=number, data={"name": name}) for number, name in ((1, "Ann"), (2, "Bob"))]
    with pytest.raises(UsageError, match="the folder for the run cannot be written"):
        run_call_list(RunConfig(scenarios=(scenario,), out=out), rows, 1)
    lines = (out / RESULTS_FILE).read_text().splitlines()
    assert lines[1:] == ["Ann;Processed;1;"]
