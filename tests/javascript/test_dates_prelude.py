"""The session's Date in the engine: its clock, UTC on every machine, and ECMAScript's manners."""

from __future__ import annotations

import json
import re

import pytest
from date_engine import DATE_PATCHES, INTL, PATCHES, PRELUDE, Engine, in_zone, native_hour

NOW = 1_700_000_000_123.75
NOW_TEXT = "Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)"


@pytest.fixture(scope="module")
def engine():
    return Engine(NOW)


#: Script, and what it gives whatever the machine's time zone is.
LOCAL_TIME = [
    ("new Date(2024, 2, 10, 2, 30).toISOString()", "2024-03-10T02:30:00.000Z"),
    ("new Date(2024, 10, 3, 1, 30).getTime()", 1730597400000),
    ("new Date(99, 0).toISOString()", "1999-01-01T00:00:00.000Z"),
    ("new Date('2024-01-02').getTime()", 1704153600000),
    ("new Date('2024-01-02T03:04').toISOString()", "2024-01-02T03:04:00.000Z"),
    ("new Date('2024-03-10T02:30:00.5').toISOString()", "2024-03-10T02:30:00.500Z"),
    ("new Date('+002024-01-02T03:04:05').toISOString()", "2024-01-02T03:04:05.000Z"),
    ("new Date('2024-01-02 03:04:05').toISOString()", "2024-01-02T03:04:05.000Z"),
    ("new Date('2024-01-02T03:04:05Z').toISOString()", "2024-01-02T03:04:05.000Z"),
    ("new Date('2024-01-02T03:04:05-05:00').toISOString()", "2024-01-02T08:04:05.000Z"),
    ("new Date('2024-01-02T03:04:05+0530').toISOString()", "2024-01-01T21:34:05.000Z"),
    ("new Date('2024-01-02 03:04:05 +0530').toISOString()", "2024-01-01T21:34:05.000Z"),
    ("new Date('Jan 2, 2024').toISOString()", "2024-01-02T00:00:00.000Z"),
    ("new Date('2 January 2024 10:00 PM').toISOString()", "2024-01-02T22:00:00.000Z"),
    ("new Date('1/2/2024 10:00').toISOString()", "2024-01-02T10:00:00.000Z"),
    ("new Date('1/2/2024 10:00 EST').toISOString()", "2024-01-02T15:00:00.000Z"),
    ("Date.parse('Tue, 02 Jan 2024 03:04:05 GMT')", 1704164645000),
    ("Date.parse('Tue Jan 02 2024 03:04:05 GMT+0100 (CET)')", 1704161045000),
    ("Date.parse('Tue Jan 02 2024')", 1704153600000),
    ("Date.parse(Date())", 1700000000000),
    ("Date.parse('2024-01-02T10')", "NaN"),
    ("Date.parse('2024-13-02')", "NaN"),
    ("Date.parse('tomorrow')", "NaN"),
    ("new Date(0).getHours()", 0),
    ("new Date(0).getDay()", 4),
    ("new Date(1710054000000).getTimezoneOffset()", 0),
    ("new Date(NaN).getTimezoneOffset()", "NaN"),
    ("new Date(0).toString()", "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"),
    ("new Date(0).toTimeString()", "00:00:00 GMT+0000 (Coordinated Universal Time)"),
    ("new Date(0).toDateString()", "Thu Jan 01 1970"),
    ("(d => [d.setHours(2, 30, 15, 7), d.toISOString()])(new Date(1710000000000))", None),
    ("(d => [d.setFullYear(2023, 1, 29), d.setMonth(5), d.setDate(0)])(new Date(1e12))", None),
    ("new Date(0).toLocaleString()", "1/1/1970, 12:00:00 AM"),
    ("new Date(0).toLocaleDateString('de-DE')", "1.1.1970"),
    ("new Date(0).toLocaleTimeString('sv-SE', {timeZone: 'Asia/Tokyo'})", "09:00:00"),
    ("new Intl.DateTimeFormat().resolvedOptions().timeZone", "UTC"),
]


@pytest.fixture(scope="module")
def by_zone():
    zones = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia")
    scripts = [script for script, _ in LOCAL_TIME]
    return {zone: in_zone(zone, scripts, NOW) for zone in zones}


def test_the_machines_zone_would_matter():
    """The test of the test: in these processes the engine's own local time is another one."""
    assert native_hour("UTC") == 0
    assert native_hour("Asia/Kolkata") == 5


