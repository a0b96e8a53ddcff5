"""What the fuzzer found: values that the platform did not expect are errors of the script."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("VoxEngine.easyProcess({}, 1)", "easyProcess: call1 must be a call, not an object"),
        ("VoxEngine.forwardCallToPSTN(5)", "numberTransform must be a function, not a number"),
        ("VoxEngine.forwardCallToUser([1])", "onEstablishedCallback must be a function, not an"),
        ("require({})", "done"),
        ("require({ toString: 1 })", "done"),
        ("require(Call)", "done"),
        ("require(Modules)", "done"),
        ("bytes2str([65], 5)", "there is no encoding '5'"),
        ("str2bytes('a', {})", "encoding must be a string, not an object"),
        ("str2bytes('a', 'a\\0b')", "there is no encoding"),
        ("levenshtein_distance('a'.repeat(9e4), 'b'.repeat(9e4))", "the texts are too long"),
        ("bytes2str(new Array(2 ** 25))", "the array is too long for the platform"),
        ("new Call()", "a scenario cannot make a Call itself"),
        ("setTimeout(() => 1, 1, 2); bytes2str(new Date(8.64e15))", "a value cannot be given"),
    ],
)
def test_a_wrong_value_is_an_error_that_says_so(play, call, message):
    source = f"try {{ {call}; Logger.write('done'); }} catch (e) {{ Logger.write(e.message); }}"
    played = play(source, ending="js", start=True)
    (log,) = played.logs
    assert message in log
    assert played.result.outcome == "normal"


def test_the_name_of_an_event_may_be_anything(play):
    """An object was no key of the table of handlers."""
    played = play(
        """
        for (const name of [{}, [], Symbol(), undefined, new Date(0), 1n, () => 1]) {
          VoxEngine.addEventListener(name, () => Logger.write("never"));
          VoxEngine.removeEventListener(name);
        }
        Logger.write("accepted");
        """,
        ending="js",
        start=True,
    )
    assert played.logs == ["accepted"]


def test_what_a_handler_returns_is_nothing_to_the_platform(play):
    played = play(
        """
        VoxEngine.addEventListener(AppEvents.Started, () => new Date(8.64e15));
        VoxEngine.addEventListener(AppEvents.Started, () => ({ get a() { throw 1; } }));
        VoxEngine.addEventListener(AppEvents.Started, () => ({
          get a() { Logger.write("read"); VoxEngine.callPSTN(); return 1; },
          b: [1, 2, 3],
        }));
        VoxEngine.addEventListener(AppEvents.Started, () => Logger.write("went on"));
        """,
        ending="js",
        start=True,
    )
    assert played.logs == ["read", "went on"]
    assert played.errors == []


def test_a_date_may_lie_about_its_time(play):
    """Its own `valueOf` gave what no integer holds."""
    played = play(
        """
        for (const time of [Infinity, -Infinity, 1e308, -1e19, 1.5, { }]) {
          const date = new Date(5);
          date[Symbol.toPrimitive] = () => time;
          try { bytes2str([date]); } catch (e) { Logger.write(e.name); }
        }
        """,
        ending="js",
        start=True,
    )
    assert len(played.logs) == 6
    assert played.result.outcome == "normal"
