"""The command line: one clear message for each kind of bad input, and exit codes for scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from voxrt import __version__
from voxrt.cli import main as cli
from voxrt.errors import LinkError, MediaError

ENDS_AT_ONCE = "VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)\n"
ANSWERS = """
def on_call(event):
    event.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    event.call.addEventListener(CallEvents.Connected, on_connected)
    event.call.answer()
def on_connected(event):
    event.call.say("Welcome to the line.")
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a scenario that ends at once, as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XAI_API_KEY", raising=False)
    Path("good.py").write_text(ENDS_AT_ONCE)
    return tmp_path


def voxrt(capsys, *words):
    """Runs a command line: the exit code, standard output and standard error."""
    code = cli.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


# --- bad input ------------------------------------------------------------------------------------


def refused(capsys, *words):
    """The one message of a command line that is refused."""
    code, out, err = voxrt(capsys, *words)
    assert code == 2
    assert out == ""
    assert err.count("error: ") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rnu"], "rnu"),
        (["run", "good.py", "--sed", "1"], "--sed"),
        (["run", "good.py", "--seed", "one"], "--seed"),
        (["run"], "no scenario was given"),
        (["run", "good.py", "--time", "fast"], "--time must be `virtual`, `real` or"),
        (["run", "good.py", "--time", "-1"], "--time must be `virtual`, `real` or"),
        (["run", "good.py", "--limits", "some"], "--limits must be one of"),
        (["run", "good.py", "--grok", "live"], "--time real"),
        (["run", "good.py", "--grok", "elsewhere", "--time", "real"], "--grok must be"),
        (["run", "good.py", "-v", "-q"], "--verbose and --quiet exclude each other"),
        (["run", "good.py", "--start", "--to", "1"], "--start begins a session without a call"),
        (["run", "good.py", "--conference", "room"], "--conference goes with --start"),
        (["run", "good.py", "--start", "--conference", "r" * 50], "at most 49 characters, not 50"),
        (["run", "good.py", "--secret", "=x"], "--secret takes NAME=VALUE"),
        (["run", "good.py", "--secret", "NO_SUCH_NAME"], "no environment variable"),
        (["run", "good.py", "--secrets-file", "none.env"], "none.env: error: there is no such"),
        (["run", "good.py", "--out", "good.py"], "good.py: error: the folder for the run"),
        (["run", "missing.py"], "missing.py: error: there is no such scenario file"),
        (["run", "."], ".: error: this is a directory"),
        (["run", "good.py", "--caller", "none.yaml"], "none.yaml"),
        (["run", "good.py", "--caller", "none.wav"], "none.wav"),
        (["run", "good.py", "--agent", "none.yaml"], "none.yaml"),
        (["stand-in", "--port", "70000"], "--port must be between 0 and 65535"),
        (["stand-in", "--script", "none.yaml"], "none.yaml"),
        (["stubs", "nowhere"], "nowhere: error: there is no such folder"),
    ],
)
def test_a_wrong_option_or_a_missing_file(here, capsys, words, message):
    assert message in refused(capsys, *words)


