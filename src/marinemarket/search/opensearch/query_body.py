"""A search as an OpenSearch request."""

from __future__ import annotations

from typing import Any

from ..facets import EDGES, FACETS, MOST_VALUES, RANGE_FACETS
from ..filters import Sort
from ..geography import UNIT, Area, Bounds, Circle, Point, Polygon
from ..index import IndexQuery, Span
from .mapping import TOKEN_FIELDS, rank_field

MOST_COST = 64
"""OpenSearch ranks by descending score, so a word's score is this number minus its cost."""

Clause = dict[str, Any]


def body_of(wanted: IndexQuery, after: list[Any] | None) -> Clause:
    """The whole request. Hits meet all conditions; a facet's counts ignore its own."""
    conditions = _conditions(wanted)
    everywhere = [clause for facet, clause in conditions if facet not in FACETS]
    own: dict[str, list[Clause]] = {}
    for facet, clause in conditions:
        if facet in FACETS:
            own.setdefault(facet, []).append(clause)
    chosen = [clause for clauses in own.values() for clause in clauses]
    words = [_group(group) for group in wanted.words]
    body: Clause = {
        "size": wanted.limit + 1,
        "track_total_hits": True,
        "_source": False,
        "query": {"bool": {"must": words, "filter": everywhere}},
        "post_filter": {"bool": {"filter": chosen}},
        "sort": _sort(wanted),
    }
    if after is not None:
        body["search_after"] = after
    if wanted.facets:
        body["aggs"] = {facet: _facet(facet, own) for facet in FACETS}
    return body


def _group(group: dict[str, int]) -> Clause:
    """A boat's cheapest token of a group, as the highest score."""
    by_cost: dict[int, list[Clause]] = {}
    for extra in sorted(set(group.values())):
        tokens = [token for token, text in group.items() if text == extra]
        for level, field in TOKEN_FIELDS.items():
            by_cost.setdefault(extra + level, []).append({"terms": {field: tokens}})
    return {
        "dis_max": {
            "queries": [
                {"constant_score": {
                    "filter": {"bool": {"should": clauses}}, "boost": MOST_COST - cost,
                }}
                for cost, clauses in by_cost.items()
            ]
        }
    }  # fmt: skip


def _conditions(wanted: IndexQuery) -> list[tuple[str | None, Clause]]:
    """Each condition with the facet whose counts ignore it, if any."""
    found: list[tuple[str | None, Clause]] = [(None, {"term": {"shown": True}})]
    found += [(name, {"terms": {name: sorted(of)}}) for name, of in wanted.any_of.items()]
    found += [(name, _span(name, span)) for name, span in wanted.spans.items()]
    found += [("state", {"term": {"places": place}}) for place in wanted.places]
    found += [("features", {"term": {"has_features": one}}) for one in wanted.features]
    if wanted.owner is not None:
        found.append((None, {"term": {"owner": wanted.owner}}))
    if wanted.dropped:
        found.append((None, {"term": {"dropped": True}}))
    found += [(None, clause) for area in wanted.areas for clause in _area(area)]
    found += [(None, _circle(circle, "about")) for circle in wanted.around]
    return found


_LARGEST = {"listed_at": 2**63 - 1}


def _span(name: str, span: Span) -> Clause:
    largest = _LARGEST.get(name, 2**31 - 1)
    bounds: dict[str, int] = {}
    if span.lowest is not None:
        if span.lowest > largest:
            return {"match_none": {}}
        bounds["gte"] = span.lowest
    if span.highest is not None:
        bounds["lte"] = min(span.highest, largest)
    return {"range": {name: bounds}}


def _area(area: Area) -> list[Clause]:
    if isinstance(area, Circle):
        return [_circle(area, "spot")]
    boxes = {"bool": {"should": [_box(box) for box in area.boxes]}}
    if isinstance(area, Bounds):
        return [boxes]
    return [boxes, {"bool": {"should": [_drawn(ring) for ring in _within_the_world(area)]}}]


def _circle(circle: Circle, field: str) -> Clause:
    return {"geo_distance": {"distance": f"{circle.miles}mi", field: _degrees(circle.middle)}}


def _box(box: Bounds) -> Clause:
    """Tested on whole numbers: OpenSearch stores points slightly less exactly than ours are."""
    lats, lons = {"gte": box.south, "lte": box.north}, {"gte": box.west, "lte": box.east}
    return {"bool": {"filter": [{"range": {"lat": lats}}, {"range": {"lon": lons}}]}}


def _drawn(ring: list[Point]) -> Clause:
    return {"geo_polygon": {"spot": {"points": [_degrees(point) for point in ring]}}}


def _degrees(point: Point) -> dict[str, float]:
    return {"lat": point[0] / UNIT, "lon": point[1] / UNIT}


def _within_the_world(area: Polygon) -> list[list[Point]]:
    """The ring in pieces between the antimeridians, since OpenSearch accepts no others."""
    half, whole = 180 * UNIT, 360 * UNIT
    pieces = []
    for shift in (-2 * whole, -whole, 0, whole, 2 * whole):
        ring = [(lat, lon + shift) for lat, lon in area.ring]
        for side in (-half, half):
            ring = _cut(ring, side, keep_above=side < 0)
        if len(ring) > 2:
            pieces.append(ring)
    return pieces


def _cut(ring: list[Point], lon: int, *, keep_above: bool) -> list[Point]:
    """The part of a ring on one side of a meridian (Sutherland–Hodgman)."""
    kept: list[Point] = []
    for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        first, second = (lon1 >= lon, lon2 >= lon) if keep_above else (lon1 <= lon, lon2 <= lon)
        if first:
            kept.append((lat1, lon1))
        if first != second:
            kept.append((round(lat1 + (lat2 - lat1) * (lon - lon1) / (lon2 - lon1)), lon))
    return kept


def _sort(wanted: IndexQuery) -> list[Clause]:
    order = wanted.order
    if order is Sort.DISTANCE:
        assert wanted.middle is not None
        near = {
            "about": _degrees(wanted.middle), "order": "asc", "unit": "mi", "distance_type": "arc",
        }  # fmt: skip
        return [{"_geo_distance": near}, {rank_field(Sort.NEWEST): "asc"}, {"id": "asc"}]
    if order is Sort.RELEVANCE and wanted.words:
        return [{"_score": "desc"}, {rank_field(order): "asc"}, {"id": "asc"}]
    return [{rank_field(order): "asc"}, {"id": "asc"}]


def _facet(facet: str, own: dict[str, list[Clause]]) -> Clause:
    others = [clause for name, clauses in own.items() if name != facet for clause in clauses]
    if facet in RANGE_FACETS:
        counts: Clause = {"range": {"field": facet, "ranges": _ranges(facet)}}
    else:
        order = [{"_count": "desc"}, {"_key": "asc"}]
        counts = {"terms": {"field": facet, "size": MOST_VALUES, "order": order}}
    return {"filter": {"bool": {"filter": others}}, "aggs": {"counts": counts}}


def _ranges(facet: str) -> list[dict[str, int]]:
    edges = EDGES[facet]
    return [
        {"from": lowest} | ({"to": edges[number + 1]} if number + 1 < len(edges) else {})
        for number, lowest in enumerate(edges)
    ]
