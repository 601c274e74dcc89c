"""People with much on the market who delete their account: out at once, and then without a trace."""

from __future__ import annotations

import pytest

from marinemarket.store.schema import LISTINGS

from .fleet import has_long_offered
from .market import StoryMarket
from .people import Boat, declined

pytestmark = [pytest.mark.anyio, pytest.mark.on_both_engines]


async def test_a_seller_of_many_boats_is_out_at_once_and_the_worker_does_the_rest(
    market: StoryMarket,
) -> None:
    """Ann has thirty boats when she leaves. Her request removes none of them, but nobody finds one any
    more, though no worker runs. Workers start and are killed in the middle; the last one ends it.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boats = await has_long_offered(market, ann, 30)
    assert await ben.sees(boats[0])
    async with market.without_worker():
        await ann.leaves()
        assert await _left(market, boats) == 30
        assert await ben.finds() == []
        assert not await ben.sees(boats[0])
        with declined(404):
            await ben.asks(boats[0], "Is she dry below?")
        with declined(401):
            await ann.signs_in()
        while await _left(market, boats) == 30:
            await market.worker_is_killed_after(5)
        assert await _left(market, boats) > 0
    await market.passes(hours=1)
    assert await _left(market, boats) == 0
    again = await market.visitor("Ann").registers()
    assert await again.own_boats() == {}


async def _left(market: StoryMarket, boats: list[Boat]) -> int:
    """How many of some adverts the market still has."""
    keys = [(boat.id,) for boat in boats]
    return sum(item is not None for item in await market.inside.store.get_many(LISTINGS, keys))


async def test_no_key_of_the_feed_tells_an_address(market: StoryMarket) -> None:
    """Ann registers, changes her address, leaves and comes back; Vic only writes as a visitor. Archives keep
    the keys of all that was ever stored: none shows one of their addresses.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    vic = market.visitor("Vic")
    boat = await ben.lists()
    await vic.asks(boat, "Is she dry below?")
    await vic.confirms()
    await ann.moves_to("ann.new@mail.example")
    await ann.leaves()
    await market.passes(hours=1)
    await market.visitor("Ann").registers()
    store, position, tables = market.inside.store.engine, None, set()
    while changes := await store.changes(position):
        position = changes[-1].position
        tables |= {change.table for change in changes}
        shown = [(change.table, change.key) for change in changes if "@" in str(change.key)]
        assert shown == []
    assert "boat-claims" in tables


async def test_the_market_keeps_no_letter_to_somebody_who_has_left(market: StoryMarket) -> None:
    """Ann deletes her account: of the letters to her, only the farewell stays in the market's own folder."""
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    await ben.asks(boat, "Is she dry below?")
    await ann.leaves()
    await market.passes(hours=1)
    kept = [file.read_text() for file in market.settings.emails_folder.glob("*.eml")]
    assert not [text for text in kept if ann.email in text and "deleted" not in text]
    assert any(ben.email in text for text in kept)
