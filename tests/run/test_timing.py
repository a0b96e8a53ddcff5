"""How long the machine took: written as it happens, thinned, and beside the journal only."""

from __future__ import annotations

import json

import pytest
from harness import files_of

from voxrt.clocks import RealClock, VirtualClock
from voxrt.replay.folder import read_folder
from voxrt.run.timing import EVERY_REAL_US, EVERY_US, Timing, TimingFile


class Watch(RealClock):
    """Wall time that goes on as a test says."""

    us = 0

    def now_us(self):
        return self.us

    def unix_ms(self):
        return 1_000_000_000_123


def written(path, clock, walls_us):
    """The lines for records that come 100 ms after each other, written at these times."""
    watch = Watch()
    file = TimingFile(path, clock, watch=watch)
    for number, us in enumerate(walls_us, 1):
        watch.us = us
        file.take({"n": number, "t": 100.0 * (number - 1)})
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]  # before the end
    file.close()
    return lines, [json.loads(line) for line in path.read_bytes().splitlines()]


def test_not_every_record_has_a_line_and_the_last_one_has(tmp_path):
    step_us = EVERY_US // 4
    killed, whole = written(tmp_path / "t", VirtualClock(), range(0, 11 * step_us, step_us))
    assert killed[0] == {
        "format": 1, "date": "2001-09-09T01:46:40.123+00:00", "time": "virtual"
    }  # fmt: skip
    assert [line["n"] for line in killed[1:]] == [1, 5, 9]
    assert whole[: len(killed)] == killed
    assert whole[-1] == {"n": 11, "t": 1000.0, "wall_ms": 10 * step_us / 1000}


def test_a_pause_has_a_line_on_both_sides(tmp_path):
    _, lines = written(tmp_path / "t", VirtualClock(), [0, 10, 20, 2_000_000, 2_000_010])
    assert [(line["n"], line["wall_ms"]) for line in lines[1:]] == [
        (1, 0.0), (3, 0.02), (4, 2000.0), (5, 2000.01),
    ]  # fmt: skip


def test_in_real_time_the_times_of_the_records_say_it(tmp_path):
    records = 3 * EVERY_REAL_US // 100_000
    _, lines = written(tmp_path / "t", RealClock(speed=2.0), [0] * records)
    assert len(lines) < 6
    assert lines[0]["time"] == "real"
    assert all(line["wall_ms"] == line["t"] / 2 for line in lines[1:])


def test_what_lies_between_two_lines_is_taken_as_even():
    timing = Timing(date="", numbers=(1, 5, 6), walls_ms=(0.0, 10.0, 500.0))
    assert [timing.wall_ms(n) for n in (0, 1, 3, 5, 6, 7)] == [0.0, 0.0, 5.0, 10.0, 500.0, 500.0]
    assert timing.total_ms == 500.0
    assert Timing(date="", numbers=(), walls_ms=()).wall_ms(3) == 0.0


def test_a_run_leaves_it_and_nothing_else_differs(play):
    source = """
    def on_start(e):
        setTimeout(VoxEngine.terminate, 60000)
        setInterval(lambda: Logger.write("tick"), 1000)

    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    out = play(source, start=True).result.out
    first, timing = files_of(out), read_folder(out).timing
    (out / "timing.jsonl").write_text("of another run")
    assert files_of(play(source, start=True).result.out) == first
    again = read_folder(out).timing
    records = read_folder(out).records
    assert timing.numbers[-1] == again.numbers[-1] == len(records)
    walls = [again.wall_ms(record["n"]) for record in records]
    assert walls == sorted(walls)
    assert 0 < again.total_ms < records[-1]["t"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "begins with an object"),
        ("[]\n", "begins with an object"),
        ('{"format": 1}\n', "begins with an object"),
        ('{"format": 2, "date": "x"}\n', "its format is 2"),
        ('{"format": 1, "date": "x"}\nno\n', "not JSON"),
        ('{"format": 1, "date": "x"}\n3\n', "`n`, the number"),
        ('{"format": 1, "date": "x"}\n{"n": 1, "wall_ms": "x"}\n', "`wall_ms`"),
        ('{"format": 1, "date": "x"}\n{"n": 2, "wall_ms": 1}\n{"n": 2, "wall_ms": 2}\n', "back"),
        ('{"format": 1, "date": "x"}\n{"n": 2, "wall_ms": 1}\n{"n": 3, "wall_ms": 0}\n', "back"),
    ],
)
def test_a_broken_file_gets_one_clear_message(play, text, told):
    from voxrt.errors import DocumentError

    folder = read_folder(play("VoxEngine.terminate()", start=True).result.out)
    (folder.path / "timing.jsonl").write_text(text)
    with pytest.raises(DocumentError, match=told) as caught:
        _ = folder.timing
    assert caught.value.file.endswith("timing.jsonl")
    assert caught.value.line
