"""The power of engines, in horsepower.

PS, ch, CV, pk and hk are the metric horsepower, which is 1.4% less than the mechanical one (hp).
"""

from __future__ import annotations

from decimal import Decimal

from ..i18n.texts import gettext as _
from ..measures import KILOWATTS_PER_HORSEPOWER, KILOWATTS_PER_METRIC_HORSEPOWER
from .units import Measure, Unit
from .writing import TYPED, Writing

HORSEPOWER = "hp"

HORSEPOWER_NAMES = r"[bs]?h\.?p|horse ?powers?|horses"
METRIC_HORSEPOWER_NAMES = (
    r"ps|pferdestarken|ch|chevaux|cv|cavalli|caballos|cavalos|hk|hastkrafter|hestekr[ae]fter|pk|paardenkracht|hv|km|"
    r"ks|koni|cp|le|bg|л\.? ?с|馬力|马力"
)
KILOWATT_NAMES = r"kw|kilowatts?|кв?вт|千瓦"

_POWER = Measure(
    (
        Unit(HORSEPOWER, HORSEPOWER_NAMES, Decimal(1)),
        Unit(
            "PS",
            METRIC_HORSEPOWER_NAMES,
            KILOWATTS_PER_METRIC_HORSEPOWER / KILOWATTS_PER_HORSEPOWER,
        ),
        Unit("kW", KILOWATT_NAMES, 1 / KILOWATTS_PER_HORSEPOWER),
        Unit("W", r"w|watts?|вт", 1 / KILOWATTS_PER_HORSEPOWER / 1000),
    ),
    lambda: _("write a power, such as 300 hp or 220 kW"),
)


def read_horsepower(text: str, *, unit: str = HORSEPOWER, written: Writing = TYPED) -> Decimal:
    """``300 hp``, ``30 PS``, ``22 kW``, ``30 hp (22 kW)``; `unit` is that of a bare number: hp, PS or kW.

    Raises ValueError.
    """
    return _POWER.read(text, unit=unit, written=written)
