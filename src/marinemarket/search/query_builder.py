"""Turns a user's search into a query that every engine understands in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..clock import DAY
from ..text import fold
from .document import OPEN
from .filters import FeetRange, NearPlace, Search, Sort, WholeRange
from .gazetteer import find_spot
from .geography import UNIT, Area, Bounds, Circle, Point, Polygon
from .index import IndexQuery, Span
from .parsed_query import ParsedQuery
from .place_reader import point_of
from .query_parser import narrowed

NEAR_MILES = 100.0
"""The radius around a place when a query gives none."""


def build_query(search: Search, read: ParsedQuery, now: int) -> IndexQuery:
    """A search as the engines take it, at a time (Unix milliseconds); `read` is its parsed query."""
    around = [*_around(search.location), *([read.area] if read.area else [])]
    middle = _middle(search.location) or (read.area.middle if read.area else None)
    return IndexQuery(
        words=tuple(read.words),
        any_of=_any_of(search, read),
        spans=_spans(search, read, now),
        features=tuple(map(fold, search.features)),
        places=(*([fold(search.location.state)] if search.location.state else []), *read.places),
        dropped=search.price_dropped,
        areas=tuple(_areas(search.location)),
        around=tuple(around),
        middle=middle,
        order=_order(search, read),
        limit=search.limit,
        after=search.after,
        scope=search.model_dump_json(exclude={"limit", "after"}),
    )


def _order(search: Search, read: ParsedQuery) -> Sort:
    """The order that applies. With a place and no words, the nearest come first."""
    if search.sort is None and not read.words and (read.area or search.location.near):
        return Sort.DISTANCE
    if search.sort in (None, Sort.RELEVANCE):
        return Sort.RELEVANCE if read.words else Sort.NEWEST
    return search.sort or Sort.NEWEST


def _any_of(search: Search, read: ParsedQuery) -> dict[str, frozenset[str]]:
    chosen: dict[str, Iterable[str]] = {
        "type": search.boat_type,
        "maker": search.manufacturer,
        "country": [search.location.country] if search.location.country else [],
        "condition": search.condition,
        "fuel": search.fuel,
        "hull": search.hull_material,
        "usage": search.usage,
        "seller": search.seller_kind,
        "offer": [OPEN] if search.hide_under_offer else [],
    }
    any_of = {name: frozenset(map(str, of)) for name, of in chosen.items() if of}
    for name, text in (("country", read.country), ("seller", read.seller)):
        if text is not None:
            any_of[name] = any_of.get(name, frozenset({str(text)})) & {str(text)}
    return any_of


def _spans(search: Search, read: ParsedQuery, now: int) -> dict[str, Span]:
    ranges: dict[str, WholeRange | FeetRange] = {
        "price": search.price_range,
        "year": search.year_range,
        "length": search.length_range,
        "beam": search.beam_range,
        "draft": search.draft_range,
        "air_draft": search.air_draft_range,
        "hours": search.hours_range,
        "cabins": search.cabins_range,
        "berths": search.berths_range,
    }
    spans = {name: _span(of) for name, of in ranges.items() if (of.min, of.max) != (None, None)}
    for name, span in read.spans.items():
        spans[name] = narrowed(spans[name], span) if name in spans else span
    if search.days_listed_range != WholeRange():
        spans["listed_at"] = listed_within(search.days_listed_range, now)
    return spans


def listed_within(days: WholeRange, now: int) -> Span:
    """The listing times, in Unix milliseconds, of boats now on the market for so many days."""
    return Span(
        # A boat is N days on the market until the day is full.
        None if days.max is None else now - (days.max + 1) * DAY + 1,
        None if days.min is None else now - days.min * DAY,
    )


def _span(of: WholeRange | FeetRange) -> Span:
    if isinstance(of, FeetRange):
        return Span(_hundredths(of.min), _hundredths(of.max))
    return Span(of.min, of.max)


def _hundredths(feet: Decimal | None) -> int | None:
    return None if feet is None else int(feet * 100)


def _middle(place: NearPlace) -> Point | None:
    return None if place.middle is None else _point(*place.middle)


def _point(lat: Any, lon: Any) -> Point:
    return round(lat * UNIT), round(lon * UNIT)


def _around(place: NearPlace) -> list[Circle]:
    spot = None if place.near is None else find_spot(place.near)
    if spot is None:
        return []
    reach = max(NEAR_MILES, spot.radius_miles) if place.radius is None else float(place.radius)
    return [Circle(point_of(spot), reach)]


def _areas(place: NearPlace) -> list[Area]:
    areas: list[Area] = []
    if place.coordinates is not None and place.radius is not None:
        middle = _point(place.coordinates.lat, place.coordinates.lon)
        areas.append(Circle(middle, float(place.radius)))
    if (box := place.box) is not None:
        south, west = _point(box.south, box.west)
        areas.append(Bounds(south, west, *_point(box.north, box.east)))
    if place.polygon is not None:
        areas.append(Polygon(tuple(_point(corner.lat, corner.lon) for corner in place.polygon)))
    return areas
