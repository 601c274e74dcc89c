"""Bans, blocks and leavings: who still reaches whom, and what others still see."""

from __future__ import annotations

import pytest

from marinemarket.accounts.user import UserRole

from .market import StoryMarket
from .people import Boat, Visitor, declined

pytestmark = pytest.mark.anyio

LINKS = "http://a.example http://b.example http://c.example http://d.example"


async def listed(visitor: Visitor, boat: Boat) -> list[str]:
    """Where a boat is announced to everybody: the sitemap, the feed, and search."""
    pages = {"sitemap": "/sitemaps/boats-1.xml", "feed": "/boats.atom"}
    found = [name for name, page in pages.items() if boat.id in (await visitor.opens(page)).source]
    return [*found, *(["search"] if boat.title in await visitor.finds() else [])]


async def test_a_fraud_is_banned_in_the_middle_of_his_conversations_and_reinstated_later(
    market: StoryMarket,
) -> None:
    """Sam sells. Ben writes with him, Vic as well without an account, and Una is about to confirm. A
    message of Sam's is held, when he is banned: his boat is announced nowhere, his buyers are warned
    once, and nothing passes between him and them. It was a mistake, and all is as before.
    """
    mo = await market.staff("Mo", UserRole.SUPER_ADMIN)
    sam, ben = await market.member("Sam"), await market.member("Ben")
    vic, una = market.visitor("Vic Tor"), market.visitor("Una Moore")
    boat = await sam.lists()
    await market.passes(hours=1)
    assert await listed(vic, boat) == ["sitemap", "feed", "search"]
    kept = [await vic.browser.get(page) for page in ("/sitemaps/boats-1.xml", "/boats.atom")]
    assert {page.headers["cache-control"] for page in kept} == {"public, no-cache"}
    talk = await ben.asks(boat, "Is she dry below?")
    await sam.replies(talk, "Bone dry.")
    await ben.watches(boat)
    await vic.asks(boat, "May I see her?")
    link = await vic.confirms()
    await una.asks(boat, "What does she draw?")
    held = await sam.replies(talk, f"Look here: {LINKS}")
    answer = ben.mailbox.about("Bone dry")[-1]
    ben.mailbox.new(), vic.mailbox.new()

    await mo.bans(sam)
    assert await listed(vic, boat) == []
    assert not await ben.sees(boat)
    for buyer in (ben, vic):
        [warning] = buyer.mailbox.new()
        assert "we have banned Sam" in warning.subject
        assert warning.mentions("Do not send them money")
    with declined(409, "banned"):
        await ben.replies(talk, "Hello?")
    page = await ben.reads(f"/account/messages/{talk.id}")
    assert "We have banned this member" in page
    assert "(no longer for sale)" in page
    assert "We have banned this member" in await vic.reads(link)
    assert await ben.answers_by_email(answer, "When can I come?") == "HELD_BACK"
    assert ben.mailbox.latest.mentions("the market has banned the other person")
    with declined(409, "market has banned the other person"):
        await una.confirms()
    assert "The sender is banned." in await mo.held()
    with declined(409, "The message stays here until that changes."):
        await mo.releases(held)
    assert "Look here" not in str(await ben.hears(talk))

    await market.passes(days=1)
    assert not ben.mailbox.about("Look here")
    await mo.lets_in_again(sam)
    assert await listed(vic, boat) == ["sitemap", "feed", "search"]
    await mo.releases(held)
    assert ben.mailbox.latest.mentions("Look here")
    await ben.replies(talk, "There you are again.")
    assert sam.mailbox.latest.mentions("There you are again.")
    await una.asks(boat, "What does she draw?")
    await una.confirms()
    assert sam.mailbox.latest.mentions("What does she draw?")


async def test_a_blocked_buyer_reaches_the_seller_in_no_way_and_sees_where_he_stands(
    market: StoryMarket,
) -> None:
    """Ann blocks Ben while a message of his is held. He tries her other boat, his mail program, and
    writing as a guest; then she changes her mind.
    """
    mo = await market.moderator()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    first, second = await ann.lists("Sea Breeze"), await ann.lists("Sea Horse")
    talk = await ben.asks(first, "Would you take half?")
    await ann.replies(talk, "No.")
    no = ben.mailbox.latest
    held = await ben.replies(talk, f"And for these? {LINKS}")
    assert held.state == "held"
    await ann.blocks(talk)
    ann.mailbox.new()
    assert "The recipient has blocked the sender." in await mo.held()
    with declined(409, "The message was not delivered"):
        await mo.releases(held)
    assert "No held messages." in await mo.held()
    own = await ben.reads(f"/account/messages/{talk.id}")
    assert "This message was not delivered" in own
    assert "The other person has closed this conversation." in own
    whole = await ben.call("GET", f"/me/inquiries/{talk.id}")
    assert (whole["canWrite"], whole["whyNot"]) == (False, "this conversation was closed")
    with declined(409, "takes no messages from you"):
        await ben.asks(second, "And this one?")
    assert await ben.answers_by_email(no, "Two thirds?") == "HELD_BACK"
    guest = market.visitor("Ben Again", email=ben.email)
    await guest.asks(second, "Is she still for sale?")
    with declined(409, "takes no messages from you"):
        await guest.confirms()
    assert ann.mailbox.new() == []

    await ann.reopens(talk)
    await ben.replies(talk, "My full price, then?")
    await guest.confirms()
    assert [letter.mentions("full price") for letter in ann.mailbox.new()] == [True, False]


@pytest.mark.on_both_engines
async def test_what_is_written_while_the_mail_server_is_away_goes_to_nobody_who_left_since(
    market: StoryMarket,
) -> None:
    """The worker is down for a night. Ben writes to Ann and to Cleo; Ann moves to another address, and
    Cleo leaves the market. In the morning Ann's mail follows her, and Cleo gets none but the farewell.
    """
    ann, ben, cleo = [await market.member(name) for name in ("Ann", "Ben", "Cleo")]
    hers, other = await ann.lists("Sea Breeze"), await cleo.lists("Sea Horse")
    async with market.without_worker():
        await ben.asks(hers, "Is she dry below?")
        talk = await ben.asks(other, "Is she fast?")
        await cleo.leaves()
        market.clock.now += 8 * 60 * 60 * 1000
    await market.passes(minutes=30)
    assert ann.mailbox.latest.mentions("Is she dry below?")
    assert not cleo.mailbox.about("Is she fast?")
    with declined(409, "has left the market"):
        await ben.replies(talk, "Hello?")


async def test_somebody_who_ends_the_conversation_himself_is_blocked_all_the_same(
    market: StoryMarket,
) -> None:
    """Ben insults Ann, and ends the conversation, so that she has the last of it. She blocks him there:
    he cannot go on about another boat. When both have blocked each other, each lifts only their own.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    first, second = await ann.lists("Sea Breeze"), await ann.lists("Sea Horse")
    other = await ben.asks(second, "What does she draw?")
    talk = await ben.asks(first, "You are a liar, and she is a wreck.")
    await ben.ends(talk)
    await ann.blocks(talk)
    ann.mailbox.new()
    await ben.reopens(talk)
    for where in (talk, other):
        with declined(409, "takes no messages from you"):
            await ben.replies(where, "A liar!")
    await ben.blocks(other)
    await ann.reopens(talk)
    with declined(409):
        await ann.replies(talk, "You may apologize now.")
    assert ann.mailbox.new() == ben.mailbox.about("apologize") == []
    await ben.reopens(other)
    await ben.replies(talk, "I am sorry.")
    assert ann.mailbox.latest.mentions("I am sorry.")
