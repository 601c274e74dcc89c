"""Counting facets over segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..facets import EDGES, FACETS, RANGE_FACETS, TERM_FACETS, Counts, listed, ranged
from .segment import Array, Segment
from .selecting import Selection


def counted(selections: Iterable[Selection]) -> Counts:
    """Every facet of a search, each without its own choice."""
    each = [_of_one(selection) for selection in selections]
    counts: Counts = {}
    for facet in FACETS:
        if facet in RANGE_FACETS:
            sums = sum((found[facet] for found in each), np.zeros(len(EDGES[facet]), np.int64))
            counts[facet] = ranged(facet, sums.tolist())
        else:
            counts[facet] = listed(_added(each, facet))
    return counts


def _added(each: Sequence[dict[str, Array]], facet: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for found in each:
        names, numbers = found[f"{facet} names"], found[facet]
        for place in np.flatnonzero(numbers):
            name = names[place]
            sums[name] = sums.get(name, 0) + int(numbers[place])
    return sums


def _of_one(selection: Selection) -> dict[str, Array]:
    segment = selection.segment
    whole = _Rows(segment, selection.found)
    counts: dict[str, Array] = {}
    for facet in FACETS:
        rows = whole
        if selection.narrowed_by(facet):
            rows = _Rows(segment, selection.rows(leaving=facet))
        if facet in TERM_FACETS:
            counts[f"{facet} names"] = segment.names[facet]  # type: ignore[assignment]
            counts[facet] = rows.counts(facet, len(segment.names[facet]) + 1)[1:]
        elif facet == "features":
            counts["features names"] = segment.names["features"]  # type: ignore[assignment]
            counts[facet] = rows.features()
        else:
            counts[facet] = rows.counts(f"{facet}_range", len(EDGES[facet]) + 1)[1:]
    return counts


class _Rows:
    """Some rows of a segment, to be counted: of many, those are that are not among them."""

    def __init__(self, segment: Segment, rows: Array) -> None:
        self._segment = segment
        self._is_rest = len(rows) * 2 > segment.rows
        if self._is_rest:
            mask = np.ones(segment.rows, np.bool_)
            mask[rows] = False
            rows = np.flatnonzero(mask)
        self._rows = rows

    def counts(self, name: str, size: int) -> Array:
        """How many of the rows have each number of a column."""
        column = self._segment[name]
        counts = np.bincount(column[self._rows], minlength=size)
        return self._segment.whole(name, size) - counts if self._is_rest else counts

    def features(self) -> Array:
        """How many of the rows have each feature."""
        ends, listed = self._segment["feature_ends"], self._segment["feature"]
        size = len(self._segment.names["features"])
        starts, lengths = ends[self._rows], ends[self._rows + 1] - ends[self._rows]
        # Where each row's features begin, repeated, and counted up within each row.
        before = np.cumsum(lengths) - lengths
        places = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
        counts = np.bincount(listed[places], minlength=size)
        return self._segment.whole("feature", size) - counts if self._is_rest else counts
