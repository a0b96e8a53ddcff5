"""The graph and the pacer under the address, undefined-behaviour and thread sanitizers."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPILER = (
    os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
)
FLAGS = ["-std=gnu11", "-fno-strict-aliasing", "-g", "-O1", "-fno-sanitize-recover=all", "-Inative"]


def build(folder: Path, sanitizer: str) -> Path | None:
    """The driver with every source of the core; None where the sanitizer is not installed."""
    program = folder / "driver"
    option = f"-fsanitize={sanitizer}"
    probe = folder / "probe.c"
    probe.write_text("int main(void) { return 0; }\n")
    probed = [COMPILER, option, str(probe), "-o", str(folder / "probe")]
    if COMPILER is None or subprocess.run(probed, capture_output=True).returncode:
        return None
    if subprocess.run([str(folder / "probe")], capture_output=True).returncode:
        return None
    sources = [str(path) for path in sorted((ROOT / "native").glob("vx_*.c"))]
    driver = str(ROOT / "tests/native/driver_graph.c")
    command = [COMPILER, *FLAGS, option, driver, *sources, "-lpthread", "-lm", "-o", str(program)]
    subprocess.run(command, check=True, cwd=ROOT)
    return program


@pytest.fixture(scope="module", params=["address,undefined", "thread"])
def driver(request, tmp_path_factory):
    program = build(tmp_path_factory.mktemp("driver_graph"), request.param)
    if program is None:
        pytest.skip(f"there is no compiler with -fsanitize={request.param}")
    return program


@pytest.mark.parametrize("what", [["misuse"], ["virtual", "1"], ["virtual", "2"], ["paced", "3"]])
def test_the_sanitizers_find_nothing(driver, what):
    """Wrong arguments, a random program, and the same beside the pacer."""
    result = subprocess.run([str(driver), *what], capture_output=True, text=True, timeout=300)
    assert result.stderr == ""
    assert result.stdout == "done\n"
    assert result.returncode == 0
