"""Speeds, in knots."""

from __future__ import annotations

from decimal import Decimal

from ..i18n.texts import gettext as _
from ..measures import KILOMETRES_PER_MILE, KILOMETRES_PER_NAUTICAL_MILE
from .units import Measure, Unit
from .writing import TYPED, Writing

KNOTS = "kn"

_SPEEDS = Measure(
    (
        Unit(
            KNOTS, r"kn|kts?|knots?|knoten|noeuds?|nœuds?|nodi|nudos|nos|knob|knop|уз", Decimal(1)
        ),
        Unit("km/h", r"km ?/ ?h|kmh|kph|km/t", 1 / KILOMETRES_PER_NAUTICAL_MILE),
        Unit("mph", r"mph|mi ?/ ?h", KILOMETRES_PER_MILE / KILOMETRES_PER_NAUTICAL_MILE),
    ),
    lambda: _("write a speed, such as 25 knots or 46 km/h"),
)


def read_knots(text: str, *, unit: str = KNOTS, written: Writing = TYPED) -> Decimal:
    """``25 knots``, ``46 km/h``, ``30 mph``; `unit` is that of a bare number. Raises ValueError."""
    return _SPEEDS.read(text, unit=unit, written=written)
