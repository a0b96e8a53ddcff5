"""The file of allowed differences."""

from __future__ import annotations

import pytest

from voxrt.errors import InputError
from voxrt.replay.allowed import load_allowed

SAYS = """
def on_start(e):
    Logger.write("{text}")
    setTimeout(lambda: Logger.write("later"), {ms})
    setTimeout(VoxEngine.terminate, 500)

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def differing(play, again, tmp_path):
    """A replay with another log line, and one that comes 20 ms later, by a timer."""
    out = play(SAYS.format(text="started at 9", ms=100), start=True).result.out
    other = tmp_path / "other.py"
    other.write_text(SAYS.format(text="started at 10", ms=120))

    def play_with(**options):
        return again(out, other, **{"every": True, **options})

    return play_with


def allowed(tmp_path, text):
    path = tmp_path / "allowed.yaml"
    path.write_text(text)
    return load_allowed(path)


def test_what_is_allowed_counts_for_nothing(differing, tmp_path):
    given = allowed(
        tmp_path,
        'allow:\n  - {kind: log, text: "started at *"}\n  - {kind: log, text: later}\n'
        "  - {kind: timer}\n",
    )
    comparison = differing().comparison
    assert len(comparison.divergences) == 4
    assert given.left(comparison) == ([], [])


@pytest.mark.parametrize(
    "entry",
    [
        "{kind: log, text: other}",
        "{kind: event}",
        "{kind: log, text: 'started at *', fields: [t]}",
    ],
)
def test_what_fits_nothing_is_told(differing, tmp_path, entry):
    given = allowed(tmp_path, f"allow:\n  - {entry}\n")
    left, unused = given.left(differing().comparison)
    assert len(left) == 4
    assert unused == [f"{tmp_path / 'allowed.yaml'}:2"]


def test_a_tolerance_is_for_times(differing, tmp_path):
    given = allowed(tmp_path, "tolerance_ms: 20\n")
    (one,) = differing(allowed=given).comparison.divergences
    assert one.fields[0][0] == "text"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("x: 1\n", "allowed.yaml:1:.*has no key `x`"),
        ("tolerance_ms: -1\n", "a number from 0"),
        ("allow: {}\n", "must be a list"),
        ("allow: [log]\n", "must be a mapping"),
        ("allow:\n  - {text: x}\n", "allowed.yaml:2:.*needs the key `kind`"),
        ("allow:\n  - {kind: log, fields: t}\n", "must be a list"),
        ("allow:\n  - {kind: [1]}\n", "must be text"),
    ],
)
def test_a_wrong_file_names_its_line(tmp_path, text, told):
    with pytest.raises(InputError, match=told):
        allowed(tmp_path, text)
