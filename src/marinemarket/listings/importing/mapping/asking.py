"""The price of a row, or that it is told on request, and whether the boat is for sale."""

from __future__ import annotations

from typing import Any

from ....errors import FieldError
from ....i18n.texts import gettext as _
from ...listing import Money
from ...pricing import read_price
from . import cells
from .column_headers import read_header
from .mapping import ColumnRule, WithoutPrice
from .row_cells import RowCells
from .vocabulary import means

_LONGEST_REMARK = 5
"""Words beside a price that may tell of its sale."""
_AROUND = " -–—:;,/|()[]!*"


def offer_of(row: RowCells, payload: dict[str, Any], country: str | None) -> Money | None:
    _status(row, payload)
    if _says_yes(row, "priceOnRequest"):
        payload["priceOnRequest"] = True
        return None
    if _says_yes(row, "underOffer"):
        payload["underOffer"] = True
    currency = row.read("currency", lambda _rule, cell: cells.currency(cell))
    if currency in ("$", "kr"):
        currency = None
    for rule, written in row.cells("price"):
        if cells.is_nothing(written):
            continue
        cell = _without_remark(payload, written)
        if not any(map(str.isdigit, cell)) and _price_in_words(row, payload, cell):
            continue
        try:
            return read_price(
                cell, country=country, currency=rule.unit or currency or row.mapping.currency
            )
        except ValueError as error:
            row.wrong(rule, written, str(error))
            return None
    if "priceOnRequest" not in payload:
        _lacks_a_price(row, payload)
    return None


def _without_remark(payload: dict[str, Any], cell: str) -> str:
    """A price without what stands before or behind it of the sale, which is noted: ``Sold – £45,000``."""
    parts = cell.split()
    for count in range(1, min(len(parts), _LONGEST_REMARK + 1)):
        for remark, price in ((parts[:count], parts[count:]), (parts[-count:], parts[:-count])):
            told = " ".join(remark).strip(_AROUND)
            if not any(map(str.isdigit, " ".join(price))) or any(map(str.isdigit, told)):
                continue
            if means("underOffer", told):
                payload["underOffer"] = True
            elif means("sold", told):
                payload["status"] = "sold"
            elif not means("active", told):
                continue
            return " ".join(price).strip(_AROUND)
    return cell


def _price_in_words(row: RowCells, payload: dict[str, Any], cell: str) -> bool:
    """Note what stands in place of a price; False if it is none of what usually does."""
    if means("priceOnRequest", cell):
        payload["priceOnRequest"] = True
    elif means("underOffer", cell):
        payload |= {"underOffer": True, "priceOnRequest": True}
    elif means("sold", cell):
        payload |= {"status": "sold", "priceOnRequest": True}
    else:
        return False
    return True


def _lacks_a_price(row: RowCells, payload: dict[str, Any]) -> None:
    if row.mapping.without_price is WithoutPrice.ON_REQUEST:
        payload["priceOnRequest"] = True
        return
    rules = row.mapping.rules_of("price")
    column = rules[0].column if rules else "price"
    row.errors.append(FieldError(column, _("is empty: write the price, or “price on request”")))


def _says_yes(row: RowCells, field: str) -> bool:
    def read(_rule: ColumnRule, cell: str) -> bool | None:
        return True if means(field, cell) else cells.yes_or_no(cell)

    return bool(row.read(field, read))


def _status(row: RowCells, payload: dict[str, Any]) -> None:
    for rule, cell in row.cells("status"):
        stated = _status_of_column(row, rule, cell)
        if stated == "underOffer":
            payload["underOffer"] = True
        elif stated is not None:
            payload["status"] = stated
        else:
            row.wrong(rule, cell, _("is no status: write for sale, under offer, sold or withdrawn"))


def _status_of_column(row: RowCells, rule: ColumnRule, cell: str) -> str | None:
    for kind in ("underOffer", "active", "sold", "inactive"):
        if means(kind, cell):
            return kind
    # A column that is called “Sold” or “Available” says yes or no.
    yes = means("yes", cell)
    if yes or means("no", cell):
        if _is_called(rule.column, "sold"):
            return "sold" if yes else "active"
        if _is_called(rule.column, "underOffer"):
            return "underOffer" if yes else "active"
        return "active" if yes else "inactive"
    return None


def _is_called(column: str, kind: str) -> bool:
    """Is a column called what such cells say: “Sold”, “is_sold”?"""
    return means(kind, column) or any(means(kind, word) for word in read_header(column).words)