@pytest.mark.parametrize(
    ("name", "content", "option", "message"),
    [
        ("bad.py", b"x = 1\nif x\n", None, "bad.py:2:5: error: expected ':'."),
        ("bad.py", b"x = 1\nawait x\n", None, "bad.py:2:1: error: `await` does not work"),
        ("bad.py", b"x = '\xff'\n", None, "bad.py:1: error: the scenario file is not UTF-8"),
        ("bad.yaml", b"name: x\nsteps: [\n", "--caller", "bad.yaml:3"),
        ("bad.yaml", b"caller:\n  stpes: []\n", "--caller", "bad.yaml:2"),
        ("bad.yaml", b"rules:\n  - when: x\n    sya: y\n", "--agent", "bad.yaml:3"),
        ("bad.yaml", b"a: b: c\n", "--agent", "bad.yaml:1"),
        ("bad.wav", b"RIFF nothing", "--caller", "bad.wav"),
        ("bad.wav", b"", "--caller", "bad.wav"),
        ("bad.env", b"A=1\nno equals\n", "--secrets-file", "bad.env:2: error: this line is not"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(here, capsys, name, content, option, message):
    Path(name).write_bytes(content)
    words = ["run", name] if option is None else ["run", "good.py", option, name]
    assert message in refused(capsys, *words)


def test_a_syntax_error_shows_the_line(here, capsys):
    Path("bad.py").write_text("x = 1\nif x\n")
    assert refused(capsys, "run", "bad.py").splitlines() == [
        "bad.py:2:5: error: expected ':'. [V201]",
        "    2 | if x",
        "      |     ^",
    ]


def test_a_message_about_secrets_never_shows_one(here, capsys):
    Path("bad.env").write_text("the-secret-value\n")
    err = refused(capsys, "run", "good.py", "--secrets-file", "bad.env")
    err += refused(capsys, "run", "good.py", "--secret", "1=the-secret-value")
    assert "the-secret-value" not in err


# --- runs -----------------------------------------------------------------------------------------


def test_a_session_that_ends_normally(here, capsys):
    code, out, err = voxrt(capsys, "run", "good.py", "--start")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith("session  good (seed 1)")
    assert "ended        Normal termination after 00:00.000" in lines
    journal = Path("runs/good/journal.jsonl")
    assert f"journal      {journal}" in lines
    assert json.loads(journal.read_text().splitlines()[0])["kind"] == "run"


def test_a_call_is_told_and_recorded(here, capsys):
    Path("call.py").write_text(ANSWERS)
    code, out, _ = voxrt(capsys, "run", "call.py", "--to", "100", "--from", "200", "--out", "o")
    assert code == 0
    assert "200 calls 100" in out
    assert 'scenario "Welcome to the line."' in out
    assert "recording    o/call-1.wav" in out
    assert Path("o/call-1.wav").stat().st_size > 44


def test_runs_of_the_same_scenario_keep_their_folders(here, capsys):
    for folder in ("runs/good", "runs/good-2", "runs/good-3"):
        voxrt(capsys, "run", "good.py", "--start")
        assert Path(folder, "journal.jsonl").is_file()


def test_the_flag_of_video_conferences_for_files(here, capsys):
    Path("room.py").write_text(
        "require(Modules.Conference)\n"
        "conference = VoxEngine.createConference()\n"
        "for name in ('EndpointAdded', 'ConferenceError'):\n"
        "    conference.addEventListener(ConferenceEvents[name], lambda e: Logger.write(e.name))\n"
        "def on_call(e):\n"
        "    conference.add(call=e.call)\n"
        "    setTimeout(VoxEngine.terminate, 10)\n"
        "VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)\n"
    )
    _, out, _ = voxrt(capsys, "run", "room.py")
    assert "Conference.Error" in out
    code, out, _ = voxrt(capsys, "run", "room.py", "--video-conference")
    assert code == 0
    assert "Conference.EndpointAdded" in out


def test_quiet_prints_only_the_summary(here, capsys):
    code, out, _ = voxrt(capsys, "run", "good.py", "--start", "--quiet")
    assert code == 0
    assert out.startswith("ended ")


def test_verbose_tells_everything(here, capsys):
    _, out, _ = voxrt(capsys, "run", "good.py", "--start", "--verbose")
    assert "session  loads good" in out
    assert "command  terminating" in out


def test_files_share_one_scope_and_get_custom_data_and_secrets(here, capsys, monkeypatch):
    monkeypatch.setenv("FROM_ENVIRONMENT", "env-value")
    Path("s.env").write_text("# a comment\n\nexport IN_FILE='file value'\nOVER=old\n")
    Path("one.py").write_text("def tell():\n    return VoxEngine.customData()\n")
    Path("two.py").write_text(
        "def on_start():\n"
        "    names = ('A', 'FROM_ENVIRONMENT', 'IN_FILE', 'OVER', 'NONE')\n"
        "    Logger.write(tell())\n"
        "    Logger.write([len(VoxEngine.getSecretValue(n) or '') for n in names])\n"
        "    VoxEngine.terminate()\n"
        "VoxEngine.addEventListener(AppEvents.Started, on_start)\n"
    )
    words = ["--secret", "A=b=c", "--secret", "FROM_ENVIRONMENT", "--secret", "OVER=newer"]
    code, out, _ = voxrt(
        capsys, "run", "one.py", "two.py", "--start", "--custom-data", '{"x": 1}',
        "--secrets-file", "s.env", *words,
    )  # fmt: skip
    assert code == 0
    assert 'log      {"x": 1}' in out
    assert "log      [3,9,10,5,0]" in out


def test_an_error_of_the_scenario_exits_with_1_and_shows_its_line(here, capsys):
    Path("bad.py").write_text(
        "def on_start(event):\n    x = evnt.sessionId\n\n"
        "VoxEngine.addEventListener(AppEvents.Started, on_start)\n"
    )
    code, out, _ = voxrt(capsys, "run", "bad.py", "--start")
    assert code == 1
    assert "bad.py:2:9: error: NameError: name 'evnt' is not defined [NameError]" in out
    assert "    2 | x = evnt.sessionId\n      |     ^^^^" in out
    assert "hint: Did you mean `event`?" in out
    assert "ended        script error: JS session error" in out


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0\n", "top.py:1:1: error: ZeroDivisionError: division by zero"),
        ("Grok.Events\n", "hint: Add `require(Modules.Grok)`"),
        ("VoxEngine.addEventListner\n", "top.py:1"),
    ],
)
def test_an_error_at_the_top_level_exits_with_1(here, capsys, source, message):
    Path("top.py").write_text(source)
    code, out, _ = voxrt(capsys, "run", "top.py", "--start", "--quiet")
    assert code == 1
    assert message in out


def test_an_unhandled_rejection_exits_with_1(here, capsys):
    Path("late.py").write_text(
        "async def on_start(event):\n    VoxEngine.terminate()\n    raise ValueError('late')\n"
        "VoxEngine.addEventListener(AppEvents.Started, on_start)\n"
    )
    code, out, _ = voxrt(capsys, "run", "late.py", "--start", "--quiet")
    assert code == 1
    assert "late.py:3:5: error: Unhandled rejection: ValueError: late" in out


def test_an_unknown_event_is_a_warning_with_a_near_name(here, capsys):
    Path("near.py").write_text(
        "VoxEngine.addEventListener(CallEvents.Conected, lambda: None)\n" + ENDS_AT_ONCE
    )
    code, out, _ = voxrt(capsys, "run", "near.py", "--start")
    assert code == 0
    assert "Conected" in out
    assert "Connected" in out


def test_a_reader_that_goes_away_does_not_end_the_run(here):
    Path("call.py").write_text(ANSWERS)
    command = [sys.executable, "-m", "voxrt.cli.main", "run", "call.py", "-v", "--out", "o"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
    last = json.loads(Path("o/journal.jsonl").read_text().splitlines()[-1])
    assert (last["kind"], last["outcome"]) == ("result", "normal")


# --- what is not the user's fault -----------------------------------------------------------------


@pytest.mark.parametrize("error", [LinkError("no answer"), MediaError("bad rate")])
def test_a_failure_of_a_link_or_of_voxrt_exits_with_3(here, capsys, monkeypatch, error):
    def fail(config, watch):
        raise error

    monkeypatch.setattr("voxrt.run.run", fail)
    code, _, err = voxrt(capsys, "run", "good.py", "--start")
    assert code == 3
    assert err == f"error: {error.message} [{error.code}]\n"


def test_an_error_inside_a_group_is_told_as_itself(here, capsys, monkeypatch):
    def fail(config, watch):
        raise ExceptionGroup("nursery", [LinkError("no answer")])

    monkeypatch.setattr("voxrt.run.run", fail)
    assert voxrt(capsys, "run", "good.py")[0] == 3


def test_a_bug_of_ours_keeps_its_traceback(here, monkeypatch):
    def fail(config, watch):
        raise ExceptionGroup("nursery", [RuntimeError("bug")])

    monkeypatch.setattr("voxrt.run.run", fail)
    with pytest.raises(ExceptionGroup):
        cli.main(["run", "good.py"])


def test_ctrl_c_before_the_run_exits_with_130(here, capsys, monkeypatch):
    def interrupt(config, watch):
        raise KeyboardInterrupt

    monkeypatch.setattr("voxrt.run.run", interrupt)
    assert voxrt(capsys, "run", "good.py")[0] == 130


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_lists_commands_and_exit_codes(capsys, words):
    code, out, _ = voxrt(capsys, *words)
    assert code == 0
    for word in ("run", "stand-in", "stubs", "Exit codes:", "130"):
        assert word in out


def test_help_of_a_command(capsys):
    _, out, _ = voxrt(capsys, "run", "--help")
    for option in ("--caller", "--custom-data", "--secrets-file", "--limits", "--from", "--out"):
        assert option in out


def test_version(capsys):
    assert voxrt(capsys, "--version")[1] == f"{__version__}\n"


def test_help_loads_neither_trio_nor_the_audio_core():
    code = (
        "import sys\nfrom voxrt.cli.main import main\nmain(['--help'])\n"
        "heavy = {'trio', 'voxrt._native', 'voxrt.run', 'yaml', 'msgspec', 'voxrt.media'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_stubs_for_an_editor(here, capsys):
    code, out, _ = voxrt(capsys, "stubs")
    assert code == 0
    written = ["__builtins__.pyi", "typings/voxrt/platform/__init__.pyi"]
    assert all(f"wrote {name}" in out and Path(name).is_file() for name in written)
    assert voxrt(capsys, "stubs", ".")[0] == 0  # again, after an update


def test_stubs_leave_a_foreign_file_alone(here, capsys):
    Path("__builtins__.pyi").write_text("x: int\n")
    assert "not from `voxrt stubs`" in refused(capsys, "stubs")
    assert Path("__builtins__.pyi").read_text() == "x: int\n"
