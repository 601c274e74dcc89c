"""Chips: each filter that holds and each understood part of the words, with a way to take it off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ...search.asking import NEAR_MILES
from ...search.filters import Search
from ...search.telling import as_typed, told, without
from ...search.understanding import Part
from ..query import LENGTHS, Pairs, address
from ..units import UNIT, Unit
from .filters import value_label
from .views import VIEW
from .words import dollars

_ABOUT_A_PLACE = frozenset({"near", "radius"})
_NOT_FILTERS = frozenset({"sort", UNIT, VIEW, "radius"})
LEFT_OUT = ("unknown", "beyond")
"""Kinds of words that narrow nothing: taking them off would give no more boats."""
_ORDINARY = "word"


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that holds. `name` is its field, `rest` the pairs of the search without it.

    `typed` leads to the same search with a corrected word just as it was typed. A chip that does
    not narrow says something about the words, and without it no more boats are found.
    """

    name: str
    label: str
    rest: Pairs
    address: str
    typed: str | None = None
    narrows: bool = True


def chips_of(
    search: Search, parts: tuple[Part, ...], pairs: Pairs, unit: Unit, path: str
) -> list[Chip]:
    """Every chip of a search that has these pairs, the words' first."""
    chips = _chips_of_words(search.query or "", parts, pairs, unit, path)
    for pair in pairs:
        if pair[0] in _NOT_FILTERS or pair[0] == "q":
            continue
        rest = [other for other in pairs if other != pair]
        if pair[0] == "near":
            # Without a place there is no distance from it, either.
            gone = {("sort", "distance")}
            rest = [p for p in rest if p[0] not in _ABOUT_A_PLACE and p not in gone]
        chips.append(Chip(pair[0], _label(search, *pair, unit), rest, address(path, rest)))
    return chips


def _chips_of_words(
    query: str, parts: tuple[Part, ...], pairs: Pairs, unit: Unit, path: str
) -> list[Chip]:
    """One for what was read as something else, each; one for all the words that are just words."""
    if not query:
        return []
    telling = [part for part in parts if part.kind != _ORDINARY]
    plain = [part for part in parts if part.kind == _ORDINARY]
    chips = []
    if plain or not telling:
        rest = _with_words(pairs, without(query, plain) if telling else "")
        said = without(query, telling)
        label = said if '"' in said else f"“{said}”"
        chips.append(Chip("q", label, rest, address(path, rest)))
    for part in telling:
        rest = _with_words(pairs, without(query, [part]))
        typed = None
        if part.kind == "corrected":
            typed = address(path, _with_words(pairs, as_typed(query, part)))
        label = unit.retold(told(part, query))
        chips.append(Chip("q", label, rest, address(path, rest), typed, part.kind not in LEFT_OUT))
    return chips


def _with_words(pairs: Pairs, query: str) -> Pairs:
    words = [("q", query)] if query else []
    return [*words, *(pair for pair in pairs if pair[0] != "q")]


_FIGURES: dict[str, Callable[[str], str]] = {
    "year_min": lambda value: f"{value} or newer",
    "year_max": lambda value: f"{value} or older",
    "hours_min": lambda value: f"from {int(value):,} engine hours",
    "hours_max": lambda value: f"up to {int(value):,} engine hours",
    "cabins_min": lambda value: f"{value} cabins or more",
    "cabins_max": lambda value: f"up to {value} cabins",
    "berths_min": lambda value: f"{value} berths or more",
    "berths_max": lambda value: f"up to {value} berths",
    "days_listed_min": lambda value: f"listed {value} days or more",
    "days_listed_max": lambda value: f"listed {value} days at most",
    "price_dropped": lambda value: "price lowered",
    "box": lambda value: "within an area of the map",
    "polygon": lambda value: "within the area you drew",
}


_NAMES_OF_LENGTHS = {"beam": "beam", "draft": "draft", "air_draft": "air draft"}


def _label(search: Search, name: str, value: str, unit: Unit) -> str:
    if name == "price_min":
        return f"from {dollars(search.price_range.min or 0)}"
    if name == "price_max":
        return f"up to {dollars(search.price_range.max or 0)}"
    field, _, end = name.rpartition("_")
    if field in LENGTHS:
        what = "" if field == "length" else f"{_NAMES_OF_LENGTHS[field]} "
        return f"{what}{'from' if end == 'min' else 'up to'} {value} {unit}"
    if name == "near":
        return _place_label(search, value)
    return _FIGURES[name](value) if name in _FIGURES else value_label(name, value)


def _place_label(search: Search, said: str) -> str:
    place = search.location
    if place.near is None and place.radius is None:
        return f"distances from {said}"
    miles = place.radius or Decimal(NEAR_MILES)
    return f"within {miles:f} miles of {said}"
