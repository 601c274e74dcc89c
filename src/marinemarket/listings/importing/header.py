"""Where the header of a table is, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .csv_table import TableRow
from .mapping.vocabulary import unit_named

_FIGURE = re.compile(r"[€$£]?\s?\d[\d.,' ]*\s?(?:[€$£'\"]|[^\W\d_]{1,3}\.?)?")


def header_in(rows: Sequence[TableRow]) -> int | None:
    """Which of the first rows is the header: above it may stand a title, which fills few cells."""
    filled = [sum(1 for cell in row.cells if cell.strip()) for row in rows]
    if not any(filled) or rows[0].fault:
        return 0 if rows else None
    enough = max(min(2, max(filled)), max(filled) / 2)
    return next(position for position, cells in enumerate(filled) if cells >= enough)


def unique_names(names: list[str]) -> list[str]:
    """Names of which each stands for one column: ``Photo``, ``Photo (2)``. Unnamed ones stay so."""
    unique: list[str] = []
    for name in names:
        number, new = 1, name
        while name and (new in unique or (number > 1 and new in names)):
            number += 1
            new = f"{name} ({number})"
        unique.append(new)
    return unique


def is_a_boat(names: Sequence[str]) -> bool:
    """Are these no names of columns, but cells of a boat? Several are figures then: a year, a length, a price."""
    filled = [name.strip() for name in names if name.strip()]
    figures = sum(1 for name in filled if _FIGURE.fullmatch(name))
    return figures >= 2 and figures * 5 >= len(filled)


def units_below(row: TableRow) -> list[str]:
    """The units of a row that stands below the header and holds little else; none if it is a boat.

    One for each cell, which is empty where no unit is named.
    """
    filled = [cell for cell in row.cells if cell.strip()]
    if row.fault or any(sign.isdigit() for cell in filled for sign in cell):
        return []
    units = [cell.strip(" ()[]") if unit_named(cell) else "" for cell in row.cells]
    return units if sum(map(bool, units)) * 2 >= max(len(filled), 1) else []


def with_units(names: Sequence[str], units: Sequence[str]) -> list[str]:
    """The names of columns with the units that stand below them: ``Length (m)``."""
    given = [*units, *[""] * len(names)]
    return [
        f"{name} ({unit})" if name.strip() and unit and f"({unit})" not in name else name
        for name, unit in zip(names, given, strict=False)
    ]


def may_be_one_row(counts: Sequence[int], width: int) -> bool:
    """May rows of so many cells, which follow each other, be one that was broken at line breaks in its texts?

    Breaking a row adds a cell. A spreadsheet that leaves out the empty cells at the end does so in rows of one count.
    """
    if 1 in counts or len(set(counts)) > 1:
        return True
    return any(sum(counts[:many]) == width + many - 1 for many in range(2, len(counts) + 1))
