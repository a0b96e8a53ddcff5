"""The page: everything is in it, nothing is loaded, and it says what is missing."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser

import pytest

from voxrt.media.wav import read_wav
from voxrt.show.beside import Parting
from voxrt.show.folder import load
from voxrt.show.page import render

LOADS = ("src", "href", "action", "formaction", "poster", "data", "srcset", "xlink:href")


class Page(HTMLParser):
    """The elements of a page, and the text of those that have an id."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._open = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id")

    def handle_data(self, data):
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    def part(self, name):
        return json.loads(gzip.decompress(base64.b64decode(self.texts[name])))


@pytest.fixture(scope="session")
def text(restaurant):
    return render([load(restaurant)])


@pytest.fixture(scope="session")
def page(text):
    return Page(text)


def test_nothing_is_loaded_from_anywhere(text, page):
    assert not [(tag, key) for tag, attrs in page.elements for key in attrs if key in LOADS]
    assert "link" not in {tag for tag, _ in page.elements}
    program = "".join(re.findall(r"<script>(.*?)</script>", text, re.DOTALL))
    style = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert program
    assert style
    for part in (program, style):
        assert not re.search(r"https?://|url\(|@import|import\(|fetch\(|XMLHttpRequest", part)
    policy = next(a["content"] for t, a in page.elements if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_every_part_of_the_template_was_filled_in(text):
    assert not re.findall(r"<!--.*?-->", text)


def test_the_same_run_gives_the_same_page(restaurant, text):
    assert render([load(restaurant)]) == text


def test_the_view_has_the_run(page, shown):
    (run,) = page.part("view")["runs"]
    assert run["title"] == "restaurant"
    assert run["start"] == 1767603600000.0
    assert len(run["rows"]) == len(shown.timeline.rows)
    assert run["waits"] == [list(wait) for wait in shown.timeline.waits]
    assert ["cut off", "once", ""] in run["figures"]
    (lane,) = run["lanes"]
    assert [len(base64.b64decode(side)) for side in lane["peaks"]] == [lane["length"] / 10] * 2


def test_wall_time_is_told_of_the_run_and_of_each_row(page, shown):
    (run,) = page.part("view")["runs"]
    timing = shown.timing
    assert run["timing"]["date"] == timing.date
    assert run["timing"]["total"] == timing.total_ms > 0
    assert len(run["timing"]["rows"]) == len(run["rows"])
    numbers = [n for n, *_ in run["rows"]]
    walls = [wall for _, wall in sorted(zip(numbers, run["timing"]["rows"], strict=True))]
    assert walls == sorted(walls)
    assert walls[0] < walls[len(walls) // 2] < walls[-1]
    assert walls[-1] == pytest.approx(timing.total_ms, abs=0.1)
    assert [text for name, text, _ in run["figures"] if name == "wall time"]


def test_a_folder_without_wall_time_is_shown_without(own):
    (own / "timing.jsonl").unlink()
    (run,) = Page(render([load(own)])).part("view")["runs"]
    assert run["timing"] is None
    assert run["problems"] == []
    assert "wall time" not in [name for name, *_ in run["figures"]]


def test_damaged_wall_time_is_a_problem_and_no_failure(own):
    (own / "timing.jsonl").write_text("{}\n")
    (run,) = Page(render([load(own)])).part("view")["runs"]
    assert run["timing"] is None
    (problem,) = run["problems"]
    assert "timing.jsonl:1: it begins with" in problem


def test_every_record_is_in_the_page(page, shown):
    (records,) = page.part("records")
    numbers = [record["n"] for record in records["whole"]]
    numbers += [n for _, parts in records["folded"] for n, _, _ in parts]
    assert sorted(numbers) == [record["n"] for record in shown.records]


def test_records_are_unpacked_apart_from_what_is_drawn(page):
    assert len(page.texts["view"]) < 100_000
    assert set(page.part("view")) == {"runs", "categories", "parting"}


def test_recordings_can_be_left_out(restaurant, text):
    small = render([load(restaurant)], sound=False)
    assert 'id="sound-0"' in text
    assert 'id="sound-0"' not in small
    assert len(small) < len(text) - 100_000


def test_a_minute_of_a_call_takes_less_than_400_kb(restaurant, text):
    pytest.importorskip("lameenc")
    minutes = read_wav(restaurant / "call-1.wav").duration_us / 60e6
    assert len(text) < 400_000 * minutes + 100_000


def test_names_of_files_are_no_markup(own):
    journal = own / "journal.jsonl"
    data = journal.read_text().replace('"name":"restaurant"', '"name":"<script>alert(1)</script>"')
    journal.write_text(data)
    text = render([load(own)])
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_what_cannot_be_read_is_named_and_the_rest_is_shown(own):
    (own / "call-1.wav").write_bytes(b"RIFF")
    run = load(own)
    (shown,) = Page(render([run])).part("view")["runs"]
    assert len(shown["problems"]) == 1
    assert shown["problems"][0].startswith("call-1.wav: ")
    assert shown["lanes"][0]["sound"] is None


def test_a_killed_run_is_shown_up_to_the_kill(own):
    journal = own / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:300]) + lines[300][:40])
    (own / "result.json").unlink()
    (run,) = Page(render([load(own)])).part("view")["runs"]
    assert run["outcome"] == "cut off"
    assert run["figures"][0] == ["ended", "the journal is cut off", "bad"]
    assert run["lanes"][0]["end"] is None


def test_two_runs_and_where_they_part(restaurant, lookup):
    runs = [load(restaurant), load(lookup)]
    view = Page(render(runs, parting=Parting(6, 6, "another greeting"))).part("view")
    assert [run["title"] for run in view["runs"]] == ["restaurant", "lookup"]
    assert view["parting"] == [6, 6, "another greeting"]


def test_runs_that_part_within_folded_audio_part_at_its_row(shown, restaurant):
    row = next(row for row in shown.timeline.rows if len(row.folded) > 2)
    runs = [shown, load(restaurant)]
    view = Page(render(runs, parting=Parting(row.folded[2], 1))).part("view")
    assert view["parting"] == [row.n, 1, ""]


def test_what_the_provider_sent_can_be_heard(page, shown):
    (run,) = page.part("view")["runs"]
    received = [row for row in shown.timeline.rows if row.who == "from" and row.folded]
    assert received
    assert [n for n, *_ in run["link_sound"]] == [row.n for row in received]
    end = 0
    for row, (_, number, from_ms, to_ms) in zip(received, run["link_sound"], strict=True):
        assert from_ms == end
        assert to_ms - from_ms == pytest.approx(row.audio_ms, abs=1)
        assert number != run["lanes"][0]["sound"]
        assert f"sound-{number}" in page.texts
        end = to_ms


def test_sound_of_the_provider_that_is_no_pcm_is_left_out(own):
    """G.711 is a byte a sample; it is not taken for something else."""
    path = own / "links" / "1.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines[1:]:
        message = line.get("message", {})
        if line["direction"] == "received" and "delta" in message and "audio" in message["type"]:
            is_sound = message["type"].endswith("audio.delta")
            sound = base64.b64decode(message["delta"]) if is_sound else b""
            message["delta"] = base64.b64encode(sound[::2]).decode()
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (run,) = Page(render([load(own)])).part("view")["runs"]
    assert run["link_sound"] == []


def test_a_damaged_link_is_a_problem_and_no_failure(own):
    (own / "links").mkdir(exist_ok=True)
    (own / "links" / "1.jsonl").write_text("{}\n{}\n")
    run = load(own)
    render([run])
    assert len(run.problems) == 1
    assert "1.jsonl" in run.problems[0]
