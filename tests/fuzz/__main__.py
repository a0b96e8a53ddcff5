"""Runs hostile and random scripts for some time: `python tests/fuzz [SECONDS] [--seed N]`.

Every script runs in a process of its own kind, several after each other in one. A process that
crashes, or that computes for too long over one script, is a finding, and so is what `child.py`
tells. Findings are shrunk and kept in a folder; the exit code is 1 when there are any.

`--only TEXT` plays the hostile scripts with this in their name; `--replay FILE` plays one script.
With `VOXRT_SANITIZE=1` the children run the core as `make sanitize` builds it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from hostile import scripts
from programs import program

HERE = Path(__file__).parent
#: So long may a process compute over one script, in seconds of CPU: a callback may take one, and
#: a session has few that do before it is ended.
HANG_CPU_S = 25.0
#: And so long may it wait.
HANG_S = 300.0
PER_CHILD = 200
#: So often is a script played at most to shrink it.
SHRINKS = 150


class Child:
    """A process that plays scripts."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"script-{id(self)}.js"
        self._process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", str(HERE / "child.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=HERE.parents[1],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.played = 0
        if self._answer() != b"ready\n":
            raise RuntimeError("a child does not start")

    def play(self, source: str) -> list[str]:
        """What is wrong with a script; nothing, as a rule."""
        self.played += 1
        self._file.write_text(source, encoding="utf-8")
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._file}\n".encode())
        self._process.stdin.flush()
        line = self._answer()
        if line is None:
            self.close()
            return ["hang: it computes, or waits, for too long"]
        if not line:
            code = self._process.wait()
            self.close()
            return [f"crash: the process ended with {code}"]
        return [str(text) for text in json.loads(line)]

    def _answer(self) -> bytes | None:
        """A line; empty when the process has ended, None when it takes too long."""
        assert self._process.stdout is not None
        before, until = self._cpu_s(), time.monotonic() + HANG_S
        while True:
            if select.select([self._process.stdout], [], [], 0.5)[0]:
                return self._process.stdout.readline()
            if self._cpu_s() - before > HANG_CPU_S or time.monotonic() > until:
                return None

    def _cpu_s(self) -> float:
        try:
            text = Path(f"/proc/{self._process.pid}/stat").read_text()
        except OSError:  # not on Linux, or it has ended
            return 0.0
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @property
    def alive(self) -> bool:
        """Whether it can play another one."""
        return self._process.poll() is None and self.played < PER_CHILD

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()
        self._file.unlink(missing_ok=True)


class Fuzzer:
    """Plays scripts, and keeps what it finds.

    Args:
        folder: Findings are written there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scratch = Path(tempfile.mkdtemp(prefix="voxrt-fuzz-"))
        self._child: Child | None = None
        self._known: set[str] = set()
        self.played = 0

    @property
    def findings(self) -> int:
        """So many different ones."""
        return len(self._known)

    def play(self, lines: list[str], name: str) -> None:
        """Plays one script; a finding that is new is shrunk, told and kept."""
        self.played += 1
        for text in self._play(lines):
            kind = kind_of(text)
            if kind in self._known:
                continue
            self._known.add(kind)
            print(f"--- {name}\n{text}", flush=True)
            small = self._shrunk(lines, kind)
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())[:60]}.js"
            note = "".join(f"// {line}\n" for line in [name, *text.splitlines()[:12]])
            file.write_text(note + "\n".join(small) + "\n", encoding="utf-8")
            print(f"    {file}: {len(small)} lines of {len(lines)}", flush=True)

    def _play(self, lines: list[str]) -> list[str]:
        if self._child is None or not self._child.alive:
            self.close()
            self._child = Child(self._scratch)
        return self._child.play("\n".join(lines))

    def _shrunk(self, lines: list[str], kind: str) -> list[str]:
        """The script without what the finding does not need."""
        left, size = SHRINKS, max(1, len(lines) // 2)
        if kind.startswith("hang"):
            left = 12
        while left > 0:
            at = 0
            while at < len(lines) and left > 0:
                shorter = lines[:at] + lines[at + size :]
                left -= 1
                if shorter and kind in map(kind_of, self._play(shorter)):
                    lines = shorter
                else:
                    at += size
            if size == 1:
                break
            size = max(1, size // 2)
        return lines

    def close(self) -> None:
        """Ends the process that plays."""
        if self._child is not None:
            self._child.close()
            self._child = None


def kind_of(text: str) -> str:
    """What is the same for findings that have one cause: the first line, and the last place."""
    places = re.findall(r'File "[^"]*/([^"/]+)", line (\d+)', text)
    first = re.sub(r"0x[0-9a-f]+|\d+|'[^']*'", "#", text.splitlines()[0])[:60]
    return f"{first} {places[-1] if places else ''}"


def random_programs(seed: int) -> Iterator[tuple[str, list[str]]]:
    """Programs without end; each has a seed of its own."""
    while True:
        yield f"seed {seed}", program(Random(seed))
        seed += 1


def main() -> int:
    """Plays for the time given; the hostile scripts first."""
    parser = argparse.ArgumentParser(prog="python tests/fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("seconds", nargs="?", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1, help="of the first program")
    parser.add_argument("--out", type=Path, default=Path("runs/fuzz"), help="where findings go")
    parser.add_argument("--only", metavar="TEXT", help="hostile scripts with TEXT in their name")
    parser.add_argument("--replay", metavar="FILE", type=Path, help="play one script")
    parser.add_argument("--no-hostile", action="store_true", help="random programs only")
    given = parser.parse_args()
    fuzzer, until = Fuzzer(given.out), time.monotonic() + given.seconds
    with contextlib.closing(fuzzer):
        if given.replay:
            fuzzer.play(given.replay.read_text(encoding="utf-8").splitlines(), str(given.replay))
            return min(1, fuzzer.findings)
        # In an order of the seed, so that a short time meets all kinds sooner or later.
        hostile = sorted(scripts().items())
        if given.only is None:
            Random(given.seed).shuffle(hostile)
        for name, source in [] if given.no_hostile else hostile:
            if given.only is not None and given.only not in name:
                continue
            if time.monotonic() > (until if given.only else until - given.seconds / 2):
                break
            fuzzer.play([source], name)
        seed = given.seed * 1_000_000
        if given.only is None:
            for name, lines in random_programs(seed):
                if time.monotonic() > until:
                    break
                fuzzer.play(lines, name)
    print(f"{fuzzer.played} scripts played; {fuzzer.findings} findings", flush=True)
    return min(1, fuzzer.findings)


if __name__ == "__main__":
    sys.exit(main())
