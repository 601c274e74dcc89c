"""What the values of a column say about the field that it may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from ....figures.money import read_amount, read_sum
from ....figures.writing import IN_FILE, Ambiguous
from ...vocabulary.countries import country_of_part, state_code
from ...vocabulary.manufacturers import known_makers, maker_name
from . import cells
from .places import country_code, read_place
from .vocabulary import is_unknown, means, value_of

_HIN = re.compile(
    r"(?:[A-Z]{2}[- ]?)?[A-Z]{3}[A-Z\d]{5}[A-Z\d]\d{3}(?:[A-Z]{2})?|[A-Z]{2}-[A-Z\d]{12}",
    re.IGNORECASE,
)
_POST_CODE = re.compile(r"(?=[^a-z]*\d)[A-Z\d][A-Z\d -]{2,9}")
_FILE = re.compile(r"\S+\.(?:jpe?g|png|webp|heic|gif|avif)(?:\?\S*)?", re.IGNORECASE)
_CODE = re.compile(r"[\w./#-]{1,40}")
_LETTER = re.compile(r"[^\W\d_]")
_MONEY = re.compile(r"[€£$¥₺]|\b(?:eur|usd|gbp|chf|sek|nok|dkk|kr|zł|pln)\b", re.IGNORECASE)
_WITH_UNIT = re.compile(
    r"\d\s*(?:ft|feet|['’′]|m|cm|metres?|meters?|mt)\b|\d\s*['′’]", re.IGNORECASE
)

_Judge = Callable[[str], float]


def fit(field: str, samples: Sequence[str], unit: str | None = None) -> float | None:
    """How well values fit a field, from 0 to 1; None if they say nothing about it.

    `samples` are cells of the column that are not empty, `unit` is that of its header.
    """
    told = [cell for cell in samples if not is_unknown(cell)]
    if not told:
        return None
    if field in _WHOLE_COLUMN:
        return _WHOLE_COLUMN[field](told)
    if field in _LENGTHS:
        judge = _length_judge(*_LENGTHS[field], unit)
        return sum(map(judge, told)) / len(told)
    if field in _CELLS:
        return sum(_CELLS[field](cell) for cell in told) / len(told)
    return None


def with_units(samples: Sequence[str]) -> float:
    """The share of cells that name a unit of length."""
    return _share(samples, lambda cell: bool(_WITH_UNIT.search(cell)))


def with_currency(samples: Sequence[str]) -> float:
    """The share of cells with a figure that also name a currency."""
    told = [cell for cell in samples if any(sign.isdigit() for sign in cell)]
    return _share(told, lambda cell: bool(_MONEY.search(cell)))


def with_makers(samples: Sequence[str]) -> float:
    """The share of cells that begin with the name of a known maker."""
    return _share(samples, _begins_with_a_maker)


def with_countries(samples: Sequence[str]) -> float:
    """The share of cells with a town, and a country or a state behind it."""
    places = [read_place(cell) for cell in samples if len(cell) <= 120]
    return sum("country" in place and "city" in place for place in places) / len(samples)


def _share(cells_: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, cells_)) / len(cells_) if cells_ else 0.0


def _reads(
    read: Callable[[str], Any], is_right: Callable[[Any], bool] = lambda _value: True
) -> _Judge:
    def judge(cell: str) -> float:
        try:
            return float(bool(is_right(read(cell))))
        except Ambiguous:
            return 0.9
        except (ValueError, ArithmeticError):
            return 0.0

    return judge


def _length_judge(least: Decimal, most: Decimal, unit: str | None) -> _Judge:
    """Of a length, from so many to so many feet."""

    def judge(cell: str) -> float:
        if re.fullmatch(r"-?\d{1,3}[.,]\d{4,}", cell):
            # So exact are positions, and figures that a program converted.
            return 0.0 if cell.startswith("-") else 0.6
        with suppress(ValueError):
            found = cells.feet(cell, unit or "ft", IN_FILE)
            return float(found is None or least <= found <= most)
        return 0.0

    return judge


def _price(cell: str) -> float:
    if means("priceOnRequest", cell) or means("underOffer", cell) or means("sold", cell):
        return 1.0
    if any(sign.isdigit() for sign in cell):
        with suppress(ValueError):
            amount = read_sum(cell, currency="EUR", written=IN_FILE).amount
            return 1.0 if amount >= 500 or amount == 0 else 0.3
        with suppress(ValueError):
            return 1.0 if read_amount(cell, written=IN_FILE) >= 500 else 0.3
        return 0.7 if _MONEY.search(cell) else 0.0
    return 0.0


def _text(shortest: int, longest: int) -> _Judge:
    return lambda cell: float(shortest <= len(cell) <= longest and bool(_LETTER.search(cell)))


def _description(told: Sequence[str]) -> float:
    average = sum(map(len, told)) / len(told)
    letters = _share(told, lambda cell: bool(_LETTER.search(cell)))
    return letters * (1.0 if average > 60 else 0.75 if average > 15 else 0.35)


def _title(told: Sequence[str]) -> float:
    average = sum(map(len, told)) / len(told)
    spaced = _share(told, lambda cell: " " in cell and bool(_LETTER.search(cell)))
    telling = _share(told, lambda cell: any(map(str.isdigit, cell)) or _begins_with_a_maker(cell))
    return (0.5 * spaced + 0.5 * telling) if 8 <= average <= 140 else 0.2 * spaced


def _begins_with_a_maker(cell: str) -> bool:
    folded = cell.casefold()
    return any(folded.startswith(maker.casefold()) for maker in known_makers())


def _maker(told: Sequence[str]) -> float:
    letters = _share(told, lambda cell: len(cell) <= 60 and bool(_LETTER.search(cell)))
    known = _share(told, lambda cell: maker_name(cell) in known_makers())
    other = max(_share(told, lambda cell: bool(cells.boat_type(cell))), 0.0)
    return max(0.0, min(1.0, 0.75 * letters + 0.5 * known - 0.5 * other))


def _maker_model(told: Sequence[str]) -> float:
    known = _share(told, lambda cell: _begins_with_a_maker(cell) and " " in cell)
    return max(known, 0.8 * _share(told, lambda cell: " " in cell and bool(_LETTER.search(cell))))


def _model(told: Sequence[str]) -> float:
    short = _share(told, lambda cell: len(cell) <= 60)
    typed = _share(told, lambda cell: bool(cells.boat_type(cell)))
    figures = _share(told, lambda cell: any(map(str.isdigit, cell)))
    return max(0.0, short * (0.7 + 0.3 * figures) - 0.7 * typed)


def _reference(told: Sequence[str]) -> float:
    different = len(set(told)) / len(told)
    coded = _share(told, lambda cell: bool(_CODE.fullmatch(cell.replace(" ", ""))))
    spaced = _share(told, lambda cell: cell.count(" ") > 2)
    return max(0.0, different * (0.5 + 0.5 * coded) - 0.5 * spaced)


def _engine(told: Sequence[str]) -> float:
    letters = _share(told, lambda cell: bool(_LETTER.search(cell)))
    bare = _share(
        told, lambda cell: bool(re.fullmatch(r"[\d.,\s]+(?:hp|ps|kw|cv|ch|pk|hk)?", cell, re.I))
    )
    types = _share(told, lambda cell: bool(cells.boat_type(cell)))
    return max(0.0, 0.95 * letters - bare - 0.5 * types)


def _place(told: Sequence[str]) -> float:
    letters = _share(told, lambda cell: bool(_LETTER.search(cell)) and len(cell) <= 200)
    parts = _share(
        told, lambda cell: bool(re.search(r"[,»/|(]|\d{4,}", cell)) or bool(country_code(cell))
    )
    figures = _share(told, lambda cell: bool(re.fullmatch(r"[\d.,;\s°'\"NSEWO-]+", cell)))
    return max(0.0, letters * (0.75 + 0.25 * parts) - figures)


def _town(told: Sequence[str]) -> float:
    letters = _share(told, lambda cell: bool(_LETTER.search(cell)) and len(cell) <= 80)
    parts = _share(told, lambda cell: bool(re.search(r"[,»|]", cell)))
    countries = _share(told, lambda cell: len(cell) > 3 and bool(country_code(cell)))
    figures = _share(told, lambda cell: any(map(str.isdigit, cell)))
    return max(0.0, letters - 0.4 * parts - 0.6 * countries - 0.3 * figures)


def _state(cell: str) -> float:
    if any(state_code(cell, country) for country in ("US", "CA", "AU")):
        return 1.0
    if country_of_part(cell):
        return 0.9
    return 0.2 if _LETTER.search(cell) and len(cell) <= 40 else 0.0


def _latitude(cell: str) -> float:
    return _degrees(cell, "NS", 90)


def _longitude(cell: str) -> float:
    return _degrees(cell, "EW", 180)


def _degrees(cell: str, sides: str, most: int) -> float:
    with suppress(ValueError):
        found = cells.degrees(cell, sides)
        if found is None or abs(found) > most:
            return 0.0
        is_exact = bool(re.search(r"[.,]\d{3,}|[°'NSEWO]|^-", cell))
        return 1.0 if is_exact else 0.55
    return 0.0


def _image(cell: str) -> float:
    return float(bool(cells.addresses(cell)) or bool(_FILE.fullmatch(cell.split(",")[0].strip())))


def _known(*kinds: str) -> _Judge:
    return lambda cell: float(any(means(kind, cell) for kind in kinds))


def _status(cell: str) -> float:
    if (
        means("active", cell)
        or means("sold", cell)
        or means("underOffer", cell)
        or means("inactive", cell)
    ):
        return 1.0
    return 0.9 if means("yes", cell) or means("no", cell) else 0.0


def _condition(cell: str) -> float:
    parts = cells.parted(cell)
    if any(value_of("condition", part) for part in parts):
        return 1.0
    return 0.5 if any(value_of("usage", part) for part in parts) else 0.0


def _engines(cell: str) -> float:
    return float(cell.replace(".0", "").isdigit() and 0 <= float(cell) <= 12)


def _power(cell: str) -> float:
    with suppress(ValueError):
        found = cells.horsepower(cells.several(cell).each, "hp", IN_FILE)
        return float(found is None or 1 <= found <= 20000)
    return 0.0


def _weight(cell: str) -> float:
    return _reads(lambda text: cells.pounds(text, "kg", IN_FILE))(cell)


def _hours(cell: str) -> float:
    return _reads(lambda text: cells.hours(text, IN_FILE))(cell)


def _count(most: int) -> _Judge:
    return _reads(
        lambda cell: cells.whole(cell, IN_FILE), lambda found: found is None or found <= most
    )


_LENGTHS = {
    "length": (Decimal("1.5"), Decimal(700)),
    "loa": (Decimal("1.5"), Decimal(700)),
    "beam": (Decimal("0.4"), Decimal(150)),
    "draft": (Decimal("0.05"), Decimal(60)),
    "airDraft": (Decimal("0.1"), Decimal(400)),
}
"""In feet: what may be a boat's."""

