"""Plain CSV in our own columns: the output of `export`, or filled in by hand.

`price` is in US cents, as on the wire. For another currency there is ``askingPrice``, such as
``EUR 65,000``, or ``$45,000`` in the dollars of the boat's country. `reference` is the seller's own
name for the advert; `id` is ours, and is kept when a market moves.
"""

from __future__ import annotations

import re

from ....errors import FieldError, Invalid
from ....i18n.texts import gettext as _
from ...listing import Money
from ...offer_words import is_on_request
from ...pricing import read_price
from ...vocabulary.countries import country_code
from ..csv_columns import COLUMNS, wire_of
from .parsed_row import ParsedRow, Row

REQUIRED = ("title", "location.country", "boatDetails.type")
READ = (*COLUMNS, "reference", "askingPrice", "reasons")

# Set by the market, whatever a file claims.
_IGNORED = (
    "listingId", "ownerId", "source.name", "source.reference", "source.fingerprint", "source.changedAt",
    "sellerKind", "views", "updatedAt",
)  # fmt: skip
# Set by the market, too, and read where they are still exact: a spreadsheet makes 1.79603E+12 of them.
_TIMES = ("createdAt", "confirmedAt", "sale.at", "underOfferAt")
_EXACT_TIME = re.compile(r"\d{12,14}")


def parse_row(row: Row) -> ParsedRow:
    """The draft of a row. Raises Invalid naming every cell that cannot be read."""
    if is_on_request(row.get("price", "")) or is_on_request(row.get("askingPrice", "")):
        row = {**row, "price": "", "askingPrice": "", "priceOnRequest": "true"}
    text = wire_of({name: cell for name, cell in row.items() if not _is_of_no_use(name, cell)})
    if "at" not in text.get("sale", {"at": None}):
        del text["sale"]
    original, day = text.pop("originalPrice", None), text.pop("rateDate", None)
    asked = None
    if text.get("priceOnRequest"):
        text.pop("price", None)
    elif cell := row.get("askingPrice", ""):
        asked = _asked(cell, country_code(row.get("location.country", "")))
    if asked is None and "price" not in text and not text.get("priceOnRequest"):
        if original is None:
            raise Invalid([FieldError("price", _("is required, in US cents; or askingPrice"))])
        asked = Money.parse(original)
    elif asked is None and original is not None:
        # Our own exports have both: the price counts, the original explains it.
        text["originalPrice"] = original
        if day is not None:
            text["rateDate"] = day
    return ParsedRow(
        text,
        asked,
        reference=row.get("reference") or row.get("source.reference") or None,
        id=text.pop("id", None),
    )


def _is_of_no_use(name: str, cell: str) -> bool:
    return name in _IGNORED or (name in _TIMES and not _EXACT_TIME.fullmatch(cell))


def _asked(cell: str, country: str | None) -> Money | None:
    if not cell:
        return None
    try:
        return read_price(cell, country=country)
    except ValueError as error:
        raise Invalid([FieldError("askingPrice", f"{error}: {cell[:40]}")]) from None
