"""The cells of one row by the fields that they hold, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Row
from typing import TypeVar

from ....errors import FieldError
from ....figures.writing import Writing
from ....i18n.texts import gettext as _
from .mapping import ColumnRule, Mapping
from .vocabulary import is_unknown

SHOWN = 60
"""How much of a cell an error shows, in characters."""
WRITTEN = Writing(exponents=True)
_Value = TypeVar("_Value")


class RowCells:
    """One row, read by a mapping. `errors` are of cells that cannot be read, by their columns.

    `left_out` names absurd figures, which are therefore absent.
    """

    def __init__(self, mapping: Mapping, row: Row[str, str]) -> None:
        self.mapping, self._row = mapping, row
        self.errors: list[FieldError] = []
        self.left_out: list[str] = []

    def cells(self, field: str) -> Iterator[tuple[ColumnRule, str]]:
        """The columns that hold a field, with their cells that are not empty."""
        for rule in self.mapping.rules_of(field):
            cell = self._row.get(rule.column, "").strip()
            if cell and not is_unknown(cell):
                yield rule, cell

    def text(self, field: str) -> str | None:
        """The first filled cell of a field."""
        return next((cell for _rule, cell in self.cells(field)), None)

    def read(self, field: str, read: Callable[[ColumnRule, str], _Value | None]) -> _Value | None:
        """What the first cell of a field says that says anything; notes an error if it cannot be read."""
        for rule, cell in self.cells(field):
            try:
                found = read(rule, cell)
            except ValueError as error:
                self.wrong(rule, cell, str(error))
                return None
            if found is not None:
                return found
        return None

    def wrong(self, rule: ColumnRule, cell: str, why: str) -> None:
        """Note that a cell cannot be read."""
        shown = cell if len(cell) <= SHOWN else f"{cell[: SHOWN - 1]}…"
        self.errors.append(FieldError(rule.column, _("“%(cell)s”: %(why)s", cell=shown, why=why)))
