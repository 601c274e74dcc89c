"""Those who leave, those who are shut out, those who are blocked, and their returns."""

from __future__ import annotations

import pytest

from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action

from .market import StoryMarket
from .members import Member
from .people import Boat, Conversation, declined

pytestmark = pytest.mark.anyio


@pytest.mark.on_both_engines
async def test_a_seller_is_erased_in_the_middle_of_a_sale(market: StoryMarket) -> None:
    """Ann deletes her account while Ben is about to come and look. He keeps the conversation, without
    her name; his answer is declined and not lost in silence, by mail too; and her boat is nowhere.
    """
    ann, ben = await market.member("Ann Halyard"), await market.member("Ben")
    boat = await ann.lists()
    await ben.watches(boat)
    talk = await ben.asks(boat, "May I come on Sunday?")
    await ann.replies(talk, "Sunday at ten.")
    invitation = ben.mailbox.latest
    photo = (await ben.advert(boat))["images"][0]
    assert (await ben.opens(photo)).status == 200

    await ann.leaves()
    await market.passes(minutes=30)
    assert not await ben.sees(boat)
    assert await ben.finds() == []
    assert await ben.hears(talk) == ["May I come on Sunday?", "Sunday at ten."]
    page = await ben.reads(f"/account/messages/{talk.id}")
    assert "Halyard" not in page
    assert "has left" in page
    with declined(409):
        await ben.replies(talk, "I am on my way.")
    known = len(ben.mailbox.letters)
    assert await ben.answers_by_email(invitation, "I am on my way.") != "PASSED_ON"
    told = ben.mailbox.letters[known:]
    assert any(letter.mentions("I am on my way.") for letter in told), ben.mailbox.subjects()
    assert (await ben.watchlist())[boat.id]["became"] == "gone"
    await market.passes(days=2)
    assert (await ben.opens(photo)).status == 404


async def test_somebody_who_left_comes_back_as_somebody_new(market: StoryMarket) -> None:
    """Ann leaves with a boat, a search and a watchlist, and comes back a month later with the same
    address. She begins with nothing, and nobody is written to as if she had never left.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat, bens = await ann.lists("Ann's Nicholson 32"), await ben.lists("Ben's Nicholson 32")
    await ann.watches(bens)
    await ann.saves_search("All", "daily")
    talk = await ben.asks(boat, "Is she dry below?")
    await ann.leaves()
    await market.passes(days=30)
    again = await market.visitor("Ann").registers()
    assert await again.own_boats() == {}
    assert await again.watchlist() == {}
    assert await again.inbox() == []
    assert (await again.call("GET", "/me/saved-searches"))["results"] == []
    again.mailbox.new()
    await ben.lists("Ben's second boat")
    await market.passes(days=8)
    assert again.mailbox.new() == []
    with declined(409):
        await ben.replies(talk, "Welcome back!")


@pytest.mark.on_both_engines
async def test_a_buyer_who_is_banned_writes_to_nobody_until_he_is_let_in_again(
    market: StoryMarket,
) -> None:
    """Ben is banned for insults. His mail program and a second try as a visitor do not help him; what
    Ann wrote to him meanwhile she is told of. After an appeal he writes again.
    """
    ada = await market.admin()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    talk = await ben.asks(boat, "Is she dry below?")
    await ann.replies(talk, "Bone dry.")
    answer = ben.mailbox.latest
    await ada.bans(ben)
    ann.mailbox.new()
    ben.signs_in_when_asked = False
    with declined(401):
        await ben.replies(talk, "You idiot.")
    assert await ben.answers_by_email(answer, "You idiot.") != "PASSED_ON"
    assert not [letter for letter in ann.mailbox.new() if letter.mentions("idiot")]
    await ada.lets_in_again(ben)
    await ben.signs_in()
    await ben.replies(talk, "I apologize.")
    assert ann.mailbox.latest.mentions("I apologize.")


async def test_a_blocked_buyer_finds_no_way_around(market: StoryMarket) -> None:
    """Ann blocks Ben. He tries another boat of hers, his mail program, and the form for visitors with the
    same address: nothing reaches her. When she lifts the block, all is as before.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat, other = await ann.lists("First Moody 33"), await ann.lists("Second Moody 33")
    talk = await ben.asks(boat, "Would you take half?")
    await ann.replies(talk, "No.")
    no = ben.mailbox.latest
    await ann.blocks(talk)
    ann.mailbox.new()
    with declined(409):
        await ben.replies(talk, "Two thirds?")
    with declined(409):
        await ben.asks(other, "Half for this one?")
    assert await ben.answers_by_email(no, "Two thirds?") != "PASSED_ON"
    disguised = market.visitor("Benjamin", email=ben.email)
    await disguised.asks(other, "Half for this one?")
    with declined(409):
        await disguised.confirms()
    await market.passes(days=1)
    assert ann.mailbox.new() == []
    await ann.reopens(talk)
    await ben.replies(talk, "Sorry about that.")
    assert ann.mailbox.latest.mentions("Sorry about that.")


