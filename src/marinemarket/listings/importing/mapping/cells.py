"""Cells of a broker's file read as what their column holds.

Each reader returns None for a cell that says nothing, and raises ValueError with words that say what
to write instead.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ....clock import now_ms, year_of
from ....figures.currencies import codes
from ....figures.hours import read_hours
from ....figures.lengths import read_feet
from ....figures.numbers import read_number, read_whole
from ....figures.power import read_horsepower
from ....figures.weights import read_pounds
from ....figures.writing import Writing
from ....i18n.texts import gettext as _
from ...boat_details import FIRST_YEAR
from ...vocabulary.boat_types import BOAT_TYPES, boat_type_of
from .vocabulary import is_unknown, means, unit_named, value_of

_NOTHING = re.compile(r"0+(?:[.,]0+)?")
_YEAR = re.compile(r"(?<!\d)((?:18|19|20)\d\d)(?!\d)")
_ONLY_YEAR = re.compile(r"((?:18|19|20)\d\d)(?:[.,]0+)?(?: ?[/-] ?\d{2,4})?")
_LONGEST_YEAR = 40
_SEVERAL = re.compile(r"(?P<count>\d{1,2})\s*[x×*X]\s*(?P<each>.+)", re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s|;\"'<>\\]+?(?=,\s*https?://|[\s|;\"'<>\\]|$)", re.IGNORECASE)
_MARKS = re.compile(r"[\n\r|;•·●▪◦‣*✓✔]+|\s-\s|\s{3,}")
_DEGREES = re.compile(
    r"(?P<sign>[-+−]?)\s*(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*[°º]?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['’′]\s*)?(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”″]|'')\s*)?"
    r"(?P<side>[NSEWO])?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?P<side>[NSEWO])\s*(?P<rest>[\d.].*)", re.IGNORECASE)


class Several(NamedTuple):
    """How many, of what each is: of ``2 x 300 hp``."""

    many: int
    each: str


def is_nothing(cell: str) -> bool:
    """Does a cell with a figure say nothing? So does 0, which programs write where none is known."""
    return is_unknown(cell) or bool(_NOTHING.fullmatch(cell))


def feet(cell: str, unit: str, written: Writing) -> Decimal | None:
    """A length in feet; `unit` is that of a bare number."""
    if is_nothing(cell):
        return None
    return read_feet(cell, unit=unit, written=written)


def dimensions(cell: str, unit: str, written: Writing) -> list[Decimal]:
    """Length, beam and perhaps draft in feet, of ``12,50 x 3,90 x 1,20 m``."""
    parts = [part.strip() for part in re.split(r"\s*[x×*X]\s*", cell) if part.strip()]
    if not 2 <= len(parts) <= 4:
        raise ValueError(_("write length x beam x draft, such as 9.75 x 3.20 x 1.60 m"))
    last = re.search(r"[^\W\d]+\.?$", parts[-1])
    # A unit at the end is that of all.
    named = unit_named(last[0]) if last else None
    unit = named if named in ("ft", "m", "cm", "mm") else unit
    return [read_feet(part, unit=unit, written=written) for part in parts[:3]]


def pounds(cell: str, unit: str, written: Writing) -> int | None:
    """A weight in pounds; `unit` is that of a bare number."""
    return None if is_nothing(cell) else read_pounds(cell, unit=unit, written=written)


def horsepower(cell: str, unit: str, written: Writing) -> Decimal | None:
    """A power in horsepower; `unit` is that of a bare number."""
    return None if is_nothing(cell) else read_horsepower(cell, unit=unit, written=written)


def hours(cell: str, written: Writing) -> list[int]:
    """The hours of each engine: one, or two of ``1200 / 1250``."""
    if is_unknown(cell):
        return []
    try:
        return [read_hours(cell, written=written)]
    except ValueError:
        parts = re.split(r"\s*(?:/|&|\+|\band\b|\bund\b|\bet\b)\s*", cell)
        if not 1 < len(parts) <= 4:
            raise
        return [read_hours(part, written=written) for part in parts]


def whole(cell: str, written: Writing) -> int | None:
    """A count: ``3``, ``3.0``, ``3 + 1`` (of guests and crew), ``4/6`` (the more)."""
    if is_unknown(cell):
        return None
    try:
        return read_whole(cell, written=written)
    except ValueError:
        parts = [int(part) for part in re.findall(r"\d{1,2}", cell)]
        if re.fullmatch(r"\d{1,2}\s*\+\s*\d{1,2}(\s*\+\s*\d{1,2})?", cell):
            return sum(parts)
        if re.fullmatch(r"\d{1,2}\s*(?:[/–-]|or|oder|ou|to|bis)\s*\d{1,2}", cell):
            return max(parts)
        if len(parts) == 1 and re.fullmatch(r"[^\d]*\d{1,2}[^\d.,]*", cell):
            return parts[0]
        raise


def year(cell: str) -> int | None:
    """A year of build: ``1998``, ``1998.0``, ``1998/99``, ``05/1998``, ``ca. 1998``, a date."""
    if is_nothing(cell):
        return None
    text = cell.strip()
    found = _YEAR.findall(text)
    if (
        len(text) <= _LONGEST_YEAR
        and found
        and (len(set(found)) == 1 or _ONLY_YEAR.fullmatch(text))
    ):
        return int(found[0])
    raise ValueError(_("is no year: write its four digits, such as 1998"))


def is_plausible_year(found: int | None) -> bool:
    """May a boat have been built in this year?"""
    return found is not None and FIRST_YEAR <= found <= year_of(now_ms()) + 1


def yes_or_no(cell: str) -> bool | None:
    """Whether a cell says yes."""
    if means("yes", cell):
        return True
    if not cell or means("no", cell) or is_unknown(cell):
        return False
    raise ValueError(_("says neither yes nor no: write yes or no"))


def parted(cell: str) -> list[str]:
    """A cell and its parts: ``Used - Excellent`` says two things."""
    parts = [part.strip(" )") for part in re.split(r"\s+[-–]\s+|[/,;(:|+&]", cell)]
    return [cell, *(part for part in parts if part and part != cell)]


def boat_type(cell: str) -> str | None:
    """The name of a boat type, in any language of the table; None if it names none that is known."""
    if found := boat_type_of(cell) or value_of("type", cell):
        return found
    parts = [part.strip() for part in re.split(r"[,/;|>»:–-]|\(|\)", cell) if part.strip()]
    named = [
        found for part in reversed(parts) if (found := boat_type_of(part) or value_of("type", part))
    ]
    return named[0] if named else None


def type_names() -> list[tuple[str, str]]:
    """The names of all boat types with their labels."""
    return [(one.name, _(one.label)) for one in BOAT_TYPES]


def currency(cell: str) -> str | None:
    """The currency that a cell names; a dollar or a crown of no country is ``$`` or ``kr``."""
    if is_unknown(cell):
        return None
    found = unit_named(cell)
    if found is not None and (len(found) == 3 or found in ("$", "kr")):
        return found
    if cell.upper() in codes():
        return cell.upper()
    raise ValueError(_("is no currency: write its three letters, such as EUR"))


def length_unit(cell: str) -> str | None:
    """The unit of lengths that a cell names."""
    if is_unknown(cell):
        return None
    if (found := unit_named(cell)) in ("ft", "in", "m", "cm", "mm"):
        return found
    if re.match(r"imperial|us|english", cell, re.IGNORECASE):
        return "ft"
    if re.match(r"metri", cell, re.IGNORECASE):
        return "m"
    raise ValueError(_("is no unit of length: write ft or m"))


def several(cell: str) -> Several:
    """How many, and of what: ``2 x Volvo Penta D4`` are two; anything else is one."""
    found = _SEVERAL.fullmatch(cell.strip())
    if found and 1 <= int(found["count"]) <= 12:
        return Several(int(found["count"]), found["each"].strip())
    return Several(1, cell)


def addresses(cell: str) -> list[str]:
    """The addresses in a cell, however they are separated."""
    return [one.rstrip(",.") for one in _ADDRESS.findall(cell)]


def listed(cell: str) -> list[str]:
    """The things that a cell lists: by line, bar, semicolon or bullet, or else by comma."""
    parts = [part.strip(" -–\t,") for part in _MARKS.split(cell)]
    parts = [part for part in parts if part]
    if len(parts) == 1 and cell.count(",") > 1:
        by_comma = [part.strip() for part in cell.split(",") if part.strip()]
        if all(len(part) <= 60 for part in by_comma):
            return by_comma
    return parts


def degrees(cell: str, sides: str) -> Decimal | None:
    """A latitude (`sides` ``NS``) or longitude (``EW``) in degrees: ``43.55``, ``43°33'N``, ``7,01``."""
    if is_unknown(cell):
        return None
    text = cell.strip()
    if led := _BEFORE.fullmatch(text):
        text = f"{led['rest']} {led['side']}"
    found = _DEGREES.fullmatch(text.replace("−", "-"))
    if found is None:
        raise ValueError(_("is no position: write degrees, such as 43.55"))
    parts = [
        Decimal((found[name] or "0").replace(",", "."))
        for name in ("degrees", "minutes", "seconds")
    ]
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    side = (found["side"] or "").upper().replace("O", "W")
    if (side and side not in sides) or value > (90 if sides == "NS" else 180):
        raise ValueError(_("is no position: write degrees, such as 43.55"))
    return round(-value if found["sign"] == "-" or side in ("S", "W") else value, 5)


def position(cell: str) -> tuple[Decimal, Decimal] | None:
    """A latitude and a longitude in one cell: ``43.55, 7.01``."""
    if is_unknown(cell):
        return None
    for separator in (r"\s*[;|]\s*", r",\s+", r"\s*,\s*(?=[-\d])", r"\s+(?=[-\dEWO])"):
        parts = re.split(separator, cell.strip(" ()[]"))
        if len(parts) == 2:
            lat, lon = degrees(parts[0], "NS"), degrees(parts[1], "EW")
            if lat is not None and lon is not None:
                return lat, lon
    raise ValueError(_("is no position: write degrees, such as 43.55, 7.01"))


def number(cell: str, written: Writing) -> Decimal | None:
    """A bare number, for judging a column."""
    try:
        return read_number(cell, written=written)
    except ValueError:
        return None
