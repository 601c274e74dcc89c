"""Chips: each filter that holds and each understood part of the words, with a way to take it off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ...search.asking import NEAR_MILES
from ...search.filters import Search
from ...search.telling import as_typed, told, without
from ...search.understanding import Part
from ..query import LENGTHS, Pairs, address
from ..texts import gettext as _
from ..texts import marked
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


_FIGURES = {
    "price_min": marked("from %(value)s"),
    "price_max": marked("up to %(value)s"),
    "year_min": marked("%(value)s or newer"),
    "year_max": marked("%(value)s or older"),
    "length_min": marked("from %(value)s"),
    "length_max": marked("up to %(value)s"),
    "beam_min": marked("beam from %(value)s"),
    "beam_max": marked("beam up to %(value)s"),
    "draft_min": marked("draft from %(value)s"),
    "draft_max": marked("draft up to %(value)s"),
    "air_draft_min": marked("air draft from %(value)s"),
    "air_draft_max": marked("air draft up to %(value)s"),
    "hours_min": marked("from %(value)s engine hours"),
    "hours_max": marked("up to %(value)s engine hours"),
    "cabins_min": marked("%(value)s cabins or more"),
    "cabins_max": marked("up to %(value)s cabins"),
    "berths_min": marked("%(value)s berths or more"),
    "berths_max": marked("up to %(value)s berths"),
    "days_listed_min": marked("listed %(value)s days or more"),
    "days_listed_max": marked("listed %(value)s days at most"),
    "price_dropped": marked("price lowered"),
    "box": marked("within an area of the map"),
    "polygon": marked("within the area you drew"),
}


def _label(search: Search, name: str, value: str, unit: Unit) -> str:
    if name == "near":
        return _place_label(search, value)
    if name not in _FIGURES:
        return value_label(name, value)
    if name == "price_min":
        value = dollars(search.price_range.min or 0)
    elif name == "price_max":
        value = dollars(search.price_range.max or 0)
    elif name.rpartition("_")[0] in LENGTHS:
        value = f"{value} {unit}"
    elif name in ("hours_min", "hours_max"):
        value = f"{int(value):,}"
    return _(_FIGURES[name]) % {"value": value}


def _place_label(search: Search, said: str) -> str:
    place = search.location
    if place.near is None and place.radius is None:
        return _("distances from %(place)s") % {"place": said}
    miles = place.radius or Decimal(NEAR_MILES)
    return _("within %(miles)s miles of %(place)s") % {"miles": f"{miles:f}", "place": said}
