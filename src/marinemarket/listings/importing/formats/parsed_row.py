"""A parsed row: one boat's data, before the rules of a listing are applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ....errors import FieldError, Invalid
from ....figures.lengths import METRES, read_feet
from ....figures.numbers import read_number, read_whole
from ....figures.writing import IN_FILE, Writing
from ....i18n.texts import gettext as _
from ....measures import METRES_PER_FOOT
from ...listing import Money

Row = Mapping[str, str]
"""Cells by column: white space in column names is folded, cells are repaired and trimmed."""


@dataclass(slots=True)
class ParsedRow:
    """A row's content: `payload` in the wire's format, the price as it was written.

    `left_out` names absurd figures, which are therefore absent. `reference` is the source's own name
    for the advert, `id` ours, where the row has one. `elsewhere` are addresses of pictures and videos on
    other hosts, `pictures` those among them that are pictures. `concluded` are parts of the payload that
    no column says, and which therefore tell no boat from another.
    """

    payload: dict[str, Any]
    asked: Money | None = None
    reference: str | None = None
    id: str | None = None
    left_out: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    concluded: frozenset[str] = frozenset()
    description: str | None = None
    """What identifies it, once that was asked."""


@dataclass(frozen=True, slots=True)
class Format:
    """`required` columns must be present. Others are ignored, unless `known` lists all that may be.

    `named` are the columns that hold the fields of the wire, where they are called otherwise.
    """

    name: str
    required: tuple[str, ...]
    draft_of: Callable[[Row], ParsedRow]
    known: tuple[str, ...] = ()
    adapt: Callable[[ParsedRow, str], None] = lambda draft, source: None
    """Takes what the name of a row's file or sheet says of the boat into its draft."""
    named: Mapping[str, str] = field(default_factory=dict)

    def check_header(self, columns: list[str], twice: Sequence[str] = ()) -> None:
        """Raises Invalid when a file cannot be of this format; `twice` are names of several columns."""
        missing = [
            FieldError(name, _("is a required column"))
            for name in self.required
            if name not in columns
        ]
        unknown = [
            FieldError(name, _("is not a column of this format"))
            for name in columns
            if name and self.known and name not in self.known and not _is_again(name, twice)
        ]
        # Of other columns it does not matter.
        double = [
            FieldError(name, _("names two columns"))
            for name in twice
            if name in self.required or name in self.known
        ]
        if errors := [*missing, *unknown, *double]:
            raise Invalid(errors)


def _is_again(name: str, twice: Sequence[str]) -> bool:
    """Is it the second of two columns of one name, as `SourceFile` tells them apart?"""
    return re.sub(r" \(\d+\)$", "", name) in twice


def number(cell: str, column: str, *, unit: str) -> Decimal | None:
    """A cell's length in the column's unit; None when it is empty or zero, which means unknown in these files.

    A unit may follow it: ``12,5 m``. A mark before three digits parts decimals, since no boat is a
    thousand metres long. Raises Invalid.
    """
    if not cell:
        return None
    if cell.startswith("-"):
        below = number(cell[1:], column, unit=unit)
        return below and -below  # which no boat is; who reads it says so
    written = Writing(decimal_mark="," if "," in cell else ".", exponents=True)
    try:
        with suppress(ValueError):
            return read_number(cell, written=written) or None
        feet = read_feet(cell, unit=unit, written=written)
    except ValueError:
        raise Invalid(
            [FieldError(column, _("is not a number: %(cell)s", cell=cell[:40]))]
        ) from None
    return round(feet * METRES_PER_FOOT if unit == METRES else feet, 4) or None


def year_built(cell: str, column: str) -> int | None:
    """A cell's year; None when it is empty or zero. ``2004.0`` is a spreadsheet's 2004."""
    if not cell:
        return None
    try:
        year = read_whole(cell, written=IN_FILE)
    except ValueError:
        year = -1
    if year != 0 and len(str(year)) != 4:
        raise Invalid([FieldError(column, _("is not a year: %(cell)s", cell=cell[:40]))])
    return year or None


LONGEST_CELL = 500


def check_lengths(row: Row, columns: tuple[str, ...]) -> None:
    """Raises Invalid naming each cell that is too long to be valid."""
    message = _("is longer than %(most)s characters", most=LONGEST_CELL)
    if unfit := [FieldError(name, message) for name in columns if len(row[name]) > LONGEST_CELL]:
        raise Invalid(unfit)


def plausible(value: Decimal | None, lowest: str, highest: Decimal) -> bool:
    """Could this figure be true of a boat? An absent one could."""
    return value is None or Decimal(lowest) <= value <= highest


def titled(*parts: object) -> str:
    """A title made of the facts that are present."""
    return " ".join(str(part) for part in parts if part)
