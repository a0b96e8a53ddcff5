"""Runs scripts one after the other in this process: a file name a line in, a finding a line out.

What is looked for, beside a crash and a hang, which the parent sees:

- an exception out of `run`, or a traceback on stderr;
- an exception that the platform did not raise on purpose, which reached the script or the session;
- a journal that does not fit together.
"""

from __future__ import annotations

import ctypes
import json
import linecache
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import voxrt
from voxrt.errors import ScenarioSyntaxError, VoxrtError
from voxrt.javascript import JavaScriptError
from voxrt.javascript.host import Host
from voxrt.run import RunConfig, run
from voxrt.session.engine import ScriptEnded
from voxrt.session.journal import read_journal
from voxrt.session.limits import ScriptKilled
from voxrt.session.session import Session

OURS = str(Path(voxrt.__file__).parent)
ROOT = Path(__file__).parents[2]
CALLER = ROOT / "tests" / "fuzz" / "caller.yaml"

#: A run with more records, or more seconds of CPU, than this is interrupted.
MOST_RECORDS = 3_000
MOST_CPU_S = 6.0

found: list[str] = []


def is_meant(error: BaseException) -> bool:
    """Whether an exception was raised on purpose: by name, or by a `raise` in voxrt."""
    if isinstance(error, VoxrtError | JavaScriptError | ScriptKilled | ScriptEnded):
        return True
    frames = traceback.extract_tb(error.__traceback__)
    if not frames or not frames[-1].filename.startswith(OURS) or isinstance(error, AssertionError):
        return False
    return "raise " in linecache.getline(frames[-1].filename, frames[-1].lineno or 0)


def look_at(error: BaseException, where: str) -> None:
    """Notes an exception that nobody meant."""
    if not is_meant(error):
        text = "".join(traceback.format_exception(error)[-6:])
        found.append(f"{where}: {type(error).__name__}: {error}\n{text}")


def watch() -> None:
    """Sees every exception that the bridge or a session handles."""
    error_fields, fail, rejected = Host.error_fields, Session.fail, Session.unhandled_rejection

    def see_fields(self: Host, error: BaseException) -> dict[str, object]:
        look_at(error, "to the script")
        return error_fields(self, error)

    def see_fail(self: Session, error: BaseException) -> None:
        look_at(error, "end of the session")
        fail(self, error)

    def see_rejected(self: Session, error: BaseException) -> None:
        look_at(error, "rejection")
        rejected(self, error)

    Host.error_fields, Session.fail, Session.unhandled_rejection = (
        see_fields,
        see_fail,
        see_rejected,
    )


def check_journal(path: Path) -> None:
    """A journal counts on, ends with its result, and tells the session's states in order."""
    records = read_journal(path)
    if [record["n"] for record in records] != list(range(1, len(records) + 1)):
        found.append("journal: the records do not count on")
    if any(later["t"] < record["t"] for record, later in pairwise(records)):
        found.append("journal: time goes back")
    if records[-1]["kind"] != "result":
        found.append("journal: the last record is not the result")
    states = [record["state"] for record in records if record["kind"] == "session"]
    begun, ended = states.count("terminating"), states.count("terminated")
    interrupted = records[-1].get("outcome") == "interrupted"
    if not (begun == ended > 0 or interrupted):
        found.append(f"journal: the session's states are {states}")
    killed = [
        record["n"] for record in records if record["kind"] == "error" and "MB" in record["text"]
    ]
    own = [r for r in records if r["kind"] == "log" and "Unhandled CallAlerting" not in r["text"]]
    if killed and any(r["n"] > killed[0] for r in own):
        found.append("journal: the script ran on after it had used too much memory")


def impatient() -> Callable[[object], None]:
    """A listener that interrupts a run which goes on and on at one instant, as a user would."""
    count, until_s = 0, time.process_time() + MOST_CPU_S

    def listen(record: object) -> None:
        nonlocal count
        count += 1
        if count % 10 == 0 and (count >= MOST_RECORDS or time.process_time() > until_s):
            signal.raise_signal(signal.SIGINT)

    return listen


def play(script: Path) -> None:
    """Runs a script, and notes what was wrong."""
    out = Path(tempfile.mkdtemp(prefix="voxrt-fuzz-"))
    try:
        result = run(
            RunConfig(scenarios=(script,), caller=CALLER, out=out / "run", speech="synthetic",
                      longest_s=120),
            impatient(),
        )  # fmt: skip
        check_journal(result.files["journal"])
    except ScenarioSyntaxError:
        pass  # a program of the grammar need not be one of the language
    except VoxrtError as error:
        found.append(f"run: {type(error).__name__}: {error}")
    except BaseException:
        found.append(f"run: {traceback.format_exc()}")
    finally:
        shutil.rmtree(out, ignore_errors=True)


def die_with_parent() -> None:
    """Nobody would end a script that hangs when the parent has gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> None:
    """Serves until the input ends."""
    die_with_parent()
    told = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    stderr = Path(tempfile.mkstemp(prefix="voxrt-fuzz-stderr-")[1])
    stream = stderr.open("w+b")
    os.dup2(stream.fileno(), 2)
    os.dup2(stream.fileno(), 1)
    watch()
    told.write("ready\n")
    told.flush()
    for line in sys.stdin:
        found.clear()
        stream.truncate(0)
        stream.seek(0)
        play(Path(line.rstrip("\n")))
        sys.stderr.flush()
        text = stderr.read_text(errors="replace").strip("\0 \n")
        if text:
            found.append(f"stderr: {text[-3000:]}")
        told.write(json.dumps(found[:3]) + "\n")
        told.flush()
    stderr.unlink()


if __name__ == "__main__":
    main()
