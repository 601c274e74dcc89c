"""For a search without results: which filter to remove, and how many boats that gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....search.facets import Counts
from ....search.finder import FoundBoats, count_boats
from ....search.index import SearchIndex
from ...presentation.formatting import boats
from ...query_string import page_search
from .chips import Chip

_TRIES = 3
_FACET_OF = {
    "price_min": "price", "price_max": "price", "year_min": "year", "year_max": "year", "type": "type",
    "maker": "maker", "state": "state", "country": "country", "condition": "condition", "fuel": "fuel",
    "seller": "seller",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The search without one of its filters: what is taken off, and what that gives."""

    label: str
    count: str
    address: str


async def relaxations(
    index: SearchIndex, chips: list[Chip], empty: FoundBoats, now: int
) -> list[Relaxation]:
    """The searches without one chip that find boats, most boats first; each costs one question.

    A facet is counted without its own choice, so it tells beforehand which to try. What the words
    of the `empty` search mean is known; only without one of its words there is something to parse.
    """
    tries = sorted(
        (chip for chip in chips if chip.narrows), key=lambda chip: -_promise(chip, empty.facets)
    )[:_TRIES]
    found = []
    for chip in tries:
        search, _ = page_search(chip.rest)
        total = await count_boats(index, search, now, known=empty.query)
        if total:
            found.append((total, chip))
    found.sort(key=lambda one: -one[0])
    return [Relaxation(chip.label, boats(total), chip.address) for total, chip in found]  # fmt: skip


def _promise(chip: Chip, counts: Counts) -> int:
    """How many boats a facet sees without a chip; one where no facet knows, none where none is."""
    facet = _FACET_OF.get(chip.name)
    return 1 if facet is None else sum(_numbers(counts, facet))


def _numbers(counts: Counts, facet: str) -> Iterator[int]:
    return (one.count for one in counts[facet])
