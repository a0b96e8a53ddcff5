"""The figures and the summary of a run."""

from __future__ import annotations

from pathlib import Path

from voxrt.cli.options import out_folder, speed_of
from voxrt.cli.summary import MOST_WARNINGS, error_text, summary_lines
from voxrt.session.journal import read_journal
from voxrt.show.measures import Measures

HERE = Path(__file__).parent


def measured(*records):
    measures = Measures()
    for number, record in enumerate(records, 1):
        measures.feed({"n": number, "t": 0.0, **record})
    return measures


def lines(measures, outcome="normal", finish_reason="Normal termination", files=()):
    found = summary_lines(measures, outcome=outcome, finish_reason=finish_reason, files=files)
    return [line.plain for line in found]


def event(t, name, data=None, identity="c1"):
    return {"t": float(t), "kind": "event", "id": identity, "name": name, "data": data or {}}


def heard(t, *, complete=True, speaker="agent"):
    return {
        "t": float(t), "kind": "heard", "call": "c1", "by": "caller", "speaker": speaker,
        "text": "x", "from_ms": t - 100.0, "to_ms": float(t), "complete": complete,
    }  # fmt: skip


def test_the_summary_of_a_whole_call():
    measures = measured(*read_journal(HERE / "call.jsonl"))
    files = [("recording", Path("o/call-1.wav")), ("journal", Path("o/journal.jsonl"))]
    assert lines(measures, files=files) == [
        "ended        Normal termination after 00:13.971",
        "call         +15551234567 to 100, connected for 13.9 s",
        "response     median 740 ms, longest 820 ms, 2 turns",
        "barge-in     the agent was cut off once",
        "warning      Grok.VoiceAgentAPIEvents has no member Error; did you mean WebSocketError? "
        "(restaurant.py:42)",
        "approximated speech is synthetic: espeak-ng is not installed",
        "recording    o/call-1.wav",
        "journal      o/journal.jsonl",
    ]


def test_what_went_wrong_stands_before_the_finish_reason():
    assert lines(measured(), "script error", "JS session error") == [
        "ended        script error: JS session error after 00:00.000"
    ]


def test_calls_are_numbered_when_there_are_several():
    measures = measured(
        event(0, "Application.CallAlerting", {"id": "a", "callerid": "1", "destination": "2"}, ""),
        event(10, "Call.Connected", identity="a"),
        {
            "kind": "command",
            "name": "CallPSTN",
            "params": [{"id": "b", "to": "3", "callerid": "2"}],
        },
        event(2010, "Call.Failed", {"code": 486, "reason": "Busy Here"}, "b"),
        event(5010, "Call.Disconnected", {"reason": "BYE received"}, "a"),
    )
    assert lines(measures)[1:] == [
        "call         1: 1 to 2, connected for 5.0 s, BYE received",
        "call         2: 2 to 3, never connected, failed with 486 Busy Here",
    ]


def test_a_call_that_is_not_over_is_said_to_be():
    """The journal ends before it: the run was stopped, or killed."""
    records = [
        event(0, "Application.CallAlerting", {"id": "a", "callerid": "1", "destination": "2"}, ""),
        event(10, "Call.Connected", identity="a"),
        {"t": 1610.0, "kind": "log", "text": "x"},
    ]
    assert lines(measured(*records), "paused", "the journal ends here") == [
        "ended        paused: the journal ends here after 00:01.610",
        "call         1 to 2, connected for 1.6 s, not over",
    ]


def test_an_agent_that_the_end_of_the_call_cuts_off_is_no_barge_in():
    records = [
        event(0, "Call.Connected"),
        heard(3000, complete=False),
        heard(9900, complete=False),
        heard(9950, complete=False, speaker="caller"),
        event(10_000, "Call.Disconnected"),
    ]
    assert measured(*records).barge_ins() == 1


def test_equal_warnings_are_counted_and_many_are_cut():
    records = [{"kind": "warning", "code": "x", "text": "again"}] * 3
    records += [{"kind": "warning", "code": "x", "text": f"w{n}"} for n in range(MOST_WARNINGS + 1)]
    found = [line for line in lines(measured(*records)) if line.startswith("warning")]
    assert found[0] == "warning      again (3 times)"
    assert found[-1] == "warning      and 2 more; the log has them all"
    assert len(found) == MOST_WARNINGS + 1


def test_what_was_approximated_is_told_once():
    records = [
        {"kind": "warning", "code": "approximated", "text": "a voice"},
        {"kind": "result", "approximated": ["a voice", "a caller"]},
    ]
    measures = measured(*records)
    assert measures.approximated == ["a voice", "a caller"]
    assert measures.warnings == []


def test_an_error_record_reads_like_an_error_of_the_command_line():
    record = {
        "code": "NameError", "text": "NameError: no x", "file": "a.py", "line": 3, "column": 5,
        "end_column": 6, "source_line": "y = x", "hint": "Did you mean `y`?",
    }  # fmt: skip
    assert error_text(record).plain.splitlines() == [
        "a.py:3:5: error: NameError: no x [NameError]",
        "    3 | y = x",
        "      |     ^",
        "  hint: Did you mean `y`?",
    ]


def test_speeds():
    assert [speed_of(text) for text in ("virtual", "real", "4", "x")] == [None, 1.0, 4.0, None]


def test_the_folder_of_a_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert out_folder(Path("given"), "b") == Path("given")
    assert out_folder(None, "b") == Path("runs/b")
    Path("runs/b").mkdir(parents=True)
    assert out_folder(None, "b") == Path("runs/b-2")


def test_the_folder_of_a_rule_with_a_name_that_is_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert out_folder(None, "in/out: all") == Path("runs/in-out-all")
    assert out_folder(None, "../..") == Path("runs/run")
    assert out_folder(None, "звонок") == Path("runs/звонок")
