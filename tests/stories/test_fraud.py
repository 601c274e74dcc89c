"""Frauds, those who fall for them, and those who are accused of one."""

from __future__ import annotations

from contextlib import suppress

import pytest

from .market import StoryMarket
from .people import Declined, declined

pytestmark = pytest.mark.anyio

TEXT = "A rare chance: one owner, always in fresh water, new sails and engine. First to see buys."

SELLERS = ("Abe", "Amy", "Bob", "Dan", "Eli", "Fay", "Gus", "Hal")


@pytest.mark.on_both_engines
async def test_an_honest_seller_is_reported_by_three_and_is_back_after_a_look(
    market: StoryMarket,
) -> None:
    """Three rivals report Ann's boat as a fraud. It is hidden, and she is told, without a word about
    who it was. A moderator finds nothing wrong: the boat is public again. A fourth rival achieves
    nothing alone.
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


async def test_the_same_three_rivals_cannot_take_an_honest_boat_down_again_and_again(
    market: StoryMarket,
) -> None:
    """After a moderator has found Ann's boat to be in order, the same three report it again, the next
    day and the day after. The boat stays; a moderator can still read what they say.
    """
    mo, ann, ben = [await market.moderator(), *[await market.member(n) for n in ("Ann", "Ben")]]
    boat = await ann.lists()
    rivals = [market.visitor(name) for name in ("Ray", "Rob", "Rex")]
    for rival in rivals:
        await rival.reports(boat, "scam")
    await mo.approves(boat)
    for _ in range(2):
        await market.passes(days=1)
        for rival in rivals:
            await rival.reports(boat, "scam")
        assert await ben.sees(boat)


@pytest.mark.market(review="all")
async def test_an_advert_copied_from_another_seller_stays_out(market: StoryMarket) -> None:
    """Eve copies the pictures and the words of Ann's advert and asks half the price. Her copy is not
    public, the moderator sees whose it is, and Ann's advert suffers nothing from it.
    """
    mo, ann, eve = [await market.moderator(), *[await market.member(n) for n in ("Ann", "Eve")]]
    words = (
        "Built for a doctor who hardly ever used her: the standing rigging is new, the sails are still in "
        "their bags, and the engine has just been run in. She has wintered in a heated shed since "
        "she was launched, and her teak has been scrubbed with sea water and nothing else."
    )
    boat = await ann.drafts("Swan 36", description=words, price=120_000)
    await ann.adds_photos(boat, seeds=(5, 6))
    await ann.puts_back(boat)
    await mo.approves(boat)
    copy = await eve.drafts("Swan 36, a bargain", description=words, price=60_000)
    await eve.adds_photos(copy, seeds=(5, 6))
    await eve.puts_back(copy)
    assert not await market.visitor("Rita").sees(copy)
    case = (await mo.queue())[copy.id]
    assert {"same-pictures", "same-text"} <= {flag["rule"] for flag in case["flags"]}
    assert "Swan 36" in await mo.case_page(copy)
    await mo.rejects(copy, "These are somebody else's photos.")
    assert eve.mailbox.latest.mentions("These are somebody else's photos.")
    assert await market.visitor("Rita").finds() == [boat.title]
    assert boat.id not in await mo.queue()


async def test_a_scam_rings_week(market: StoryMarket) -> None:
    """Three crooks offer one boat under three accounts, each from the same photo, and write the same
    story to sellers. By the end of the week none of their adverts is public, none of the copies has
    reached a seller after the first few, and their accounts are closed: what they wrote is marked.
    """
    ada, mo = await market.admin(), await market.moderator()
    crooks = [await market.member(name) for name in ("Cal", "Cid", "Cyd")]
    sellers = [await market.member(name) for name in SELLERS]
    boats = [await seller.lists(f"Albin Vega of {seller.name}") for seller in sellers]
    adverts = []
    for crook in crooks:
        advert = await crook.drafts(f"Yacht of {crook.name}", price=15_000)
        await crook.adds_photos(advert, seeds=(9,))
        await crook.puts_back(advert)
        adverts.append(advert)
        await market.passes(days=1)
    rita = market.visitor("Rita")
    assert [await rita.sees(advert) for advert in adverts[1:]] == [False, False]
    assert {advert.id for advert in adverts[1:]} <= set(await mo.queue())

    plea = "I am at sea without a phone. My shipper picks the boat up; I pay more and you send the rest on."
    states = []
    for n, boat in enumerate(boats):
        states.append((await crooks[n % 3].asks(boat, plea)).state)
        await market.passes(hours=2)
    assert "held" in states
    first_held = states.index("held")
    assert first_held <= 5
    assert set(states[first_held:]) == {"held"}
    for seller in sellers[first_held:]:
        assert not [one for one in seller.mailbox.letters if one.mentions("shipper")]
    for crook in crooks:
        await ada.bans(crook, "One ring of three.")
    assert not any([await rita.sees(advert) for advert in adverts])
    for crook in crooks:
        with declined(403):
            await crook.signs_in()


async def test_a_boat_that_was_sold_elsewhere_is_still_advertised(market: StoryMarket) -> None:
    """Ann sold her boat at the quay and forgot the advert. Three who came in vain report it as sold: it is
    hidden, she is told, and marks it as sold. A moderator, who has nothing against her, does not bring it
    back, and does not write to her that it is live.
    """
    mo, ann = await market.moderator(), await market.member("Ann")
    boat = await ann.lists()
    for name in ("Vic", "Val", "Van"):
        await market.visitor(name).reports(boat, "sold", "She is gone, the berth is empty.")
    assert not await market.visitor("Rita").sees(boat)
    assert "hidden" in ann.mailbox.latest.subject
    assert boat.id in await mo.queue()
    await ann.sells(boat, 70_000)
    ann.mailbox.new()
    if boat.id in await mo.queue():
        await mo.approves(boat)
    assert boat.id not in await mo.queue()
    assert (await ann.advert(boat))["status"] == "sold"
    assert not await market.visitor("Rita").sees(boat)
    assert not [letter for letter in ann.mailbox.new() if "live" in letter.subject]


async def test_somebody_writes_in_anothers_name_and_address(market: StoryMarket) -> None:
    """A joker asks for Ann's boat with Vic's address. Vic gets a letter, does nothing, and nothing
    happens: Ann never hears of it, and the words are gone after a day.
    """
    ann, vic = await market.member("Ann"), market.visitor("Vic")
    boat = await ann.lists()
    ann.mailbox.new()
    joker = market.visitor("Vic", email=vic.email)
    await joker.asks(boat, "I will buy her unseen, here is my card number.")
    [letter] = vic.mailbox.new()
    await market.passes(days=2)
    assert ann.mailbox.new() == []
    page = await vic.opens(letter.link("/messages/"))
    assert page.status == 404
    assert "card number" not in page.words


@pytest.mark.on_both_engines
@pytest.mark.parametrize("verdict", ["reported by three", "called a fraud"])
async def test_a_hidden_fraud_does_not_come_back_by_delete_and_list_again(
    market: StoryMarket, verdict: str
) -> None:
    """Eve's boat is hidden as a fraud. She deletes the advert and posts the same text and photos
    anew, then a friend of hers does. Neither is public, and the moderators see what went before.
    """
    mo = await market.moderator()
    eve, ben = await market.member("Eve"), await market.member("Ben")
    words = {"description": TEXT, "price": 60_000}
    first = await eve.lists("1999 Hallberg-Rassy 39", photos=0, **words)
    await eve.adds_photos(first, seeds=(7, 8))
    await mo.approves(first)
    assert await ben.sees(first)
    if verdict == "called a fraud":
        await mo.hides(first, "This advert is a fraud.")
    else:
        for name in ("Ray", "Rob", "Rex"):
            await market.visitor(name).reports(first, "scam", f"{name}: she took my deposit.")
    assert not await ben.sees(first)

    await eve.deletes(first)
    await market.passes(minutes=30)
    for crook in (eve, await market.member("Mallory")):
        copy = await crook.lists("1999 Hallberg-Rassy 39", photos=0, **words)
        await crook.adds_photos(copy, seeds=(7, 8))
        await market.passes(minutes=30)
        assert not await ben.sees(copy)
        assert copy.title not in await ben.finds()
        assert copy.id in await mo.queue()
        case = await mo.case_page(copy)
        assert ("This advert is a fraud." if verdict == "called a fraud" else "deposit") in case


@pytest.mark.on_both_engines
@pytest.mark.market(review="all")
async def test_an_advert_that_is_approved_after_its_owner_took_it_down_is_not_called_public(
    market: StoryMarket,
) -> None:
    """Ann withdraws her advert while it waits. The moderator, who had it open, approves it: the letter
    does not say that it is public, because it is not.
    """
    mo, ann = await market.moderator(), await market.member("Ann")
    boat = await ann.lists()
    await ann.withdraws(boat)
    ann.mailbox.new()
    with suppress(Declined):  # to refuse is as good as to approve what is not public
        await mo.approves(boat)
    assert not await market.visitor("Rita").sees(boat)
    for letter in ann.mailbox.new():
        assert "live" not in letter.subject
    await ann.puts_back(boat)
    await market.passes(minutes=10)
    if not await market.visitor("Rita").sees(boat):
        await mo.approves(boat)
        assert ann.mailbox.about("is live")


async def test_a_seller_corrects_an_advert_that_somebody_has_reported_and_it_stays(
    market: StoryMarket,
) -> None:
    """One visitor calls Ann's advert a fraud, out of spite. She corrects a word of it: the advert waits
    in the queue for the report, and is not taken for a copy of itself.
    """
    ann, una = await market.member("Ann"), market.visitor("Una")
    boat = await ann.lists()
    await una.reports(boat, "scam")
    await ann.edits(boat, description="White hull, and two new sails.")
    assert await una.sees(boat)
    await ann.withdraws(boat)
    await ann.puts_back(boat)
    assert await una.sees(boat)
    [case] = (await (await market.moderator()).queue()).values()
    assert (case["lane"], case["flags"]) == ("reported", [])
