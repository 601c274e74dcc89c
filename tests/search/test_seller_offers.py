"""What one seller offers, on every engine: only theirs, all of it, page by page."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.errors import Invalid
from marinemarket.listings.records import add_listing
from marinemarket.search.index import IndexQuery, SearchEngine
from marinemarket.search.index_follower import reach
from marinemarket.search.seller_offers import count_offers, offered_by
from tests.builders import NOW, OWNER, a_listing, uuid_of
from tests.conftest import TESTS

from . import fleet
from .engines import index_all

pytestmark = pytest.mark.anyio


@pytest.fixture
def behind() -> int:
    return 0


async def test_an_owners_boats_are_those_that_name_them(engine: SearchEngine) -> None:
    boats = [
        boat.changed(owner_id=uuid_of(f"seller {number % 3}"))
        for number, boat in enumerate(fleet.fleet(60))
    ]
    await index_all(engine, boats)
    for seller in {boat.owner_id for boat in boats}:
        theirs = {boat.id for boat in boats if boat.owner_id == seller and boat.is_offered}
        found = await engine.index.search(IndexQuery(owner=seller, limit=100, facets=False))
        assert (set(found.ids), found.total) == (theirs, len(theirs))
        assert await count_offers(engine.index, seller) == len(theirs) > 0
    assert await count_offers(engine.index, uuid_of("nobody")) == 0


async def test_pages_hold_every_boat_once_the_newest_first(market: Market) -> None:
    for number in range(5):
        boat = a_listing(name=f"b{number}", createdAt=NOW - number, updatedAt=NOW)
        await add_listing(market.trail, TESTS, boat)
    await add_listing(market.trail, TESTS, a_listing(name="hidden", status="inactive"))
    await reach(market.store, market.engine)
    index = market.engine.index
    first = await offered_by(market.listings, index, OWNER, limit=3)
    assert first.total == 5
    rest = await offered_by(market.listings, index, OWNER, limit=3, after=first.next)
    ids = [boat.id for boat in (*first.listings, *rest.listings)]
    assert ids == [uuid_of(f"b{number}") for number in range(5)]
    assert rest.next is None
    with pytest.raises(Invalid):
        await offered_by(market.listings, index, uuid_of("other"), after=first.next)
