"""Filling a market for a demonstration: once, completely, and never over somebody's boats."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.demo.seeder import fill
from marinemarket.listings.records import add_listing, all_listings
from tests.builders import a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


def _nothing(done: int) -> None:
    pass


async def test_an_empty_market_is_filled_with_boats_that_say_they_are_made_up(
    market: Market,
) -> None:
    assert await fill(market, _nothing, count=60) is True
    listings = [listing async for listing in all_listings(market.store)]
    assert len(listings) == 60
    assert all(listing.is_offered and listing.is_demo and listing.images for listing in listings)
    assert max(listing.created_at for listing in listings) <= market.clock()


async def test_filling_that_was_cut_off_goes_on_and_filling_again_changes_nothing(
    market: Market,
) -> None:
    await fill(market, _nothing, count=30)
    await fill(market, _nothing, count=60)
    head = await market.store.head()
    assert await fill(market, _nothing, count=60) is True
    assert await market.store.head() == head
    assert len([listing async for listing in all_listings(market.store)]) == 60


async def test_a_market_with_boats_of_its_own_is_left_alone(market: Market) -> None:
    await add_listing(market.trail, TESTS, a_listing())
    head = await market.store.head()
    assert await fill(market, _nothing, count=60) is False
    assert await market.store.head() == head
