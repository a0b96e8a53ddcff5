"""The timeline: every record in some row, calls as lanes, what was heard on them."""

from __future__ import annotations

from collections import Counter

import pytest

from voxrt.show.folder import load
from voxrt.show.timeline import AUDIO_GAP_MS, CATEGORIES, LONGEST_TEXT, Timeline

LINK = {"link": "L", "type": "input_audio_buffer.append"}
AUDIO = {"samples": 800, "rate_hz": 8_000}


def sent(n, t, **message):
    return {
        "n": n, "t": t, "kind": "provider", **LINK, "direction": "sent",
        "message": AUDIO | message,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["restaurant", "lookup"])
def test_every_record_is_in_a_row(name, request):
    run = load(request.getfixturevalue(name))
    found = Counter(n for row in run.timeline.rows for n in row.folded or (row.n,))
    assert set(found) == {record["n"] for record in run.records}


def test_rows_are_in_the_order_of_time_and_of_known_kinds(shown):
    times = [row.time_ms for row in shown.timeline.rows]
    assert times == sorted(times)
    assert {row.category for row in shown.timeline.rows} <= set(CATEGORIES)
    assert all(len(row.text) <= LONGEST_TEXT for row in shown.timeline.rows)


def test_the_same_is_told_as_in_the_account(shown):
    told = [(row.who, row.text, row.aside) for row in shown.timeline.rows if row.told]
    assert ("agent", '"Good evening, this is La Piazza."', "") in told
    assert ("tool", 'check_table(guests=2, time="eight")', "") in told
    assert any(aside == "cut off" for _, _, aside in told)


def test_a_call_is_a_lane_with_its_recording(shown):
    (lane,) = shown.timeline.lanes
    assert (lane.label, lane.recording, lane.begin_ms) == ("call", "call-1.wav", 0.0)
    assert lane.parties == "15550123456 to 18005550100"
    assert lane.connected_ms == 20.0
    assert lane.end_ms == shown.timeline.duration_ms


def test_the_recording_is_as_long_as_its_lane(shown):
    (lane,) = shown.timeline.lanes
    wav = shown.recording(lane.recording)
    assert 1000 * wav.samples / wav.rate_hz == pytest.approx(lane.end_ms - lane.begin_ms, abs=20)


def test_waits_are_those_of_the_result(shown):
    latency = shown.timeline.result()["latency"]
    waits = [round(end - begin, 3) for begin, end in shown.timeline.waits]
    assert len(waits) == latency["responses"] > 0
    assert max(waits) == latency["max_ms"]


def test_phrases_say_on_which_side_they_were(shown):
    sides = {phrase.speaker: phrase.side for phrase in shown.timeline.phrases}
    assert sides["agent"] == "hears"
    assert sides["guest"] == "says"


def test_audio_is_folded_while_it_goes_on():
    rows = Timeline([sent(n, 100.0 * n, words=[f"w{n}"]) for n in range(1, 5)]).rows
    assert [(row.folded, row.audio_ms, row.aside) for row in rows] == [
        ((1, 2, 3, 4), 400.0, "4 messages")
    ]
    assert rows[0].text == 'input_audio_buffer.append: 0.4 s of audio "w1 w2 w3 w4"'


def test_a_gap_or_something_told_ends_a_fold():
    log = {"n": 3, "t": 300.0, "kind": "log", "text": "x"}
    late = 300.0 + AUDIO_GAP_MS + 200
    records = [sent(1, 100.0), sent(2, 200.0), log, sent(4, 300.0), sent(5, late)]
    assert [row.folded or row.n for row in Timeline(records).rows] == [(1, 2), 3, (4,), (5,)]


def test_a_limit_is_a_kind_of_its_own():
    limit = {"n": 1, "t": 0.0, "kind": "warning", "code": "limit", "text": "too much"}
    assert [row.category for row in Timeline([limit]).rows] == ["limit"]


def test_unknown_records_are_rows_too():
    (row,) = Timeline([{"n": 1, "t": 5.0, "kind": "novelty", "what": 3}]).rows
    assert (row.who, row.category, row.told) == ("novelty", "session", False)
    assert "3" in row.text


def test_timers_are_a_kind_of_their_own():
    fields = {"kind": "timer", "id": 3}
    records = [
        {"n": 1, "t": 0.0, **fields, "state": "set", "delay_ms": 1500.0},
        {"n": 2, "t": 5.0, **fields, "state": "set", "delay_ms": 400.0, "repeat": True},
        {"n": 3, "t": 1500.0, **fields, "state": "fires"},
    ]
    rows = Timeline(records).rows
    assert {(row.category, row.who, row.told) for row in rows} == {("timer", "timer", False)}
    assert [row.text for row in rows] == [
        "3 set to call in 1500 ms",
        "3 set to call every 400 ms",
        "3 fires",
    ]
