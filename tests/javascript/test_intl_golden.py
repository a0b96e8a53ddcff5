"""Texts for locales are those of a real ICU, to the letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxrt.javascript.intl import format_date, format_number, resolved_date, resolved_number

GOLDEN = json.loads(Path(__file__).with_name("intl_golden.json").read_text())

#: V8 keeps ICU's narrow space in `formatToParts` alone; SpiderMonkey writes a plain one everywhere.
NARROW = "\u202f"


def shown(case):
    return f"{case.get('call', 'number')} {case['locale']} {case['options']}"


def groups(cases):
    """The cases by locale, so that one failure does not hide those of other locales."""
    found = {}
    for case in cases:
        found.setdefault(case["locale"], []).append(case)
    return found


DATES = groups(GOLDEN["dates"])
NUMBERS = groups(GOLDEN["numbers"])


def test_the_golden_cases_are_many():
    assert len(GOLDEN["dates"]) >= 400
    assert len(GOLDEN["numbers"]) >= 200
    assert len(DATES) == len(NUMBERS) == 15


@pytest.mark.parametrize("locale", DATES)
def test_dates_and_times(locale):
    wrong = []
    for case in DATES[locale]:
        parts = format_date(case["ms"], locale, case["options"], case["call"])
        text = "".join(part["value"] for part in parts)
        if text != case["text"]:
            wrong.append((shown(case), case["ms"], case["text"], text))
    assert wrong == []


@pytest.mark.parametrize("locale", DATES)
def test_parts_of_dates(locale):
    for case in DATES[locale]:
        if "parts" in case:
            parts = format_date(case["ms"], locale, case["options"], case["call"])
            wanted = [
                part | {"value": part["value"].replace(NARROW, " ")} for part in case["parts"]
            ]
            assert parts == wanted, shown(case)


@pytest.mark.parametrize("locale", NUMBERS)
def test_numbers(locale):
    wrong = []
    for case in NUMBERS[locale]:
        text = format_number(float(case["value"]), locale, case["options"])
        if text != case["text"]:
            wrong.append((shown(case), case["value"], case["text"], text))
    assert wrong == []


def test_what_the_options_of_dates_came_to():
    for case in GOLDEN["resolved"]:
        found = resolved_date(case["locale"], case["options"])
        del found["timeZone"]
        assert found == case["resolved"], shown(case)


def test_what_the_options_of_numbers_came_to():
    for case in GOLDEN["numbers"]:
        found = resolved_number(case["locale"], case["options"])
        assert found == case["resolved"], shown(case)
