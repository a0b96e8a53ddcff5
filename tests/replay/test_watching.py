"""The first divergence stops a replay, at the instant at which it shows."""

from __future__ import annotations

import json
from random import Random
from textwrap import dedent

import pytest

from voxrt.media.wav import read_wav
from voxrt.replay.allowed import Allowance, Allowed
from voxrt.replay.folder import read_folder

TALK = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Connected, on_connected)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()

def on_connected(e):
    e.call.say("Good evening, this is a rather long greeting.")
    setTimeout(lambda: Logger.write("five"), 5000)
    setTimeout(lambda: Logger.write("nine"), 9000)
    setTimeout(lambda: e.call.say("Goodbye."), 60000)
    setTimeout(VoxEngine.terminate, 90000)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLER = "caller: {steps: [{say: Hello.}, {wait: 3600000}]}"


@pytest.fixture
def talk(play):
    """The folder of a call in which nothing happens for long."""
    return play(TALK, caller=CALLER).result.out


@pytest.fixture
def changed(talk, again, tmp_path):
    """Replays it to a scenario with one change."""

    def play_with(old, new, **options):
        assert TALK.count(old) == 1
        path = tmp_path / "changed.py"
        path.write_text(dedent(TALK.replace(old, new)))
        return again(talk, path, **options)

    return play_with


@pytest.mark.parametrize(
    ("old", "new", "what", "t"),
    [
        ('write("five")', 'write("six")', "changed", 5020),  # it has been connected for 5 s
        ('Logger.write("five")', "None", "missing", 5020),
        ('write("five"), 5000', 'write("five"), 4000', "changed", 20),  # when it is set
        ('Logger.write("nine")', "None", "missing", 9020),
        ('e.call.say("Goodbye.")', "None", "missing", 60020),
        ("VoxEngine.terminate, 90000", "lambda: None, 90000", "missing", 90020),
    ],
)
def test_time_does_not_go_on(changed, old, new, what, t):
    """Neither for what is other nor for what is missing in a silence of half a minute."""
    replayed = changed(old, new)
    assert replayed.stopped
    one = replayed.comparison.divergences[0]
    assert (one.what, one.t) == (what, t)
    assert replayed.until_ms == t
    on_disk = read_folder(replayed.result.out)
    assert on_disk.records == replayed.records
    assert [record["t"] for record in on_disk.records[-2:]] == [t, t]
    assert on_disk.result["outcome"] == "paused"


def test_what_is_new_stops_it_too(changed):
    replayed = changed('Logger.write("five")', '[Logger.write(t) for t in ("five", "more")]')
    (one,) = replayed.comparison.divergences
    assert (one.what, one.replayed["text"], one.t) == ("new", "more", 5020)


def test_what_comes_early_is_named_at_its_earlier_time(changed):
    new = 'write("five"), 4000)'
    replayed = changed('write("five"), 5000)', new, allowed=allow(("timer",)))
    (one,) = replayed.comparison.divergences
    assert (one.what, one.fields) == ("moved", (("t", 5020, 4020),))
    assert replayed.until_ms == 4020


def test_what_was_heard_until_then_is_kept(changed, talk):
    replayed = changed('Logger.write("nine")', "None")
    heard = [r["text"] for r in replayed.records if r["kind"] == "heard"]
    assert "Good evening, this is a rather long greeting." in heard
    assert "Hello." in heard
    whole, kept = (read_wav(out / "call-1.wav") for out in (talk, replayed.result.out))
    length_ms = 1000 * kept.samples / kept.rate_hz
    assert 8980 <= length_ms <= 9020
    for side in (0, 1):
        assert whole.channel(side).startswith(kept.channel(side))
    assert any(kept.channel(1))


def test_words_under_way_are_told_as_far_as_they_were_heard(changed, again):
    old = 'setTimeout(lambda: Logger.write("five"), 5000)'
    replayed = changed(old, f'{old}\n    setTimeout(lambda: Logger.write("new"), 1500)',
                       allowed=allow(("timer",)))  # fmt: skip
    assert replayed.until_ms == 1520
    (heard,) = [r for r in replayed.records if r["kind"] == "heard" and r["by"] == "caller"]
    assert "Good evening, this is a rather long greeting.".startswith(heard["text"])
    assert heard["text"].startswith("Good evening,")
    assert not heard["complete"]
    assert heard["to_ms"] <= 1520
    assert again(replayed.result.out, out="twice").comparison.divergences == ()


