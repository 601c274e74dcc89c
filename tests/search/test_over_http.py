"""The API returns what the index finds: every page and facet, by request body and query string."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from marinemarket.composition import Market
from marinemarket.listings.records import add_listing, all_listings
from marinemarket.search.index_follower import reach
from marinemarket.web.app import create_app
from tests.conftest import TESTS

from . import fleet, oracle

pytestmark = pytest.mark.anyio

BOATS, SEARCHES = 200, 60


@pytest.fixture
def behind() -> int:
    """No second run on lagging indexes: everything is indexed before the searches."""
    return 0


async def _every_page(
    client: AsyncTestClient[Any], asked: dict[str, Any], limit: int
) -> tuple[dict[str, Any], list[Any]]:
    results: list[Any] = []
    page = asked | {"limit": limit}
    while True:
        answer = await client.post("/api/v1/search", json=page)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert len(body["results"]) <= limit
        results += body["results"]
        if body["next"] is None:
            return body, results
        page = page | {"after": body["next"]}


async def test_random_searches_equal_a_plain_loop(market: Market) -> None:
    for listing in fleet.fleet(BOATS):
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    boats = [oracle.Boat.of(listing.to_wire()) async for listing in all_listings(market.store)]
    vocabulary = await market.engine.index.vocabulary(())
    chance = Random(7)
    found = 0
    async with AsyncTestClient(create_app(market.settings, clock=market.clock)) as client:
        for _ in range(SEARCHES):
            asked = fleet.filters(chance)
            expected = oracle.answer(asked, boats, vocabulary, market.clock())
            body, results = await _every_page(client, asked, chance.choice((3, 20, 100)))
            ids = sorted(boat.wire["id"] for boat in expected.found)
            assert sorted(result["id"] for result in results) == ids, asked
            assert body["total"] == len(ids)
            for facet, counts in expected.facets.items():
                name = "from" if facet in ("price", "year") else "value"
                told = [(one[name], one["count"]) for one in body["facets"][facet]]
                assert told == counts, (facet, asked)
            found += len(ids)
    assert found > 300  # the searches were not vacuous


async def test_the_query_string_asks_the_same_as_the_body(market: Market) -> None:
    for listing in fleet.fleet(60):
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    body = {
        "query": "teak",
        "priceRange": {"min": 100},
        "boatType": ["sailboat", "trawler"],
        "draftRange": {"max": 6},
        "fuel": ["diesel", "gasoline"],
        "sellerKind": ["private", "broker"],
        "location": {"coordinates": {"lat": 27, "lon": -80}, "radius": 12000},
        "sort": "distance",
        "limit": 100,
    }
    address = (
        "/api/v1/listings?q=teak&price_min=100&type=sailboat&type=trawler&draft_max=6&fuel=diesel"
        "&fuel=gasoline&seller=private&seller=broker&near=27,-80&radius=12000&sort=distance&limit=100"
    )
    async with AsyncTestClient(create_app(market.settings, clock=market.clock)) as client:
        by_body = await client.post("/api/v1/search", json=body)
        by_address = await client.get(address)
    assert by_body.json()["total"] > 0
    assert by_address.json() == by_body.json()
