"""Decisions that stick, and those that are taken back."""

from __future__ import annotations

from typing import Any

import pytest

from .market import StoryMarket

pytestmark = pytest.mark.anyio


async def test_a_scam_ring_spends_a_week_on_one_stolen_boat(market: StoryMarket) -> None:
    """Eve's fraud is reported and hidden; she deletes it. For a week the same boat comes back, as a draft
    of hers, as a friend's copy with other words and another order, as an edit of a harmless advert, and
    with nothing but the pictures. None is public, and each shows the moderators what went before.
    Ann's boat, which has nothing to do with it, is public at once.
    """
    mo = await market.moderator()
    eve, ben = await market.member("Eve"), await market.member("Ben")
    text = (
        "Built for a doctor who sailed her to the Azores twice and kept her in a heated shed. The rig is new, "
        "the engine has run two hundred hours, and every sail was cut last spring. A trailer, a dinghy and "
        "two anchors go with her. The family moves abroad, so she must find a good home this month."
    )
    first = await eve.lists("1999 Hallberg-Rassy 39", photos=0, description=text)
    await eve.adds_photos(first, seeds=(31, 32))
    await mo.approves(first)
    for name in ("Ray", "Rob", "Rex"):
        await market.visitor(name).reports(first, "scam", f"{name}: she took my deposit.")
    await eve.deletes(first)
    assert "deleted by its seller while it waited" in await mo.case_page(first)
    assert (await mo.queue("reported"))[first.id]["kept"]["description"] == text

    await market.passes(days=1)
    again = await eve.drafts("Rassy 39", description=text)
    await eve.puts_back(again)
    friend = await market.member("Mallory")
    built, rig, trailer, family = text.split(". ")
    turned = (
        f"{family.replace('abroad', 'away')} {trailer}. {rig.replace('new', 'fresh')}. {built}."
    )
    other = await friend.lists("A dream for sale", description=turned)
    harmless = await friend.lists("Albin Vega", boat={"manufacturer": "Albin", "model": "Vega"})
    assert await ben.sees(harmless)
    await friend.edits(harmless, description=text)
    third = await market.member("Trudy")
    pictures = await third.lists("Boat in good order", photos=0)
    await third.adds_photos(pictures, seeds=(32,))
    for copy in (again, other, harmless, pictures):
        assert not await ben.sees(copy)
        assert first.id in [case["listingId"] for case in (await mo.queue())[copy.id]["earlier"]]
        assert "she took my deposit" in await mo.case_page(copy)
    ann = await market.member("Ann")
    assert await ben.sees(await ann.lists())


async def test_an_honest_seller_is_not_followed_for_ever(market: StoryMarket) -> None:
    """Ann's boat is hidden by reports. She deletes it in anger and lists it again: it waits, and a
    moderator who sees both finds it in order. From then on nothing is held against her or the boat: not
    when she edits it, sells it to Bob and he lists it, or lists another.
    """
    mo = await market.moderator()
    ann, bob, ben = [await market.member(name) for name in ("Ann", "Bob", "Ben")]
    words: dict[str, Any] = {"description": "Sold by her first owner after twelve happy summers; come and sail her.",
             "boat": {"hin": "ABC12345D010"}}  # fmt: skip
    boat = await ann.lists(photos=0, **words)
    await ann.adds_photos(boat, seeds=(41,))
    for name in ("Ray", "Rob", "Rex"):
        await market.visitor(name).reports(boat, "scam")
    await ann.deletes(boat)
    again = await ann.lists(photos=0, **words)
    await ann.adds_photos(again, seeds=(41,))
    assert not await ben.sees(again)
    await mo.approves(again)
    assert await ben.sees(again)
    assert await mo.queue() == {}
    await ann.reprices(again, 85_000)
    assert await ben.sees(again)
    assert await ben.sees(await ann.lists("Another boat"))
    await ann.sells(again)
    await market.passes(days=40)
    his = await bob.lists(photos=0, **words)
    await bob.adds_photos(his, seeds=(41,))
    await mo.approves(his)
    assert await ben.sees(his)


@pytest.mark.on_both_engines
async def test_a_moderator_who_decides_while_the_owner_deletes_is_told(market: StoryMarket) -> None:
    """Eve deletes her reported advert while Mo reads it. His approval is not taken for what is gone; he
    turns it down instead, thinks again a week later, and her next advert of it is public at once.
    """
    mo = await market.moderator()
    eve, ben = await market.member("Eve"), await market.member("Ben")
    text = "Lying in Stuart, ready to go, with new sails and a log of every mile she has sailed."
    boat = await eve.lists(description=text)
    await market.visitor("Ray").reports(boat, "stolen", "It is my uncle's.")
    page = await mo.opens(f"/admin/moderation/{boat.id}")
    await eve.deletes(boat)
    told = await mo.submits(page, "Approve")
    assert "changed or reviewed by someone else" in told.words
    assert "Its seller has deleted the advert" in told.words
    await mo.submits(told, "Reject advert", reason="fraud")
    assert await mo.queue() == {}
    again = await eve.lists(description=text)
    assert not await ben.sees(again)
    await eve.deletes(again)
    page = await mo.opens(f"/admin/moderation/{boat.id}")
    done = await mo.submits(page, "It was in order")
    assert "nothing of it is held against later ones" in done.words
    assert await ben.sees(await eve.lists(description=text))


async def test_approving_what_is_not_offered_is_told_truly(market: StoryMarket) -> None:
    """Ann takes her reported boat off before Mo approves it. He reads that it is not public, and so does
    she; put back, it is public at once.
    """
    mo = await market.moderator()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    for name in ("Ray", "Rob", "Rex"):
        await market.visitor(name).reports(boat, "scam")
    await ann.withdraws(boat)
    ann.mailbox.new()
    page = await mo.opens(f"/admin/moderation/{boat.id}")
    done = await mo.submits(page, "Approve")
    assert "It is not public, since its seller has taken it off" in done.words
    assert not await ben.sees(boat)
    [letter] = ann.mailbox.new()
    assert "not public" in letter.subject
    await ann.puts_back(boat)
    assert await ben.sees(boat)
