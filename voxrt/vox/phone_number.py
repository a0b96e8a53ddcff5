"""`PhoneNumber`: what a telephone number is, by Google's libphonenumber.

Source: https://voximplant.com/docs/references/voxengine/phonenumber
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.arguments import demand_text
from voxrt.vox.names import Surface

#: libphonenumber's reasons in the order of their numbers, as the platform spells them.
ERRORS = (
    "INVALID_COUNTRY_CODE",
    "NOT_A_NUMBER",
    "TOO_SHORT_AFTER_IDD",
    "TOO_SHORT_NSN",
    "TOO_LONG_NSN",
)
LANGUAGE = "en"


class PhoneNumber(Surface):
    """Facts about telephone numbers, offline.

    Args:
        uncounted: What the first number costs: the tables of places take a second to load, which
            is not the scenario's time.
    """

    _platform_name = "PhoneNumber"

    def __init__(self, uncounted: Callable[[], AbstractContextManager[None]]) -> None:
        self._uncounted = uncounted

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("PhoneNumber")

    def getInfo(self, number: Any = None, country: Any = None, *_: Any) -> Struct:
        """What a number is.

        Args:
            number: In the form of the country; in E.164 without one, with or without its `+`.
            country: Two letters, such as `US`.

        Returns:
            `number` in E.164, `isPossibleNumber` (by its length), `isValidNumber`,
            `isValidNumberForRegion`, `numberType`, `region` and `location`; for what is no
            number, `error` says why.
        """
        text = demand_text("getInfo", "number", number).strip()
        region = None if country is None else demand_text("getInfo", "country", country).upper()
        if not region and text[:1] != "+":
            text = f"+{text}"
        with self._uncounted():
            return _info(text, region or None)


def load_tables() -> None:
    """Loads what the first number would load: a second of work, during which a call stands still.

    A run in real time does it before it begins.
    """
    import phonenumbers.geocoder  # noqa: F401


def _info(text: str, region: str | None) -> Struct:
    import phonenumbers
    from phonenumbers.geocoder import description_for_number

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        return Struct(
            number=text,
            isValidNumber=False,
            isPossibleNumber=False,
            isValidNumberForRegion=False,
            numberType="UNKNOWN",
            region="",
            location="",
            error=ERRORS[error.error_type],
        )
    own = phonenumbers.region_code_for_number(number)
    kind = phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(number))
    return Struct(
        number=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        isValidNumber=phonenumbers.is_valid_number(number),
        isPossibleNumber=phonenumbers.is_possible_number(number),
        isValidNumberForRegion=own is not None
        and phonenumbers.is_valid_number_for_region(number, own),
        numberType=kind,
        region=own or "",
        location=description_for_number(number, LANGUAGE),
    )
