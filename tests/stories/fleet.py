"""Boats that have been on the market since before a story: quicker than offering each."""

from __future__ import annotations

from marinemarket.listings.records import add_listing
from tests.builders import a_listing
from tests.conftest import TESTS

from .market import StoryMarket
from .members import Member
from .people import Boat


async def has_long_offered(market: StoryMarket, owner: Member, number: int) -> list[Boat]:
    """So many boats of one owner."""
    owner_id = (await owner.me())["id"]
    boats = [
        a_listing(
            name=f"folkboat {n}",
            title=f"1990 Folkboat number {n}",
            boat={"condition": "Good"},
            ownerId=owner_id,
        )
        for n in range(number)
    ]
    for boat in boats:
        await add_listing(market.inside.trail, TESTS, boat)
    await market.a_moment()
    return [Boat(boat.id, boat.title) for boat in boats]
