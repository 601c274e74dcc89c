"""Selects a segment's rows for a search, with their costs and order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..document import FIGURES, TERMS, hash_of
from ..filters import Sort
from ..geography import EARTH_MILES, UNIT, Area, Bounds, Circle, Polygon
from ..index import IndexQuery, Span
from .ordering import rank_of
from .segment import ABSENT, NOWHERE, Array, Segment

FAR = 1e6
"""Distance in miles for boats of unknown location: it sorts them last."""
_NEVER = 255
_DENSE = 16
"""A page of more than every so manieth row is found by walking the rows in order."""


_FEW = 8
"""So many times fewer rows than postings are looked up one by one."""
_Group = list[tuple[Array, Array, Any]]
"""For each token of a group: its rows, its cost in each, and its extra cost."""


def _length(group: _Group) -> int:
    return sum(len(rows) for rows, _, _ in group)


@dataclass(slots=True)
class _Part:
    """A condition of one facet, which the facet's own counts ignore, or (None) of all."""

    facet: str | None
    mask: Array


class Selection:
    """The rows of one segment that match a search.

    Words and areas are looked up in lists, which leaves few rows if they are selective; all other
    conditions are tested only on those rows (`base`; None means every row).
    """

    def __init__(self, segment: Segment, live: Array, wanted: IndexQuery) -> None:
        self.segment, self._wanted = segment, wanted
        self.base: Array | None = None
        self._costs: Array | None = None
        self._narrow_by_words()
        for area in wanted.areas:
            self._narrow_to(area, "")
        for circle in wanted.around:
            self._narrow_to(circle, "about_")
        self._parts = [
            _Part(None, self._of(live) & self._of(segment["shown"])),
            *self._conditions(),
        ]

    def _of(self, column: Array) -> Array:
        return column if self.base is None else column[self.base]

    def _narrow_by_words(self) -> None:
        """Keep the rows that have a token of each group, and add up their costs.

        The rarest group goes first: only the rows it leaves are tested for the others.
        """
        posted = [
            [(*self.segment.postings(token), np.uint8(extra)) for token, extra in group.items()]
            for group in self._wanted.words
        ]
        for group in sorted(posted, key=_length):
            costs = self._costs_of(group)
            kept = np.flatnonzero(costs != _NEVER)
            if self.base is None or self._costs is None:
                # 32 bits like the postings, since lookups in arrays of another type would copy them.
                self.base, self._costs = kept.astype(np.uint32), costs[kept].astype(np.int64)
            else:
                self.base, self._costs = self.base[kept], self._costs[kept] + costs[kept]

    def _costs_of(self, group: _Group) -> Array:
        """The cost of a group's cheapest token for each row of the base, where it has one."""
        base = self.base
        if base is None or len(base) * _FEW > _length(group):
            costs = np.full(self.segment.rows, _NEVER, np.uint8)
            for rows, each, extra in group:
                costs[rows] = np.minimum(costs[rows], each + extra)
            return self._of(costs)
        costs = np.full(len(base), _NEVER, np.uint8)
        for rows, each, extra in group:
            if len(rows):
                places = np.minimum(np.searchsorted(rows, base), len(rows) - 1)
                has = rows[places] == base
                costs[has] = np.minimum(costs[has], each[places[has]] + extra)
        return costs

    def _narrow_to(self, area: Area, kind: str) -> None:
        lats, lons = self.segment[f"{kind}lat"], self.segment[f"{kind}lon"]
        rows = self.base
        if rows is None:
            rows = np.unique(np.concatenate([self._in_band(box, kind) for box in area.boxes]))
        inside = _inside(area, lats[rows], lons[rows])
        if self._costs is not None:
            self._costs = self._costs[inside]
        self.base = rows[inside]

    def _in_band(self, box: Bounds, kind: str) -> Array:
        """The rows within a box, found by latitude."""
        start, end = np.searchsorted(self.segment[f"sorted_{kind}lat"], (box.south, box.north + 1))
        rows = self.segment[f"by_{kind}lat"][start:end]
        lons = self.segment[f"{kind}lon"][rows]
        return rows[(lons >= box.west) & (lons <= box.east)]

    def _conditions(self) -> list[_Part]:
        wanted = self._wanted
        parts = []
        for name in TERMS:
            if (values := wanted.any_of.get(name)) is not None:
                known = self.segment.names[name]
                chosen = np.zeros(len(known) + 1, np.bool_)
                chosen[[number for number, term in enumerate(known, 1) if term in values]] = True
                parts.append(_Part(name, chosen[self._of(self.segment[name])]))
        for name in FIGURES:
            if (span := wanted.spans.get(name)) is not None:
                column = self._of(self.segment[name])
                parts.append(_Part(name, _within(column, span) & (column != ABSENT)))
        if (span := wanted.spans.get("listed_at")) is not None:
            parts.append(_Part(None, _within(self._of(self.segment["listed_at"]), span)))
        if wanted.owner is not None:
            own = self._of(self.segment["owner"]) == np.uint64(hash_of(wanted.owner))
            parts.append(_Part(None, own))
        if wanted.dropped:
            parts.append(_Part(None, self._of(self.segment["dropped"])))
        parts += [_Part("state", self._having(f"@{place}")) for place in wanted.places]
        parts += [_Part("features", self._having(f"+{feature}")) for feature in wanted.features]
        return parts

    def _having(self, token: str) -> Array:
        mask = np.zeros(self.segment.rows, np.bool_)
        mask[self.segment.postings(token)[0]] = True
        return self._of(mask)

    def narrowed_by(self, facet: str) -> bool:
        """Does the search select a value of a facet?"""
        return any(part.facet == facet for part in self._parts)

    def mask(self, *, leaving: str | None = None) -> Array:
        """The rows of the base that meet all conditions, except those of this facet."""
        masks = [part.mask for part in self._parts if leaving is None or part.facet != leaving]
        whole = masks[0]
        for mask in masks[1:]:
            whole = whole & mask
        return whole

    def rows(self, *, leaving: str | None = None) -> Array:
        """The rows in `mask`, as row numbers of the segment."""
        mask = self.mask(leaving=leaving)
        return np.flatnonzero(mask) if self.base is None else self.base[mask]

    @cached_property
    def _matching(self) -> Array:
        return self.mask()

    @cached_property
    def found(self) -> Array:
        return np.flatnonzero(self._matching) if self.base is None else self.base[self._matching]

    def first(self, most: int, after: list[Any] | None) -> list[list[Any]]:
        """The keys of the first rows after a place, in order; a key ends with the id's two halves.

        A key holds what the rows are sorted by: the cost if there are words, the distance if asked
        for, the rank, and the id.
        """
        order = self._wanted.order
        if order is Sort.DISTANCE:
            return _picked(self._by_distance(), most, after)
        if order is Sort.RELEVANCE and self._costs is not None:
            return self._first_by_cost(most, after)
        return self._in_order(self.found, order, most, after)

    def _by_distance(self) -> list[Array]:
        segment, rows = self.segment, self.found
        assert self._wanted.middle is not None
        lats, lons = segment["about_lat"][rows], segment["about_lon"][rows]
        miles = distances(self._wanted.middle, lats, lons)
        miles[lats == NOWHERE] = FAR
        return [miles, *self._ranked(rows, Sort.NEWEST)]

    def _first_by_cost(self, most: int, after: list[Any] | None) -> list[list[Any]]:
        """The cheapest rows first: only rows of the last cost needed have to be sorted."""
        assert self._costs is not None
        costs = self._costs[self._matching]
        keys: list[list[Any]] = []
        for cost in np.flatnonzero(np.bincount(costs)).tolist():
            if len(keys) >= most:
                break
            if after is None or cost >= after[0]:
                behind = after[1:] if after is not None and cost == after[0] else None
                rows = self.found[costs == cost]
                ranked = self._in_order(rows, Sort.RELEVANCE, most - len(keys), behind)
                keys += [[cost, *key] for key in ranked]
        return keys

    def _in_order(
        self, rows: Array, order: Sort, most: int, after: list[Any] | None
    ) -> list[list[Any]]:
        """The keys of the first of some rows, by rank and id."""
        in_order = self.segment.arrays.get(f"in_order_{order.name.lower()}")
        if in_order is not None and len(rows) * _DENSE > self.segment.rows:
            rows = self._walked(rows, in_order, order, most, after)
        return _picked(self._ranked(rows, order), most, after)

    def _ranked(self, rows: Array, order: Sort) -> list[Array]:
        segment = self.segment
        ranks = rank_of(segment.arrays, order, rows)
        return [ranks, segment["id_high"][rows], segment["id_low"][rows]]

    def _walked(
        self, rows: Array, in_order: Array, order: Sort, most: int, after: list[Any] | None
    ) -> Array:
        """Enough rows of many for a page, found by walking all rows in order from a place."""
        wanted = np.zeros(self.segment.rows, np.bool_)
        wanted[rows] = True
        start = 0 if after is None else self._place_of(in_order, order, after[0])
        step, found = most * _DENSE * 2, np.empty(0, in_order.dtype)
        while start < len(in_order) and len(found) <= most:
            ahead = in_order[start : start + step]
            found = np.concatenate((found, ahead[wanted[ahead]]))
            start, step = start + step, step * 4
        return self._with_equals(found, in_order[start:], order, wanted)

    def _place_of(self, in_order: Array, order: Sort, rank: int) -> int:
        """The position of a rank in an order: a bisection that computes few ranks."""
        low, high = 0, len(in_order)
        while low < high:
            middle = (low + high) // 2
            here = rank_of(self.segment.arrays, order, in_order[middle : middle + 1])[0]
            low, high = (middle + 1, high) if int(here) < rank else (low, middle)
        return low

    def _with_equals(self, found: Array, rest: Array, order: Sort, matching: Array) -> Array:
        """The later rows of exactly the last rank, which only the id sorts."""
        if not len(found):
            return found
        last = rank_of(self.segment.arrays, order, found[-1:])[0]
        end = 0
        while (
            end < len(rest) and rank_of(self.segment.arrays, order, rest[end : end + 1])[0] == last
        ):
            end += 1
        equals = rest[:end]
        return np.concatenate((found, equals[matching[equals]]))


