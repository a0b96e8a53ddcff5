"""`voxrt replay` as it is used, and docs/replay.md."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from voxrt.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the example of the page, recorded."""
    shutil.copytree(ROOT / "scenarios" / "menu", tmp_path / "scenarios" / "menu")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    run = "run scenarios/menu/menu.py --caller scenarios/menu/caller.yaml --out runs/menu --quiet"
    assert main(run.split()) == 0
    return tmp_path


def voxrt(capsys, *words):
    capsys.readouterr()
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_no_divergence(here, capsys):
    code, out, err = voxrt(capsys, "replay", "runs/menu")
    assert (code, err) == (0, "")
    assert re.search(r"^compared     \d+ effects of \d+\.\d s$", out, re.M)
    assert "divergences  none\n" in out
    report = json.loads(Path("runs/menu-replay/replay.json").read_text())
    assert report["divergences"] == []
    assert report["compared"] > 50


def change(here, old, new):
    path = here / "changed.py"
    path.write_text((here / "scenarios/menu/menu.py").read_text().replace(old, new))
    return str(path)


def test_the_first_divergence_is_told_with_both_sides(here, capsys):
    scenario = change(here, "Press one", "Push one")
    code, out, err = voxrt(capsys, "replay", "runs/menu", scenario)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert re.fullmatch(r"00:00\.\d{3}  changed: command Say", lines[0])
    assert lines[1] == "  params[0].text"
    assert lines[2].startswith('    recorded  "Press one for our opening hours')
    assert lines[3].startswith('    replayed  "Push one for our opening hours')
    assert [line.split()[0] for line in lines if line.startswith("  rec") or line == "  replay"]
    assert sum(line.startswith("  >") for line in lines) == 2
    assert re.search(r"^divergences  \d+ \(--all goes on and tells them all\)$", out, re.M)
    assert out.count(": command Say") == 1
    assert re.search(
        r"^compared     \d+ effects of \d+ ms, where the replay was stopped$", out, re.M
    )
    assert "91B7584A" not in out  # identifiers are ordinals
    assert "#1" in out


def test_all_of_them(here, capsys):
    scenario = change(here, "Press one", "Push one")
    code, out, _ = voxrt(capsys, "replay", "runs/menu", scenario, "--all")
    assert code == 1
    report = json.loads(Path("runs/menu-replay/replay.json").read_text())
    assert len(re.findall(r"^\d\d:\d\d\.\d{3}  ", out, re.M)) == len(report["divergences"]) > 1
    assert report["divergences"][0]["fields"][0][0] == "params[0].text"


def test_allowed_differences(here, capsys):
    Path("allowed.yaml").write_text("allow: [{kind: '*'}, {kind: log, text: never}]\n")
    scenario = change(here, "Press one", "Push one")
    code, out, _ = voxrt(capsys, "replay", "runs/menu", scenario, "--allow", "allowed.yaml")
    assert code == 0
    assert "note: allowed.yaml:1 allows what did not come about\n" in out
    assert re.search(r"^divergences  none, \d+ allowed$", out, re.M)


def test_a_changed_file_is_noted(here, capsys):
    path = here / "scenarios/menu/menu.py"
    path.write_text(path.read_text() + "\n# later\n")
    code, out, _ = voxrt(capsys, "replay", "runs/menu")
    assert code == 0
    assert out.startswith("note: scenarios/menu/menu.py has been changed since the recording\n")


def test_up_to_an_event(here, capsys):
    scenario = change(here, "from ten to six", "from nine to six")
    assert voxrt(capsys, "replay", "runs/menu", scenario)[0] == 1
    code, out, _ = voxrt(capsys, "replay", "runs/menu", scenario, "--until", "ToneReceived")
    assert code == 0
    assert "divergences  none" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none"], "none: error: there is no such folder"),
        (["scenarios"], "scenarios: error: this is not the folder of a run"),
        (["runs/menu", "none.py"], "none.py: error: there is no such scenario file"),
        (["runs/menu", "--allow", "none.yaml"], "none.yaml"),
        (["runs/menu", "--until", "Call.Moved"], "the recording has no such event"),
        (["runs/menu", "--then", "stand-in"], "--then goes with --until"),
        (["runs/menu", "--out", "runs/menu"], "does not write into the folder"),
    ],
)
def test_bad_input(here, capsys, words, told):
    code, _, err = voxrt(capsys, "replay", *words)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_the_commands_of_the_page(here, capsys):
    """Each is run as it stands there, and ends as the page says."""
    blocks = re.findall(r"^\$ (voxrt replay [^\n]+)\n(.*?)^```", PAGE, re.DOTALL | re.M)
    assert len(blocks) >= 2
    (here / "greeting.py").write_text(
        (here / "scenarios/menu/menu.py").read_text().replace("Press one", "Push one")
    )
    for command, shown in blocks:
        _, out, _ = voxrt(capsys, *command.split()[1:])
        wanted = [line for line in shown.splitlines() if line.strip()]
        # Speech is another one where espeak-ng is not installed, and so are its lengths.
        own = [re.sub(r"\d[\d.:]*", "0", line)[:60].rstrip("…") for line in out.splitlines()]
        for line in wanted:
            assert re.sub(r"\d[\d.:]*", "0", line)[:60].rstrip("…") in own, line