@pytest.mark.parametrize("index", range(len(LOCAL_TIME)), ids=lambda i: LOCAL_TIME[i][0])
def test_local_time_is_utc_on_every_machine(by_zone, index):
    _, wanted = LOCAL_TIME[index]
    found = {zone: answers[index] for zone, answers in by_zone.items()}
    assert len({repr(answer) for answer in found.values()}) == 1, found
    if wanted is not None:
        assert found["UTC"] == wanted


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("Date.now()", 1700000000123),
        ("new Date().getTime()", 1700000000123),
        ("Date()", NOW_TEXT),
        ("Date(0)", NOW_TEXT),
        ("String(new Date())", NOW_TEXT),
        ("new Intl.DateTimeFormat().format()", "11/14/2023"),
    ],
)
def test_now_is_the_sessions_clock(engine, script, wanted):
    assert engine.run(script) == wanted


def test_the_clock_is_read_each_time():
    engine = Engine(0)
    engine.run("var start = Date.now()")
    engine.now_ms = 1234.9
    assert engine.run("Date.now() - start") == 1234


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("Date.length", 7),
        ("Date.name", "Date"),
        ("Date.prototype.constructor === Date", True),
        ("new Date() instanceof Date", True),
        ("Object.prototype.toString.call(new Date())", "[object Date]"),
        (
            "Object.getOwnPropertyNames(Date).sort()",
            ["UTC", "length", "name", "now", "parse", "prototype"],
        ),
        ("Object.keys(Date.prototype).length + Object.keys(Date).length", 0),
        ("Object.getOwnPropertyDescriptor(globalThis, 'Date').enumerable", False),
        ("Object.getOwnPropertyDescriptor(Date, 'prototype').writable", False),
        ("Object.getOwnPropertyDescriptor(Date.prototype, 'getHours').enumerable", False),
        ("Date.prototype.setHours.length", 4),
        ("Date.prototype.setFullYear.length", 3),
        ("Date.prototype.toLocaleString.length", 0),
        ("Date.prototype.getHours.name", "getHours"),
        ("Date.prototype.getHours === Date.prototype.getUTCHours", False),
        ("new Date.prototype.getHours()", re.compile("TypeError: .*not a constructor")),
        ("new Date.now()", re.compile("TypeError: .*not a constructor")),
        ("Date.prototype.getHours.call({})", re.compile("TypeError: ")),
        ("Date.prototype.toString.call({})", re.compile("TypeError: ")),
        ("Date.prototype.toLocaleString.call(5)", re.compile("TypeError: ")),
        ("Object.create(Date.prototype).getTime()", re.compile("TypeError: ")),
        ("new Date(NaN).toString()", "Invalid Date"),
        ("new Date(NaN).toLocaleString('xx', {timeZone: 'Nowhere'})", "Invalid Date"),
        ("new Date(NaN).toISOString()", re.compile("RangeError: ")),
        ("JSON.stringify({at: new Date(0)})", '{"at":"1970-01-01T00:00:00.000Z"}'),
        ("JSON.stringify(new Date(NaN))", "null"),
        ("`${new Date(0)}`.length", 62),
        ("new Date(1) - new Date(0)", 1),
        ("new Date(0) + 1", "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)1"),
        ("new Date(8.64e15 + 1).getTime()", "NaN"),
        ("new Date(1.9).getTime()", 1),
        ("new Date(undefined).getTime()", "NaN"),
        ("new Date(null).getTime()", 0),
        ("new Date(true).getTime()", 1),
        ("new Date([2024]).getUTCFullYear()", 2024),
        ("new Date(new Date(5)).getTime()", 5),
        ("new Date({valueOf: () => 7}).getTime()", 7),
        ("new Date({toString: () => '2024-01-01T00:00', valueOf: null}).getTime()", 1704067200000),
        ("new Date({[Symbol.toPrimitive]: hint => hint === 'default' ? 9 : 0}).getTime()", 9),
        ("new Date(Symbol())", re.compile("TypeError: ")),
        ("new Date(5n)", re.compile("TypeError: ")),
        ("new Date(2024, NaN).getTime()", "NaN"),
        ("new Date(-62198755200000).toString()", re.compile("^Fri Jan 01 -0001 00:00:00 GMT")),
        ("new Date(-6e13).toDateString()", "Mon Sep 03 0068"),
        ("new Date(2e14).toDateString()", "Tue Oct 01 8307"),
        ("new Date(3e14).toDateString()", "Tue Aug 15 11476"),
        ("new Date(1e12).getYear()", 101),
        ("(d => (d.setYear(99), d.getFullYear()))(new Date(0))", 1999),
        ("(d => (d.setYear(2001), d.getFullYear()))(new Date(NaN))", 2001),
        ("(d => d.setYear(NaN))(new Date(0))", "NaN"),
        ("Date.UTC(2024, 0)", 1704067200000),
        ("Date.parse(Symbol())", re.compile("TypeError: ")),
        ("Date.parse({ toString: () => '2024-01-01' })", 1704067200000),
    ],
)
def test_dates_have_ecmascripts_manners(engine, script, wanted):
    found = engine.run(script)
    if isinstance(wanted, re.Pattern):
        assert wanted.search(found)
    else:
        assert found == wanted


