"""Golden journals: runs that are held, record by record, to a file beside the tests.

After a change that is meant to be seen in them, run with VOXRT_WRITE_GOLDEN=1 and read the diff.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
WRITE = bool(os.environ.get("VOXRT_WRITE_GOLDEN"))


def lines_of(result):
    """The journal without what every release and every edit changes."""
    lines = result.files["journal"].read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert first["kind"] == "run"
    kept = {key: first[key] for key in ("format", "profile", "seed", "date")}
    return [json.dumps(kept, separators=(",", ":")), *lines[1:]]


def hold(result, path):
    """Asserts that a run's journal is that of the file."""
    lines = lines_of(result)
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wanted = path.read_text(encoding="utf-8").splitlines()
    for number, (line, expected) in enumerate(zip(lines, wanted, strict=False), 1):
        assert json.loads(line) == json.loads(expected), f"record {number}"
        assert line == expected, f"record {number}"
    assert len(lines) == len(wanted)
