"""Labels for Audacity and traces for Perfetto."""

from __future__ import annotations

import json
import re

import pytest

from voxrt.show.folder import load
from voxrt.show.labels import labels_text
from voxrt.show.trace import trace_text


def test_a_label_is_two_times_in_seconds_and_a_text(shown):
    lines = labels_text(shown.timeline).splitlines()
    assert all(re.fullmatch(r"\d+\.\d{6}\t\d+\.\d{6}\t[^\t\n]+", line) for line in lines)
    times = [[float(part) for part in line.split("\t")[:2]] for line in lines]
    assert times == sorted(times)
    assert all(begin <= end <= shown.timeline.duration_ms / 1000 for begin, end in times)


def test_labels_have_words_waits_and_logs(shown):
    texts = [line.split("\t")[2] for line in labels_text(shown.timeline).splitlines()]
    assert "agent: Good evening, this is La Piazza." in texts
    assert any(re.fullmatch(r"wait \d+ ms", text) for text in texts)
    assert any(text.startswith("agent: Today we have") and "(cut off)" in text for text in texts)
    assert any(text.startswith("log: The agent calls check_table") for text in texts)


@pytest.fixture(params=["restaurant", "lookup"])
def trace(request):
    return json.loads(trace_text(load(request.getfixturevalue(request.param))))


def test_a_trace_is_well_formed(trace):
    assert set(trace) == {"displayTimeUnit", "otherData", "traceEvents"}
    names = set()
    for event in trace["traceEvents"]:
        assert event["ph"] in "MXi"
        assert isinstance(event["name"], str)
        assert event["name"]
        if event["ph"] == "M":
            names.add((event["name"], event["pid"], event.get("tid")))
            assert isinstance(event["args"]["name"], str)
            continue
        assert event["ts"] >= 0
        assert ("process_name", event["pid"], None) in names
        assert ("thread_name", event["pid"], event["tid"]) in names
        assert (event["ph"] == "X") == ("dur" in event)
        assert event.get("dur", 0) >= 0
        assert event["ph"] != "i" or event["s"] == "t"


def test_every_row_and_phrase_is_an_event(restaurant):
    run = load(restaurant)
    events = json.loads(trace_text(run))["traceEvents"]
    wanted = len(run.timeline.rows) + len(run.timeline.phrases) + len(run.timeline.waits)
    assert sum(event["ph"] != "M" for event in events) == wanted


def test_an_exchange_over_http_lasts_as_long_as_it_took(lookup):
    events = json.loads(trace_text(load(lookup)))["traceEvents"]
    (reply,) = [
        e for e in events if e["ph"] == "X" and "v1/contacts" in e["name"] and "200" in e["name"]
    ]
    assert (reply["ts"], reply["dur"]) == (2_030_000, 120_000)


def test_the_same_run_gives_the_same_exports(restaurant):
    first, second = load(restaurant), load(restaurant)
    assert labels_text(first.timeline) == labels_text(second.timeline)
    assert trace_text(first) == trace_text(second)
