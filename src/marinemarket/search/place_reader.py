"""Reads places in a query: what follows "in" and "near", and countries and states on their own."""

from __future__ import annotations

import re

from ..listings.vocabulary.countries import country_code, country_code_abroad, state_code
from ..text import fold
from .bound_labels import STATE_COUNTRIES, area_label, region_label
from .gazetteer import Spot, find_spot, spots_of_code
from .geography import UNIT, Circle
from .parsed_query import ParsedQuery, QueryPart
from .postal_codes import has_digit

# Filler words, which apply to every boat here.
SAYS_NOTHING = frozenset({
    "a", "an", "the", "and", "or", "of", "for", "sale", "with", "to", "in", "on", "at", "by", "i", "we", "want",
    "looking", "buy", "boat", "boats", "near", "my", "is", "are", "under", "over", "please", "fits", "fit",
    "that", "this",
})  # fmt: skip
# Places whose names are also names of boats or people: only "in" or "near" makes them places.
_ALSO_NAMES = frozenset(
    {"jersey", "georgia", "victoria", "nelson", "jordan", "chad", "cuba", "niger"}
)
_LONGEST_PLACE = 5
_NEAR_MILES = 100.0
"""The radius of "near", unless the place itself is larger."""
_WITHIN_MILES = 30.0
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_WHERE = re.compile(
    r"\b(in|near|around|close to|within (\d{1,4}) ?(mi(?:les?)?|km|nm) (?:of|from))\s+(?:the\s+)?",
    re.IGNORECASE,
)
_DIGITS_OF_A_YEAR = 4
_SHORTEST_CODE = 5
_MILES_IN = {"km": 0.621371, "nm": 1.150779}


def blanked(text: str, start: int, end: int) -> str:
    """The text with some characters blanked out; the others keep their positions."""
    return text[:start] + " " * (end - start) + text[end:]


def read_places(text: str, found: ParsedQuery) -> str:
    for where in _WHERE.finditer(text):
        if '"' in text[: where.start()] and text[: where.start()].count('"') % 2:
            continue
        words = list(_WORD.finditer(text, where.end()))[:_LONGEST_PLACE]
        for count in range(len(words), 0, -1):
            name = text[where.end() : words[count - 1].end()]
            if set(name) & set('"') or not _read_place(name, where, words[count - 1].end(), found):
                continue
            return read_places(blanked(text, where.start(), words[count - 1].end()), found)
    return _read_bare_place(_read_bare_code(text, found), found)


def _read_place(name: str, where: re.Match[str], end: int, found: ParsedQuery) -> bool:
    """Read the name after "in" or "near" as a place, if it is one."""
    if fold(name) in SAYS_NOTHING or len(name) < 2:
        return False
    is_wide = where[1].lower() != "in"
    spot = find_spot(name)
    if not is_wide and name.isdigit() and len(name) == _DIGITS_OF_A_YEAR:
        return False  # refitted in 1998
    if _read_region(name, found, may_be_code=True):
        label = region_label(name)
    elif spot is not None and found.area is None:
        miles = max(spot.radius_miles, _NEAR_MILES if is_wide else _WITHIN_MILES)
        if where[2]:
            miles = max(1.0, float(where[2]) * _MILES_IN.get(where[3].lower(), 1.0))
        found.area = Circle(point_of(spot), miles)
        # A code alone does not tell of which country it is.
        label = area_label(miles, spot.label if has_digit(spot.name) else spot.name)
    else:
        return False
    found.parts.append(QueryPart(where.start(), end, "place", label))
    return True


def _read_bare_code(text: str, found: ParsedQuery) -> str:
    """A postal code on its own. Shorter ones are names of boats, and round figures are prices."""
    code = text.strip()
    if found.area or len(code) < _SHORTEST_CODE or not has_digit(code) or code.endswith("00"):
        return text
    if (spot := next(spots_of_code(code), None)) is None:
        return text
    found.area = Circle(point_of(spot), _NEAR_MILES)
    start = text.index(code)
    label = area_label(_NEAR_MILES, spot.label)
    found.parts.append(QueryPart(start, start + len(code), "place", label))
    return blanked(text, start, start + len(code))


def point_of(spot: Spot) -> tuple[int, int]:
    return round(spot.lat * UNIT), round(spot.lon * UNIT)


def _read_region(name: str, found: ParsedQuery, *, may_be_code: bool) -> bool:
    """A country or state by name, or by its abbreviation if the words around it suggest one."""
    if len(name) <= 3 and not may_be_code:
        return False
    for country in STATE_COUNTRIES:
        if code := state_code(name, country):
            found.places.append(fold(f"{country}-{code}"))
            return True
    code_of = country_code_abroad if may_be_code else country_code
    if found.country is None and (code := code_of(name)):
        found.country = code
        return True
    return False


def _read_bare_place(text: str, found: ParsedQuery) -> str:
    """A country or state on its own, spelled out: ``Bavaria 38 Croatia``."""
    words = list(_WORD.finditer(text))
    for count in range(min(3, len(words)), 0, -1):
        for first in range(len(words) - count, -1, -1):
            start, end = words[first].start(), words[first + count - 1].end()
            name = text[start:end]
            quotes = text[:start].count('"') % 2
            if (
                quotes
                or len(name) < 4
                or fold(name) in _ALSO_NAMES
                or (name.isupper() and len(name) < 4)
            ):
                continue
            if _read_region(name, found, may_be_code=False):
                found.parts.append(QueryPart(start, end, "place", region_label(name)))
                return blanked(text, start, end)
    return text
