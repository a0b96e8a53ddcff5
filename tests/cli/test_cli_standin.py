"""`voxrt stand-in` as a process: it says where it is, serves, and ends on Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

#: A shell that starts the tests in the background lets its children ignore Ctrl-C.
CHILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from voxrt.cli.main import main
sys.exit(main(["stand-in", "--port", sys.argv[1]]))
"""


def stand_in(port):
    return [sys.executable, "-c", CHILD, port]


def test_the_stand_in_prints_its_url_and_ends_cleanly():
    command = stand_in("0")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=30)
        rest = process.stderr.read()
    assert re.search(r"ws://127\.0\.0\.1:[1-9][0-9]*/v1/realtime", line), line
    assert (code, rest) == (0, "")


def test_a_port_that_is_taken_is_one_clear_message():
    command = stand_in("0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as first:
        assert first.stdout is not None
        found = re.search(r":([0-9]+)/", first.stdout.readline())
        assert found is not None
        second = subprocess.run(stand_in(found[1]), capture_output=True, text=True)
        first.send_signal(signal.SIGINT)
        first.wait(timeout=30)
    assert second.returncode == 3
    assert second.stderr.count("error: ") == 1
    assert "Choose another port" in second.stderr
