"""The journal: one line as it happens, without secrets, readable after a kill."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.clocks import VirtualClock
from voxrt.errors import DocumentError
from voxrt.session.journal import REDACTED, Journal, read_journal
from voxrt.session.values import Struct


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def journal(clock, tmp_path):
    journal = Journal(clock, tmp_path / "journal.jsonl")
    yield journal
    journal.close()


def lines(journal):
    return journal.path.read_text(encoding="utf-8").splitlines()


def memory(*secrets):
    journal = Journal(VirtualClock())
    journal.add_secrets(secrets)
    return journal


# --- records ------------------------------------------------------------------------------------


def test_each_record_is_in_the_file_when_it_has_been_written(journal):
    journal.write("log", text="one")
    assert lines(journal) == ['{"n":1,"t":0.0,"kind":"log","text":"one"}']
    journal.write("log", text="two")
    assert len(lines(journal)) == 2


def test_records_are_numbered_and_carry_the_milliseconds_of_the_run(journal, clock):
    journal.write("log", text="a")
    clock._now_us = 1_234_567
    journal.write("command", name="AcceptCall", params=[])
    assert [(r["n"], r["t"], r["kind"]) for r in read_journal(journal.path)] == [
        (1, 0.0, "log"),
        (2, 1234.567, "command"),
    ]


def test_the_order_of_the_fields_is_kept(journal):
    journal.write("x", z=1, a=2, m={"z": 1, "a": 2})
    assert lines(journal) == ['{"n":1,"t":0.0,"kind":"x","z":1,"a":2,"m":{"z":1,"a":2}}']


def test_text_is_written_as_utf_8(journal):
    journal.write("log", text='Zürich 東京 😀\n\t"quoted" \u2028')
    assert 'Zürich 東京 😀\\n\\t\\"quoted\\"' in lines(journal)[0]
    assert read_journal(journal.path)[0]["text"] == 'Zürich 東京 😀\n\t"quoted" \u2028'


def test_listeners_get_what_a_reader_of_the_file_gets(journal):
    heard = []
    journal.listeners.append(heard.append)
    given = Struct(list=[1, Struct(a=None)], pair=(1, 2), number=float("nan"))
    journal.write("x", value=given)
    given["list"].append("later")
    assert heard == read_journal(journal.path)
    assert heard[0]["value"] == {"list": [1, {"a": None}], "pair": [1, 2], "number": None}
    assert type(heard[0]["value"]) is dict


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("half \ud83d a pair", "half ? a pair"),
        ({None: 1, True: 2, 3: 4}, {"None": 1, "True": 2, "3": 4}),
        ([object()], ["[object object]"]),
        ({"call": print}, {}),
        (b"\x01\xff", [1, 255]),
        ({"b", "a"}, ["a", "b"]),
        (2**70, 2**70),
        (float("inf"), None),
    ],
)
def test_what_a_scenario_hands_over_need_not_be_json(journal, value, written):
    """It is written as `JSON.stringify` would: no addresses, no order of a set."""
    journal.write("x", value=value, other=object())
    assert read_journal(journal.path)[0]["value"] == written


def test_after_it_is_closed_the_listeners_still_hear(journal):
    heard = []
    journal.listeners.append(heard.append)
    journal.close()
    journal.close()
    journal.write("log", text="late")
    assert [record["text"] for record in heard] == ["late"]
    assert lines(journal) == []


# --- secrets ------------------------------------------------------------------------------------


def redacted(value, *secrets):
    return memory(*secrets).write("x", value=value)["value"]


def test_a_secret_is_replaced_wherever_it_stands():
    value = {"a": "key=xai-123!", "b": ["xai-123", {"c": "xai-123xai-123"}], "n": 5}
    assert redacted(value, "xai-123") == {
        "a": "key=******!",
        "b": ["******", {"c": "************"}],
        "n": 5,
    }


def test_the_file_and_the_listeners_get_no_secret(journal):
    heard = []
    journal.listeners.append(heard.append)
    journal.add_secrets(["s3cret"])
    returned = journal.write("log", text="the key is s3cret")
    assert heard == [returned] == read_journal(journal.path)
    assert returned["text"] == "the key is ******"
    assert "s3cret" not in lines(journal)[0]


def test_records_before_a_secret_was_known_stay_and_later_ones_are_redacted(journal):
    journal.write("log", text="first abcd")
    journal.add_secrets(["abcd"])
    journal.add_secrets(["efgh"])
    journal.write("log", text="abcd efgh")
    assert [r["text"] for r in read_journal(journal.path)] == ["first abcd", "****** ******"]


def test_a_value_below_four_characters_is_no_secret():
    assert redacted("abc abcd", "abc", "") == "abc abcd"
    assert redacted("abc abcd", "abcd") == "abc ******"


@pytest.mark.parametrize(
    "secret", ['q"uo\\te', "line\nbreak\ttab", "Zürich東京", "\x01\x7fctl", "a/b+c="]
)
def test_a_secret_is_found_as_it_is_and_as_json_within_text(secret):
    nested = json.dumps({"key": secret}, ensure_ascii=False)
    ascii_only = json.dumps({"key": secret})
    twice = json.dumps({"body": nested}, ensure_ascii=False)
    for text in (secret, nested, ascii_only, twice):
        shown = redacted(f"<{text}>", secret)
        assert REDACTED in shown
        assert shown == f"<{text}>".replace(
            next(form for form in forms_of(secret) if form in text), REDACTED
        )


def forms_of(secret):
    once = json.dumps(secret, ensure_ascii=False)[1:-1]
    twice = json.dumps(once, ensure_ascii=False)[1:-1]
    return (twice, once, json.dumps(secret)[1:-1], secret)


def test_a_secret_in_a_url_is_found():
    assert redacted("https://x/?key=a%2Fb%2Bc%3D&v=1", "a/b+c=") == "https://x/?key=******&v=1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abcdefghi", "******"),  # two that overlap leave nothing of either
        ("abcdef", "******"),
        ("defghi", "******"),
        ("xabcdefghiabcdefx", "x************x"),
        ("abcde fghi", "abcde fghi"),
    ],
)
def test_secrets_that_overlap(text, shown):
    assert redacted(text, "abcdef", "defghi") == shown


def test_a_secret_that_contains_another_one_leaves_nothing_behind():
    assert redacted("abcd-1234 abcd", "abcd", "abcd-1234") == "****** ******"
    assert redacted("ababab", "abab") == "******"


def test_names_of_fields_and_the_head_of_a_record_are_kept():
    """A secret may be any word: `text`, `kind`, a number."""
    journal = memory("text", "kind", "event", "1234")
    assert journal.write("event", text="my text", kinds=1234, amount=12345.0) == {
        "n": 1,
        "t": 0.0,
        "kind": "event",
        "text": "my ******",
        "kinds": 1234,
        "amount": 12345.0,
    }


def test_a_secret_never_breaks_an_escape():
    """`n123` is in the JSON of a line break before 123, and not in the text."""
    assert redacted("a\n123", "n123") == "a\n123"
    assert redacted('say "quot', '"quot') == "say ******"


def test_text_for_other_files_is_redacted_too():
    journal = memory("abcdef", "defghi")
    assert journal.redact("x abcdefghi y") == "x ****** y"
    assert Journal(VirtualClock()).redact("x") == "x"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('abc\\"\n/é'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=8,
)


@given(json_values, st.lists(st.text('abc\\"\n/é', min_size=4, max_size=6), max_size=3))
def test_no_value_keeps_a_secret_and_nothing_else_changes(value, secrets):
    shown = redacted(value, *secrets)

    def compare(before, after):
        if isinstance(before, str):
            assert not any(secret in after for secret in secrets)
            if not any(form in before for secret in secrets for form in forms_of(secret)):
                assert after == before
        elif isinstance(before, dict):
            assert list(before) == list(after)
            for key in before:
                compare(before[key], after[key])
        elif isinstance(before, list):
            assert len(before) == len(after)
            for one, other in zip(before, after, strict=True):
                compare(one, other)
        else:
            assert before == after

    compare(value, shown)


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", range(1, 40, 3))
def test_a_last_line_that_was_cut_off_is_left_out(journal, keep):
    journal.write("log", text="one")
    journal.write("log", text="zwölf 東京")
    data = journal.path.read_bytes()
    first, second, _ = data.split(b"\n")
    journal.path.write_bytes(first + b"\n" + second[:keep])
    assert [record["text"] for record in read_journal(journal.path)] == ["one"]


def test_a_last_line_without_its_line_break_counts(journal):
    journal.write("log", text="one")
    journal.path.write_bytes(journal.path.read_bytes().rstrip(b"\n"))
    assert [record["text"] for record in read_journal(journal.path)] == ["one"]


def test_a_wrong_line_in_the_middle_is_named(journal):
    journal.write("log", text="one")
    data = journal.path.read_bytes()
    journal.path.write_bytes(data + b"{oops\n" + data)
    with pytest.raises(DocumentError, match="not a journal record") as caught:
        read_journal(journal.path)
    assert (caught.value.file, caught.value.line) == (str(journal.path), 2)


def test_a_journal_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DocumentError, match="cannot be read: No such file") as caught:
        read_journal(tmp_path / "none.jsonl")
    assert caught.value.file == str(tmp_path / "none.jsonl")


# --- several sessions ---------------------------------------------------------------------------


def test_the_first_session_writes_to_the_journal_itself(journal):
    assert journal.of_session(1) is journal


def test_records_of_a_later_session_end_with_its_number(journal):
    """In one file, with one count, for the same listeners, without the same secrets."""
    seen = []
    journal.listeners.append(seen.append)
    second = journal.of_session(2)
    journal.write("log", text="one")
    record = second.write("log", text="two")
    assert record == {"n": 2, "t": 0.0, "kind": "log", "text": "two", "session": 2}
    assert list(record)[-1] == "session"
    second.add_secrets(["secret-value"])
    assert journal.write("log", text="a secret-value")["text"] == f"a {REDACTED}"
    assert second.redact("a secret-value") == f"a {REDACTED}"
    assert len(lines(journal)) == len(seen) == 3


# --- the scenario's lines -------------------------------------------------------------------------

DOES = """
async def on_call(e):
    Logger.write("comes")
    e.call.answer()
    await trio.sleep(0.5)
    helper(e.call)


