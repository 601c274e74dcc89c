"""The contents of tanks, in litres."""

from __future__ import annotations

from decimal import Decimal

from ..i18n.texts import gettext as _
from ..measures import LITRES_PER_GALLON, LITRES_PER_IMPERIAL_GALLON
from .units import Measure, Unit
from .writing import TYPED, Writing

LITRES, GALLONS = "l", "gal"

_VOLUMES = Measure(
    (
        Unit(LITRES, r"l|lt|ltrs?|lit(?:er|re)s?|litri|litros?|litrow|л|升", Decimal(1)),
        Unit(
            "imperial gal",
            r"imp(?:erial)?\.? ?gal(?:lon)?s?|uk ?gal(?:lon)?s?|gal(?:lon)?s? ?\(?(?:imp|uk)\)?",
            LITRES_PER_IMPERIAL_GALLON,
        ),
        Unit(
            GALLONS,
            r"(?:us\.? ?)?(?:gal(?:lon)?s?|galones|gallonen)|gal(?:lon)?s? ?\(?us\)?",
            LITRES_PER_GALLON,
        ),
    ),
    lambda: _("write a volume, such as 200 l or 53 gal"),
)


def read_litres(text: str, *, unit: str = LITRES, written: Writing = TYPED) -> Decimal:
    """``200 l``, ``53 gal`` (American), ``44 imp gal``; `unit` is that of a bare number. Raises ValueError."""
    return _VOLUMES.read(text, unit=unit, written=written)
