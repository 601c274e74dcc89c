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
    whole = selection.found
    counts: dict[str, Array] = {}
    for facet in FACETS:
        rows = selection.rows(leaving=facet) if selection.narrowed_by(facet) else whole
        if facet in TERM_FACETS:
            counts[f"{facet} names"] = segment.names[facet]  # type: ignore[assignment]
            counts[facet] = _bins(segment[facet], rows, len(segment.names[facet]) + 1)[1:]
        elif facet == "features":
            counts["features names"] = segment.names["features"]  # type: ignore[assignment]
            counts[facet] = _features(segment, rows)
        else:
            counts[facet] = _bins(segment[f"{facet}_range"], rows, len(EDGES[facet]) + 1)[1:]
    return counts


def _bins(column: Array, rows: Array, size: int) -> Array:
    return np.bincount(column if len(rows) == len(column) else column[rows], minlength=size)


def _features(segment: Segment, rows: Array) -> Array:
    ends, listed = segment["feature_ends"], segment["feature"]
    size = len(segment.names["features"])
    if len(rows) == segment.rows:
        return np.bincount(listed, minlength=size)
    starts, lengths = ends[rows], ends[rows + 1] - ends[rows]
    # Where each row's features begin, repeated, and counted up within each row.
    before = np.cumsum(lengths) - lengths
    places = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    return np.bincount(listed[places], minlength=size)