def test_a_stopped_replay_is_a_run_that_was_cut_off(changed, again):
    replayed = changed('Logger.write("nine")', "None")
    twice = again(replayed.result.out, out="twice")
    assert twice.comparison.divergences == ()
    assert twice.until_ms == 9020


def test_without_a_divergence_it_goes_to_the_end(talk, again):
    replayed = again(talk)
    assert (replayed.stopped, replayed.comparison.divergences) == (False, ())
    assert replayed.until_ms == 90020


def allow(*entries, tolerance_ms=None):
    allowances = tuple(
        Allowance(wanted={"kind": kind}, fields=tuple(fields), place=f"allowed.yaml:{line}")
        for line, (kind, *fields) in enumerate(entries, 1)
    )
    return Allowed(tolerance_ms=tolerance_ms, allowances=allowances)


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ('write("five")', 'write("six")', allow(("log", "text"))),
        ('Logger.write("five")', "None", allow(("log",))),
        ('Logger.write("five")', '[Logger.write(t) for t in ("five", "more")]', allow(("log",))),
        ('write("five"), 5000', 'write("five"), 8000', allow(("timer",), ("log", "t"))),
        ('write("five"), 5000', 'write("five"), 2000', allow(("timer",), ("log", "t"))),
        ('write("five"), 5000', 'write("five"), 5030', allow(tolerance_ms=30)),
    ],
)
def test_what_is_allowed_does_not_stop_it(changed, old, new, allowed):
    replayed = changed(old, new, allowed=allowed)
    assert not replayed.stopped
    assert replayed.until_ms == 90020
    assert allowed.left(replayed.comparison)[0] == []


def test_it_stops_at_the_first_one_that_is_not_allowed(changed):
    old, new = '"five"), 5000)', '"six"), 5000)\n    setTimeout(e.call.sendMessage, 7000, "Hm.")'
    assert changed(old, new).until_ms == 20
    again = changed(old, new, allowed=allow(("log", "text"), ("timer",)), out="again")
    assert again.stopped
    assert again.until_ms == 7020
    one = again.comparison.divergences[0]
    assert (one.what, one.replayed["name"]) == ("new", "SendMessage")


def test_a_killed_run_is_compared_to_the_kill_only(talk, changed):
    journal = talk / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines) if b'"nine"' in line)
    journal.write_bytes(b"".join(lines[:number]))
    (talk / "result.json").unlink()
    replayed = changed('write("nine")', 'write("ten")')
    assert (replayed.stopped, replayed.comparison.divergences) == (False, ())
    assert changed('write("five")', 'write("six")', out="six").until_ms == 5020


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["agents/restaurant.js", "examples/queue", "examples/menu"])
def test_it_stops_where_the_first_of_all_is(record, again, name, seed):
    """An effect of the recording is made another one; wherever it is, its instant is the end."""
    rng = Random(seed)
    folder = record(name)
    journal = folder / "journal.jsonl"
    records = [json.loads(line) for line in journal.read_bytes().splitlines()]
    effects = [r for r in records if r["kind"] in ("event", "command", "log", "media", "timer")]
    one = rng.choice(effects)
    key = rng.choice([key for key in one if key not in ("n", "t", "kind", "at", "id", "unit")])
    one[key] = f"not {one[key]}"
    journal.write_bytes(b"".join(json.dumps(r).encode() + b"\n" for r in records))
    stopped, whole = again(folder), again(folder, out="whole", every=True)
    first = whole.comparison.divergences[0]
    assert stopped.stopped or first.t == stopped.folder.end_ms
    assert stopped.until_ms == first.t == one["t"]
    assert stopped.comparison.divergences[0].what == first.what
    assert stopped.records[-1]["t"] == one["t"]
