"""Drawing the account: order, wrapping, colours, the status line."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from voxrt.cli.view import WAIT_MS, Speaking, View, line_of
from voxrt.show.account import Account
from voxrt.show.entry import Entry, Tone
from voxrt.show.times import clock_text, duration_text


def console(**options):
    options = {"width": 60, "highlight": False, "color_system": None, **options}
    return Console(file=io.StringIO(), **options)


def log(t, text, **more):
    return {"n": 1, "t": float(t), "kind": "log", "text": text, **more}


def heard(t, text, start):
    return {
        "n": 1, "t": float(t), "kind": "heard", "call": "c", "by": "caller", "speaker": "agent",
        "text": text, "from_ms": float(start), "to_ms": float(t), "complete": True,
    }  # fmt: skip


def draw(records, target, **options):
    with View(target, Account(), **options) as view:
        for record in records:
            view.watch(record)
    return target.file.getvalue().splitlines()


RECORDS = [log(1000, "first"), log(3000, "third"), heard(4000, "second", 2000)]


def test_a_virtual_run_is_told_in_the_order_of_time():
    lines = draw(RECORDS, console())
    assert [line.split()[-1] for line in lines] == ["first", '"second"', "third"]


def test_a_real_run_is_told_at_once():
    lines = draw(RECORDS, console(), ordered=False)
    assert [line.split()[-1] for line in lines] == ["first", "third", '"second"']


def test_entries_of_a_virtual_run_do_not_wait_for_its_end():
    target = console()
    view = View(target, Account())
    with view:
        view.watch(log(0, "early"))
        assert target.file.getvalue() == ""
        view.watch(log(WAIT_MS + 1, "late"))
        assert target.file.getvalue() == "00:00.000  log      early\n"


def test_what_was_told_is_shown_when_the_run_breaks_off():
    target = console()

    def broken():
        with View(target, Account()) as view:
            view.watch(log(5, "before"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert "before" in target.file.getvalue()


def test_long_lines_go_on_under_their_text_on_a_terminal():
    text = "one two three four five six seven eight nine ten eleven"
    lines = draw([log(0, text)], console(force_terminal=True))
    assert len(lines) == 2
    assert lines[1].startswith(" " * 20 + "n")
    assert " ".join(" ".join(lines).split()).endswith(text)
    assert all(len(line) <= 60 for line in lines)


def test_lines_in_a_pipe_are_never_wrapped():
    text = "word " * 40
    assert draw([log(0, text + "end")], console()) == [f"00:00.000  log      {text}end"]


def test_a_text_of_several_lines_is_indented():
    for target in (console(), console(force_terminal=True)):
        assert draw([log(0, "a\nb\n")], target) == [
            "00:00.000  log      a",
            " " * 20 + "b",
        ]


def test_control_characters_of_a_script_do_not_reach_the_terminal():
    (line,) = draw([log(0, "a\x1b[31mb\x07\x7f")], console())
    assert line.endswith("a\u241b[31mb\u2407\u2421")


def test_colours_only_where_they_are_wanted():
    plain = draw(RECORDS, console())
    colored = draw(RECORDS, console(color_system="truecolor", force_terminal=True))
    assert not any("\x1b" in line for line in plain)
    assert any("\x1b[32m" in line for line in colored)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in colored] == plain


def test_quiet_draws_nothing():
    target = console()
    with View(target, None) as view:
        view.watch(log(0, "x"))
    assert target.file.getvalue() == ""


def test_the_status_line_says_who_speaks():
    speaking = Speaking()
    assert speaking.text() == "silence"
    says = {"kind": "note", "call": "c", "who": "caller", "text": 'says "Hello. Two, please."'}
    heard = {"kind": "heard", "call": "c", "by": "platform", "speaker": "Maria"}
    speaking.feed({**says, "text": "presses 5"})
    assert speaking.text() == "silence"
    speaking.feed(says)
    assert speaking.text() == "caller speaks"
    speaking.feed({"kind": "event", "name": "Grok.Events.WebSocketMediaStarted", "id": "g"})
    assert speaking.text() == "caller and agent speak"
    speaking.feed({**heard, "text": "Hello."})
    assert speaking.text() == "caller and agent speak"
    speaking.feed({**heard, "text": "Two, please."})
    assert speaking.text() == "agent speaks"
    speaking.feed({"kind": "event", "name": "Grok.Events.WebSocketMediaEnded", "id": "g"})
    assert speaking.text() == "silence"
    speaking.feed(says)
    speaking.feed({"kind": "event", "name": "Call.Disconnected", "id": "c"})
    assert speaking.text() == "silence"


def test_the_status_line_is_drawn_and_taken_away():
    target = console(force_terminal=True, color_system="truecolor")
    lines = draw(RECORDS, target, ordered=False, elapsed_ms=lambda: 65_000.0)
    text = "\n".join(lines)
    assert "01:05" in text
    assert text.rindex('"second"') > 0


def test_labels_wider_than_the_column_keep_their_distance():
    line = line_of(Entry(0.0, Tone.CALLER, "Maria-Magdalena", "hello"))
    assert line.plain == "00:00.000  Maria-Magdalena hello"


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "00:00.000"),
        (61_234.4, "01:01.234"),
        (3_600_000, "1:00:00.000"),
        (59_999.9, "01:00.000"),
    ],
)
def test_clock_text(ms, text):
    assert clock_text(ms) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0 ms"), (820.4, "820 ms"), (12_340, "12.3 s"), (245_000, "4 min 05 s")],
)
def test_duration_text(ms, text):
    assert duration_text(ms) == text
