"""What time does to a market: boats nobody confirms, links that expire, a worker that was down."""

from __future__ import annotations

import pytest

from marinemarket.clock import from_iso

from .market import StoryMarket
from .members import Member
from .people import declined

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


async def test_the_last_day_of_february_is_a_day_like_any_other(market: StoryMarket) -> None:
    """It is 29 February 2028. Ann joins and offers a boat, Ben waits for one with a letter a week. Over
    the end of the month and into summer, what is due comes, and what is asked is answered.
    """
    market.clock.now = from_iso("2028-02-29T12:00:00Z")
    await market.works()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("All", "weekly")
    boat = await ann.lists()
    await market.passes(days=8)
    assert len(ben.mailbox.about(boat.title)) == 1
    for _ in range(2):
        await market.passes(days=31)
        assert await ann.confirms_if_asked()
    assert await ben.sees(boat)
    assert "2028" in await ann.reads(f"/boats/{boat.id}")


async def test_links_live_as_long_as_their_letters_say(market: StoryMarket) -> None:
    """Ann finds her letters after the weekend: the link that confirms her address lived a day. She
    registers again, and gets another link. Of those for a new password, which live half an hour, only
    the newest works, and only once.
    """
    ann = market.visitor("Ann")
    await ann.asks_for_an_account()
    late = ann.mailbox.latest
    await market.passes(days=3)
    with declined(422, "This link has been used, has expired"):
        await ann.confirms_address(late)
    await ann.asks_for_an_account()
    await ann.sets_password(ann.mailbox.latest.link("/account/reset"), "tidal rudder walnut forty")
    with declined(422):
        await ann.confirms_address(late)
    await Member.of(ann).signs_in()

    await ann.forgets_password()
    first = ann.mailbox.latest.link("/account/reset")
    await market.passes(minutes=40)
    with declined(422):
        await ann.sets_password(first, "cobalt lantern drift seven")
    await ann.forgets_password()
    second = ann.mailbox.latest.link("/account/reset")
    await ann.sets_password(second, "cobalt lantern drift seven")
    for used in (first, second):
        with declined(422):
            await ann.sets_password(used, "yet another lantern drift")


async def test_three_weeks_without_a_worker_lose_nothing_and_send_nothing_twice(
    market: StoryMarket,
) -> None:
    """The worker is down from the tenth day to the thirty-first. People write, a boat is sold, and one
    is due to be asked about. When it is back, every letter goes out once, and only those still true.
    """
    ann, ben, vic = await market.member("Ann"), await market.member("Ben"), market.visitor("Vic")
    boat = await ann.lists()
    await market.passes(days=10)
    ann.mailbox.new()
    async with market.without_worker():
        await ben.asks(boat, "Is she dry below?")
        await vic.asks(boat, "Is she still there?")
        await market.passes(days=21)
        assert ann.mailbox.new() == []
    await market.passes(days=2)
    assert len(ann.mailbox.about("Is she dry below?")) == 1
    assert len(ann.mailbox.about("still for sale")) == 1
    await market.passes(hours=3)
    assert len(ann.mailbox.new()) == 2
    assert await ben.sees(boat)


@pytest.mark.market(backup_hours=24)
async def test_a_market_restored_to_a_second_goes_on_from_there(market: StoryMarket) -> None:
    """On Tuesday somebody wipes the machine. The market is restored to Monday noon: what came later is
    gone, everybody signs in again, no letter is sent twice, and nobody who left in between is back.
    """
    ann, ben, lea = [await market.member(name) for name in ("Ann", "Ben", "Lea")]
    await ben.saves_search("All", "daily")
    boat, leas = await ann.lists("Kept Contest 40"), await lea.lists("Left Contest 40")
    talk = await ben.asks(boat, "Is she dry below?")
    await market.passes(days=2)
    monday = market.clock.now
    await market.passes(hours=1)
    await ann.reprices(boat, 50_000)
    late = await ann.lists("Late Contest 40")
    await ann.replies(talk, "Bone dry.")
    await lea.leaves()
    await market.passes(days=1)
    told = len(ben.mailbox.letters)

    await market.is_restored(monday)
    ann.signs_in_when_asked = False
    assert not await ann.is_signed_in()
    ann.signs_in_when_asked = True
    assert not await ben.sees(late)
    assert not await ben.sees(leas)
    assert (await ben.advert(boat))["price"] == 90_000_00
    assert await ann.hears(talk) == ["Is she dry below?"]
    with declined(401):
        await lea.signs_in()
    await market.passes(days=2)
    assert [letter.subject for letter in ben.mailbox.letters[told:]] == ["New sign-in"] or not [
        letter for letter in ben.mailbox.letters[told:] if letter.mentions("Contest")
    ]
    await ann.replies(talk, "Bone dry, as I wrote.")
    assert ben.mailbox.latest.mentions("Bone dry, as I wrote.")
