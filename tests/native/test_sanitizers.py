"""The C core under the address and undefined-behaviour sanitizers."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NATIVE = HERE.parents[1] / "native"
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def compiler() -> list[str]:
    """The compiler of this Python, or whatever `cc` is."""
    name = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    if shutil.which(name[0]) is None:
        name = ["cc"]
    if shutil.which(name[0]) is None:
        pytest.skip("there is no C compiler")
    return name


def build(tmp_path: Path, sources: list[Path]) -> Path:
    """Compiles and links with the sanitizers; skips where the compiler has none."""
    cc, probe = compiler(), tmp_path / "probe.c"
    probe.write_text("int main(void) { return 0; }\n")
    works = subprocess.run(
        [*cc, *SANITIZE, str(probe), "-o", str(tmp_path / "probe")],
        capture_output=True,
        check=False,
    )
    if works.returncode or subprocess.run([tmp_path / "probe"], check=False).returncode:
        pytest.skip("the compiler has no sanitizers")
    program = tmp_path / "driver"
    flags = ["-std=gnu11", "-O1", "-g", "-fno-strict-aliasing", "-Wall", "-Wextra", "-Werror"]
    flags += ["-Wno-unused-parameter", "-Wno-unused-function"]
    done = subprocess.run(
        [
            *cc,
            *SANITIZE,
            *flags,
            f"-I{NATIVE}",
            *map(str, sources),
            "-o",
            str(program),
            "-lpthread",
            "-lm",
            "-ldl",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return program


def test_dsp_primitives_are_clean(tmp_path):
    """Random and edge inputs in buffers of exact size: no report, and both paths agree."""
    driver = build(tmp_path, [HERE / "driver_dsp.c", *sorted(NATIVE.glob("vx_*.c"))])
    done = subprocess.run([driver], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ok\n", "")


def test_javascript_parts_without_an_engine_are_clean(tmp_path):
    """What is packed and read, the allocator, and the way out of an endless loop."""
    driver = build(tmp_path, [HERE / "driver_js.c", *sorted(NATIVE.glob("vx_js*.c"))])
    arguments = ["stop"] if sys.platform == "linux" else []
    done = subprocess.run(
        [driver, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ok\n", "")
