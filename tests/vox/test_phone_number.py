"""`PhoneNumber.getInfo`."""

from __future__ import annotations

import pytest


@pytest.fixture
def info(play):
    """What a scenario is told about a number."""

    def ask(arguments, **config):
        scenario = f"""
        def on_start(e):
            seen.append(PhoneNumber.getInfo({arguments}))
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """
        played = play(scenario, start=True, **config)
        assert played.of("error") == []
        return played.seen[0]

    return ask


@pytest.mark.parametrize(
    "arguments",
    ['"+12029646876"', '"12029646876"', '"(202) 964-6876", "US"', '"202-964-6876", "us"',
     "12029646876"],
)  # fmt: skip
def test_a_number_in_every_form(info, arguments):
    assert info(arguments) == {
        "number": "+12029646876",
        "isValidNumber": True,
        "isPossibleNumber": True,
        "isValidNumberForRegion": True,
        "numberType": "FIXED_LINE_OR_MOBILE",
        "region": "US",
        "location": "Washington D.C.",
    }


@pytest.mark.parametrize(
    ("arguments", "number", "kind", "region"),
    [
        ('"01174951234567", "US"', "+74951234567", "FIXED_LINE", "RU"),
        ('"079460 18000", "GB"', "+447946018000", "MOBILE", "GB"),
        ('"+18005550199"', "+18005550199", "TOLL_FREE", "US"),
        ('"+4930123456"', "+4930123456", "FIXED_LINE", "DE"),
    ],
)
def test_types_and_regions(info, arguments, number, kind, region):
    found = info(arguments)
    assert (found.number, found.numberType, found.region) == (number, kind, region)


def test_a_number_of_the_right_length_that_nobody_has(info):
    found = info('"+12000000000"')
    assert found.isPossibleNumber
    assert not found.isValidNumber
    assert not found.isValidNumberForRegion
    assert (found.numberType, found.region) == ("UNKNOWN", "")
    assert "error" not in found


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ('"12", "XX"', "INVALID_COUNTRY_CODE"),
        ('"+0123456789"', "INVALID_COUNTRY_CODE"),
        ('"hello", "US"', "NOT_A_NUMBER"),
        ('""', "NOT_A_NUMBER"),
        ('"011", "US"', "TOO_SHORT_AFTER_IDD"),
        ('"+441"', "TOO_SHORT_NSN"),
        ('"+1202964687612345678901"', "TOO_LONG_NSN"),
    ],
)
def test_what_is_no_number(info, arguments, error):
    found = info(arguments)
    assert found.error == error
    flags = [found.isValidNumber, found.isPossibleNumber, found.isValidNumberForRegion]
    assert flags == [False, False, False]
    assert (found.numberType, found.region, found.location) == ("UNKNOWN", "", "")


def test_loading_the_tables_is_not_the_time_of_the_scenario(play, monkeypatch):
    """They take a second, as long as one callback may compute."""
    import sys

    for name in [name for name in sys.modules if name.startswith("phonenumbers")]:
        monkeypatch.delitem(sys.modules, name)
    from voxrt.session.limits import Limits

    monkeypatch.setattr(
        "voxrt.run.runner._limits",
        lambda config: Limits(callback_s=0.2),  # type: ignore[arg-type]
    )
    played = play(
        """
        def on_start(e):
            seen.append(PhoneNumber.getInfo("+12029646876").location)
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        start=True,
    )
    assert played.seen == ["Washington D.C."]
    assert played.of("error") == []


@pytest.mark.parametrize("arguments", ["None", "{}", '"1", 5j'])
def test_arguments_of_the_wrong_type(play, arguments):
    played = play(f"PhoneNumber.getInfo({arguments})", start=True)
    assert "must be a string" in played.of("error")[0]["text"]
