"""A draft: what one row says of a boat, before the rules of a listing are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ...errors import FieldError, Invalid
from ..listing import Money

FEET_IN_A_METRE = Decimal("3.280839895")

Row = Mapping[str, str]
"""Cells by column; columns with their white space folded, cells repaired and trimmed."""


@dataclass(slots=True)
class Draft:
    """What a row says: `said` in the wire's shape, the price as it was written.

    `left_out` names figures that were absurd and are therefore absent. `reference` is the
    source's own name for the advert, `id` ours, where the row has one.
    """

    said: dict[str, Any]
    asked: Money | None = None
    reference: str | None = None
    id: str | None = None
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Format:
    """`required` columns must be there. Others are ignored, unless `known` lists all there are."""

    name: str
    required: tuple[str, ...]
    draft_of: Callable[[Row], Draft]
    known: tuple[str, ...] = ()

    def check_header(self, columns: list[str]) -> None:
        """Raises Invalid when a file cannot be of this format."""
        missing = [FieldError(name, "is a column that every such file has") for name in self.required if name not in columns]  # fmt: skip
        unknown = [
            FieldError(name, "is not a column of this format")
            for name in columns
            if self.known and name not in self.known
        ]
        if errors := [*missing, *unknown]:
            raise Invalid(errors)


def number(cell: str, column: str) -> Decimal | None:
    """A cell's number; None when it is empty or zero, which means unknown in these files."""
    if not cell:
        return None
    try:
        value = Decimal(cell.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Invalid([FieldError(column, f"is no number: {cell[:40]}")])
    return value or None


def plausible(value: Decimal | None, lowest: str, highest: Decimal) -> bool:
    """Could this figure be true of a boat? An absent one could."""
    return value is None or Decimal(lowest) <= value <= highest


def titled(*parts: object) -> str:
    """A title from the facts that are there."""
    return " ".join(str(part) for part in parts if part)
