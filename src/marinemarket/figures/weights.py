"""Weights, in pounds."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ..i18n.texts import gettext as _
from ..measures import KILOGRAMS_PER_POUND
from .units import Measure, Unit
from .writing import TYPED, Writing

POUNDS, KILOGRAMS, TONNES = "lb", "kg", "t"

_TONNE = 1000 / KILOGRAMS_PER_POUND
_TON_NAMES = r"tons?"
_UNITS = (
    Unit(POUNDS, r"lbs?|#|pounds?|livres?|libras?|libbre|pfund", Decimal(1)),
    Unit(
        KILOGRAMS,
        r"kgs?|kgr|kilos?|kilogram(?:me?)?s?|kilogramm|kilogramos?|chilogrammi|chili|quilos?|кг|公斤|千克",
        1 / KILOGRAMS_PER_POUND,
    ),
    Unit("short ton", r"short tons?|us tons?", Decimal(2000), parts_thousands=False),
    Unit("long ton", r"long tons?|imperial tons?|uk tons?", Decimal(2240), parts_thousands=False),
    Unit(
        TONNES,
        r"t|to|tonnes?|metric tons?|tonnen?|tonnellate|toneladas?|ton[nę]y?|tonnia|т|тонн[аы]?|吨",
        _TONNE,
        parts_thousands=False,
    ),
)


def _example() -> str:
    return _("write a weight, such as 9500 lb or 4300 kg")


_AS_AMERICANS = Measure(
    (*_UNITS, Unit("ton", _TON_NAMES, Decimal(2000), parts_thousands=False)), _example
)
_AS_EUROPEANS = Measure((*_UNITS, Unit("ton", _TON_NAMES, _TONNE, parts_thousands=False)), _example)


def read_pounds(text: str, *, unit: str = POUNDS, written: Writing = TYPED) -> int:
    """``9,500 lbs``, ``4.300 kg``, ``4.3 t``; `unit` is that of a bare number.

    A tonne is metric, and so is a ton beside kilograms; where pounds are the unit, a ton is the
    American one of 2,000. Raises ValueError.
    """
    measure = _AS_AMERICANS if unit == POUNDS else _AS_EUROPEANS
    return int(measure.read(text, unit=unit, written=written).quantize(Decimal(1), ROUND_HALF_UP))


def typed_pounds(weight: int, unit: str) -> str:
    """A weight as one types it in pounds or kilograms, exactly enough to be read back as the same."""
    if unit != KILOGRAMS:
        return str(weight)
    kilograms = weight * KILOGRAMS_PER_POUND
    whole = str(kilograms.quantize(Decimal(1)))
    if read_pounds(whole, unit=KILOGRAMS) == weight:
        return whole
    return f"{kilograms.quantize(Decimal('0.1')):f}"
