"""Feet or meters: the unit that a page's address chooses (``unit=m``)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from ...figures.lengths import typed_feet
from ...i18n.texts import gettext as _

UNIT = "unit"


class Unit(StrEnum):
    """The unit of lengths on a page. Internally, and in the API, they are feet."""

    FEET = "ft"
    METRES = "m"

    @property
    def plural(self) -> str:
        return _("feet") if self is Unit.FEET else _("meters")

    def of_feet(self, feet: Decimal) -> str:
        """Feet converted to this unit for a form field, exactly enough to be read back: ``12.19``, ``40``."""
        return typed_feet(feet, self.value)


def unit_of(pairs: Iterable[tuple[str, str]]) -> Unit:
    """The unit that an address chooses; feet by default."""
    return Unit.METRES if (UNIT, Unit.METRES.value) in pairs else Unit.FEET
