"""A row of a broker's file read by a mapping: our fields, or why not, in the file's own words."""

from __future__ import annotations

from collections.abc import Mapping as Row
from decimal import Decimal
from typing import Any

from ....errors import FieldError, Invalid
from ....i18n.texts import gettext as _
from ...titles import LONGEST, SHORTEST
from ...vocabulary.boat_types import BY_NAME
from ...vocabulary.manufacturers import maker_name
from ..formats.parsed_row import Format, ParsedRow, titled
from . import cells
from .asking import offer_of
from .boats import boat_of
from .fields import FIELDS
from .locations import location_of
from .mapping import Mapping
from .recognition import is_of_the_template
from .row_cells import SHOWN, RowCells
from .vocabulary import means

NAME = "mapped"
_MOST_FEATURES = 200
_MOST_PICTURES = 100


def format_of(mapping: Mapping) -> Format:
    """The format of files that a mapping describes; `check_mapping` judges their headers."""
    named: dict[str, str] = {}
    for rule in mapping.columns:
        if path := FIELDS[rule.field].path:
            named.setdefault(path, rule.column)
    if "location" in named:
        for part in ("country", "state", "region", "city", "zipCode"):
            named.setdefault(f"location.{part}", named["location"])
    if "boatDetails.loa" in named:
        named.setdefault("boatDetails.length", named["boatDetails.loa"])
    # What no column holds is called as where one chooses what a column holds.
    labels = {one.path: _(one.label) for one in FIELDS.values() if one.path}
    return Format(NAME, (), lambda row: draft_of(mapping, row), named=labels | named)


def draft_of(mapping: Mapping, cells_by_column: Row[str, str]) -> ParsedRow:
    """A row's content. Raises Invalid naming the column of every cell that cannot be read."""
    row = RowCells(mapping, cells_by_column)
    if is_of_the_template(row.text("reference")):
        (rule, *_others) = mapping.rules_of("reference")
        raise Invalid(
            [FieldError(rule.column, _("explains the template, and is no boat: delete this row"))]
        )
    boat = boat_of(row)
    location = location_of(row)
    payload: dict[str, Any] = {"location": location, "boatDetails": boat}
    asked = offer_of(row, payload, location.get("country"))
    payload["title"] = title_of(row, boat)
    payload |= texts_of(row)
    if row.errors:
        raise Invalid(row.errors)
    return ParsedRow(payload, asked, reference=row.text("reference"), left_out=row.left_out)


def title_of(row: RowCells, boat: dict[str, Any]) -> str:
    told = row.text("title")
    if told and SHORTEST <= len(told) <= LONGEST:
        return told
    maker = maker_name(boat["manufacturer"]) if "manufacturer" in boat else None
    name = told or titled(maker, boat.get("model"))
    if not name:
        kind = BY_NAME.get(boat["type"])
        name = _(kind.label) if kind else boat["type"]
    length = f"– {boat['length'].quantize(Decimal(1))} ft" if "length" in boat else None
    made = (
        titled(boat.get("year"), name)
        if boat.get("year") and str(boat["year"]) not in name
        else name
    )
    return titled(made, length) if len(made) < SHORTEST + 5 else made


def texts_of(row: RowCells) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if texts := [cell for _rule, cell in row.cells("description")]:
        found["description"] = "\n\n".join(dict.fromkeys(texts))
    features = [one for _rule, cell in row.cells("features") for one in cells.listed(cell)]
    for rule, cell in row.cells("detail"):
        if means("yes", cell):
            features.append(rule.column)
        elif not means("no", cell) and not cells.is_nothing(cell):
            features.append(f"{rule.column}: {cell}")
    if features:
        found["features"] = list(dict.fromkeys(features))[:_MOST_FEATURES]
    pictures = []
    for rule, cell in row.cells("images"):
        addresses = cells.addresses(cell)
        if not addresses:
            row.left_out.append(f"{rule.column.split()[0]} {cell[:SHOWN]}")
        pictures += addresses
    if pictures:
        found["images"] = list(dict.fromkeys(pictures))[:_MOST_PICTURES]
    return found
