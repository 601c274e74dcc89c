"""Figures with a unit: ``9,500 lb``, ``CV 300``, ``30 hp (22 kW)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..text import fold
from .numbers import read_number, read_quantity
from .writing import TYPED, Ambiguous, Writing, plain

_FIGURE = r"[\d.,' /-]*\d[.,]?"
_TWO = re.compile(
    r"(?P<one>[^()]+)\((?P<other>[^()]+)\)|(?P<first>[^|/]*[^\d|/ ][^|/]*)[|/](?P<second>.+)"
)
_NEAR = Decimal("0.03")
"""By how much two ways to tell one figure differ at the most: each may be rounded."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its `names` as a pattern in folded letters, and how much of the base unit it is.

    `parts_thousands` says what a mark before three digits parts: nobody tells pounds to three
    decimals, while tonnes are.
    """

    name: str
    names: str
    factor: Decimal
    parts_thousands: bool = True


@dataclass(slots=True)
class Measure:
    """What is measured in some units. `example` is what an error shows."""

    units: tuple[Unit, ...]
    example: Callable[[], str]
    _patterns: Mapping[str, re.Pattern[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._patterns = {
            unit.name: re.compile(
                rf"(?P<after>{_FIGURE})[ -]?(?:{unit.names})\.?|(?:{unit.names})\.?:? ?(?P<before>{_FIGURE})"
            )
            for unit in self.units
        }

    def read(self, text: str, *, unit: str, written: Writing = TYPED) -> Decimal:
        """A figure in the base unit; `unit` is that of a figure without one.

        ``30 hp (22 kW)`` tells one figure twice. Raises ValueError.
        """
        return read_once_or_twice(text, lambda one: self._read(one, unit, written), self.example)

    def _read(self, text: str, unit: str, written: Writing) -> Decimal:
        for one in self.units:
            if found := self._patterns[one.name].fullmatch(text):
                return self._of(one, found["after"] or found["before"], written)
        return self._of(self.named(unit), text, written)

    def named(self, name: str) -> Unit:
        return next(unit for unit in self.units if unit.name == name)

    def _of(self, unit: Unit, digits: str, written: Writing) -> Decimal:
        read = read_quantity if unit.parts_thousands else read_number
        return read(digits, written=written) * unit.factor


def read_once_or_twice(
    text: str, read: Callable[[str], Decimal], example: Callable[[], str]
) -> Decimal:
    """What `read` makes of a text; of ``32 ft (9.75 m)``, if both are about the same, of the first."""
    try:
        text = fold(plain(text))
        try:
            return read(text)
        except Ambiguous:
            raise
        except ValueError:
            if not (two := _TWO.fullmatch(text)):
                raise
            one, other = (part.strip() for part in two.groups() if part is not None)
            found, again = read(one), read(other)
            if abs(found - again) > _NEAR * found:
                raise
            return found
    except Ambiguous:
        raise
    except ValueError:
        raise ValueError(example()) from None
