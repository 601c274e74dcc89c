"""Where the header of a table is, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence

from .csv_table import TableRow


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
