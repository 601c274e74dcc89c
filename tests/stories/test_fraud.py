"""Frauds, those who fall for them, and those who are accused of one."""

from __future__ import annotations

import pytest

from .market import StoryMarket

pytestmark = pytest.mark.anyio


async def test_an_honest_seller_is_reported_by_three_and_is_back_after_a_look(
    market: StoryMarket,
) -> None:
    """Three rivals report Ann's boat as a fraud. It is hidden, and she is told, without a word about
    who it was. A moderator finds nothing wrong: the boat is public again, and a fourth rival, who
    starts over, achieves nothing alone.
    """
    mo = await market.moderator()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    assert await ben.sees(boat)
    rivals = [market.visitor(name) for name in ("Ray", "Rob", "Rex")]
    for rival in rivals:
        await rival.reports(boat, "scam", f"{rival.name} was robbed.")
    assert not await ben.sees(boat)
    hidden = ann.mailbox.latest
    assert "hidden" in hidden.subject
    for rival in rivals:
        assert rival.name not in str(hidden)
    case = await mo.case_page(boat)
    assert all(f"{rival.name} was robbed." in case for rival in rivals)

    await mo.approves(boat)
    assert await ben.sees(boat)
    assert await ben.finds() == [boat.title]
    await market.visitor("Rick").reports(boat, "scam")
    assert await ben.sees(boat)
    assert boat.id in await mo.queue("reported")
