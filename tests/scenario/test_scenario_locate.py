"""Finding the scenario's line behind an error, and telling it."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio

from voxrt.errors import NoSuchMemberError, ScenarioSyntaxError
from voxrt.scenario import describe, execute, load, locate, render_report
from voxrt.scenario.hints import required_module
from voxrt.scenario.script import PythonScript


def failing(folder: Path, source: str, **names: object):
    """The files and the error that executing `source` raises."""
    path = folder / "scenario.py"
    path.write_text(source, encoding="utf-8")
    files = load([path])
    try:
        execute(files, dict(names))
    except BaseException as error:
        return files, error
    raise AssertionError("the scenario did not fail")


def test_the_innermost_scenario_line_is_found(tmp_path):
    files, error = failing(tmp_path, "def f(x):\n    return 10 / x\n\nf(0)\n")
    place = locate(error, files)
    assert place is not None
    path = str(tmp_path / "scenario.py")
    assert (place.file, place.line, place.column, place.end_column) == (path, 2, 12, 18)
    assert place.source_line == "    return 10 / x"
    assert place.function == "f"
    assert place.stack == (f"{path}:2 in f", f"{path}:4 in <module>")


def test_columns_count_characters(tmp_path):
    files, error = failing(tmp_path, "x = '\u00e9\u00e9\u00e9', 1 / 0\n")
    place = locate(error, files)
    assert place is not None
    assert (place.column, place.end_column) == (12, 17)


def test_frames_of_the_standard_library_stay_and_ours_go(tmp_path):
    files, error = failing(tmp_path, "import json\njson.loads('{')\n")
    place = locate(error, files)
    assert place is not None
    assert place.line == 2
    assert "decoder.py" in place.stack[0]
    assert all("voxrt" not in entry.split(":")[0].split("/")[-1] for entry in place.stack)
    assert place.stack[-1].endswith("scenario.py:2 in <module>")


def test_an_error_without_a_scenario_frame_has_no_place(tmp_path):
    assert locate(ValueError("x")) is None
    report = describe(ValueError("wrong"))
    assert (report.code, report.text, report.file) == ("ValueError", "ValueError: wrong", None)


def test_a_group_is_searched_for_the_scenarios_error(tmp_path):
    async def run(function):
        async with trio.open_nursery(strict_exception_groups=True) as nursery:
            nursery.start_soon(function)

    source = "async def f():\n    raise LookupError('gone')\nrun(f)\n"
    files, error = failing(tmp_path, source, run=lambda f: trio.run(run, f))
    assert isinstance(error, BaseExceptionGroup)
    report = describe(error, files)
    assert (report.code, report.line, report.text) == ("LookupError", 2, "LookupError: gone")
    assert not any("trio" in entry for entry in report.stack)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("Grok.createVoiceAgentAPIClient()\n", "Add `require(Modules.Grok)` at the top"),
        ("ASREvents.Result\n", "Add `require(Modules.ASR)`"),
        ("greeting = 1\ngreetng\n", "Did you mean `greeting`?"),
        ("def f(caller):\n    return callr\nf(1)\n", "Did you mean `caller`?"),
        ("voxengine\n", "Did you mean `VoxEngine`?"),
        ("x = null\n", "Python writes it `None`."),
        ("console.log('x')\n", "Use `Logger.write(text)`."),
        ("n = 0\ndef f():\n    n += 1\nf()\n", "begin the function with `global n`"),
        ("'x'.uper()\n", "Did you mean `upper`?"),
        ("async def f(): pass\nc = f()\ntry:\n  c.x\nfinally:\n  c.close()\n", "Write `await`"),
        ("{}['a']\n", ""),
    ],
)
def test_hints(tmp_path, source, hint):
    files, error = failing(tmp_path, source, VoxEngine=object())
    report = describe(error, files)
    assert hint in report.hint
    assert bool(report.hint) == bool(hint)


def test_every_module_that_brings_its_own_namespace_is_known():
    assert required_module("Grok") == "Grok"
    assert required_module("ElevenLabs") == "ElevenLabs"
    assert required_module("VoxEngine") is None
    assert required_module("ApplicationStorage") == "ApplicationStorage"


def test_a_voxrt_error_keeps_its_code_place_and_hint(tmp_path):
    def refuse():
        raise NoSuchMemberError("Call has no member `anser`.", hint="Did you mean `answer`?")

    files, error = failing(tmp_path, "x = 1\nrefuse()\n", refuse=refuse)
    report = describe(error, files)
    assert (report.code, report.line) == ("V203", 2)
    assert report.text == "Call has no member `anser`."
    assert report.hint == "Did you mean `answer`?"


def test_a_place_that_the_error_carries_wins(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text("x = 1\nif x\n")
    with pytest.raises(ScenarioSyntaxError) as caught:
        load([path])
    report = describe(caught.value)
    assert (report.code, report.line, report.source_line) == ("V201", 2, "if x")


def test_the_journal_record_leaves_out_what_is_not_known(tmp_path):
    files, error = failing(tmp_path, "1 / 0\n")
    path = str(tmp_path / "scenario.py")
    assert describe(error, files).record() == {
        "code": "ZeroDivisionError",
        "text": "ZeroDivisionError: division by zero",
        "file": path,
        "line": 1,
        "column": 1,
        "end_column": 6,
        "source_line": "1 / 0",
        "stack": [f"{path}:1 in <module>"],
    }
    assert describe(KeyError("a")).record() == {
        "code": "KeyError",
        "text": "KeyError: there is no key 'a'",
    }


def test_the_rendered_report(tmp_path):
    source = "def on_start(event):\n    caler = evnt.callerid\n\non_start(1)\n"
    files, error = failing(tmp_path, source)
    path = tmp_path / "scenario.py"
    assert render_report(describe(error, files)).splitlines() == [
        f"{path}:2:13: error: NameError: name 'evnt' is not defined [NameError]",
        "    2 | caler = evnt.callerid",
        "      |         ^^^^",
        f"  at {path}:2 in on_start",
        f"  by {path}:4 in <module>",
        "  hint: Did you mean `event`?",
    ]


def test_the_rendered_report_in_colour_has_the_same_words(tmp_path):
    import re

    files, error = failing(tmp_path, "1 / 0\n")
    report = describe(error, files)
    colored = render_report(report, color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_report(report)


def test_a_script_describes_its_own_errors_for_the_journal(tmp_path):
    path = tmp_path / "scenario.py"
    path.write_text("1 / 0\n")
    script = PythonScript(load([path]))
    assert script.files == {str(path)}
    with pytest.raises(ZeroDivisionError) as caught:
        execute(script.sources, {})
    assert script.describe(caught.value)["line"] == 1