_CELLS: dict[str, _Judge] = {
    "year": _reads(cells.year, lambda found: found is None or cells.is_plausible_year(found)),
    "dimensions": _reads(lambda cell: cells.dimensions(cell, "m", IN_FILE)),
    "displacement": _weight,
    "price": _price,
    "currency": _reads(cells.currency),
    "priceOnRequest": _reads(cells.yes_or_no),
    "underOffer": _reads(cells.yes_or_no),
    "status": _status,
    "type": lambda cell: float(bool(cells.boat_type(cell))),
    "condition": _condition,
    "usage": lambda cell: (
        float(bool(value_of("usage", cell))) or 0.5 * (means("yes", cell) or means("no", cell))
    ),
    "hullMaterial": lambda cell: float(bool(value_of("hullMaterial", cell))),
    "fuel": lambda cell: float(bool(value_of("fuel", cell))),
    "hin": lambda cell: float(bool(_HIN.fullmatch(cell.strip()))),
    "enginePower": _power,
    "engineCount": _engines,
    "engineMaker": _text(2, 60),
    "engineModel": lambda cell: float(len(cell) <= 80),
    "hours": _hours,
    "cabins": _count(60),
    "berths": _count(99),
    "heads": _count(40),
    "country": lambda cell: float(bool(country_code(cell))),
    "state": _state,
    "region": _text(2, 100),
    "zipCode": lambda cell: float(bool(_POST_CODE.fullmatch(cell))),
    "latitude": _latitude,
    "longitude": _longitude,
    "coordinates": _reads(cells.position),
    "features": lambda cell: (
        1.0 if len(cells.listed(cell)) > 1 else 0.7 * bool(_LETTER.search(cell))
    ),
    "images": _image,
    "lengthUnit": _reads(cells.length_unit),
}
"""How well each cell fits a field."""

_WHOLE_COLUMN: dict[str, Callable[[Sequence[str]], float]] = {
    "description": _description,
    "title": _title,
    "maker": _maker,
    "model": _model,
    "makerModel": _maker_model,
    "reference": _reference,
    "engine": _engine,
    "place": _place,
    "city": _town,
}
"""How well a column as a whole fits a field."""
