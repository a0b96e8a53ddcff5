"""Runs a call list: a session for each attempt at each row, until the row is done.

As on the platform, a reported result ends a row, an error or a request for another attempt leads
to the next one while there are any left, and a session that reports nothing was a success.
Unlike there, attempts follow each other at once, and each session's clock begins anew: intervals
and hours of the day are not waited for.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from voxrt.disk import write_whole
from voxrt.errors import UsageError
from voxrt.outside.call_list import DELIMITER, Row
from voxrt.run.config import EXIT_INTERRUPTED, RunConfig, RunResult
from voxrt.run.runner import run
from voxrt.vox.context import STORAGE_FILE

MOST_ATTEMPTS = 100
RESULTS_FILE = "results.csv"
#: The columns that the results have behind those of the list, as the platform's have.
RESULT_COLUMNS = ("status", "attempts", "result_data")


@frozen(kw_only=True)
class Tried:
    """One attempt at a row.

    Attributes:
        row: The row, with the data that the attempt had.
        attempt: Its number, from 1.
        status: `Processed`, `Error`, or `Next attempt`.
        result: The session's run.
    """

    row: Row
    attempt: int
    status: str
    result: RunResult

    @property
    def outcome(self) -> Mapping[str, Any]:
        """What the list makes of it, as in the result of the run."""
        found: Mapping[str, Any] = self.result.record["call_list"]
        return found


def run_call_list(
    config: RunConfig,
    rows: Sequence[Row],
    attempts: int = 1,
    told: Callable[[Tried], object] = lambda tried: None,
) -> list[Tried]:
    """Runs all rows in order.

    Args:
        config: What each session is run with; its `out` gets a folder for each attempt,
            `results.csv`, and the storage that the sessions share, unless it names one.
        rows: The list.
        attempts: How many there may be for a row.
        told: Given each attempt when it has ended.

    Returns:
        Every attempt, in order; the rest is left out after an interruption.

    Raises:
        InputError: Something that the user gave is wrong.
    """
    if not 1 <= attempts <= MOST_ATTEMPTS:
        raise UsageError(f"--attempts must be from 1 to {MOST_ATTEMPTS}, not {attempts}.")
    if not rows:
        raise UsageError("the call list has no rows.")
    done: list[Tried] = []
    storage = config.storage
    if storage is None:
        storage = config.out / STORAGE_FILE
        _prepare(config.out)
    config = evolve(config, storage=storage)
    try:
        for row in rows:
            for tried in _row(config, evolve(row, attempts_left=attempts - 1)):
                done.append(tried)
                told(tried)
                if tried.result.exit_code == EXIT_INTERRUPTED:
                    return done
    finally:  # also when the next row cannot be run: the disk is full
        if done:
            write_results(config.out / RESULTS_FILE, done)
    return done


def _prepare(out: Path) -> None:
    """Makes the folder, and takes away the storage that an earlier run of the list left there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / STORAGE_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"the folder for the runs cannot be written: {error.strerror or error}",
            hint="Name another one with --out.",
            file=str(out),
        ) from None


def _row(config: RunConfig, row: Row) -> Iterator[Tried]:
    attempt = 0
    while True:
        attempt += 1
        out = config.out / f"row-{row.number}" / f"attempt-{attempt}"
        result = run(evolve(config, call_list=row, out=out))
        outcome = result.record["call_list"]
        left = outcome.get("attempts_left", 0)
        status = "Processed" if outcome["outcome"] == "success" else "Error"
        if status == "Error" and left > 0:
            status = "Next attempt"
        yield Tried(row=row, attempt=attempt, status=status, result=result)
        if status != "Next attempt":
            return
        row = evolve(row, data=_next_data(row, outcome), attempts_left=left - 1)


def _next_data(row: Row, outcome: Mapping[str, Any]) -> Mapping[str, str]:
    """The data of the next attempt: those that were asked for, or the same."""
    asked = outcome.get("result_data")
    data = asked.get("custom_data") if isinstance(asked, dict) else None
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except ValueError:
            return row.data
    return data if isinstance(data, dict) else row.data


def write_results(path: Path, tried: Sequence[Tried]) -> None:
    """Writes the list with what became of each row, as the platform's result file has it."""
    last = {one.row.number: one for one in tried}
    names = list(dict.fromkeys(name for one in last.values() for name in one.row.data))
    table = StringIO()
    writer = csv.writer(table, delimiter=DELIMITER, lineterminator="\n")
    writer.writerow([*names, *RESULT_COLUMNS])
    for one in last.values():
        data = one.outcome.get("result_data")
        text = "" if data is None else json.dumps(data, ensure_ascii=False)
        values = [one.row.data.get(name, "") for name in names]
        writer.writerow([*values, one.status, one.attempt, text])
    write_whole(path, (table.getvalue().encode(),))
