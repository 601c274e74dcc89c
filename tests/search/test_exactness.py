"""Search finds exactly what a plain look at every listing finds: ids, totals, order, page by page."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from marinemarket.assembly import Market
from marinemarket.listings.records import add_listing, all_listings
from marinemarket.search.follower import reach
from marinemarket.web.app import create_app
from tests.conftest import TESTS

from . import fleet, oracle

pytestmark = pytest.mark.anyio

BOATS = 400


@pytest.fixture
def behind() -> int:
    """Once is enough: what is searched here is indexed before."""
    return 0


async def _every_page(
    client: AsyncTestClient[Any], asked: dict[str, Any], limit: int
) -> tuple[int, list[Any]]:
    results: list[Any] = []
    after, total = None, -1
    while True:
        page = asked | {"limit": limit} | ({"after": after} if after else {})
        answer = await client.post("/api/v1/search", json=page)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert len(body["results"]) <= limit
        total = body["total"]
        results += body["results"]
        after = body["next"]
        if after is None:
            return total, results


async def test_500_random_searches_equal_a_plain_loop(market: Market) -> None:
    for listing in fleet.fleet(BOATS):
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    exported = [listing.to_wire() async for listing in all_listings(market.store)]
    assert len(exported) == BOATS
    chance = Random(2024)
    found_in_all = 0
    async with AsyncTestClient(create_app(market.settings)) as client:
        for _ in range(500):
            asked = fleet.filters(chance)
            expected = oracle.found_by(asked, exported)
            total, results = await _every_page(client, asked, chance.choice((3, 20, 100)))
            ids = [result["id"] for result in results]
            assert total == len(expected), asked
            assert sorted(ids) == sorted(listing["id"] for listing in expected), asked
            _assert_in_order(asked, results)
            found_in_all += total
    assert found_in_all > 5000  # the searches were not vacuous


def _assert_in_order(asked: dict[str, Any], results: list[dict[str, Any]]) -> None:
    expected = oracle.ordered(asked, results)
    seen = [oracle.ordered(asked, [result])[0] for result in results]
    assert seen == expected, asked


async def test_the_query_string_asks_the_same_as_the_body(market: Market) -> None:
    for listing in fleet.fleet(60):
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    async with AsyncTestClient(create_app(market.settings)) as client:
        by_body = await client.post(
            "/api/v1/search",
            json={
                "query": "teak",
                "priceRange": {"min": 100},
                "boatType": ["sailboat", "trawler"],
                "sort": "-price",
                "limit": 100,
            },
        )
        by_address = await client.get(
            "/api/v1/listings?q=teak&price_min=100&type=sailboat&type=trawler&sort=-price&limit=100"
        )
    assert by_body.json()["total"] > 0
    assert by_address.json() == by_body.json()
