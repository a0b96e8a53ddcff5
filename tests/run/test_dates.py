"""The date at which a run begins: how it is written, and who sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from voxrt.cli.main import main
from voxrt.clock import VIRTUAL_EPOCH_MS
from voxrt.errors import UsageError
from voxrt.run import RunConfig, run
from voxrt.run.dates import date_of, unix_ms_of
from voxrt.session.journal import read_journal

HOURS = """
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  Logger.write(new Date().toString());
  call.decline(486);
  VoxEngine.terminate();
});
"""


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("2026-01-05T09:00", "2026-01-05T09:00:00+00:00"),
        ("2026-03-06", "2026-03-06T00:00:00+00:00"),
        ("2026-03-06T22:30:15.250Z", "2026-03-06T22:30:15.250000+00:00"),
        ("2026-03-06T22:30+01:00", "2026-03-06T21:30:00+00:00"),
        (datetime(2026, 3, 6, 22, 30), "2026-03-06T22:30:00+00:00"),
        (datetime(2026, 3, 6, tzinfo=timezone(timedelta(hours=-5))), "2026-03-06T05:00:00+00:00"),
        ("1970-01-01", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_a_date_without_a_zone_is_in_utc(date, text):
    assert date_of(unix_ms_of(date)) == text
    assert unix_ms_of(date_of(unix_ms_of(date))) == unix_ms_of(date)


def test_the_usual_date_is_the_one_that_the_help_tells():
    assert unix_ms_of("2026-01-05T09:00") == VIRTUAL_EPOCH_MS
    assert datetime.fromtimestamp(VIRTUAL_EPOCH_MS / 1000, UTC).strftime("%A") == "Monday"


@pytest.mark.parametrize("date", ["tomorrow", "", "2026-13-01", "22:30", 5, None])
def test_what_is_no_date_is_told_with_how_to_write_one(date):
    with pytest.raises(UsageError, match="is no date to begin at") as caught:
        unix_ms_of(date)
    assert "2026-03-06T22:30+01:00" in caught.value.hint


@pytest.mark.parametrize("date", ["1969-12-31T23:59", "9999-01-01", datetime.min, datetime.max])
def test_a_date_that_the_logs_cannot_tell_is_refused(date):
    with pytest.raises(UsageError, match="between 1970 and 9998"):
        unix_ms_of(date)


def test_only_virtual_time_begins_when_one_likes():
    with pytest.raises(UsageError, match="--date goes with --time virtual, not with real"):
        RunConfig(scenarios=(), time="real", starts_at_ms=0)


def test_scenario_log_and_journal_have_the_date(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hours.js").write_text(HOURS)
    options = ["--date", "2026-03-06T22:30+01:00", "--out", "out", "--quiet"]
    assert main(["run", "hours.js", *options]) == 0
    first, *rest = read_journal(tmp_path / "out" / "journal.jsonl")
    assert first["date"].startswith("2026-03-06T21:30:00")
    (logged,) = (record for record in rest if record["kind"] == "log")
    assert logged["text"].startswith("Fri Mar 06 2026 21:30:00 GMT+0000")
    assert (tmp_path / "out" / "session.log").read_text().startswith("2026-03-06 21:30:00.000 ")
    assert main(["replay", "out"]) == 0


CLOCKS = {
    "clock.js": """
VoxEngine.addEventListener(AppEvents.Started, () => {
  setTimeout(() => {
    Logger.write(`${Date.now()} ${new Date().toISOString()}`);
    VoxEngine.terminate();
  }, 1234);
});
""",
    "clock.py": """
def tell():
    Logger.write(f"{Date.now()} {Date().isoformat(timespec='milliseconds')[:-6]}Z")
    Logger.write(getLocalTime("Europe/Berlin", Date()).strftime("%A %H"))
    VoxEngine.terminate()


VoxEngine.addEventListener(AppEvents.Started, lambda e: setTimeout(tell, 1234))
""",
}


@pytest.mark.parametrize("file", CLOCKS)
def test_both_languages_see_the_same_clock(file, tmp_path):
    (tmp_path / file).write_text(CLOCKS[file])
    starts_at_ms = unix_ms_of("2026-03-06T23:30")
    config = RunConfig(
        scenarios=(tmp_path / file,), start=True, starts_at_ms=starts_at_ms, out=tmp_path / "out"
    )
    assert run(config).exit_code == 0
    records = read_journal(tmp_path / "out" / "journal.jsonl")
    logged = [record["text"] for record in records if record["kind"] == "log"]
    assert logged[0] == f"{starts_at_ms + 1234} 2026-03-06T23:30:01.234Z"
    assert logged[1:] in ([], ["Saturday 00"])


def test_a_wrong_date_is_one_error_before_anything_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hours.js").write_text(HOURS)
    assert main(["run", "hours.js", "--date", "noon"]) == 2
    assert capsys.readouterr().err.startswith("error: 'noon' is no date to begin at.")
    assert not (tmp_path / "runs").exists()
