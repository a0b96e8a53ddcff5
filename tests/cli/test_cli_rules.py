"""`voxrt rules`, and projects on the command line of `voxrt run`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxrt.cli import main as cli
from voxrt.session.journal import read_journal

SHOP = "shop.acme.voximplant.com"
APP = f"voxfiles/applications/{SHOP}"

RULES = [
    {"ruleName": "staff", "scenarios": ["inbound"], "rulePattern": "1800555\\d{3}"},
    {
        "ruleName": "inbound-calls",
        "scenarios": ["credentials", "config", "inbound"],
        "rulePattern": "+?[1-9]\\d{1,14}",
        "rulePatternExclude": "19.*",
    },
    {"ruleName": "reminder", "scenarios": ["config", "inbound"], "rulePattern": "reminder"},
]
INBOUND = """
def on_start(e):
    Logger.write(f"{e.domainName} {e.dialplanName}")
    if not KEY.startswith("sesame"):
        VoxEngine.terminate()
def on_call(e):
    Logger.write(f"{KEY} {VOX_NUM} {e.destination} {EXTRA}")
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A project of voxengine-ci, as the working directory; its credentials are missing."""
    monkeypatch.chdir(tmp_path)
    sources = Path(APP, "scenarios", "src")
    sources.mkdir(parents=True)
    Path(APP, "application.config.json").write_text(json.dumps({"applicationName": SHOP}))
    Path(APP, "rules.config.json").write_text(json.dumps(RULES))
    (sources / "config.voxengine.py").write_text('VOX_NUM = "YOUR_RENTED_NUMBER"\n')
    (sources / "inbound.voxengine.py").write_text(INBOUND)
    Path("keys.py").write_text('KEY = "sesame"\n')
    return tmp_path


def voxrt(capsys, *words):
    """Runs a command line: the exit code, standard output and standard error."""
    code = cli.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_rules_say_which_takes_a_number_and_why(here, capsys):
    code, out, err = voxrt(capsys, "rules", "--project", ".", "+18005550100")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"{SHOP}  {APP}/rules.config.json",
        "",
        "  staff          1800555\\d{3}     "
        "matches only the beginning, 1800555010, and not the whole",
        "                 inbound",
        "> inbound-calls  +?[1-9]\\d{1,14}  takes it",
        "                 credentials (no file), config, inbound",
        "  reminder       reminder         does not match",
        "                 config, inbound",
        "",
        "+18005550100, as 18005550100, is taken by inbound-calls",
    ]


@pytest.mark.parametrize(
    ("number", "why"),
    [("19005550100", "excluded by 19.*"), ("anna", "does not match")],
)
def test_the_exit_code_is_1_when_no_rule_takes_the_number(here, capsys, number, why):
    code, out, _ = voxrt(capsys, "rules", "--project", "voxfiles", "--app", "shop", number)
    assert code == 1
    assert f"  inbound-calls  +?[1-9]\\d{{1,14}}  {why}" in out.splitlines()
    assert out.splitlines()[-1] == f"no rule takes {number}"


def test_rules_of_an_application_without_any(here, capsys):
    Path(APP, "rules.config.json").write_text("[]")
    code, out, _ = voxrt(capsys, "rules", "--project", ".", "+1")
    assert code == 1
    assert out.splitlines() == [
        f"{SHOP}  {APP}/rules.config.json",
        "",
        "",
        "no rule takes +1, as 1",
    ]


def test_rules_with_placeholders_and_without_scenarios(here, capsys):
    Path(APP, "rules.config.json").write_text(
        '[{"ruleName": "a", "scenarios": [], "rulePattern": "{{NUMBER}}"}]'
    )
    words = ["rules", "--project", ".", "123", "--define", "NUMBER=123"]
    code, out, _ = voxrt(capsys, *words)
    assert code == 0
    assert out.splitlines()[2:4] == ["> a  123  takes it", "     no scenarios"]


def test_a_run_of_a_project(here, capsys):
    code, out, err = voxrt(
        capsys, "run", "--project", ".", "--replace", "credentials=keys.py",
        "--define", "VOX_NUM=15550001111", "--define", "EXTRA:=[1, null]",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "session  credentials, config, inbound (seed 1)" in out
    assert f"log      {SHOP} inbound-calls" in out
    assert "log      sesame 15550001111 18005550100 [1, None]" in out
    records = read_journal(Path("runs/inbound-calls/journal.jsonl"))
    names = ["credentials", "config", "inbound"]
    assert [file["name"] for file in records[0]["scenario"]["files"]] == names
    loading = [record["scenario"] for record in records if record.get("state") == "loading"]
    assert loading == names


def test_a_run_of_a_rule_without_a_call(here, capsys):
    words = ["--define", "KEY=x", "--define", "VOX_NUM=1", "--quiet"]
    code, out, err = voxrt(capsys, "run", "--project", APP, "--rule", "reminder", "--start", *words)
    assert (code, err) == (0, "")
    assert "runs/reminder/journal.jsonl" in out


def test_a_run_of_the_rule_that_takes_a_number(here, capsys):
    Path(APP, "scenarios", "src", "inbound.voxengine.py").write_text(
        "VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: [\n"
        "    Logger.write(e.destination), VoxEngine.terminate()])\n"
    )
    code, out, _ = voxrt(capsys, "run", "--project", ".", "--to", "+1800555123")
    assert code == 0
    assert "15550123456 calls 1800555123" in out
    assert "log      1800555123" in out


def test_values_for_files_without_a_project(here, capsys):
    Path("a.voxengine.py").write_text(
        'HOST = "{{HOST}}"\n'
        "def on_start():\n"
        "    Logger.write(f'{HOST} {KEY}')\n"
        "    VoxEngine.terminate()\n"
        "VoxEngine.addEventListener(AppEvents.Started, on_start)\n"
    )
    code, out, err = voxrt(
        capsys, "run", "credentials.js", "a.voxengine.py", "--start",
        "--replace", "credentials=keys.py", "--define", "HOST=h.example",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "log      h.example sesame" in out
    assert "runs/credentials/journal.jsonl" in out


def test_an_error_shows_the_file_and_not_the_value(here, capsys):
    Path("bad.py").write_text("KEY = 'YOUR_KEY'; 1 / 0\n")
    code, out, _ = voxrt(capsys, "run", "bad.py", "--start", "--define", "KEY=the-secret")
    assert code == 1
    assert "1 | KEY = 'YOUR_KEY'; 1 / 0" in out
    assert "the-secret" not in out + Path("runs/bad/journal.jsonl").read_text()


def test_a_file_that_is_replaced_is_named_in_its_errors(here, capsys):
    Path("keys.py").write_text("\n1 / 0\n")
    code, out, _ = voxrt(
        capsys, "run", "--project", ".", "--replace", "credentials=keys.py",
        "--define", "EXTRA=", "--quiet",
    )  # fmt: skip
    assert code == 1
    assert "keys.py:2:1: error: ZeroDivisionError" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "keys.py", "--project", "."], "files and --project exclude each other"),
        (["run", "keys.py", "--app", "shop"], "--app chooses within a project"),
        (["run", "keys.py", "--rule", "x"], "--rule chooses within a project"),
        (["run", "--project", "none"], "none: error: there is no such folder"),
        (["run", "--project", "."], "rules.config.json:1:"),
        (["run", "--project", ".", "--start"], "--start needs the name of a rule"),
        (["run", "--project", ".", "--to", "anna"], "no rule takes anna"),
        (["run", "voxfiles"], "Run it with `--project voxfiles`."),
        (["run", "keys.py", "--define", "KEY"], "--define takes NAME=VALUE or NAME:=JSON"),
        (["run", "keys.py", "--define", "KEY:=x"], "what follows `:=` is not JSON"),
        (["run", "keys.py", "--define", "KEY=1", "--define", "KEY=2"], "--define KEY is given"),
        (["run", "keys.py", "--define", "KEZ=1"], "Did you mean `KEY`?"),
        (["run", "keys.py", "--replace", "x"], "--replace takes FILE=OTHER, not 'x'"),
        (["run", "keys.py", "--replace", "a=b", "--replace", "a=c"], "--replace a is given twice"),
        (["run", "keys.py", "--replace", "kes=b.py"], "Did you mean `keys`?"),
        (["run", "keys.py", "--replace", "keys=b.py"], "b.py: error: --replace keys: there is no"),
        (["rules", "--project", "none", "1"], "none: error: there is no such folder"),
        (["rules", "1"], "--project"),
        (["rules", "--project", "."], "NUMBER"),
    ],
)
def test_what_is_wrong_is_one_clear_message(here, capsys, words, message):
    code, out, err = voxrt(capsys, *words)
    assert (code, out) == (2, "")
    assert err.count("error: ") == 1
    assert message in err


@pytest.mark.parametrize("command", ["run", "rules"])
def test_a_bad_pattern_shows_its_line(here, capsys, command):
    Path(APP, "rules.config.json").write_text(
        '[\n  {"ruleName": "in", "scenarios": ["inbound"],\n   "rulePattern": "(1"}\n]\n'
    )
    number = ["1"] if command == "rules" else []
    code, out, err = voxrt(capsys, command, "--project", ".", *number)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"{APP}/rules.config.json:3:19: error: [0].rulePattern: '(1' is not a regular expression "
        "that can be matched: missing ), unterminated subpattern at position 0. [V110]",
        '    3 | "rulePattern": "(1"}',
        "      |                ^",
    ]


def test_values_for_javascript(here, capsys):
    """A declaration, a placeholder, a global of JSON, and a line that stays where it was."""
    Path("a.voxengine.js").write_text(
        "const KEY = `YOUR\nKEY`, HOST = 'https://{{HOST}}/';\n"
        "VoxEngine.addEventListener(AppEvents.Started, () => {\n"
        "  Logger.write(`${KEY} ${HOST} ${CONF.list.map((n) => n + 1)}`);\n"
        "  nope();\n"
        "});\n"
    )
    code, out, _ = voxrt(
        capsys, "run", "a.voxengine.js", "--start", "--define", "KEY=sesame",
        "--define", "HOST=h.example", "--define", 'CONF:={"list": [1, 2]}',
    )  # fmt: skip
    assert code == 1
    assert "log      sesame https://h.example/ 2,3" in out
    assert "a.voxengine.js:5:3: error:" in out
    assert "runs/a/journal.jsonl" in out
