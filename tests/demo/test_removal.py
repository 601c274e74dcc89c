"""Removing the demonstration: all its data, and nothing else."""

from __future__ import annotations

import pytest

from marinemarket.accounts.records import find_user
from marinemarket.composition import Market
from marinemarket.demo.removal import remove
from marinemarket.demo.seeder import MOST_SELLERS, fill, seller_id
from marinemarket.demo.sellers import SELLERS
from marinemarket.listings.records import add_listing, all_listings
from marinemarket.search.index import IndexQuery
from marinemarket.search.index_follower import reach
from marinemarket.store.schema import AUDIT_LOGS
from marinemarket.store.store import Query
from tests.builders import a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


def _nothing(*done: int) -> None:
    pass


async def _titles(market: Market) -> list[str]:
    return [listing.title async for listing in all_listings(market.store)]


async def test_the_made_up_boats_and_sellers_go_and_everybody_elses_stay(market: Market) -> None:
    await fill(market, _nothing, count=40)
    await add_listing(market.trail, TESTS, a_listing(title="A boat that exists"))
    told: list[tuple[int, int]] = []
    removed = await remove(market, lambda done, total: told.append((done, total)))
    assert (removed.listings, removed.sellers, removed.kept) == (40, len(SELLERS), ())
    assert told[-1] == (len(SELLERS), len(SELLERS))
    assert await _titles(market) == ["A boat that exists"]
    assert await find_user(market.store, seller_id(0)) is None
    assert await find_user(market.store, a_listing().owner_id) is not None
    await reach(market.store, market.engine)
    assert (await market.engine.index.search(IndexQuery())).total == 1


async def test_each_removal_is_on_the_trail(market: Market) -> None:
    await fill(market, _nothing, count=10)
    await remove(market, _nothing)
    entries = Query(AUDIT_LOGS, "LISTING_DELETED", AUDIT_LOGS.index("action-index"))
    assert len((await market.store.query(entries)).items) == 10


async def test_cut_off_it_goes_on_and_again_it_does_nothing(market: Market) -> None:
    await fill(market, _nothing, count=40)

    def cut_off(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await remove(market, cut_off)
    assert (await remove(market, _nothing)).sellers == len(SELLERS) - 3
    assert await _titles(market) == []
    head = await market.store.head()
    assert (await remove(market, _nothing)).sellers == 0
    assert await market.store.head() == head


async def test_a_seller_to_whom_somebody_gave_a_boat_keeps_it(market: Market) -> None:
    await fill(market, _nothing, count=40)
    given = a_listing(ownerId=seller_id(1), title="Given to a made-up seller")
    await add_listing(market.trail, TESTS, given)
    removed = await remove(market, _nothing)
    assert removed.listings == 40
    assert removed.kept == ("seller1@marinemarket.example",)
    assert await _titles(market) == ["Given to a made-up seller"]


async def test_a_market_whose_demonstration_is_gone_can_be_filled_again(market: Market) -> None:
    await fill(market, _nothing, count=10)
    await remove(market, _nothing)
    assert await fill(market, _nothing, count=10) is True


def test_no_seller_is_overlooked() -> None:
    assert len(SELLERS) <= MOST_SELLERS
