"""What a file leaves unsaid: the units of its figures, the currency, the country, the type of its boats.

A guess is made where habit allows one, and is always a question to whoever sends the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from ....figures.currencies import currency_in, currency_of_shared
from ....figures.writing import IN_FILE
from ...vocabulary.countries import state_code
from . import cells
from .column_headers import Header
from .evidence import with_currency, with_units
from .fields import LENGTH_UNITS, POWER_UNITS, WEIGHT_UNITS
from .mapping import Mapping, WithoutPrice
from .places import country_code, read_place
from .vocabulary import is_unknown

_LENGTHS = ("loa", "length", "beam", "draft", "airDraft", "dimensions")
_MOSTLY = 0.8
_COUNTRY_OF = {"de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "sv": "SE", "da": "DK", "nb": "NO",
               "fi": "FI", "pl": "PL", "pt": "PT", "hr": "HR", "el": "GR", "tr": "TR"}  # fmt: skip
_METRIC_HORSES = "PS"
_LONGEST_IN_METRES = 200
_METRIC = ("m", "cm", "mm")
_FEET_IN_A_METRE = Decimal("3.28084")
_NARROWEST, _WIDEST = Decimal("0.17"), Decimal("0.75")
"""Of a boat's length: how wide boats are."""


class Told(NamedTuple):
    """A column, its field, its header taken apart and some of its values."""

    column: str
    field: str
    header: Header
    values: Sequence[str]


def completed(
    columns: Sequence[Told], language: str
) -> tuple[dict[str, str], Mapping, tuple[str, ...]]:
    """The unit of each column, a mapping without columns of what holds for all rows, and what to ask."""
    questions: list[str] = []
    units: dict[str, str] = {}
    length_unit = _length_unit(columns, language, units, questions)
    country, countries = _country(columns, language, questions)
    currency = _currency(columns, country, countries, language, length_unit, units, questions)
    _weights(columns, length_unit, units)
    _powers(columns, language, units)
    boat_type = _type(columns, questions)
    without = _without_price(columns, questions)
    if not any(one.field in ("title", "maker", "model", "makerModel") for one in columns):
        questions.append("title")
    mapping = Mapping(
        country=country if "country" in questions or country == "US" else None,
        currency=currency, type=boat_type, length_unit=length_unit, without_price=without,
    )  # fmt: skip
    return units, mapping, tuple(questions)


def _length_unit(
    columns: Sequence[Told], language: str, units: dict[str, str], questions: list[str]
) -> str | None:
    """The unit of lengths that name none, and `units` of those that do."""
    lengths = [one for one in columns if one.field in _LENGTHS]
    named = {one.column: one.header.unit for one in lengths if one.header.unit in LENGTH_UNITS}
    units |= {column: unit for column, unit in named.items() if unit}
    open_ones = [
        one for one in lengths
        if one.column not in named and one.values and with_units(one.values) < _MOSTLY
    ]  # fmt: skip
    if not open_ones:
        return None
    if any(one.field == "lengthUnit" for one in columns):
        return "m" if language != "en" else "ft"
    if named:
        unit = "m" if next(iter(named.values())) in _METRIC else "ft"
        for one in open_ones:
            if one.field == "beam" and not _is_in(unit, one, columns):
                units[one.column] = "ft" if unit == "m" else "m"
        return unit
    if language == "en":
        questions.append("lengthUnit")
        return _likely_unit(open_ones)
    return "cm" if _size(open_ones) > _LONGEST_IN_METRES else "m"


def _is_in(unit: str, beam: Told, columns: Sequence[Told]) -> bool:
    """May the widths be in this unit, beside lengths whose unit is known?"""
    for one in columns:
        if one.field in ("length", "loa") and one.header.unit in ("ft", "m"):
            length, width = _size([one]), _size_of(beam)
            if one.header.unit == "m" and unit == "ft":
                length *= _FEET_IN_A_METRE
            elif one.header.unit == "ft" and unit == "m":
                length /= _FEET_IN_A_METRE
            return not length or _NARROWEST <= width / length <= _WIDEST
    return True


def _size(columns: Sequence[Told]) -> Decimal:
    lengths = [one for one in columns if one.field in ("length", "loa")] or list(columns)
    return _size_of(*lengths)


def _size_of(*columns: Told) -> Decimal:
    figures = [
        figure for one in columns for cell in one.values if (figure := cells.number(cell, IN_FILE))
    ]
    return Decimal(median(figures)) if figures else Decimal(0)


