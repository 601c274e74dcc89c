"""Which of the formats that we know a file is in, by its columns."""

from __future__ import annotations

from collections.abc import Sequence

from ..formats import FORMATS
from ..formats.own_csv import READ
from ..formats.parsed_row import Format

ADDED = frozenset({"reasons"})
"""What our files of refused rows add to a broker's columns."""

EXPLAINS, EXAMPLE = "(explanation)", "(example)"
"""How the first cell begins in rows of the template that are no boats."""


def is_of_the_template(cell: str | None) -> bool:
    """Is it the first cell of a row that only explains the template?"""
    return bool(cell) and str(cell).startswith((EXPLAINS, EXAMPLE))


def known_format(names: Sequence[str]) -> Format | None:
    """The format of a file with these columns, which needs no mapping; None if it has columns of its own."""
    for format in FORMATS.values():
        if format.name != "csv" and set(format.required) <= set(names):
            return format
    named = [name for name in names if name]
    ours = [name for name in named if name in READ]
    # Some of our words, such as "title", are everybody's; those with a dot are not.
    if named and (len(ours) == len(named) or any("." in name for name in ours)):
        return FORMATS["csv"]
    return None


def brokers_columns(names: Sequence[str]) -> list[str]:
    """The columns that are the broker's own."""
    return [name for name in names if name and name not in ADDED]
