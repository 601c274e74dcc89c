"""A European portal's export: metres, many currencies, and the place in one cell.

Missing or absurd values: a year or size of 0 is unknown, so absent. A beam that no boat of that
length has is omitted, and counted. A length that no boat has refuses the row, since everything else
depends on it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ....errors import FieldError, Invalid
from ....i18n.texts import gettext as _
from ....measures import METRES_PER_FOOT
from ....text import fold
from ...boat_details import Fuel, HullMaterial, Usage
from ...listing import Money
from ...pricing import read_price
from ...vocabulary.boat_types import BY_NAME, OTHER, boat_type_of
from ...vocabulary.countries import STATES_REQUIRED_IN, country_code, state_code
from ...vocabulary.manufacturers import maker_name
from .parsed_row import (
    ParsedRow,
    Row,
    check_lengths,
    number,
    plausible,
    titled,
    year_built,
)

COLUMNS = (
    "Price", "Boat Type", "Manufacturer", "Type", "Year Built", "Length", "Width", "Material", "Location",
)  # fmt: skip

_FUELS = {
    "diesel": Fuel.DIESEL,
    "unleaded": Fuel.GASOLINE,
    "petrol": Fuel.GASOLINE,
    "electric": Fuel.ELECTRIC,
    "gas": Fuel.LPG,
    "propane": Fuel.LPG,
    "hybrid": Fuel.HYBRID,
}
_USAGES = {
    "used boat": Usage.USED,
    "new boat from stock": Usage.NEW,
    "new boat on order": Usage.ON_ORDER,
    "display model": Usage.DEMONSTRATOR,
}
_MATERIALS = {
    "grp": HullMaterial.FIBERGLASS,
    "pvc": HullMaterial.PVC,
    "steel": HullMaterial.STEEL,
    "wood": HullMaterial.WOOD,
    "aluminium": HullMaterial.ALUMINUM,
    "plastic": HullMaterial.PLASTIC,
    "thermoplastic": HullMaterial.PLASTIC,
    "carbon fiber": HullMaterial.CARBON,
    "hypalon": HullMaterial.HYPALON,
    "reinforced concrete": HullMaterial.FERROCEMENT,
}
# What sellers enter instead of a place; useless to a reader.
_NO_PLACE = re.compile(r"\W*(\d{0,3}|onbekend|unknown|unbekannt|auf anfrage.*|on request)\W*", re.I)


# Includes Dutch ones, which end in letters: ``8601 AB Sneek``.
_POST_CODE = re.compile(r"\s*(?:[A-Z]{1,2}-)?(?P<code>\d{4,5}(?:\s[A-Z]{2}(?=\s|$))?)(?:\s+|$)")


def parse_row(row: Row) -> ParsedRow:
    """The draft of a row. Raises Invalid naming every column that cannot be used."""
    check_lengths(row, COLUMNS)
    errors: list[FieldError] = []
    location = _location(row["Location"], errors)
    asked = _asked(row["Price"], location, errors)
    year = _year(row["Year Built"], errors)
    length, beam, left_out = _sizes(row, errors)
    if errors or asked is None:
        raise Invalid(errors)
    boat_type = boat_type_of(row["Boat Type"]) or OTHER
    maker = maker_name(row["Manufacturer"])
    usage, fuel = _usage_and_fuel(row["Type"])
    length_text = f"{length.quantize(Decimal(1))} ft" if length else None
    details = {
        "type": row["Boat Type"] or OTHER,
        "manufacturer": row["Manufacturer"] or None,
        "year": year,
        "length": length,
        "beam": beam,
        "hullMaterial": _material(row["Material"]),
        "fuel": fuel,
        "usage": usage,
    }
    label = BY_NAME[boat_type].label
    payload = {
        "title": titled(year, maker, label if not maker else label.lower(), length_text and f"– {length_text}"),
        "location": location,
        "boatDetails": {name: value for name, value in details.items() if value is not None},
    }  # fmt: skip
    return ParsedRow(payload, asked, left_out=left_out, concluded=frozenset({"title"}))


def _asked(cell: str, location: dict[str, Any] | None, errors: list[FieldError]) -> Money | None:
    try:
        return read_price(cell, country=(location or {}).get("country"))
    except ValueError as error:
        errors.append(FieldError("Price", f"{error}: {cell[:40]}" if cell else _("is empty")))
        return None


def _year(cell: str, errors: list[FieldError]) -> int | None:
    try:
        return year_built(cell, "Year Built")
    except Invalid as unfit:
        errors.extend(unfit.errors)
        return None


def _sizes(row: Row, errors: list[FieldError]) -> tuple[Decimal | None, Decimal | None, list[str]]:
    """Length and beam in feet, and the names of figures omitted as absurd."""
    metres: dict[str, Decimal | None] = {"Length": None, "Width": None}
    for column in metres:
        try:
            metres[column] = number(row[column], column, unit="m")
        except Invalid as unfit:
            errors.extend(unfit.errors)
    length, width = metres["Length"], metres["Width"]
    if not plausible(length, "1.53", Decimal(198)):
        errors.append(
            FieldError(
                "Length", _("of %(length)s m is no boat's; from 1.53 to 198 m are", length=length)
            )
        )
    left_out = []
    if not plausible(width, "0.5", min((length or Decimal(60)) * Decimal("0.85"), Decimal(45))):
        left_out.append(f"Width of {width} m")
        width = None
    return _feet(length), _feet(width), left_out


def _feet(metres: Decimal | None) -> Decimal | None:
    return None if metres is None else (metres / METRES_PER_FOOT).quantize(Decimal("0.01"))


def _usage_and_fuel(cell: str) -> tuple[str | None, str | None]:
    words = [fold(part).strip() for part in cell.split(",")]
    usage = next((_USAGES[word] for word in words if word in _USAGES), None)
    fuel = next((_FUELS[word] for word in words if word in _FUELS), None)
    return usage, fuel


def _material(cell: str) -> str | None:
    return _MATERIALS.get(fold(cell), HullMaterial.OTHER) if cell else None


# -- Places: ``Country » Lake or region » Town``, all but the first often missing or useless -------


def _location(cell: str, errors: list[FieldError]) -> dict[str, Any] | None:
    parts = [part.strip() for part in re.split(r"»|\n", cell) if part.strip()]
    country, parts = _country(parts) if parts else (None, parts)
    if country is None:
        message = _("names no country: %(cell)s", cell=cell[:60]) if cell else _("is empty")
        errors.append(FieldError("Location", message))
        return None
    state, parts = _state(parts, country)
    places = [place for part in parts[:2] if (place := _place(part, country))]
    location: dict[str, Any] = {"country": country}
    if state:
        location["state"] = state
    if code := next((found["code"] for part in parts if (found := _POST_CODE.match(part))), None):
        location["zipCode"] = code
    if len(places) == 2 and fold(places[0]) != fold(places[1]):
        location |= {"region": places[0], "city": places[1]}
    elif places and len(parts) == 1 and (state or _is_a_town(parts[0])):
        location["city"] = places[0]
    elif places:
        location["region"] = places[0]
    return location


def _country(parts: list[str]) -> tuple[str | None, list[str]]:
    """The country that the first part names, and the remaining parts.

    It may stand beside a town: ``België, Zulte`` or ``Kroatien Krk``. A short word beside a town is not
    taken for a country: Portland, ME is not in Montenegro, and Mali Lošinj not in Mali.
    """
    first, rest = parts[0], parts[1:]
    if code := country_code(first):
        return code, rest
    pieces = [piece.strip() for piece in first.split(",")]
    for piece in pieces:
        if len(piece) > 3 and (code := country_code(piece)):
            town = ", ".join(other for other in pieces if other != piece)
            return code, [f"{town}, {piece}", *rest] if town else rest
    word, _, town = first.partition(" ")
    if len(word) > 4 and (code := country_code(word)):
        return code, [town, *rest]
    return None, rest


def _state(parts: list[str], country: str) -> tuple[str | None, list[str]]:
    """The state, if the country's addresses need one, and the parts without it."""
    if country not in STATES_REQUIRED_IN:
        return None, parts
    for position, part in enumerate(parts):
        pieces = [piece.strip() for piece in part.split(",")]
        for piece in reversed(pieces):
            if code := state_code(piece, country):
                town = ", ".join(other for other in pieces if other != piece)
                return code, [*parts[:position], *([town] if town else []), *parts[position + 1 :]]
    return None, parts


def _is_a_town(part: str) -> bool:
    """Towns are repeated, or followed by the country: ``antibes, antibes``."""
    first, comma, last = part.rpartition(",")
    return bool(comma) and (fold(first.strip()) == fold(last.strip()) or bool(_country_after(last)))


def _place(part: str, country: str) -> str | None:
    """A region or town without its post code, repetition and country; None if nothing is left."""
    first, comma, last = part.rpartition(",")
    if comma and (fold(first.strip()) == fold(last.strip()) or _country_after(last)):
        part = first
    part = _POST_CODE.sub("", part, count=1).strip(" ,-–")
    if _NO_PLACE.fullmatch(part) or country_code(part) == country:
        return None
    return part.title() if part.isupper() or part.islower() else part


def _country_after(text: str) -> str | None:
    return country_code(text.strip())