def _likely_unit(columns: Sequence[Told]) -> str:
    """Boats of 10 to 20 are told in metres with decimals, and in feet mostly without."""
    lengths = [one for one in columns if one.field in ("length", "loa")] or list(columns)
    figures = [
        figure for one in lengths for cell in one.values if (figure := cells.number(cell, IN_FILE))
    ]
    if not figures:
        return "ft"
    broken = sum(figure != figure.to_integral_value() for figure in figures) / len(figures)
    return "m" if median(figures) < 18 and broken > 0.3 else "ft"


def _country(
    columns: Sequence[Told], language: str, questions: list[str]
) -> tuple[str | None, set[str]]:
    """A guess at the one country of all boats, and the countries that the file names."""
    found: set[str] = set()
    is_open = True
    for one in columns:
        if one.field in ("country", "place", "state", "city"):
            named = [_country_of(one.field, cell) for cell in one.values]
            found |= {code for code in named if code}
            if one.field != "city" and named and all(named):
                is_open = False
    if any(one.field == "country" for one in columns) and found:
        is_open = False
    if is_open:
        questions.append("country")
    elif any(_is_american(cell) for one in columns if one.field == "place" for cell in one.values):
        # So that the letters of states are not taken for those of countries: DE, ME, PA.
        return "US", found
    only = next(iter(found)) if len(found) == 1 else None
    return only or (_COUNTRY_OF.get(language) if not found else None), found


def _is_american(place: str) -> bool:
    """Does a place end in the letters of a state that no country has?"""
    last = re.split(r"[,\s]+", re.sub(r"\s+\d{5}(-\d{4})?$", "", place))[-1]
    return (
        len(last) == 2
        and last.isupper()
        and not country_code(last)
        and bool(state_code(last, "US"))
    )


def _country_of(field: str, cell: str) -> str | None:
    if is_unknown(cell):
        return None
    if field == "country":
        return country_code(cell)
    return read_place(cell).get("country") if field != "city" else None


def _currency(
    columns: Sequence[Told], country: str | None, countries: set[str], language: str,
    length_unit: str | None, units: dict[str, str], questions: list[str],
) -> str | None:  # fmt: skip
    prices = [one for one in columns if one.field == "price"]
    for one in prices:
        if one.header.unit and len(one.header.unit) == 3 and one.header.unit.isupper():
            units[one.column] = one.header.unit
        elif one.header.unit in ("$", "kr") and len(countries) == 1:
            sign, (where,) = one.header.unit.upper(), countries
            if meant := currency_of_shared(sign, where):
                units[one.column] = meant
    open_ones = [one for one in prices if one.column not in units and with_currency(one.values) < 1]
    if not open_ones or any(one.field == "currency" for one in columns):
        return None
    questions.append("currency")
    named = countries or ({country} if country else set())
    tenders = {tender for code in named if (tender := currency_in(code))}
    if len(tenders) == 1:
        return tenders.pop()
    if any(one.header.unit == "$" for one in open_ones):
        return "USD"
    feet = length_unit == "ft" or "ft" in units.values()
    return "USD" if language == "en" and feet else "EUR" if language != "en" else None


def _weights(columns: Sequence[Told], length_unit: str | None, units: dict[str, str]) -> None:
    is_metric = length_unit != "ft" and not (
        {"ft", "in"} & set(units.values()) and "m" not in units.values()
    )
    for one in columns:
        if one.field != "displacement":
            continue
        if one.header.unit in WEIGHT_UNITS:
            units[one.column] = one.header.unit or ""
            continue
        figures = [figure for cell in one.values if (figure := cells.number(cell, IN_FILE))]
        if is_metric:
            units[one.column] = "t" if figures and median(figures) < 100 else "kg"
        else:
            units[one.column] = "lb"


def _powers(columns: Sequence[Told], language: str, units: dict[str, str]) -> None:
    for one in columns:
        if one.field == "enginePower":
            stated = one.header.unit if one.header.unit in POWER_UNITS else None
            units[one.column] = stated or ("hp" if language == "en" else _METRIC_HORSES)


def _type(columns: Sequence[Told], questions: list[str]) -> str | None:
    if any(one.field == "type" and one.values for one in columns):
        return None
    questions.append("type")
    found = {
        named for one in columns if one.field in ("title", "model", "makerModel")
        for cell in one.values if (named := cells.boat_type(cell))
    }  # fmt: skip
    return found.pop() if len(found) == 1 else None


def _without_price(columns: Sequence[Told], questions: list[str]) -> WithoutPrice:
    prices = [one for one in columns if one.field == "price"]
    if not prices and not any(one.field == "priceOnRequest" for one in columns):
        questions.append("price")
    return WithoutPrice.REFUSED
