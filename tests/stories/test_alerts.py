"""Readers who wait for a boat, and what their letters tell them."""

from __future__ import annotations

import pytest

from .market import StoryMarket

pytestmark = pytest.mark.anyio


async def test_a_weekly_reader_hears_of_a_boat_once_and_again_when_it_is_cheaper(
    market: StoryMarket,
) -> None:
    """Ben waits for a boat under $100,000. Ann's comes; he hears of it within the week, then never
    again, until she lowers the price.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("Under 100", "weekly", priceRange={"max": 10_000_000})
    ben.mailbox.new()
    boat = await ann.lists(price=95_000)
    await market.passes(days=8)
    [letter] = ben.mailbox.new()
    assert letter.mentions(boat.title)
    assert letter.mentions("$95,000")
    await market.passes(days=30)
    assert ben.mailbox.new() == []
    await ann.reprices(boat, 89_000)
    await market.passes(days=8)
    [letter] = ben.mailbox.new()
    assert letter.mentions("$89,000")
