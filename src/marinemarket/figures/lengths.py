"""Lengths, in feet."""

from __future__ import annotations

import re
from decimal import Decimal

from ..i18n.texts import gettext as _
from ..measures import METRES_PER_FOOT
from .numbers import read_number
from .units import Measure, Unit, read_once_or_twice
from .writing import TYPED, Ambiguous, Writing

FEET, METRES = "ft", "m"

# In folded letters: without accents, ß as ss.
FOOT_NAMES = (
    r"ft\.?|feet|foot|footers?|'|pieds?|piedi|piede|pies|pie|fuss|fot|fod|pes|voet|jalkaa|stopy?|"
    r"фут(?:ов|а)?|英尺"
)
INCH_NAMES = (
    r'in\.?|inch|inches|ins\.?|"|pouces?|zoll|pollici|pulgadas?|polegadas?|tum|tommer|duim|cali?|'
    r"дюим(?:ов|а)?|英寸"
)
METRE_NAMES = (
    r"m\.?|mt\.?|mts\.?|mtrs?\.?|met(?:er|re)s?|metri|metro|metros|metro?w|metry|metrar|metria|metru|"
    r"м|метр(?:ов|а)?|μετρα|米|メートル"
)
CENTIMETRE_NAMES = r"cms?\.?|centimet(?:er|re)s?|zentimeter|centimetri|centimetros?|см|сантиметр(?:ов|а)?|厘米|センチ"
MILLIMETRE_NAMES = r"mms?\.?|millimet(?:er|re)s?|millimetri|milimetros?|мм|毫米"

_LENGTHS = Measure(
    (
        Unit(FEET, FOOT_NAMES, Decimal(1), parts_thousands=False),
        Unit("in", INCH_NAMES, Decimal(1) / 12, parts_thousands=False),
        Unit(METRES, METRE_NAMES, 1 / METRES_PER_FOOT, parts_thousands=False),
        Unit("cm", CENTIMETRE_NAMES, 1 / METRES_PER_FOOT / 100),
        Unit("mm", MILLIMETRE_NAMES, 1 / METRES_PER_FOOT / 1000),
    ),
    lambda: "",
)

FEET_AND_INCHES = (
    rf"(?P<feet>\d{{1,4}}) ?(?:{FOOT_NAMES})(?: ?(?:,|-|and|und|et|e|y) ?| ?)"
    rf"(?P<inches>\d{{1,3}}(?:[.,]\d+)?(?:[ -]\d{{1,2}}/\d{{1,2}})?|\d{{1,2}}/\d{{1,2}}) ?(?:{INCH_NAMES})?"
)
_FEET_AND_INCHES = re.compile(FEET_AND_INCHES)
METRES_AND_CENTIMETRES = (
    rf"(?P<metres>\d{{1,3}}) ?(?:{METRE_NAMES}) ?(?P<centimetres>\d{{2}})"
    rf"(?: ?(?:{CENTIMETRE_NAMES}))?"
)
_METRES_AND_CENTIMETRES = re.compile(METRES_AND_CENTIMETRES)


def read_feet(text: str, *, unit: str = FEET, written: Writing = TYPED) -> Decimal:
    """A length in feet: ``32.5``, ``32' 6½"``, ``18 in``, ``9,75 m``, ``1067 cm``, ``10 m 67``.

    `unit` is that of a bare number: ft, in, m, cm or mm. ``9,750 m`` raises Ambiguous, anything else
    that is no length ValueError.
    """
    example = "9.75 or 9.75 m" if unit == METRES else "32.5 or 32 ft 6 in"
    return read_once_or_twice(
        text,
        lambda one: _feet(one, unit, written),
        lambda: _("write a length, such as %(example)s", example=example),
    )


def _feet(text: str, unit: str, written: Writing) -> Decimal:
    if parts := _FEET_AND_INCHES.fullmatch(text):
        inches = read_number(parts["inches"], written=written)
        if inches >= 12:
            raise Ambiguous(_("has more than 11 inches beside its feet: write them as feet"))
        return Decimal(parts["feet"]) + inches / 12
    if parts := _METRES_AND_CENTIMETRES.fullmatch(text):
        return (Decimal(parts["metres"]) + Decimal(parts["centimetres"]) / 100) / METRES_PER_FOOT
    return _LENGTHS.read(text, unit=unit, written=written)


def typed_feet(length: Decimal, unit: str) -> str:
    """Feet as one types them in feet or metres, exactly enough to be read back as the same.

    >>> typed_feet(Decimal("32.81"), "m"), typed_feet(Decimal("32.5"), "m")
    ('10', '9.9060')

    Three decimals would be ambiguous, so there are two or four.
    """
    if unit != METRES:
        return _short(length)
    metres = length * METRES_PER_FOOT
    short = _short(metres.quantize(Decimal("0.01")))
    if round(read_feet(short, unit=METRES), 2) == round(length, 2):
        return short
    return f"{metres.quantize(Decimal('0.0001')):f}"


def _short(number: Decimal) -> str:
    text = f"{round(number, 2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
