"""What the locale functions refuse, and what they say then."""

from __future__ import annotations

import zoneinfo

import pytest

from voxrt.errors import NotEmulatedError, ScenarioTypeError
from voxrt.javascript import intl_zones
from voxrt.javascript.intl import (
    format_date,
    format_number,
    resolved_date,
    resolved_number,
    supported_locales,
)
from voxrt.javascript.intl_locales import ScenarioRangeError

NOON = 1_750_000_000_000  # 2025-06-15T15:06:40Z


def text(ms=NOON, locales=None, options=None, kind="any"):
    return "".join(part["value"] for part in format_date(ms, locales, options, kind))


def test_the_default_is_american_english_in_utc():
    assert text() == "6/15/2025, 3:06:40 PM"
    assert text(kind="date") == text(kind="intl") == "6/15/2025"
    assert text(kind="time") == "3:06:40 PM"


def test_a_fraction_of_a_millisecond_is_cut_off():
    assert text(999.99, options={"second": "numeric", "fractionalSecondDigits": 3}) == "0.999"


def test_fields_of_the_other_half_join_the_defaults():
    """`toLocaleDateString` with an hour still writes the date, and the hour after it."""
    assert text(options={"hour": "numeric"}, kind="date") == "6/15/2025, 3 PM"
    assert text(options={"month": "long"}, kind="time") == "June at 3:06:40 PM"


def test_the_swedish_date_is_the_iso_date():
    assert text(locales="sv-SE", options={"timeZone": "Asia/Tokyo"}) == "2025-06-16 00:06:40"
    assert text(locales="en-CA", kind="date") == "2025-06-15"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("utc", "UTC"),
        ("Etc/GMT", "UTC"),
        ("europe/berlin", "Europe/Berlin"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("US/Pacific", "US/Pacific"),
    ],
)
def test_zones_are_found_in_any_case(zone, name):
    assert resolved_date(None, {"timeZone": zone})["timeZone"] == name


@pytest.mark.parametrize("zone", ["Mars/Base", "+03:00", "localtime", "../etc/passwd", " UTC", ""])
def test_there_is_no_such_zone(zone):
    with pytest.raises(ScenarioRangeError, match="Invalid time zone specified") as caught:
        text(options={"timeZone": zone})
    assert zone in caught.value.message
    assert caught.value.javascript_class == "RangeError"


def test_utc_needs_no_time_zone_data(monkeypatch):
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    monkeypatch.setattr(intl_zones, "_names", intl_zones._names.__wrapped__)
    monkeypatch.setattr(intl_zones, "find_zone", intl_zones.find_zone.__wrapped__)
    assert intl_zones.find_zone("UTC").name == "UTC"
    with pytest.raises(NotEmulatedError, match="pip install tzdata"):
        intl_zones.find_zone("Europe/Berlin")


def test_the_clock_goes_back_and_forward():
    options = {"timeZone": "America/New_York", "timeStyle": "long"}
    spring, autumn = 1_710_054_000_000, 1_730_613_600_000
    assert text(spring - 1, options=options) == "1:59:59 AM EST"
    assert text(spring, options=options) == "3:00:00 AM EDT"
    assert text(autumn - 1, options=options) == "1:59:59 AM EDT"
    assert text(autumn, options=options) == "1:00:00 AM EST"


def test_a_midnight_in_every_cycle():
    midnight = 1_750_032_000_000
    texts = [
        text(midnight, "en-US", {"hourCycle": cycle}, "time")
        for cycle in ("h11", "h12", "h23", "h24")
    ]
    assert texts == ["0:00:00 AM", "12:00:00 AM", "00:00:00", "24:00:00"]


def test_the_cycle_of_a_language_tag():
    assert text(locales="en-US-u-hc-h23", kind="time") == "15:06:40"
    assert text(locales="en-us-u-ca-gregory-nu-latn", kind="time") == "3:06:40 PM"
    assert text(locales="en-US-u-hc-h23", options={"hour12": True}, kind="time") == "3:06:40 PM"


@pytest.mark.parametrize("locales", ["pt-BR", ["ja", "en-US"], "de-AT", "zh-Hans-CN"])
def test_a_locale_that_is_not_emulated(locales):
    first = locales if isinstance(locales, str) else locales[0]
    with pytest.raises(NotEmulatedError) as caught:
        text(locales=locales)
    assert first in str(caught.value)
    assert "de-DE, en, en-CA, en-GB, en-US, es" in caught.value.hint


@pytest.mark.parametrize("tag", ["en_US", "", "e", "en--US", 5, "english please"])
def test_a_text_that_is_no_language_tag(tag):
    with pytest.raises(ScenarioRangeError, match="Incorrect locale information"):
        text(locales=[tag])


@pytest.mark.parametrize("tag", ["en-US-u-ca-buddhist", "de-u-nu-arab", "de-u-co"])
def test_an_extension_that_is_not_emulated(tag):
    with pytest.raises(NotEmulatedError, match="extension"):
        text(locales=tag)


