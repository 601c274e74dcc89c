"""A parsed row: one boat's data, before the rules of a listing are applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ....errors import FieldError, Invalid
from ....i18n.texts import gettext as _
from ...listing import Money

FEET_IN_A_METRE = Decimal("3.280839895")

Row = Mapping[str, str]
"""Cells by column: white space in column names is folded, cells are repaired and trimmed."""


@dataclass(slots=True)
class ParsedRow:
    """A row's content: `payload` in the wire's format, the price as it was written.

    `left_out` names absurd figures, which are therefore absent. `reference` is the source's own name
    for the advert, `id` ours, where the row has one. `elsewhere` are addresses of pictures and videos on
    other hosts, `pictures` those among them that are pictures.
    """

    payload: dict[str, Any]
    asked: Money | None = None
    reference: str | None = None
    id: str | None = None
    left_out: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Format:
    """`required` columns must be present. Others are ignored, unless `known` lists all that may be."""

    name: str
    required: tuple[str, ...]
    draft_of: Callable[[Row], ParsedRow]
    known: tuple[str, ...] = ()
    adapt: Callable[[ParsedRow, str], None] = lambda draft, source: None
    """Takes what the name of a row's file or sheet says of the boat into its draft."""

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


_NUMBER = re.compile(r"(?P<number>-?\d{1,9}(?:[.,]\d{0,9})?)\s?(?P<unit>[a-z]*)\.?")


def number(cell: str, column: str, *, unit: str) -> Decimal | None:
    """A cell's number; None when it is empty or zero, which means unknown in these files.

    The column's unit may follow it: ``12,5 m``. Raises Invalid.
    """
    if not cell:
        return None
    found = _NUMBER.fullmatch(cell.lower())
    if not found or found["unit"] not in ("", unit):
        raise Invalid([FieldError(column, _("is not a number: %(cell)s", cell=cell[:40]))])
    return Decimal(found["number"].replace(",", ".")) or None


_YEAR = re.compile(r"(?P<year>\d{4}|0)(?:[.,]0+)?")


def year_built(cell: str, column: str) -> int | None:
    """A cell's year; None when it is empty or zero. ``2004.0`` is a spreadsheet's 2004."""
    if not cell:
        return None
    found = _YEAR.fullmatch(cell)
    if not found:
        raise Invalid([FieldError(column, _("is not a year: %(cell)s", cell=cell[:40]))])
    return int(found["year"]) or None


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
