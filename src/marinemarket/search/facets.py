"""Facet counts beside the hits: how many boats each choice would give.

A facet's own selection does not narrow its counts: whoever selected sailboats still sees how many
trawlers there are. Range bounds are cents and years, the lower inclusive, the upper exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

TERM_FACETS = ("type", "maker", "state", "country", "condition", "fuel", "seller")
RANGE_FACETS = ("price", "year")
FACETS = (*TERM_FACETS, "features", *RANGE_FACETS)

MOST_VALUES = 100
"""A facet lists at most this many values: those with the most boats, ties by name."""

_THOUSAND = 1000 * 100
_PRICES = (
    0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500,
    2000, 3000, 5000,
)  # fmt: skip
EDGES: dict[str, tuple[int, ...]] = {
    "price": tuple(price * _THOUSAND for price in _PRICES),
    "year": (0, *range(1950, 1990, 10), *range(1990, 2041, 2)),
}
"""Where the ranges of a facet start; the last one is open-ended."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many boats have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class RangeCount:
    """The number of boats from `lowest` up to, but excluding, `below`; the last range has no `below`."""

    lowest: int
    below: int | None
    count: int


Counts = dict[str, list[Count] | list[RangeCount]]


def listed(counts: dict[str, int]) -> list[Count]:
    """The values of a facet to show, from all of its values."""
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
    return [Count(value, count) for value, count in most if count]


def ranged(facet: str, counts: list[int]) -> list[RangeCount]:
    """The counts of a range facet, one for each of its `EDGES`; empty ranges are left out."""
    ranges = (*pairwise(EDGES[facet]), (EDGES[facet][-1], None))
    return [
        RangeCount(lowest, below, count)
        for (lowest, below), count in zip(ranges, counts, strict=True)
        if count
    ]


def to_wire(counts: Counts) -> dict[str, Any]:
    """``{"type": [{"value", "count"}], …, "price": [{"from", "to", "count"}]}``."""
    return {facet: [_one_to_wire(one) for one in found] for facet, found in counts.items()}


def _one_to_wire(one: Count | RangeCount) -> dict[str, Any]:
    if isinstance(one, Count):
        return {"value": one.value, "count": one.count}
    return {"from": one.lowest, "to": one.below, "count": one.count}
