"""Those who leave, those who are shut out, those who are blocked, and their returns."""

from __future__ import annotations

import pytest

from .market import StoryMarket
from .people import declined

pytestmark = pytest.mark.anyio


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
