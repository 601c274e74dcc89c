"""Chips: each active filter and each recognized part of the query, with a link that removes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ....i18n.numbers import dollars, whole
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....search.filters import Search
from ....search.parsed_query import QueryPart
from ....search.query_builder import NEAR_MILES
from ....search.query_labels import as_typed, label_of, without_parts
from ...presentation.units import UNIT, Unit
from ...query_string import LENGTHS, Pairs, address
from .filters import value_label
from .layouts import VIEW

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
    search: Search, parts: Sequence[QueryPart], pairs: Pairs, unit: Unit, path: str
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
    query: str, parts: Sequence[QueryPart], pairs: Pairs, unit: Unit, path: str
) -> list[Chip]:
    """One for what was read as something else, each; one for all the words that are just words."""
    if not query:
        return []
    telling = [part for part in parts if part.kind != _ORDINARY]
    plain = [part for part in parts if part.kind == _ORDINARY]
    chips = []
    if plain or not telling:
        rest = _with_words(pairs, without_parts(query, plain) if telling else "")
        text = without_parts(query, telling)
        label = text if '"' in text else f"“{text}”"
        chips.append(Chip("q", label, rest, address(path, rest)))
    for part in telling:
        rest = _with_words(pairs, without_parts(query, [part]))
        typed = None
        if part.kind == "corrected":
            typed = address(path, _with_words(pairs, as_typed(query, part)))
        label = label_of(part, query, in_metres=unit is Unit.METRES)
        chips.append(Chip("q", label, rest, address(path, rest), typed, part.kind not in LEFT_OUT))
    return chips


def _with_words(pairs: Pairs, query: str) -> Pairs:
    words = [("q", query)] if query else []
    return [*words, *(pair for pair in pairs if pair[0] != "q")]


_FIGURES = {
    "price_min": mark("from %(value)s"),
    "price_max": mark("up to %(value)s"),
    "year_min": mark("%(value)s or newer"),
    "year_max": mark("%(value)s or older"),
    "length_min": mark("from %(value)s"),
    "length_max": mark("up to %(value)s"),
    "beam_min": mark("beam from %(value)s"),
    "beam_max": mark("beam up to %(value)s"),
    "draft_min": mark("draft from %(value)s"),
    "draft_max": mark("draft up to %(value)s"),
    "air_draft_min": mark("air draft from %(value)s"),
    "air_draft_max": mark("air draft up to %(value)s"),
    "hours_min": mark("from %(value)s engine hours"),
    "hours_max": mark("up to %(value)s engine hours"),
    "cabins_min": mark("%(value)s cabins or more"),
    "cabins_max": mark("up to %(value)s cabins"),
    "berths_min": mark("%(value)s berths or more"),
    "berths_max": mark("up to %(value)s berths"),
    "days_listed_min": mark("listed at least %(value)s days ago"),
    "days_listed_max": mark("listed in the last %(value)s days"),
    "price_dropped": mark("price lowered"),
    "hide_under_offer": mark("not under offer"),
    "box": mark("in the area shown on the map"),
    "polygon": mark("in the area you drew"),
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
        value = whole(int(value))
    return _(_FIGURES[name]) % {"value": value}


def _place_label(search: Search, text: str) -> str:
    place = search.location
    if place.near is None and place.radius is None:
        return _("distance from %(place)s") % {"place": text}
    miles = place.radius or Decimal(NEAR_MILES)
    return _("within %(miles)s miles of %(place)s") % {"miles": f"{miles:f}", "place": text}
