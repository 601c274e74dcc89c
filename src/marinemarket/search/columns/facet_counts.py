"""Counting facets over segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..facets import (
    EDGES,
    FACETS,
    RANGE_FACETS,
    TERM_FACETS,
    Count,
    Counts,
    RangeCount,
    listed,
    ranged,
)
from .segment import Array, Segment
from .selection import Selection


def counted(selections: Sequence[Selection]) -> Counts:
    """Every facet of a search, each ignoring its own selection."""
    each = [(selection, _Rows(selection.segment, selection.found)) for selection in selections]
    counts: Counts = {}
    for facet in FACETS:
        found = [_rows_for(facet, selection, whole) for selection, whole in each]
        if facet in RANGE_FACETS:
            counts[facet] = _ranges(facet, found)
        else:
            counts[facet] = _values(facet, found)
    return counts


class _Rows:
    """Some rows of a segment, to be counted; if they are most of it, by subtracting the others."""

    def __init__(self, segment: Segment, rows: Array) -> None:
        self.segment = segment
        self._is_rest = len(rows) * 2 > segment.rows
        if self._is_rest:
            mask = np.ones(segment.rows, np.bool_)
            mask[rows] = False
            rows = np.flatnonzero(mask)
        self._rows = rows

    def counts(self, name: str, size: int) -> Array:
        """How many of the rows have each number of a column."""
        column = self.segment[name]
        counts = np.bincount(column[self._rows], minlength=size)
        return self.segment.whole(name, size) - counts if self._is_rest else counts

    def features(self) -> Array:
        """How many of the rows have each feature."""
        ends, listed = self.segment["feature_ends"], self.segment["feature"]
        size = len(self.segment.names["features"])
        starts, lengths = ends[self._rows], ends[self._rows + 1] - ends[self._rows]
        # The position at which each row's features begin, repeated, then counted up within the row.
        before = np.cumsum(lengths) - lengths
        places = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
        counts = np.bincount(listed[places], minlength=size)
        return self.segment.whole("feature", size) - counts if self._is_rest else counts


def _rows_for(facet: str, selection: Selection, whole: _Rows) -> _Rows:
    """The rows that a facet counts: all matches, ignoring the facet's own selection."""
    if not selection.narrowed_by(facet):
        return whole
    return _Rows(selection.segment, selection.rows(leaving=facet))


def _ranges(facet: str, found: Sequence[_Rows]) -> list[RangeCount]:
    sums = np.zeros(len(EDGES[facet]), np.int64)
    for rows in found:
        sums += rows.counts(f"{facet}_range", len(sums) + 1)[1:]  # 0 means no value
    return ranged(facet, sums.tolist())


def _values(facet: str, found: Sequence[_Rows]) -> list[Count]:
    """Each segment numbers its values separately, so counts are added by name."""
    sums: dict[str, int] = {}
    for rows in found:
        names = rows.segment.names[facet]
        is_term = facet in TERM_FACETS
        numbers = rows.counts(facet, len(names) + 1)[1:] if is_term else rows.features()
        for place in np.flatnonzero(numbers).tolist():
            sums[names[place]] = sums.get(names[place], 0) + int(numbers[place])
    return listed(sums)
