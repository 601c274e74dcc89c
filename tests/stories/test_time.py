"""What time does to a market: boats nobody confirms, links that expire, a worker that was down."""

from __future__ import annotations

import pytest

from .market import StoryMarket

pytestmark = pytest.mark.anyio


async def test_a_boat_that_nobody_confirms_is_hidden_and_comes_back_by_a_click(
    market: StoryMarket,
) -> None:
    """Ann forgets her boat. She is asked after a month and again a week later; two weeks after that
    the boat is hidden, and she is told. In spring she finds the letter, and one click brings it back.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    ann.mailbox.new()
    await market.passes(days=29)
    assert ann.mailbox.new() == []
    await market.passes(days=2)
    [asked] = ann.mailbox.new()
    assert "still for sale" in asked.subject
    await market.passes(days=7)
    assert len(ann.mailbox.new()) == 1
    assert await ben.sees(boat)
    await market.passes(days=14)
    [hidden] = ann.mailbox.new()
    assert not await ben.sees(boat)
    await market.passes(days=120)
    assert ann.mailbox.new() == []
    await ann.sends(hidden.link("/still-for-sale/"))
    assert await ben.sees(boat)