async def test_everything_is_taken_along_and_then_nothing_is_left_even_after_a_restore(
    market: StoryMarket,
) -> None:
    """Ann takes her data along and leaves. A week later the market loses its disk and is restored to the
    day before she left. She is not back: no boat, no name, no letter to her.
    """
    ann, ben = await market.member("Ann Halyard"), await market.member("Ben")
    boat = await ann.lists(description="Halyard's pride: a boat with a soul of her own.")
    talk = await ben.asks(boat, "Is she dry below?")
    await ann.replies(talk, "Dry as a bone, I promise.")
    exported = str(await ann.call("GET", "/me/export"))
    for own in ("Halyard's pride", "Dry as a bone", "ann@mail.example", boat.id):
        assert own in exported
    await market.passes(days=1)
    before = market.clock.now
    await market.passes(hours=2)
    await ann.leaves()
    await market.passes(days=7)
    letters = len(ann.mailbox.letters)
    await market.is_restored(before)
    await market.passes(days=40)
    assert not await ben.sees(boat)
    assert "Halyard" not in await ben.reads(f"/account/messages/{talk.id}")
    with declined(401):
        await Member.of(ann).signs_in()
    assert len(ann.mailbox.letters) == letters


@pytest.mark.on_both_engines
async def test_the_boats_of_a_banned_seller_are_nowhere_and_come_back_with_him(
    market: StoryMarket,
) -> None:
    """Sid is banned by mistake: no list, feed, sitemap or form offers his boat, and whoever writes in an
    old conversation is told. A week later everything is as before.
    """
    ada = await market.admin()
    sid, ben = await market.member("Sid"), await market.member("Ben")
    boat = await sid.lists()
    talk = await ben.asks(boat, "Is she dry below?")
    await market.passes(hours=2)
    await _is_everywhere(market, boat, True)
    await ada.bans(sid)
    await market.passes(hours=2)
    await _is_everywhere(market, boat, False)
    with declined(409):
        await ben.replies(talk, "Are you there?")
    with declined(404):
        await ben.asks(boat, "Are you there?")
    await market.passes(days=7)
    await ada.lets_in_again(sid)
    await market.passes(hours=2)
    await _is_everywhere(market, boat, True)
    await ben.replies(talk, "Welcome back.")
    assert "Welcome back." in await sid.hears(talk)


async def _is_everywhere(market: StoryMarket, boat: Boat, expected: bool) -> None:
    reader = market.visitor("Rita")
    for address in ("/", "/boats", "/boats.atom"):
        assert (boat.id in (await reader.opens(address)).source) is expected, address
    index = (await reader.opens("/sitemap.xml")).source
    parts = [part.partition("<")[0] for part in index.split("<loc>")[1:]]
    listed = [(await reader.opens(part)).source for part in parts] + [index]
    assert any(boat.id in part for part in listed) is expected
    assert await reader.sees(boat) is expected


async def test_a_guest_registers_in_order_to_be_forgotten(market: StoryMarket) -> None:
    """Gus and Vic have written to Ann as guests. Gus opens an account with his address, only to delete it:
    Ann keeps his words without his name, and not even the audit trail knows from where he wrote. What
    is recorded of Vic stays, and so does Ann's block of Gus.
    """
    ann, gus, vic = await market.member("Ann"), market.visitor("Gus Gale"), market.visitor("Vic")
    boat = await ann.lists()
    for guest in (gus, vic):
        await guest.asks(boat, f"Is she dry below? asks {guest.email}")
        await guest.confirms()
    talk = next(one for one in await ann.inbox() if one["with"] == "Gus Gale")
    await ann.blocks(Conversation(talk["id"], "sent"))
    await (await gus.registers()).leaves()
    await market.passes(hours=1)
    assert (await ann.hears(Conversation(talk["id"], "sent"))) == [
        "Is she dry below? asks gus@mail.example"
    ]
    for action in (Action.INQUIRY_SENT, Action.INQUIRY_CONFIRMED):
        entries = (await entries_by_action(market.inside.store, action)).entries
        by = {entry.resource_id: entry.user_agent for entry in entries}
        assert by.pop(talk["id"]) == "erased"
        assert [*by.values()] == ["Mozilla/5.0 (Vic)"]
    await gus.asks(boat, "Guess who.")
    with declined(409, "takes no messages from you"):
        await gus.confirms()
