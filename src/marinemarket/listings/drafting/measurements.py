"""Figures as people type them into a form: money, lengths and weights, in either unit system.

Each parser raises ValueError with a message that says what to write instead.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ...i18n.texts import gettext as _
from ...measures import KILOGRAMS_PER_POUND, METRES_PER_FOOT

METRES = "m"

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_FEET_AND_INCHES = re.compile(
    r"(?P<feet>\d{1,4})\s*(?:ft\.?|feet|foot|['’′])\s*(?:(?P<inches>\d{1,2}(?:\.\d+)?)\s*(?:in\.?|inch(?:es)?|[\"”″]|'')?)?",
    re.ASCII,
)
_LENGTH_UNITS = {"ft": False, "feet": False, "foot": False, "m": True, "metres": True, "meters": True}  # fmt: skip
_WEIGHT_UNITS = {"lb": False, "lbs": False, "pounds": False, "kg": True, "kilos": True}


def number(text: str) -> Decimal:
    """``12,500``, ``12 500``, ``9.75`` and ``9,75``: a comma before exactly three digits groups thousands."""
    plain = re.sub(r"(?<=\d)[\s'’](?=\d{3}(\D|$))", "", text.strip())
    if "." not in plain and re.fullmatch(r"\d+,(\d{1,2}|\d{4,6})", plain):
        plain = plain.replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(_("write a number, such as 12 or 9.5"))
    return Decimal(plain)


def whole(text: str) -> int:
    found = number(text)
    if found != found.to_integral_value():
        raise ValueError(_("write a whole number, such as 12"))
    return int(found)


def cents(text: str) -> int:
    """Dollars in cents: ``$12,500``, ``12500.50``."""
    try:
        dollars = number(re.sub(r"^\s*(?:US)?\$|\s*(?:USD|dollars)\s*$", "", text.strip()))
    except ValueError:
        raise ValueError(_("write dollars in digits, such as 12500")) from None
    if dollars != round(dollars, 2):
        raise ValueError(_("write dollars, with cents at the most: 12500 or 12500.50"))
    return int(dollars * 100)


def feet(text: str, unit: str) -> Decimal:
    """A length in feet, typed in feet or metres; a unit typed with it takes precedence over `unit`."""
    text = text.strip().lower()
    if parts := _FEET_AND_INCHES.fullmatch(text):
        return Decimal(parts["feet"]) + Decimal(parts["inches"] or 0) / 12
    try:
        figure, is_metric = _with_unit(text, _LENGTH_UNITS, unit)
    except ValueError:
        example = "9.75 or 9.75 m" if unit == METRES else "32.5 or 32 ft 6 in"
        raise ValueError(_("write a length, such as %(example)s", example=example)) from None
    return figure / METRES_PER_FOOT if is_metric else figure


def pounds(text: str, unit: str) -> int:
    """A weight in pounds, typed in pounds, or in kilograms if `unit` is metres."""
    try:
        figure, is_metric = _with_unit(text.strip().lower(), _WEIGHT_UNITS, unit)
    except ValueError:
        raise ValueError(_("write a weight, such as 9500 lb or 4300 kg")) from None
    return round(figure / KILOGRAMS_PER_POUND if is_metric else figure)


def _with_unit(text: str, units: dict[str, bool], unit: str) -> tuple[Decimal, bool]:
    for name, is_metric in units.items():
        if re.search(rf"[\d\s.]{name}$", text):
            return number(text.removesuffix(name)), is_metric
    return number(text), unit == METRES


def typed_feet(length: Decimal, unit: str) -> str:
    """Feet as typed in a unit, to two decimals: ``32.5``, ``9.91``."""
    figure = length * METRES_PER_FOOT if unit == METRES else length
    return (
        f"{round(figure, 2):f}".rstrip("0").rstrip(".") if "." in f"{figure:f}" else f"{figure:f}"
    )


def typed_pounds(weight: int, unit: str) -> str:
    return str(round(weight * KILOGRAMS_PER_POUND)) if unit == METRES else str(weight)


def typed_dollars(price: int) -> str:
    """Dollars with their cents, if any: ``12500``, ``12500.50``."""
    units, rest = divmod(price, 100)
    return f"{units}.{rest:02d}" if rest else str(units)
