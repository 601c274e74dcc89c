"""The hours that an engine has run."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ..i18n.texts import gettext as _
from .units import Measure, Unit
from .writing import TYPED, Writing

_HOURS = Measure(
    (
        Unit(
            "h",
            r"h|hs|hrs?|hours?|engine hours|std|stunden|betriebsstunden|bh|motorstunden|heures?|ore|horas?|uren|uur|"
            r"draaiuren|tim|timer|timmar|driftstimer|gangtimmar|godzin|mth|sati|часов|часа|ч",
            Decimal(1),
        ),
    ),
    lambda: _("write engine hours, such as 1250"),
)


def read_hours(text: str, *, written: Writing = TYPED) -> int:
    """``1,250 h``, ``1.250 Std``; tenths, as meters show them, are rounded. Raises ValueError."""
    found = _HOURS.read(text, unit="h", written=written)
    return int(found.quantize(Decimal(1), ROUND_HALF_UP))
