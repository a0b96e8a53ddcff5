"""`voxrt test` and `voxrt init` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from voxrt.cli import main as cli
from voxrt.testing.results import TestResult, json_line, junit_xml

SCENARIO = """
def on_call(e):
    e.call.addEventListener(CallEvents.Connected, lambda e: e.call.say("Hello there."))
    e.call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    e.call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
TEST = """
name: Somebody hears {said}
scenario: ../hello.py
conversation:
  - hear: {said}
    timeout_ms: 3000
  - hang_up
"""


def voxrt(capsys, *words):
    """Runs a command line: the exit code, standard output and standard error."""
    code = cli.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("hello.py").write_text(SCENARIO, encoding="utf-8")
    for name, said in (("good", "Hello"), ("bad", "Goodbye")):
        path = Path(name, f"{name}.conversation.yaml")
        path.parent.mkdir()
        path.write_text(TEST.format(said=said), encoding="utf-8")
    return tmp_path


def test_a_folder_whose_tests_pass(here, capsys):
    code, out, _ = voxrt(capsys, "test", "good", "--speech", "synthetic")
    assert code == 0
    first, *_, last = out.splitlines()
    assert first.startswith("ok    good/good.conversation.yaml  Somebody hears Hello  (")
    assert last == "1 passed"
    assert not Path("runs").exists()


def test_a_test_that_fails(here, capsys):
    code, out, _ = voxrt(capsys, "test", "--speech", "synthetic", "--out", "kept")
    assert code == 1
    assert out.splitlines()[0].startswith("FAIL  bad/bad.conversation.yaml  Somebody hears Goodbye")
    assert 'bad/bad.conversation.yaml:5: expected to have heard "Goodbye", but "Hello' in out
    assert "the run: kept/001-bad" in out
    assert out.splitlines()[-1] == "1 passed, 1 failed"
    assert "its timeline: kept/001-bad/show.html" in out
    assert Path("kept", "001-bad", "journal.jsonl").is_file()
    assert Path("kept", "001-bad", "show.html").read_text().startswith("<!DOCTYPE html>")
    assert not Path("kept", "002-good").exists()


def test_all_runs_are_kept_when_that_is_asked_for(here, capsys):
    voxrt(capsys, "test", "good", "--speech", "synthetic", "--keep")
    assert Path("runs", "test", "001-good", "call-1.wav").is_file()


def test_a_test_that_cannot_be_run(here, capsys):
    Path("good", "a.conversation.yaml").write_text("scenario: x.py\nsay: Hi\n", encoding="utf-8")
    code, out, _ = voxrt(capsys, "test", "good", "--speech", "synthetic")
    assert code == 2
    assert out.splitlines()[0] == "ERROR good/a.conversation.yaml"
    assert "error: good/a.conversation.yaml:2:6: say: a conversation has no key `say`." in out
    assert out.splitlines()[-1] == "1 passed, 1 could not be run"


def test_the_results_for_other_tools(here, capsys):
    words = ("--speech", "synthetic", "--junit", "out/junit.xml", "--json", "out/results.jsonl")
    voxrt(capsys, "test", ".", *words)
    (suite,) = ElementTree.parse("out/junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    bad, good = suite
    assert (bad.get("classname"), bad.get("name")) == ("bad", "Somebody hears Goodbye")
    assert bad[0].tag == "failure"
    assert bad[0].get("message").startswith("bad/bad.conversation.yaml:5: expected")
    assert len(good) == 0
    lines = Path("out/results.jsonl").read_text(encoding="utf-8").splitlines()
    bad, good = map(json.loads, lines)
    assert (bad["outcome"], good["outcome"]) == ("failed", "passed")
    assert (bad["run"], good["run"]) == ("runs/test/001-bad", "")
    assert 1000 < good["virtual_ms"] < 10_000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "nowhere: error: there is no such file or folder."),
        (["goood"], "Did you mean good?"),
        (["empty"], "empty: error: there is no conversation in this folder."),
        (["good", "-k", "hungry"], "none of 1 conversations has 'hungry' in its path or name."),
        (["good", "--allow", "all"], "--allow takes one of errors, unused"),
        (["good", "--speech", "loud"], "--speech must be auto, espeak or synthetic, not 'loud'."),
        (["good", "--junit", "hello.py/x.xml"], "the results cannot be written"),
    ],
)
def test_bad_input(here, capsys, words, told):
    Path("empty").mkdir()
    code, _, err = voxrt(capsys, "test", *words)
    assert code == 2
    assert told in err


def test_only_some_of_the_tests(here, capsys):
    code, out, _ = voxrt(capsys, "test", "-k", "hears Hello", "--speech", "synthetic")
    assert code == 0
    assert out.splitlines()[-1] == "1 passed"


def test_what_a_test_says_fits_into_xml_and_a_line():
    result = TestResult(
        file="a/b.conversation.yaml", name="<\x00>", outcome="error", failures=["a & b\n\x1b[1m"]
    )
    (suite,) = ElementTree.fromstring(junit_xml([result]).encode())
    assert suite[0].get("name") == "<\ufffd>"
    assert suite[0][0].tag == "error"
    assert suite[0][0].text == "a & b\n\ufffd[1m"
    assert json.loads(json_line(result))["name"] == "<\x00>"
    assert "\n" not in json_line(result)


# --- voxrt init -------------------------------------------------------------------------------


def test_what_init_writes_passes_its_own_tests(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = voxrt(capsys, "init", "shop")
    assert code == 0
    assert "wrote shop/tests/hello.conversation.yaml" in out
    assert Path("shop/.github/workflows/voxrt.yml").is_file()
    assert voxrt(capsys, "test", "shop", "--speech", "synthetic")[0] == 0


def test_the_tests_in_python_that_init_writes_pass(pytester, capsys):
    voxrt(capsys, "init", ".")
    result = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "no:asyncio", "-o", "voxrt_speech=synthetic"
    )
    result.assert_outcomes(passed=3)


def test_the_caller_that_init_writes_has_a_call(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    voxrt(capsys, "init")
    words = ["run", "hello.js", "--caller", "caller.yaml", "--agent", "agent.yaml", "--out", "r"]
    code, out, _ = voxrt(capsys, *words)
    assert code == 0
    assert "On that day we are open from nine to six." in out


def test_init_touches_nothing_that_is_there(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("agent.yaml").write_text("mine", encoding="utf-8")
    code, _, err = voxrt(capsys, "init")
    assert code == 2
    assert "agent.yaml: error: this file is there already." in err
    assert [path.name for path in tmp_path.iterdir()] == ["agent.yaml"]
    assert Path("agent.yaml").read_text(encoding="utf-8") == "mine"
