"""A broker who changes many boats at once, and changes her mind."""

from __future__ import annotations

import pytest

from .fleet import has_long_offered
from .market import StoryMarket
from .people import declined

pytestmark = pytest.mark.anyio


async def test_a_brokers_sale_that_is_called_off(market: StoryMarket) -> None:
    """On Friday night Bo lowers the prices of 27 boats while the worker is down. Ben, who waits for
    one under $110,000, hears of them. Bo sets one back by hand, reloads the page, and sends the form once
    more from another tab; nothing is lowered again. One is sold over the counter. Then Bo takes
    it all back: that one and the one set back by hand stay, and Ben hears nothing of the others.
    """
    bo, ben = await market.member("Bo"), await market.member("Ben")
    boats = await has_long_offered(market, bo, 27)
    by_hand, sold, *others = boats
    await ben.saves_search("Under 110", "at-once", priceRange={"max": 11_000_000})
    ben.mailbox.new()
    async with market.without_worker():
        desk = await bo.opens("/account/boats")
        asked = await bo.submits(desk, "Change prices…", every="every")
        shown = await bo.submits(asked, "Show new prices", by="-10")
        begun = await bo.submits(shown, "Change these prices")
        assert "25 of 27 boats done" in begun.words
    await market.a_moment()
    done = await bo.reloads(begun)
    assert "27 updated" in done.words
    await market.passes(minutes=20)
    told = len(ben.mailbox.new())
    assert told > 0

    await bo.reprices(by_hand, 120_000)
    await bo.reloads(done)
    again = await bo.submits(shown, "Change these prices")
    assert again.address == done.address
    assert (await bo.advert(by_hand))["price"] == 120_000_00
    await bo.sells(sold)

    await market.passes(minutes=20)
    ben.mailbox.new()
    back = await bo.submits(await bo.opens(done.address), "Take back")
    await market.a_moment()
    back = await bo.reloads(back)
    assert "25 updated, 2 not updated" in back.words
    for boat in others:
        assert (await bo.advert(boat))["price"] == 120_000_00
    history = (await bo.advert(others[0]))["priceHistory"]
    assert [asked["price"] for asked in history] == [120_000_00, 108_000_00, 120_000_00]
    assert (await bo.own_boats())[sold.title]["status"] == "sold"
    await market.passes(minutes=20)
    assert [letter for letter in ben.mailbox.new() if letter.mentions("Folkboat")] == []

    await bo.changes_prices(boats[2:5], "-5")
    late = (await bo.call("GET", "/me/jobs"))["results"][0]
    assert late["reversibleUntil"]
    await market.passes(days=2)
    with declined(409):
        await bo.call("POST", f"/me/jobs/{late['id']}/reversal")
