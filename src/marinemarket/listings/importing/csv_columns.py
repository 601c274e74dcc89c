"""A listing as a row of text: the columns of our own CSV, for reading and writing.

A column is a path on the wire. Lists are separated by ``|``; lists of objects are JSON. A cell that
a spreadsheet would run as a formula is prefixed with an apostrophe. `SourceFile` removes one
apostrophe, since a text may begin with an apostrophe of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ...errors import FieldError, Invalid
from ...figures.hours import read_hours
from ...figures.lengths import read_feet
from ...figures.numbers import read_whole
from ...figures.weights import read_pounds
from ...figures.writing import IN_FILE
from ...i18n.texts import gettext as _
from ...row_writer import disarmed
from ...wire import decode, encode


class Column(NamedTuple):
    name: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _count(cell: str) -> int:
    """A program's whole number, also as a spreadsheet saves it: ``4500000.0``, ``4.5E+6``."""
    if not re.fullmatch(r"-?\d{1,18}(?:[.,]0+)?|\d(?:[.,]\d{1,15})?[eE]\+?\d{1,2}", cell):
        raise ValueError(_("must be a whole number"))
    if cell.lstrip("-").isdigit():
        return int(cell)
    return read_whole(cell.lstrip("-"), written=IN_FILE) * (-1 if cell.startswith("-") else 1)


def _whole(cell: str) -> int:
    return read_whole(cell, written=IN_FILE)


def _hours(cell: str) -> int:
    return read_hours(cell, written=IN_FILE)


def _feet(cell: str) -> Decimal:
    return read_feet(cell, written=IN_FILE)


def _pounds(cell: str) -> int:
    return read_pounds(cell, written=IN_FILE)


def _degrees(cell: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,3}([.,]\d{1,20})?", cell):
        raise ValueError(_("must be a number of degrees, such as 27.2"))
    return Decimal(cell.replace(",", "."))


_TRUE = frozenset(
    {"true", "yes", "y", "1", "x", "wahr", "ja", "vrai", "oui", "vero", "si", "sí", "sì"}
    | {"verdadero", "verdadeiro", "sim", "sann", "sant", "waar", "prawda", "tak"}
)
_FALSE = frozenset(
    {"false", "no", "n", "0", "falsch", "nein", "faux", "non", "falso", "não", "usann", "falskt"}
    | {"nee", "onwaar", "nej", "nei", "fałsz", "nie"}
)


def _flag(cell: str) -> bool:
    """Spreadsheets write true and false in their own language."""
    if cell.casefold() in _TRUE:
        return True
    if cell.casefold() in _FALSE:
        return False
    raise ValueError(_("must be true or false"))


def _from_flag(value: bool) -> str:
    return "true" if value else ""


def _json(cell: str) -> Any:
    try:
        return decode(cell)
    except (ValueError, RecursionError):
        raise ValueError(_("must be JSON")) from None


def _list(cell: str) -> list[str]:
    if cell.startswith("["):
        listed = _json(cell)
        return listed if isinstance(listed, list) else [cell]
    return [part.strip() for part in cell.split("|") if part.strip()]


def _from_list(values: list[str]) -> str:
    if any("|" in value or value.startswith("[") for value in values):
        return json.dumps(list(values), ensure_ascii=False)
    return " | ".join(values)


def _from_json(value: Any) -> str:
    return encode(value).decode() if value else ""


def _text(value: str) -> str:
    return disarmed(str(value))


def _columns(names: str, write: Callable[[Any], str], read: Callable[[str], Any]) -> list[Column]:
    return [Column(name, write, read) for name in names.split()]


_BY_NAME = {
    column.name: column
    for column in (
        *_columns("id listingId ownerId title description", _text, str),
        *_columns("priceOnRequest", _from_flag, _flag),
        *_columns("price", str, _count),
        *_columns("originalPrice.amount", str, _count),
        *_columns("originalPrice.currency rateDate", _text, str),
        *_columns("priceHistory", _from_json, _json),
        *_columns(
            "location.country location.state location.region location.city location.zipCode",
            _text,
            str,
        ),
        *_columns("location.coordinates.lat location.coordinates.lon", str, _degrees),
        *_columns(
            "boatDetails.type boatDetails.typeAsListed boatDetails.manufacturer "
            "boatDetails.manufacturerAsListed boatDetails.model",
            _text,
            str,
        ),
        *_columns("boatDetails.year", str, _whole),
        *_columns(
            "boatDetails.length boatDetails.loa boatDetails.beam boatDetails.draft "
            "boatDetails.airDraft",
            str,
            _feet,
        ),
        *_columns("boatDetails.displacement", str, _pounds),
        *_columns(
            "boatDetails.hullMaterial boatDetails.hin boatDetails.fuel boatDetails.engine",
            _text,
            str,
        ),
        *_columns("boatDetails.engines", _from_json, _json),
        *_columns("boatDetails.hours", str, _hours),
        *_columns("boatDetails.cabins boatDetails.berths boatDetails.heads", str, _whole),
        *_columns("boatDetails.usage boatDetails.condition", _text, str),
        *_columns("features images videos thumbnails", lambda v: disarmed(_from_list(v)),
                  _list),
        *_columns("underOffer", _from_flag, _flag),
        *_columns("underOfferAt", str, _count),
        *_columns("status moderation.state moderation.reason", _text, str),
        *_columns("source.name source.reference source.fingerprint", _text, str),
        *_columns("photos", _from_json, _json),
        *_columns("sellerKind", _text, str),
        *_columns("source.changedAt views confirmedAt sale.at sale.price createdAt updatedAt", str,
                  _whole),
    )
}  # fmt: skip

COLUMNS = tuple(_BY_NAME)


def row_of(wire: Mapping[str, Any]) -> dict[str, str]:
    """A listing on the wire as cells by column; an absent value is an empty cell."""
    row = {}
    for name, column in _BY_NAME.items():
        value: Any = wire
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        row[name] = "" if value is None else column.write(value)
    return row


def wire_of(row: Mapping[str, str]) -> dict[str, Any]:
    """Cells by column, as `SourceFile` reads them, as wire data.

    Raises Invalid naming every cell that cannot be read.
    """
    wire: dict[str, Any] = {}
    errors = []
    for name, column in _BY_NAME.items():
        cell = row.get(name, "")
        if not cell:
            continue
        try:
            _put(wire, name.split("."), column.read(cell))
        except ValueError as error:
            errors.append(FieldError(name, f"{error}: {cell[:40]}"))
    if errors:
        raise Invalid(errors)
    return wire


def _put(wire: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        wire = wire.setdefault(part, {})
    wire[path[-1]] = value
