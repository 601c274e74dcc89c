"""Similar boats: the most similar first, and never the boat itself."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing
from marinemarket.search.index_follower import reach
from marinemarket.search.similar import similar_to, similar_types
from tests.builders import a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio

BOAT = a_listing(name="itself")
OTHER = {"manufacturer": "Hanse", "model": "388"}


@pytest.fixture
def behind() -> int:
    return 0


async def _names(market: Market, boat: Listing, *others: Listing) -> list[str]:
    for listing in (boat, *others):
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    found = await similar_to(market.listings, market.engine.index, boat)
    return [listing.title for listing in found]


async def test_sisters_come_before_the_same_maker_before_type_before_kin(market: Market) -> None:
    names = await _names(
        market,
        BOAT,
        a_listing(name="kin", title="Of its kin", boat=OTHER | {"type": "motorsailer"}),
        a_listing(name="type", title="Of its type", boat=OTHER),
        a_listing(name="maker", title="Of its maker", boat={"model": "First 40"}),
        a_listing(name="sister", title="A sister", price=20_000_000),
    )
    assert names == ["A sister", "Of its maker", "Of its type", "Of its kin"]


async def test_what_is_too_dear_too_long_or_of_another_kind_is_not_like_it(market: Market) -> None:
    names = await _names(
        market,
        BOAT,
        a_listing(name="dear", title="Twice and more", price=24_000_001),
        a_listing(name="cheap", title="Less than half", price=5_999_999),
        a_listing(name="long", title="Too long for it", boat={"length": 46.01}),
        a_listing(name="short", title="Too short for it", boat={"length": 33.99}),
        a_listing(name="kind", title="Another kind", boat={"type": "pontoon"}),
        a_listing(name="sold", title="Sold already", status="sold"),
        a_listing(name="edge", title="At every edge", price=24_000_000, boat={"length": 46}),
    )
    assert names == ["At every edge"]


async def test_at_most_six_and_one_that_says_little_has_some_too(market: Market) -> None:
    little = a_listing(
        name="little",
        title="Hardly a word",
        boat={"manufacturer": None, "model": None, "length": None},
    )
    others = [a_listing(name=f"n{n}", title=f"Sister {n}") for n in range(9)]
    assert len(set(await _names(market, little, *others))) == 6


async def test_one_that_was_sold_since_the_index_followed_is_left_out(market: Market) -> None:
    assert await _names(market, BOAT, a_listing(name="sister", title="A sister")) == ["A sister"]
    assert similar_types("other") == {"other"}
