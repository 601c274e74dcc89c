"""A market with an index, its moderation follower, and a seller who can be emailed."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.user import User
from marinemarket.composition import Market
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing, find_listing, replace_listing
from marinemarket.moderation.case import Case
from marinemarket.moderation.case_follower import CaseFollower
from marinemarket.moderation.records import find_case
from marinemarket.search.index_follower import reach
from marinemarket.store.change_feed import follow
from tests.accounts.members import a_person
from tests.builders import a_listing
from tests.conftest import TESTS

PENDING = {"state": "pending"}
PICTURE = ["/media/photos/0123456789abcdef0123456789abcdef/1600.jpg"]


class Moderation:
    """The follower of a market, which a test may restart."""

    def __init__(self, market: Market) -> None:
        self.market, self.follower = market, market.case_follower()

    async def catch_up(self) -> None:
        while await follow(self.market.store, self.follower):
            pass

    def restart(self) -> CaseFollower:
        self.follower = self.market.case_follower()
        return self.follower


def advert(seller: User, name: str = "boat", **overrides: Any) -> Listing:
    """A seller's new and valid advert, which waits for approval."""
    wanted = {"ownerId": seller.id, "moderation": PENDING, "images": PICTURE} | overrides
    return a_listing(name=name, **wanted)


async def add(market: Market, listing: Listing) -> Listing:
    await add_listing(market.trail, TESTS, listing)
    return listing


async def change(market: Market, id: str, **changes: Any) -> Listing:
    """Change the current listing; returns the new version."""
    old = await stands(market, id)
    new = old.changed(updated_at=old.updated_at + 1, **changes)
    await replace_listing(market.trail, TESTS, old, new)
    return new


async def stands(market: Market, id: str) -> Listing:
    listing = await find_listing(market.store, id)
    assert listing is not None
    return listing


async def case_of(market: Market, id: str) -> Case:
    case = await find_case(market.store, id)
    assert case is not None
    return case


@pytest.fixture
async def ann(market: Market) -> User:
    """A seller with an old account."""
    return await a_person(market)


@pytest.fixture
async def moderation(market: Market) -> Moderation:
    await reach(market.store, market.engine)
    moderation = Moderation(market)
    await moderation.catch_up()
    return moderation
