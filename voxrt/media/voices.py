"""Names of voices, and what they mean for the voices that are at hand.

A scenario names the voices of the platform (`Amazon.en_US_Joanna`), of a provider (`ara`), or none.
All become a language, a variant and a pitch of espeak-ng: the right language, a woman's or a man's
voice as the name suggests, and two different names of one language sound different where possible.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCALE = re.compile(
    r"(?<![A-Za-z])([a-z]{2,3})[_-](?:[A-Z][a-z]{3}[_-])?([A-Z]{2}|419)(?:_(\w+))?"
)
_ESPEAK = re.compile(r"([a-z]{2,3}(?:-[a-z0-9]+)*)(?:\+(\w+))?")

_WOMENS_NAMES = """
    agent alice allison amy aria astrid ava bianca birgit burcu camila carina carla carmen celine
    charlotte danielle emily emma erika eve ewa female filiz ines isabelle ivy jane jasmine jenny
    jessica jihye jitka joanna julia kate kazuha kendra kimberly laura lea leda lily liv lotte luna
    lupe mads maja marina marlene matilda mizuki naja naomi natalia nicole ola olivia omazh penelope
    ruth sabrina salli samantha sarah seoyeon sofia tatyana tomoko vicki vitoria zeina zephyr
    ara alena amira aoede kore"""
_MENS_NAMES = """
    adam alexander anton bill boris brian caller callum castor charlie charon chris cristiano
    daniel dieter dima enrique eric ermil fenrir filipp george giorgio gregory guy hans henry jacek
    james jan joey john justin kevin kirill leo liam madi male mathieu matthew maxim michael miguel
    nicolas orus puck rex ricardo roger ruben russell sal sergey stephen takumi taras will
    zahar"""
_WOMEN, _MEN = frozenset(_WOMENS_NAMES.split()), frozenset(_MENS_NAMES.split())
_WOMENS_VARIANTS = ("f3", "f2", "f4", "f5")
_MENS_VARIANTS = ("m3", "m1", "m2", "m7")
_CLOSEST = {
    "en-au": "en-gb", "en-nz": "en-gb", "en-ie": "en-gb", "en-in": "en-gb", "en-za": "en-gb",
    "en-ca": "en-us", "es-us": "es-419", "es-mx": "es-419", "es-la": "es-419", "es-ar": "es-419",
    "es-co": "es-419", "iw": "he", "no": "nb", "fil": "id", "zh": "cmn", "yue-hk": "yue",
    "en": "en-us",
}  # fmt: skip

DEFAULT_LANGUAGE = "en-us"


@frozen
class Voice:
    """A voice as espeak-ng makes it: `language+variant`, and a pitch of 0 to 100."""

    language: str
    variant: str
    pitch: int = 50

    @property
    def name(self) -> str:
        """What espeak-ng calls it."""
        return f"{self.language}+{self.variant}" if self.variant else self.language


AGENT = Voice(DEFAULT_LANGUAGE, "f3")
CALLER = Voice(DEFAULT_LANGUAGE, "m3", 45)


def find_voice(name: str, languages: Mapping[str, str]) -> Voice:
    """The voice that a name stands for; every name stands for one.

    Args:
        name: `agent`, `caller`, an espeak-ng name (`en-gb+f2`), a platform voice
            (`Amazon.en_US_Joanna`, `Google.ru_RU_Wavenet_A`) or a provider's (`Rex`). Empty means
            `agent`.
        languages: From the language codes that the engine has, in lower case, to its voices.
    """
    if name in ("", "agent"):
        return AGENT
    if name == "caller":
        return CALLER
    given = _ESPEAK.fullmatch(name)
    if given and given[1] in languages:
        return Voice(languages[given[1]], given[2] or "")
    locale = _LOCALE.search(name)
    if locale:
        language = _language(f"{locale[1]}-{locale[2]}".lower(), languages)
        return _named(locale[3] or name, language)
    return _named(re.split(r"[._]", name)[-1] or name, DEFAULT_LANGUAGE)


def _language(code: str, languages: Mapping[str, str]) -> str:
    short = code.partition("-")[0]
    for known in (code, _CLOSEST.get(code, ""), _CLOSEST.get(short, ""), short):
        if known in languages:
            return languages[known]
    return DEFAULT_LANGUAGE


def _named(name: str, language: str) -> Voice:
    """A variant and a pitch that fit the name, the same every time."""
    plain = re.sub(r"neural\d*$", "", name.lower())
    digest = sha256(plain.encode()).digest()
    if plain in _WOMEN:
        woman = True
    elif plain in _MEN:
        woman = False
    else:
        woman = plain.endswith("a") or digest[0] % 2 == 0
    variants = _WOMENS_VARIANTS if woman else _MENS_VARIANTS
    return Voice(language, variants[digest[1] % len(variants)], 40 + digest[2] % 21)