def test_dates_can_be_subclassed(engine):
    engine.run(
        "var Day = class Day extends Date { next() { return new Day(+this + 86400000); } }; 0"
    )
    assert engine.run("new Day(0).next() instanceof Day") is True
    assert engine.run("new Day('1970-01-02T00:00').next().toISOString()") == (
        "1970-01-03T00:00:00.000Z"
    )
    assert engine.run("Reflect.construct(Date, [0], Array) instanceof Array") is True
    assert engine.run("Day.now()") == 1700000000123


def test_patched_prototypes_do_not_reach_it():
    engine = Engine(NOW)
    shown = engine.context.eval(f"""(() => {{
      const {{ stringify }} = JSON;
      const {{ toString, toLocaleString, setHours, getTime }} = Date.prototype;
      const format = new Intl.DateTimeFormat("de", {{ year: "numeric" }}), date = new Date(0);
      const local = {{ __proto__: null, hour: "numeric" }};
      {DATE_PATCHES}
      {PATCHES}
      Object.defineProperty(date, "text", {{ __proto__: null, value: toString }});
      Object.defineProperty(date, "local", {{ __proto__: null, value: toLocaleString }});
      Object.defineProperty(date, "time", {{ __proto__: null, value: getTime }});
      Object.defineProperty(date, "move", {{ __proto__: null, value: setHours }});
      date.move(1, 2);
      return stringify([Date.now(), Date(), date.text(), date.local("de", local),
        date.local("sv"), format.format(0), Date.parse("2024-01-02T03:04"), date.time(),
        (1234).toLocaleString(), Intl.DateTimeFormat.supportedLocalesOf("de")]);
    }})()""")
    assert json.loads(shown) == [
        1700000000123,
        NOW_TEXT,
        "Thu Jan 01 1970 01:02:00 GMT+0000 (Coordinated Universal Time)",
        "01 Uhr",
        "1970-01-01 01:02:00",
        "1970",
        1704164640000,
        3720000,
        "1,234",
        ["de"],
    ]


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("typeof Intl", "object"),
        ("String(Intl)", "[object Intl]"),
        ("Object.keys(Intl)", []),
        ("Object.getOwnPropertyDescriptor(globalThis, 'Intl').enumerable", False),
        ("Intl.DateTimeFormat.length + Intl.NumberFormat.length", 0),
        ("Intl.DateTimeFormat.name", "DateTimeFormat"),
        ("String(new Intl.DateTimeFormat())", "[object Intl.DateTimeFormat]"),
        ("Intl.DateTimeFormat() instanceof Intl.DateTimeFormat", True),
        ("new Intl.NumberFormat() instanceof Intl.NumberFormat", True),
        ("(f => f.format === f.format && f.format.name === '')(Intl.DateTimeFormat())", True),
        ("[0, 864e5].map(Intl.DateTimeFormat('en-GB').format)", ["01/01/1970", "02/01/1970"]),
        ("[1234.5, .5].map(Intl.NumberFormat('de').format)", ["1.234,5", "0,5"]),
        ("Intl.DateTimeFormat('sv').format(new Date(0))", "1970-01-01"),
        ("Intl.DateTimeFormat().format(NaN)", "RangeError: Invalid time value"),
        ("Intl.DateTimeFormat().format(8.64e15 + 1)", "RangeError: Invalid time value"),
        (
            "Intl.DateTimeFormat('en', {month: 'long', day: 'numeric'}).formatToParts(0)",
            [
                {"type": "month", "value": "January"},
                {"type": "literal", "value": " "},
                {"type": "day", "value": "1"},
            ],
        ),
        ("Intl.NumberFormat('fr', {style: 'currency', currency: 'eur'}).format(5)", "5,00\xa0€"),
        ("Intl.NumberFormat().format(12345678901234567890n)", "12,345,678,901,234,567,890"),
        ("Intl.NumberFormat().format('1e3')", "1,000"),
        ("Intl.NumberFormat().resolvedOptions().maximumFractionDigits", 3),
        ("Intl.DateTimeFormat('de').resolvedOptions().locale", "de"),
        ("Intl.DateTimeFormat.supportedLocalesOf(['DE', 'ja', 'en-us'])", ["de", "en-US"]),
        ("Intl.NumberFormat.supportedLocalesOf('ja')", []),
        ("(1234.5).toLocaleString()", "1,234.5"),
        ("(-0).toLocaleString()", "-0"),
        ("(0/0).toLocaleString('de')", "NaN"),
        ("1234567n.toLocaleString('de')", "1.234.567"),
        ("Number.prototype.toLocaleString.call('5')", re.compile("TypeError: ")),
        ("[1234.5, 2].toLocaleString()", "1,234.5,2"),
        ("new Date(0).toLocaleString(['en-GB', 'ja'])", "01/01/1970, 00:00:00"),
        ("new Date(0).toLocaleString(null)", re.compile("TypeError: Cannot convert")),
        ("new Date(0).toLocaleString('en', null)", re.compile("TypeError: Cannot convert")),
        ("new Date(0).toLocaleString([5])", re.compile("TypeError: Incorrect locale")),
        ("new Date(0).toLocaleString('en_US')", re.compile("RangeError: .*Incorrect locale")),
        ("new Date(0).toLocaleString('en', {timeZone: 'X/Y'})", re.compile("RangeError: .*X/Y")),
        ("Intl.DateTimeFormat('en', {timeZone: 'X/Y'})", re.compile("RangeError: .*X/Y")),
        ("Intl.NumberFormat('en', {style: 'currency'})", re.compile("TypeError: .*Currency code")),
        ("new Date(0).toLocaleString('ja')", re.compile("V204 The locale ja is not emulated")),
        ("new Date(0).toLocaleString('en', {era: 'short'})", re.compile("V204 .*era")),
        ("new Date(0).toLocaleTimeString('en', {hour12: 0})", "24:00:00"),
        ("new Date(0).toLocaleDateString('en', Object.create({month: 'long'}))", "January"),
        ("Intl.DateTimeFormat.prototype.format", re.compile("TypeError: .*incompatible receiver")),
        ("Intl.DateTimeFormat.prototype.formatToParts.call({})", re.compile("TypeError: ")),
        (
            "Intl.NumberFormat.prototype.resolvedOptions.call(Intl.DateTimeFormat())",
            re.compile("TypeError: .*incompatible receiver"),
        ),
    ],
)
def test_intl(engine, script, wanted):
    found = engine.run(script)
    if isinstance(wanted, re.Pattern):
        assert wanted.search(found)
    else:
        assert found == wanted


