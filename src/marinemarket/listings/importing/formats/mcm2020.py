"""Used sailboats and catamarans of December 2020: feet, US dollars, country or US state in one column."""

from __future__ import annotations

import re
from typing import Any

from ....errors import FieldError, Invalid
from ....i18n.texts import gettext as _
from ....text import fold
from ...listing import Money
from ...pricing import read_price
from ...vocabulary.countries import country_code, country_of_part, state_code
from .parsed_row import ParsedRow, Row, check_lengths, number, titled, year_built

COLUMNS = (
    "Make", "Variant", "Length (ft)", "Geographic Region", "Country/Region/State", "Listing Price (USD)", "Year",
)  # fmt: skip

_MULTIHULLS = re.compile(r"catamaran|multi[-_ ]?hull|(?<![a-z])cats?(?![a-z])", re.IGNORECASE)
_MONOHULLS = re.compile(r"mono[-_ ]?hull|(?<![a-z])monos?(?![a-z])", re.IGNORECASE)
# Builders of nothing, or next to nothing, but catamarans under sail.
_MULTIHULL_MAKERS = frozenset({
    "admiral", "alibi", "alliaura", "alliaura marine", "antares", "aventura", "balance", "bali", "belize", "broadblue",
    "broadblue catamarans", "catalac", "catana", "corsair", "dean", "dean catamarans", "dolphin", "dragonfly",
    "edel cat", "endeavour", "endeavourcat", "excess", "fontaine pajot", "fountain pajot", "fountaine pajot",
    "fountaine-pajot", "fusion", "gemini", "gemini catamarans", "gunboat", "hh", "hh catamarans", "island spirit",
    "ita", "ita catamarans", "jaguar", "kinetic", "knysna", "knysna yachts", "lagoon", "lavranos", "leopard",
    "leopard catamarans", "lightwave", "looping", "maine cat", "majestic", "maldives", "manta", "marsaudon",
    "matrix", "mcconaghy", "moorings", "nautitech", "neel", "o yachts", "outremer", "pdq", "performance cruising",
    "privilege", "privilege marine", "prout", "punch", "robertson & caine", "robertson and caine", "royal cape",
    "schionning", "scape", "seawind", "silent", "silent yachts", "soubise", "st francis", "st. francis", "sunreef",
    "sunreef yachts", "tag", "the moorings", "tropic", "ts", "vision", "voyage", "voyage yachts", "windelo", "xquisite",
})  # fmt: skip

# The other two regions add nothing to the country.
_TELLING_REGIONS = ("Caribbean",)


def parse_row(row: Row) -> ParsedRow:
    """The draft of a row. Raises Invalid naming every column that cannot be used."""
    check_lengths(row, COLUMNS)
    errors: list[FieldError] = []
    asked = _asked(row["Listing Price (USD)"], errors)
    location = _location(row["Geographic Region"], row["Country/Region/State"], errors)
    year = length = None
    try:
        year = year_built(row["Year"], "Year")
    except Invalid as unfit:
        errors.extend(unfit.errors)
    try:
        length = number(row["Length (ft)"], "Length (ft)", unit="ft")
    except Invalid as unfit:
        errors.extend(unfit.errors)
    if errors:
        raise Invalid(errors)
    boat_type = "catamaran" if fold(row["Make"]) in _MULTIHULL_MAKERS else "sailboat"
    details = {
        "type": boat_type,
        "manufacturer": row["Make"] or None,
        "model": row["Variant"] or None,
        "year": year,
        "length": length,
    }
    payload: dict[str, Any] = {
        "title": titled(year, row["Make"], row["Variant"] or boat_type),
        "location": location,
        "boatDetails": {name: value for name, value in details.items() if value is not None},
    }
    return ParsedRow(payload, asked, concluded=frozenset({"title", "boatDetails.type"}))


def take_type_from(draft: ParsedRow, source: str) -> None:
    """What the name of a row's file or sheet says of its boats: there is one for each number of hulls."""
    is_multihull = bool(_MULTIHULLS.search(source))
    if is_multihull == bool(_MONOHULLS.search(source)):
        return
    draft.payload["boatDetails"]["type"] = "catamaran" if is_multihull else "sailboat"


def _asked(cell: str, errors: list[FieldError]) -> Money | None:
    try:
        return read_price(cell, currency="USD")
    except ValueError as error:
        errors.append(
            FieldError("Listing Price (USD)", f"{error}: {cell[:40]}" if cell else _("is empty"))
        )
        return None


def _location(region: str, place: str, errors: list[FieldError]) -> dict[str, Any] | None:
    if not place:
        errors.append(FieldError("Country/Region/State", _("is empty")))
        return None
    if region == "USA" and (state := state_code(place, "US")):
        return {"country": "US", "state": state}
    # Occasionally a county is in the country's place: Cork.
    country = country_code(place)
    part_of = country_of_part(place) if country is None else None
    if country is None and part_of is None:
        errors.append(
            FieldError(
                "Country/Region/State",
                _("names no country or US state: %(place)s", place=place[:60]),
            )
        )
        return None
    location = {"country": country or part_of}
    if part_of:
        location["region"] = place
    elif region in _TELLING_REGIONS:
        location["region"] = region
    return location