@pytest.mark.parametrize(
    "options",
    [
        {"era": "short"},
        {"dayPeriod": "long"},
        {"calendar": "buddhist"},
        {"numberingSystem": "arab"},
        {"timeZoneName": "shortGeneric"},
        {"hour": "numeric", "second": "numeric"},
        {"hour": "numeric", "minute": "numeric", "fractionalSecondDigits": 2},
        {"second": "2-digit", "fractionalSecondDigits": 1},
    ],
)
def test_options_that_are_not_emulated(options):
    with pytest.raises(NotEmulatedError):
        text(options=options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weekday": "x"}, "Value x out of range for .*toLocaleString options property weekday"),
        ({"year": "long"}, "property year"),
        ({"hourCycle": "h13"}, "property hourCycle"),
        ({"timeZoneName": "generic"}, "property timeZoneName"),
        ({"fractionalSecondDigits": 4}, "fractionalSecondDigits value is out of range"),
        ({"fractionalSecondDigits": float("nan")}, "fractionalSecondDigits value is out of range"),
    ],
)
def test_values_that_an_option_cannot_have(options, message):
    with pytest.raises(ScenarioRangeError, match=message):
        text(options=options)


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("time", {"dateStyle": "full"}, "Invalid option : dateStyle"),
        ("date", {"timeStyle": "full"}, "Invalid option : timeStyle"),
        ("any", {"dateStyle": "full", "day": "numeric"}, "Can't set option day when dateStyle"),
        ("intl", {"timeStyle": "full", "fractionalSecondDigits": 1}, "fractionalSecondDigits when"),
    ],
)
def test_options_that_exclude_each_other(kind, options, message):
    with pytest.raises(ScenarioTypeError, match=message) as caught:
        text(options=options, kind=kind)
    assert not isinstance(caught.value, ScenarioRangeError)


def test_names_of_zones_are_exact_or_refused():
    new_york = {"timeZone": "America/New_York", "timeZoneName": "short"}
    assert text(options=new_york).endswith(" EDT")
    with pytest.raises(NotEmulatedError, match=r"America/New_York at 1969.*shortOffset"):
        text(0, options=new_york)
    assert text(0, options=new_york | {"timeZoneName": "shortOffset"}).endswith(" GMT-5")
    with pytest.raises(NotEmulatedError, match="long name of the time zone Pacific/Apia"):
        text(options={"timeZone": "Pacific/Apia", "timeZoneName": "long"})
    assert text(0, options={"timeZoneName": "long"}).endswith(" Coordinated Universal Time")


@pytest.mark.parametrize("ms", [-62_135_596_800_001, 253_402_300_800_000, 8.64e15, -8.64e15])
def test_years_that_are_not_written(ms):
    with pytest.raises(NotEmulatedError, match="1 to 9999"):
        text(ms)


def test_years_at_the_ends_are_written():
    assert text(-62_135_596_800_000, kind="date") == "1/1/1"
    assert text(253_402_300_799_999, kind="date") == "12/31/9999"


def test_a_whole_number_of_any_size():
    assert format_number("123456789012345678901234567890", "de", None) == (
        "123.456.789.012.345.678.901.234.567.890"
    )
    assert format_number("-" + "9" * 9000, None, None) == "-" + ",".join(["999"] * 3000)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"style": "currency"}, ScenarioTypeError, "Currency code is required"),
        ({"style": "currency", "currency": "x"}, ScenarioRangeError, "Invalid currency code : x"),
        ({"style": "currency", "currency": "XAU"}, NotEmulatedError, r"XAU.*USD, EUR"),
        ({"style": "percentage"}, ScenarioRangeError, "property style"),
        ({"style": "unit", "unit": "meter"}, NotEmulatedError, "unit"),
        ({"notation": "compact"}, NotEmulatedError, "notation: 'compact'.*Only standard is"),
        ({"signDisplay": "always"}, NotEmulatedError, "signDisplay"),
        ({"roundingMode": "floor"}, NotEmulatedError, "roundingMode"),
        ({"maximumFractionDigits": 101}, ScenarioRangeError, "maximumFractionDigits value"),
        (
            {"minimumFractionDigits": 3, "maximumFractionDigits": 1},
            ScenarioRangeError,
            "maximumFractionDigits value",
        ),
        (
            {"style": "currency", "currency": "EUR", "currencyDisplay": "name"},
            NotEmulatedError,
            "currencyDisplay",
        ),
    ],
)
def test_options_of_numbers_that_are_refused(options, error, message):
    for function in (
        lambda: format_number(1, None, options),
        lambda: resolved_number(None, options),
    ):
        with pytest.raises(error, match=message):
            function()


def test_the_supported_locales_are_listed():
    assert supported_locales() == [
        "de",
        "de-DE",
        "en",
        "en-CA",
        "en-GB",
        "en-US",
        "es",
        "es-ES",
        "fr",
        "fr-FR",
        "ru",
        "ru-RU",
        "sv",
        "sv-SE",
    ]
