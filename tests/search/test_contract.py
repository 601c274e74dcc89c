"""What every search engine must answer: exactly what a plain loop over all listings finds."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from marinemarket.search import facets
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from marinemarket.search.index import Hits, SearchEngine, SearchIndex
from marinemarket.search.query_parser import tokens_to_look_up
from tests.builders import NOW, a_listing

from . import fleet, oracle
from .engines import index_all

pytestmark = pytest.mark.anyio

BOATS, SEARCHES = 400, 500


async def every_page(
    index: SearchIndex, asked: dict[str, Any], limit: int
) -> tuple[Hits, list[str]]:
    """The first page, and the ids on all pages."""
    first = hits = (await look_up(index, Search.parse(asked | {"limit": limit}), NOW))[0]
    ids = list(hits.ids)
    while hits.next is not None:
        page = asked | {"limit": limit, "after": hits.next}
        hits = (await look_up(index, Search.parse(page), NOW))[0]
        assert hits.ids
        assert (hits.total, hits.facets) == (first.total, first.facets)
        ids += hits.ids
    return first, ids


async def assert_exact(
    index: SearchIndex, boats: list[oracle.Boat], asked: dict[str, Any], limit: int
) -> int:
    """Compare one search with the oracle: ids, total, order and facets; returns how many matched."""
    expected = oracle.answer(
        asked, boats, await index.vocabulary(tokens_to_look_up(asked.get("query") or "")), NOW
    )
    hits, ids = await every_page(index, asked, limit)
    by_id = {boat.wire["id"]: boat for boat in expected.found}
    assert sorted(ids) == sorted(by_id), asked
    assert hits.total == len(by_id), asked
    found = {facet: [_pair(one) for one in counts] for facet, counts in hits.facets.items()}
    assert found == expected.facets, asked
    results = [by_id[id] for id in ids]
    seen = [oracle.ordered(asked, [boat], expected.costs)[0] for boat in results]
    assert seen == oracle.ordered(asked, results, expected.costs), asked
    return len(ids)


def _pair(one: facets.Count | facets.RangeCount) -> tuple[Any, int]:
    if isinstance(one, facets.Count):
        return one.value, one.count
    return one.lowest, one.count


async def test_random_searches_equal_a_plain_loop(engine: SearchEngine) -> None:
    listings = fleet.fleet(BOATS)
    await index_all(engine, listings)
    boats = [oracle.Boat.of(listing.to_wire()) for listing in listings]
    chance = Random(2024)
    found = 0
    for _ in range(SEARCHES):
        asked = fleet.filters(chance)
        found += await assert_exact(engine.index, boats, asked, chance.choice((3, 20, 100)))
    assert found > 5000  # the searches were not vacuous


async def test_horsepower_is_that_of_one_engine_and_a_bound_that_of_all(
    engine: SearchEngine,
) -> None:
    engines: list[list[dict[str, Any]]] = [
        [{"make": "Yamaha", "power": 300, "count": 2}],
        [{"make": "Yamaha", "power": 200}, {"make": "Honda", "power": 9.9}],
        [{"make": "Volvo Penta", "power": 29.5}],
        [{"make": "Yanmar"}],
        [],
    ]
    listings = [
        a_listing(name=str(at), boat={"type": "powerboat", "engines": one})
        for at, one in enumerate(engines)
    ]
    await index_all(engine, listings)
    boats = [oracle.Boat.of(listing.to_wire()) for listing in listings]
    for query, found in {
        "300 hp": 1, "2 x 300hp": 1, "220 kW": 1, "30 PS": 1, "9.9 hp": 0, "600 hp": 0, "over 300 hp": 1,
        "over 200 hp": 2, "max 50 kW": 1, "150-250 hp": 1, "29.5 hp or less": 1, "20+ hp": 3,
    }.items():  # fmt: skip
        assert (
            await assert_exact(engine.index, boats, {"query": query, "sort": "newest"}, 10) == found
        ), query