def helper(call):
    call.say("Hello.")
    setTimeout(call.hangup, 3000)


import trio
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def lines_of(played):
    """The line of each record that has one, by what it is."""
    return [
        (record.get("name") or record.get("text") or record["kind"], record["at"].split(":")[-1])
        for record in played.records
        if "at" in record
    ]


def test_what_a_scenario_does_has_the_line_that_does_it(play):
    played = play(DOES)
    assert lines_of(played) == [("comes", "3"), ("AcceptCall", "4"), ("Say", "10"), ("timer", "11")]
    (path,) = {record["at"].rpartition(":")[0] for record in played.records if "at" in record}
    assert path.endswith("scenario.py")


def test_what_comes_by_itself_has_none(play):
    played = play(DOES)
    without = {r["kind"] for r in played.records if "at" not in r}
    assert {"event", "heard", "media", "result"} <= without
    (fires,) = [record for record in played.of("timer") if record["state"] == "fires"]
    assert "at" not in fires


def test_the_same_holds_for_javascript(play_js):
    played = play_js(
        """\
        VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
          Logger.write("comes");
          call.answer();
          call.addEventListener(CallEvents.Connected, () => {
            call.say(
              "Hello.",
            );
            setTimeout(VoxEngine.terminate, 500);
          });
        });
        """
    )
    assert lines_of(played) == [
        ("comes", "2"),
        ("AcceptCall", "3"),
        ("Say", "5"),
        ("timer", "8"),
    ]


def test_a_script_that_writes_its_own_stacks_is_not_asked_for_lines(play_js):
    played = play_js(
        """\
        Error.prepareStackTrace = () => { Logger.write("asked"); return "nowhere"; };
        Error.stackTraceLimit = 0;
        VoxEngine.addEventListener(AppEvents.Started, () => {
          Logger.write("started");
          VoxEngine.terminate();
        });
        """,
        start=True,
    )
    assert lines_of(played) == [("started", "4"), ("terminating", "5")]
    assert played.logs == ["started"]


def test_in_a_run_of_several_sessions_each_has_its_own_lines(clock, tmp_path):
    journal = Journal(clock)
    journal.place = lambda: "one.py:1"
    second = journal.of_session(2)
    second.place = lambda: "two.py:2"
    assert journal.write("log", text="a")["at"] == "one.py:1"
    assert second.write("log", text="b")["at"] == "two.py:2"
    assert "at" not in second.write("note", call="", who="", text="c")