def _picked(levels: list[Array], most: int, after: list[Any] | None) -> list[list[Any]]:
    """The first keys after a place, in order."""
    if after is not None:
        behind = _is_behind(levels, after)
        levels = [level[behind] for level in levels]
    picked = _smallest(levels, most)
    return [list(key) for key in zip(*(level[picked].tolist() for level in levels), strict=True)]


def _within(column: Array, span: Span) -> Array:
    mask = np.ones(len(column), np.bool_)
    # A bound outside the column's number type would raise an error instead of matching everything.
    kind = np.iinfo(column.dtype)
    if span.lowest is not None:
        mask &= column >= span.lowest if span.lowest <= kind.max else False
    if span.highest is not None and span.highest < kind.max:
        mask &= column <= span.highest
    return mask


def _inside(area: Area, lats: Array, lons: Array) -> Array:
    located: Array = lats != NOWHERE
    if isinstance(area, Circle):
        return located & (distances(area.middle, lats, lons) <= area.miles)
    boxed = np.zeros(len(lats), np.bool_)
    for box in area.boxes:
        boxed |= (lats >= box.south) & (lats <= box.north) & (lons >= box.west) & (lons <= box.east)
    boxed &= located
    if isinstance(area, Polygon):
        rows = np.flatnonzero(boxed)
        boxed[rows] = _in_polygon(area, lats[rows].astype(np.int64), lons[rows].astype(np.int64))
    return boxed


