"""Feet or meters: the unit that a page's address chooses (``unit=m``)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from ...i18n.texts import gettext as _
from ...measures import METRES_PER_FOOT

UNIT = "unit"
_HUNDREDTH = Decimal("0.01")


class Unit(StrEnum):
    """The unit of lengths on a page. Internally, and in the API, they are feet."""

    FEET = "ft"
    METRES = "m"

    @property
    def plural(self) -> str:
        return _("feet") if self is Unit.FEET else _("meters")

    def to_feet(self, length: Decimal) -> Decimal:
        return length if self is Unit.FEET else length / METRES_PER_FOOT

    def of_feet(self, feet: Decimal) -> str:
        """Feet converted to this unit for a form field, to two decimals: ``12.19``, ``40``."""
        length = feet if self is Unit.FEET else feet * METRES_PER_FOOT
        text = f"{length.quantize(_HUNDREDTH):f}"
        return text.rstrip("0").rstrip(".")


def unit_of(pairs: Iterable[tuple[str, str]]) -> Unit:
    """The unit that an address chooses; feet by default."""
    return Unit.METRES if (UNIT, Unit.METRES.value) in pairs else Unit.FEET
