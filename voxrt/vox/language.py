"""`Language`: the voices of old scenarios, `Language.US_ENGLISH_FEMALE`.

The enum has left the type definitions, and scenarios that name its members still run on the
platform. Its members were a country, a language, and the sex of the voice.
"""

from __future__ import annotations

import re

from voxrt.session.values import PlatformObject

_MEMBER = re.compile(r"(?:([A-Z]+)_)?([A-Z]+)_(FEMALE|MALE)")
_CODES = {
    "ARABIC": "ar", "CATALAN": "ca", "CHINESE": "zh", "CZECH": "cs", "DANISH": "da", "DUTCH": "nl",
    "ENGLISH": "en", "FINNISH": "fi", "FRENCH": "fr", "GERMAN": "de", "GREEK": "el",
    "HUNGARIAN": "hu", "ITALIAN": "it", "JAPANESE": "ja", "KOREAN": "ko", "NORWEGIAN": "nb",
    "POLISH": "pl", "PORTUGUESE": "pt", "RUSSIAN": "ru", "SPANISH": "es", "SWEDISH": "sv",
    "TURKISH": "tr",
}  # fmt: skip
_COUNTRIES = {"UK": "GB", "EU": "EUR", "CH": "CN"}


class Language(PlatformObject):
    """The older names of voices; the value of a member is a name that says the same.

    A member of another shape has its own name as its value: which ones there were is no longer
    written down anywhere.
    """

    _is_constant = True

    def __getattr__(self, member: str) -> str:
        if member.startswith("_"):
            raise AttributeError(member)
        match = _MEMBER.fullmatch(member)
        if match is None or match[2] not in _CODES:
            return member
        code = _CODES[match[2]]
        country = _COUNTRIES.get(match[1] or "", match[1] or "")
        if len(country) != 2:  # EUR_SPANISH is that of Spain
            country = code.upper()
        return f"{code}_{country}_{match[3].lower()}"

    def __getitem__(self, member: str) -> str:
        return str(getattr(self, member))
