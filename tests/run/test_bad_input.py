"""What is wrong with a run's files and options is said before anything runs, with its place."""

from __future__ import annotations

import pytest

from voxrt.errors import (
    AudioFileError,
    DocumentError,
    InputError,
    ScenarioSyntaxError,
    UsageError,
)
from voxrt.run import RunConfig, run


@pytest.fixture
def write(tmp_path):
    """Writes a file of the test's folder; bytes or text."""

    def make(name, content):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return path

    return make


@pytest.fixture
def refused(tmp_path, write):
    """Runs something wrong; the error. Nothing may have been run, nothing written."""

    def attempt(**options):
        scenario = write("good.py", "Logger.write('ran')\nVoxEngine.terminate()\n")
        records = []
        with pytest.raises(InputError) as caught:
            run(
                RunConfig(
                    **{
                        "scenarios": (scenario,),
                        "out": tmp_path / "run",
                        "speech": "synthetic",
                        **options,
                    }
                ),
                records.append,
            )
        assert records == []
        assert not (tmp_path / "run").exists()
        return caught.value

    return attempt


def place(error):
    return error.file, error.line


def test_a_scenario_that_is_not_there(refused, tmp_path):
    error = refused(scenarios=(tmp_path / "god.py",))
    assert type(error) is UsageError
    assert error.file == str(tmp_path / "god.py")
    assert error.hint == f"Did you mean {tmp_path / 'good.py'}?"


def test_no_scenario_at_all(refused):
    assert "no scenario was given" in refused(scenarios=()).message


def test_a_folder_as_a_scenario(refused, tmp_path):
    error = refused(scenarios=(tmp_path,))
    assert error.file == str(tmp_path)
    assert "directory" in error.message


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ndef f(:\n", 2),
        ("\n\nconst x = 1;\n", 3),
        ("x = (1,\n", 1),
        ("await f()\n", 1),
        ("if True:\nx = 1\n", 2),
        ("return 5\n", 1),
    ],
)
def test_a_scenario_that_does_not_compile(refused, write, source, line):
    path = write("bad.py", source)
    error = refused(scenarios=(path,))
    assert type(error) is ScenarioSyntaxError
    assert place(error) == (str(path), line)


def test_the_second_file_is_checked_before_the_first_one_runs(refused, write, tmp_path):
    bad = write("bad.py", "1 +\n")
    error = refused(scenarios=(write("first.py", "Logger.write('ran')"), bad))
    assert place(error) == (str(bad), 1)


def test_a_scenario_in_another_encoding(refused, write):
    path = write("bad.py", b"# one\n# caf\xe9\n")
    assert place(refused(scenarios=(path,))) == (str(path), 2)


@pytest.mark.parametrize("option", ["caller", "agent"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\n", 2),
        ("\n\nno_such_key: 1\n", 3),
        ("\tx: 1\n", 1),
        ("- a list\n", 1),
        ("a: 1\na: 2\n", 2),
    ],
)
def test_a_wrong_script_of_a_caller_or_an_agent(refused, write, option, text, line):
    path = write("bad.yaml", text)
    error = refused(**{option: path})
    assert type(error) is DocumentError
    assert place(error) == (str(path), line)


@pytest.mark.parametrize("option", ["caller", "agent", "queues"])
def test_a_script_that_is_not_there(refused, tmp_path, option):
    path = tmp_path / "none.yaml"
    error = refused(**{option: path})
    assert error.file == str(path)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"not a recording at all", b"\x00" * 100])
def test_a_caller_whose_recording_cannot_be_read(refused, write, data):
    path = write("call.wav", data)
    error = refused(caller=path)
    assert type(error) is AudioFileError
    assert error.file == str(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"time": "fast"}, "--time must be `virtual`, `real` or a factor"),
        ({"time": "0"}, "--time must be"),
        ({"time": "nan"}, "--time must be"),
        ({"limits": "some"}, "--limits must be one of off, warn, enforce, not 'some'"),
        ({"speech": "loud"}, "there is no speech engine 'loud'"),
        ({"grok": "dead"}, "--grok must be"),
        ({"grok": "live"}, "cannot be reached in virtual time"),
    ],
)
def test_a_wrong_option(refused, options, message):
    error = refused(**options)
    assert type(error) is UsageError
    assert message in str(error)


def test_a_wrong_provider_in_real_time(refused):
    assert "--grok must be" in refused(grok="dead", time="real").message


def test_a_folder_that_is_a_file(write, tmp_path):
    scenario = write("good.py", "VoxEngine.terminate()\n")
    out = write("taken", "a file\n")
    with pytest.raises(UsageError, match="the folder for the run cannot be written") as caught:
        run(RunConfig(scenarios=(scenario,), out=out, speech="synthetic"))
    assert caught.value.file == str(out)
    assert out.read_text() == "a file\n"


def test_an_older_run_is_untouched_by_wrong_input(write, tmp_path):
    scenario = write("good.py", "VoxEngine.terminate()\n")
    out = tmp_path / "run"
    run(RunConfig(scenarios=(scenario,), out=out, speech="synthetic", start=True))
    before = (out / "journal.jsonl").read_bytes()
    for wrong in ({"grok": "dead", "time": "real"}, {"speech": "loud"}, {"limits": "no"}):
        with pytest.raises(InputError):
            run(RunConfig(**{"scenarios": (scenario,), "out": out, "speech": "synthetic", **wrong}))
    assert (out / "journal.jsonl").read_bytes() == before
