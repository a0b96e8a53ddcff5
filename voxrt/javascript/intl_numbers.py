"""Numbers in the writing of a locale, as `Intl.NumberFormat` and `toLocaleString` write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from attrs import frozen

from voxrt.errors import NotEmulatedError, ScenarioTypeError
from voxrt.javascript.intl_locales import Locale, Options, ScenarioRangeError, data, find_locale

_CALLER = "Intl.NumberFormat"

#: Room for every digit of the largest double, or of a BigInt, and of what rounding adds.
_EXACT = Context(prec=1_000_000, rounding=ROUND_HALF_UP)

#: Options of which only the value that changes nothing is emulated.
_REFUSED = {
    "numberingSystem": ("latn",),
    "notation": ("standard",),
    "compactDisplay": ("short", "long"),
    "signDisplay": ("auto",),
    "currencySign": ("standard",),
    "unit": (),
    "roundingMode": ("halfExpand",),
    "roundingIncrement": (1,),
    "roundingPriority": ("auto",),
    "trailingZeroDisplay": ("auto",),
}


@frozen(kw_only=True)
class NumberFormat:
    """Everything that the options came to.

    Attributes:
        shapes: The text around a positive and a negative number and the two infinities, at `{}`.
        fraction: The least and the greatest number of digits after the decimal sign.
        significant: The least and the greatest number of significant digits; wins over `fraction`.
        grouping: From how many digits before the first group's sign on groups are made; None for
            no groups.
    """

    locale: Locale
    style: str
    shapes: tuple[str, ...]
    integer_digits: int
    fraction: tuple[int, int]
    significant: tuple[int, int] | None
    grouping: int | None
    use_grouping: str | bool
    currency: str | None
    currency_display: str

    def text(self, value: float | str) -> str:
        """The number as text, rounded half away from zero in its shortest decimal form."""
        number = Decimal(value if isinstance(value, str) else repr(value))
        numbers = self.locale.known["numbers"]
        if number.is_nan():
            return self.shapes[2].format(numbers["nan"])
        if number.is_infinite():
            return self.shapes[2 + number.is_signed()].format(numbers["infinity"])
        if self.style == "percent":
            number = number.scaleb(2, _EXACT)
        whole, _, fraction = self._digits(number.copy_abs()).partition(".")
        whole = whole.rjust(self.integer_digits, "0")
        if self.grouping is not None and len(whole) >= 3 + self.grouping:
            whole = _grouped(whole, numbers["group"])
        digits = f"{whole}{numbers['decimal']}{fraction}" if fraction else whole
        return self.shapes[number.is_signed()].format(digits)

    def _digits(self, number: Decimal) -> str:
        if self.significant:
            least, most = self.significant
            if number:
                place = number.adjusted() - most + 1
                rounded = number.quantize(Decimal(1).scaleb(place), context=_EXACT)
                smallest = rounded.adjusted() - least + 1
            else:
                rounded, smallest = Decimal(0), 1 - least
            return _trimmed(f"{rounded:f}", max(0, -smallest))
        least, most = self.fraction
        return _trimmed(f"{number.quantize(Decimal(1).scaleb(-most), context=_EXACT):f}", least)

    def resolved(self) -> dict[str, Any]:
        """What `resolvedOptions()` gives."""
        answer: dict[str, Any] = {
            "locale": self.locale.tag,
            "numberingSystem": "latn",
            "style": self.style,
        }
        if self.currency:
            answer |= {
                "currency": self.currency,
                "currencyDisplay": self.currency_display,
                "currencySign": "standard",
            }
        answer["minimumIntegerDigits"] = self.integer_digits
        names, (least, most) = ("Fraction", self.fraction)
        if self.significant:
            names, (least, most) = ("Significant", self.significant)
        answer |= {f"minimum{names}Digits": least, f"maximum{names}Digits": most}
        return answer | {
            "useGrouping": self.use_grouping,
            "notation": "standard",
            "signDisplay": "auto",
            "roundingMode": "halfExpand",
            "roundingIncrement": 1,
            "trailingZeroDisplay": "auto",
            "roundingPriority": "auto",
        }


def _grouped(digits: str, sign: str) -> str:
    first = len(digits) % 3
    groups = [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
    return sign.join(filter(None, groups))


def _trimmed(digits: str, least: int) -> str:
    """Without the zeros at the end of the fraction, of which at least `least` digits stay."""
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def number_format(
    locales: str | Iterable[Any] | None, options: Mapping[str, Any] | None
) -> NumberFormat:
    """What the options come to; raises as `voxrt.javascript.intl.format_number` does."""
    asked = Options(options or {}, _CALLER)
    locale = find_locale(locales)
    numbers = locale.known["numbers"]
    for name, harmless in _REFUSED.items():
        asked.refuse(name, *harmless)
    style = asked.text("style", "decimal", "percent", "currency", "unit") or "decimal"
    asked.refuse("style", "decimal", "percent", "currency")
    display = asked.text("currencyDisplay", "code", "symbol", "narrowSymbol", "name") or "symbol"
    currency = _currency(asked, style)
    if style == "currency":
        asked.refuse("currencyDisplay", "code", "symbol", "narrowSymbol")
        shapes = numbers["currency"][currency][display]
    else:
        shapes = numbers[f"{style}_shapes"]
    integer_digits = asked.whole("minimumIntegerDigits", 1, 21) or 1
    use_grouping = _use_grouping(asked)
    minimum = {"auto": numbers["minimum_grouping"], "always": 1, "min2": 2}
    return NumberFormat(
        locale=locale,
        style=style,
        shapes=tuple(shapes),
        integer_digits=integer_digits,
        fraction=_fraction(asked, style, currency),
        significant=_significant(asked),
        grouping=minimum[str(use_grouping)] if use_grouping else None,
        use_grouping=use_grouping,
        currency=currency,
        currency_display=display,
    )


def _currency(asked: Options, style: str) -> str | None:
    given = asked.given.get("currency")
    if given is not None and not re.fullmatch("[A-Za-z]{3}", str(given)):
        raise ScenarioRangeError(f"Invalid currency code : {given}", hint="It is one such as EUR.")
    if style != "currency":
        return None
    if given is None:
        raise ScenarioTypeError("Currency code is required with currency style.")
    currency = str(given).upper()
    there = data()["currency_digits"]
    if currency not in there:
        raise NotEmulatedError(
            f"{_CALLER}: the currency {currency} is not emulated.",
            hint=f"There are {', '.join(there)}.",
        )
    return currency


def _use_grouping(asked: Options) -> str | bool:
    """`auto`, `always`, `min2` or False; older texts such as `"false"` mean `auto`."""
    given = asked.given.get("useGrouping")
    if given is None or given in ("true", "false"):
        return "auto"
    if given is True:
        return "always"
    if not given:
        return False
    return asked.text("useGrouping", "auto", "always", "min2") or "auto"


def _fraction(asked: Options, style: str, currency: str | None) -> tuple[int, int]:
    least = asked.whole("minimumFractionDigits", 0, 100)
    most = asked.whole("maximumFractionDigits", 0, 100)
    usual = data()["currency_digits"][currency] if currency else 0
    usual_most = usual if currency else 0 if style == "percent" else 3
    if least is None:
        least = usual if most is None else min(usual, most)
    if most is None:
        most = max(usual_most, least)
    if least > most:
        raise ScenarioRangeError(
            "maximumFractionDigits value is out of range.",
            hint=f"It is less than minimumFractionDigits, {least}.",
        )
    return least, most


def _significant(asked: Options) -> tuple[int, int] | None:
    least = asked.whole("minimumSignificantDigits", 1, 21)
    most = asked.whole("maximumSignificantDigits", least or 1, 21)
    if least is None and most is None:
        return None
    return least or 1, most or 21
