"""Every service fails in every way, at every moment: the rows of tests/faults/*.yaml.

What a row tells the scenario, in Python and in JavaScript alike, is in the file of the same name
in tests/faults/expected. After a change that is meant to be seen there, run with
VOXRT_WRITE_GOLDEN=1 and read the diff.
"""

from __future__ import annotations

import pytest
from fault_runs import FAULT_MS, LANGUAGES, TABLES, check, read_table, run_fault
from journals import WRITE

SERVICES = sorted(path.stem for path in TABLES.glob("*.yaml"))
ROWS = [row for service in SERVICES for row in read_table(service)]
EXPECTED = TABLES / "expected"
HEAD = "== "

#: Where the session, or the call, is cut off: in ms after the fault.
ENDS_MS = (0, 60, 500)
HANGS_UP_MS = (160, 700)


def name(row):
    return f"{row.service}: {row.fault}"


def told_by(row, folder):
    """What the row tells at its moments; those that are alike stand together."""
    texts = {}
    for moment in row.moments:
        told = {}
        for language in LANGUAGES:
            outcome = run_fault(row, language, moment, folder / moment / language)
            check(outcome)
            told[language] = outcome.told(FAULT_MS[moment])
        assert told["js"] == told["py"]
        texts.setdefault("".join(f"{line}\n" for line in told["py"]), []).append(moment)
    return "".join(f"-- {', '.join(moments)}\n{text}" for text, moments in texts.items())


def read_expected(service):
    """The texts of a service's rows, by their faults."""
    path = EXPECTED / f"{service}.txt"
    blocks = path.read_text(encoding="utf-8").split(HEAD)[1:] if path.is_file() else []
    return dict(block.split("\n", 1) for block in blocks)


def write_expected(service, texts):
    EXPECTED.mkdir(exist_ok=True)
    known = [row.fault for row in ROWS if row.service == service]
    text = "".join(f"{HEAD}{fault}\n{texts[fault]}" for fault in known if fault in texts)
    (EXPECTED / f"{service}.txt").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_what_the_scenario_is_told(row, tmp_path):
    told = told_by(row, tmp_path)
    expected = read_expected(row.service)
    if WRITE:
        write_expected(row.service, expected | {row.fault: told})
    else:
        assert told == expected[row.fault]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_the_session_ends_in_the_middle(row, tmp_path):
    for ends_ms in ENDS_MS:
        check(run_fault(row, "py", row.moments[-1], tmp_path / f"{ends_ms}", ends_ms=ends_ms))


@pytest.mark.parametrize("row", [row for row in ROWS if "playing" in row.moments], ids=name)
def test_the_caller_hangs_up_in_the_middle(row, tmp_path):
    for ms in HANGS_UP_MS:
        check(run_fault(row, "js", "playing", tmp_path / f"{ms}", hangs_up_ms=ms))


def test_nothing_is_expected_of_rows_that_are_gone():
    for service in SERVICES:
        faults = [row.fault for row in ROWS if row.service == service]
        assert list(read_expected(service)) == faults
    assert sorted(path.stem for path in EXPECTED.iterdir()) == SERVICES
