"""The page in a real browser, when there is one: it draws itself, and what is chosen is shown."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib

import pytest

from voxrt.show.beside import Parting
from voxrt.show.folder import load
from voxrt.show.page import render
from voxrt.show.times import duration_text

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium")


@pytest.fixture(scope="session")
def page(restaurant, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "show.html"
    path.write_text(render([load(restaurant)]), encoding="utf-8")
    return path


def browse(tmp_path, path, *options, fragment=""):
    """What the browser writes to standard output for a page of the disk."""
    return subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={tmp_path / 'profile'}", "--window-size=700,520",
            "--virtual-time-budget=8000", *options, f"{path.as_uri()}{fragment}",
        ],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip


def test_the_page_draws_itself(tmp_path, page):
    found = browse(tmp_path, page, "--dump-dom")
    assert "data-ready=" in found
    assert 'role="alert"' not in found
    assert "Good evening, this is La Piazza." in found
    assert "La Piazza" in found


def test_a_chosen_record_is_shown(tmp_path, page, shown):
    record = next(record for record in shown.records if record["kind"] == "log")
    found = browse(tmp_path, page, "--dump-dom", fragment=f"#{record['n']}")
    assert f"record {record['n']}" in found
    assert "the call from here" in found
    assert "of wall time" in found
    assert f" s of run in {duration_text(shown.timing.total_ms)} on 20" in found


def test_where_two_runs_part_the_difference_is_shown(tmp_path, restaurant, lookup):
    path = tmp_path / "two.html"
    runs = [load(restaurant), load(lookup)]
    path.write_text(render(runs, parting=Parting(3, 3)), encoding="utf-8")
    found = browse(tmp_path, path, "--dump-dom")
    assert "what differs from record 3" in found
    assert "applicationstorage" in found


@pytest.mark.parametrize("scheme", ["0", "1"])
def test_a_screenshot_has_both_sides_of_the_call(tmp_path, page, scheme):
    picture = tmp_path / "shot.png"
    options = f"--blink-settings=preferredColorScheme={scheme}"
    browse(tmp_path, page, options, f"--screenshot={picture}")
    says, hears = ("4fb8d6", "72c584") if scheme == "0" else ("1787a6", "3c8f4f")
    colours = colours_of(picture)
    assert colours.get(bytes.fromhex(says), 0) > 500
    assert colours.get(bytes.fromhex(hears), 0) > 500


def colours_of(path):
    """How many pixels there are of each colour in a PNG of 8 bits RGB or RGBA."""
    data = path.read_bytes()
    width, height, depth, kind = struct.unpack_from(">IIBB", data, 16)
    assert depth == 8
    size = {2: 3, 6: 4}[kind]
    at, packed = 8, b""
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    rows, stride = zlib.decompress(packed), width * size
    before, found = bytearray(stride), {}
    for y in range(height):
        start = y * (stride + 1)
        before = unfiltered(rows[start], rows[start + 1 : start + 1 + stride], before, size)
        for x in range(0, stride, size):
            colour = bytes(before[x : x + 3])
            found[colour] = found.get(colour, 0) + 1
    return found


def unfiltered(kind, row, above, size):
    """A row of a PNG without its filter, see https://www.w3.org/TR/png-3/#9Filters."""
    made = bytearray(row)
    for i in range(len(row)):
        left = made[i - size] if i >= size else 0
        up, corner = above[i], above[i - size] if i >= size else 0
        if kind == 1:
            made[i] = (row[i] + left) & 255
        elif kind == 2:
            made[i] = (row[i] + up) & 255
        elif kind == 3:
            made[i] = (row[i] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            a, b, c = abs(guess - left), abs(guess - up), abs(guess - corner)
            nearest = left if a <= b and a <= c else up if b <= c else corner
            made[i] = (row[i] + nearest) & 255
    return made