def _in_polygon(area: Polygon, lats: Array, lons: Array) -> Array:
    """Like `Polygon.holds`, for many points at once."""
    ring = area.ring
    lowest, highest = min(lon for _, lon in ring), max(lon for _, lon in ring)
    whole = 360 * UNIT
    shifted = lowest + (lons - lowest) % whole
    inside = np.zeros(len(lats), np.bool_)
    for _ in range(1 + (highest - lowest) // whole):
        odd = np.zeros(len(lats), np.bool_)
        for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            crosses = (lat1 > lats) != (lat2 > lats)
            side = (lon2 - lon1) * (lats - lat1) - (shifted - lon1) * (lat2 - lat1)
            odd ^= crosses & ((side > 0) == (lat2 > lat1))
        inside ^= odd & (shifted <= highest)
        shifted = shifted + whole
    return inside


def distances(middle: tuple[int, int], lats: Array, lons: Array) -> Array:
    """Great-circle distances in miles, like `geography.distance_miles`."""
    lat1, lon1 = np.radians(middle[0] / UNIT), np.radians(middle[1] / UNIT)
    lat2, lon2 = np.radians(lats / UNIT), np.radians(lons / UNIT)
    h = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    miles: Array = 2 * EARTH_MILES * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return miles


def _is_behind(levels: list[Array], key: list[Any]) -> Array:
    """Which rows come strictly behind a key."""
    behind = np.zeros(len(levels[0]), np.bool_)
    for level, value in zip(reversed(levels), reversed(key), strict=True):
        exact = level.dtype.type(value)
        behind = (level > exact) | ((level == exact) & behind)
    return behind


def _smallest(levels: list[Array], most: int) -> Array:
    """The positions of the first `most` by all levels, without sorting the rest."""
    rows = np.arange(len(levels[0]))
    taken = [np.empty(0, np.int64)]
    for level in levels:
        if len(rows) <= most:
            break
        here = level[rows]
        last = np.partition(here, most - 1)[most - 1]
        taken.append(rows[here < last])
        most -= len(taken[-1])
        rows = rows[here == last]
    chosen = np.concatenate((*taken, rows[:most] if len(rows) > most else rows))
    order = np.lexsort([level[chosen] for level in reversed(levels)])
    in_order: Array = chosen[order]
    return in_order
