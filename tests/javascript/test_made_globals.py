"""Values that code of ours makes when a script first reads them: dates, timers, Intl."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from date_engine import PATCHES

from voxrt.javascript import define_dates

#: What a script does, and what it logs; the session's clock shows 2026-01-05 09:00:00.
CASES = {
    "a number's text": ("(1234.5).toLocaleString()", "1,234.5"),
    "a BigInt's text": ("(1234n).toLocaleString('de')", "1.234"),
    "an array's text": ("[1234.5, 6n].toLocaleString()", "1,234.5,6"),
    "a date": ("new Date().toString()",
               "Mon Jan 05 2026 09:00:00 GMT+0000 (Coordinated Universal Time)"),
    "locales": ("Intl.DateTimeFormat('de').format(0)", "1.1.1970"),
    "everything is there": ("['Date', 'Intl', 'setTimeout'].every((name) => name in globalThis)",
                            True),
    "nothing is listed": ("Object.keys(globalThis).filter((name) => /Date|Intl|set/.test(name))",
                          []),
    "a timer's looks": ("[setTimeout.name, setTimeout.length, typeof setInterval]",
                        ["setTimeout", 2, "function"]),
    "a Date of its own stays": ("Date = class { now() {} }; Intl; Date.now === undefined", True),
    "an Intl of its own stays": ("Intl = 5; [new Date(0).toLocaleString('sv'), Intl]",
                                 ["1970-01-01 00:00:00", 5]),
    "a text of its own stays":
        ("Number.prototype.toLocaleString = () => 'mine'; new Date(0); (5).toLocaleString()",
         "mine"),
    "a text of one object": ("const five = Object(5); five.toLocaleString = () => 'five';"
                             "[five.toLocaleString(), (6).toLocaleString()]", ["five", "6"]),
    "a text of a number is ignored": ("(7).toLocaleString = 1; (1e3).toLocaleString()", "1,000"),
    "a timer of its own stays": ("setTimeout = 1; setInterval; setTimeout", 1),
    "a getter that was kept defines nothing again":
        ("const { get } = Object.getOwnPropertyDescriptor(globalThis, 'setTimeout');"
         "const first = get(); setTimeout = 2; [get() === first, setTimeout]", [True, 2]),
    "a getter that was kept brings nothing back":
        ("const { get } = Object.getOwnPropertyDescriptor(globalThis, 'Date'), { Date: D } = this;"
         "delete globalThis.Date; [get() === D, typeof Date]", [True, "undefined"]),
    "an accessor that is put back":
        ("const own = Object.getOwnPropertyDescriptor(globalThis, 'Date'), { Date: D } = this;"
         "Object.defineProperty(globalThis, 'Date', own); [Date === D, Date === D]", [True, True]),
    "a frozen scope":
        ("Object.freeze(globalThis); [new Date(0).getHours(), Date === Date, typeof setTimeout,"
         "Intl.DateTimeFormat('de').format(0), Intl === Intl]",
         [0, True, "function", "1.1.1970", True]),
    "no other clock": ("typeof performance", "undefined"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_names_are_as_if_they_had_been_there(play_js, name):
    script, wanted = CASES[name]
    played = play_js(f"""
VoxEngine.addEventListener(AppEvents.Started, () => {{
    Logger.write(JSON.stringify((0, eval)({script!r})));
    VoxEngine.terminate();
}});
""")
    assert played.errors == []
    assert played.logs[0] == _compact(wanted)


@pytest.mark.parametrize(
    ("script", "result"),
    [
        ("Intl === Intl && Intl === globalThis.Intl", True),
        ("'Intl' in globalThis && !Object.keys(globalThis).includes('Intl')", True),
        (
            "Intl; Object.getOwnPropertyDescriptor(globalThis, 'Intl').value === Intl",
            True,
        ),
        ("Intl; const { writable, enumerable, configurable } = "
         "Object.getOwnPropertyDescriptor(globalThis, 'Intl'); "
         "[writable, enumerable, configurable]", [True, False, True]),
        ("Intl = 5; Intl", 5),
        ("var Intl = 6; Intl", 6),
        ("const Intl = 7; Intl", 7),
        ("function Intl() {} typeof Intl", "function"),
        ("delete globalThis.Intl && typeof Intl", "undefined"),
        ("new Date(0).toLocaleDateString('de') + (12.5).toLocaleString('de')", "1.1.197012,5"),
        ("delete globalThis.Intl; (12.5).toLocaleString('de')", "12,5"),
    ],
)  # fmt: skip
def test_intl_is_made_when_it_is_first_used_and_looks_as_if_it_was_there(runtime, script, result):
    define_dates(runtime, now_ms=lambda: 0)
    assert runtime.evaluate(script, "intl.js") == result


def test_what_a_script_has_patched_before_does_not_reach_them(play_js):
    played = play_js(f"""
const {{ stringify }} = JSON, write = Logger.write, listen = VoxEngine.addEventListener;
const {{ Started }} = AppEvents, {{ terminate }} = VoxEngine;
{PATCHES}
listen(Started, () => {{
    write(stringify([Date(), new Date(0), Date.parse("2024-01-02T03:04"),
        (1234).toLocaleString(), new Date(0).toLocaleDateString("de")]));
    terminate();
}});
""")
    assert played.errors == []
    assert played.logs[0] == _compact(
        [
            "Mon Jan 05 2026 09:00:00 GMT+0000 (Coordinated Universal Time)",
            "1970-01-01T00:00:00.000Z",
            1704164640000,
            "1,234",
            "1.1.1970",
        ]
    )


def test_a_timer_passes_its_arguments_on(play_js):
    played = play_js("""
VoxEngine.addEventListener(AppEvents.Started, (event) => {
    const interval = setInterval((given) => {
        clearInterval(interval);
        Logger.write(given === event);
        VoxEngine.terminate();
    }, "100", event);
});
""")
    assert played.errors == []
    assert "true" in played.logs


def test_a_date_of_the_platform_has_the_methods_of_the_session(runtime):
    define_dates(runtime, now_ms=lambda: 0)
    runtime.define({"day": lambda: datetime(2026, 1, 5, 9, tzinfo=UTC)})
    shown = "const date = day(); [date.toDateString(), date.toLocaleString('de'), String(Date())]"
    assert runtime.evaluate(shown, "day.js") == [
        "Mon Jan 05 2026",
        "5.1.2026, 09:00:00",
        "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)",
    ]


def test_what_is_completed_on_the_way_leaves_an_event_as_it_is(play_js):
    played = play_js("""
VoxEngine.addEventListener(AppEvents.Started, (event) => {
    event.seen = new Date(0).toLocaleString("sv");
});
VoxEngine.addEventListener(AppEvents.Started, (event) => {
    Logger.write(event.seen);
    VoxEngine.terminate();
});
""")
    assert played.errors == []
    assert played.logs[0] == "1970-01-01 00:00:00"


def _compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
