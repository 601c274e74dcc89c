"""Where the boat of a row lies, from one column or several."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ....errors import FieldError
from ....i18n.texts import gettext as _
from ...vocabulary.countries import STATES_REQUIRED_IN, country_of_part, state_code
from . import cells
from .mapping import ColumnRule
from .places import country_code, read_place
from .row_cells import SHOWN, RowCells


def location_of(row: RowCells) -> dict[str, Any]:
    own = row.read("country", _country)
    words = row.text("place")
    default = country_code(row.mapping.country) if row.mapping.country else None
    found: dict[str, Any] = dict(read_place(words, own or default)) if words else {}
    for field, name in (("city", "city"), ("region", "region"), ("zipCode", "zipCode")):
        if (cell := row.text(field)) and not (
            field == "city" and _is_whole_place(row, cell, found, own or default)
        ):
            found[name] = cell[:100]
    country = own or found.get("country") or default
    state = row.text("state")
    if country is None and state:
        country = next(
            (one for one in ("US", "CA", "AU") if state_code(state, one)),
            country_of_part(state),
        )
    if country:
        found["country"] = country
    elif not _errors_in(row, "country"):
        _lacks_a_country(row, words or row.text("city"))
    if state:
        _put_state(row, found, state)
    if coordinates := _coordinates(row):
        found["coordinates"] = coordinates
    return found


def _is_whole_place(row: RowCells, cell: str, found: dict[str, Any], country: str | None) -> bool:
    """Does a column of towns hold more than a town? Then `found` gets all of it."""
    if not re.search(r"[,»|(]|\d{4}", cell):
        return False
    read = read_place(cell, country)
    found |= {
        name: value for name, value in read.items() if name != "country" or country in (None, value)
    }
    return "city" in read


def _put_state(row: RowCells, found: dict[str, Any], state: str) -> None:
    if found.get("country") in STATES_REQUIRED_IN:
        found["state"] = state_code(state, found["country"]) or state
    else:
        found.setdefault("region", state[:100])


def _errors_in(row: RowCells, field: str) -> bool:
    columns = {rule.column for rule in row.mapping.rules_of(field)}
    return any(error.field in columns for error in row.errors)


def _lacks_a_country(row: RowCells, cell: str | None) -> None:
    rules = [
        rule
        for field in ("country", "place", "state", "city")
        for rule in row.mapping.rules_of(field)
    ]
    column = rules[0].column if rules else "country"
    why = _("names no country: add it, or choose one for all rows")
    row.errors.append(FieldError(column, f"“{cell[:SHOWN]}” {why}" if cell else why))


def _coordinates(row: RowCells) -> dict[str, Decimal] | None:
    both = row.read("coordinates", lambda _rule, cell: cells.position(cell))
    lat, lon = both or (
        row.read("latitude", lambda _rule, cell: cells.degrees(cell, "NS")),
        row.read("longitude", lambda _rule, cell: cells.degrees(cell, "EW")),
    )
    # 0, 0 lies in the Gulf of Guinea, and is what programs write for an unknown place.
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None
    return {"lat": lat, "lon": lon}


def _country(_rule: ColumnRule, cell: str) -> str:
    if code := country_code(cell):
        return code
    raise ValueError(_("is no country: write its two letters or its English name"))