@pytest.mark.parametrize(
    "member",
    [
        "Collator",
        "DisplayNames",
        "DurationFormat",
        "ListFormat",
        "Locale",
        "PluralRules",
        "RelativeTimeFormat",
        "Segmenter",
        "getCanonicalLocales",
        "supportedValuesOf",
    ],
)
def test_the_rest_of_intl_is_loudly_absent(engine, member):
    said = f"Error: V204 Intl.{member} is not emulated."
    assert engine.run(f"Intl.{member}('en')") == said
    assert engine.run(f"new Intl.{member}('en')") == said
    assert engine.run(f"Intl.{member}.name") == member


def test_loud_members_of_what_there_is(engine):
    assert engine.run("Intl.Collator.supportedLocalesOf('en')") == (
        "Error: V204 Intl.Collator.supportedLocalesOf is not emulated."
    )
    assert engine.run("Intl.DateTimeFormat().formatRange(0, 1)") == (
        "Error: V204 Intl.DateTimeFormat.prototype.formatRange is not emulated."
    )
    assert engine.run("Intl.NumberFormat().formatToParts(0)") == (
        "Error: V204 Intl.NumberFormat.prototype.formatToParts is not emulated."
    )


def test_what_no_standard_has_is_undefined(engine):
    assert engine.run("Intl.Nonsense") == "undefined"
    assert engine.run("'b'.localeCompare('a')") == 1


@pytest.mark.parametrize(("file", "head"), [(PRELUDE, "(host, kept)"), (INTL, "(host, tools)")])
def test_a_prelude_is_one_function_expression(file, head):
    source = re.sub(r"^//.*\n", "", file.read_text(), flags=re.MULTILINE).strip()
    assert source.startswith(f"(function {head} {{")
    assert source.endswith("})")
    assert "`" not in source  # a template literal calls what a script may have patched
