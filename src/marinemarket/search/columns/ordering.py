"""The sort ranks of rows, computed from their columns (see `Document.ranks`)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..document import FIGURE_BITS, ORDERED_BY, TIME_BITS
from ..filters import Sort
from .segment import ABSENT, Array

_TIMES = {Sort.RELEVANCE: "merit", Sort.NEWEST: "listed_at"}


def rank_of(columns: Mapping[str, Array], order: Sort, rows: Array | slice = slice(None)) -> Array:
    """Unsigned 64-bit ranks of some rows; ascending ranks give the order."""
    tie = columns["tie"][rows]
    if order in _TIMES:
        times = columns[_TIMES[order]][rows].astype(np.uint64)
        return _ranked(np.uint64((1 << TIME_BITS) - 2) - times, tie, TIME_BITS)
    largest = (1 << FIGURE_BITS) - 1
    figures = columns[ORDERED_BY[order]][rows]
    if order.value.startswith("-"):
        places = np.where(figures == ABSENT, largest, largest - 1 - figures)
    else:
        places = np.where(figures == ABSENT, largest, figures)
    return _ranked(places.astype(np.uint64), tie, FIGURE_BITS)


def _ranked(places: Array, tie: Array, bits: int) -> Array:
    return (places << np.uint64(64 - bits)) | (tie >> np.uint64(bits))
