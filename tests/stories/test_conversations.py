"""Buyers and sellers who write to each other, on the site and by email."""

from __future__ import annotations

import pytest

from .market import StoryMarket
from .people import declined

pytestmark = pytest.mark.anyio

LINKS = "See http://a.example http://b.example http://c.example http://d.example"


async def test_a_visitor_and_a_seller_agree_by_email_and_neither_learns_an_address(
    market: StoryMarket,
) -> None:
    """Vic has no account. He asks, confirms by the letter's link, and from then on the two write in
    their mail programs. Then Ann has had enough of him, and his mail no longer arrives.
    """
    ann, vic = await market.member("Ann"), market.visitor("Vic")
    boat = await ann.lists()
    ann.mailbox.new()
    await vic.asks(boat, "Is she dry below?")
    assert ann.mailbox.new() == []
    await vic.confirms()
    [question] = ann.mailbox.new()
    assert question.mentions("Is she dry below?")
    assert await ann.answers_by_email(question, "Bone dry, come and look.") == "PASSED_ON"
    answer = vic.mailbox.latest
    assert answer.mentions("Bone dry, come and look.")
    assert await vic.answers_by_email(answer, "On Sunday then.") == "PASSED_ON"
    for letter in (question, answer, ann.mailbox.latest):
        assert ann.email not in letter.message.as_string().replace(f"To: {ann.email}", "")
        assert vic.email not in letter.message.as_string().replace(f"To: {vic.email}", "")

    ben = await market.member("Ben")
    conversation = await ben.asks(boat, "Would you take half?")
    await ann.blocks(conversation)
    with declined(409):
        await ben.replies(conversation, "Or two thirds?")


@pytest.mark.on_both_engines
async def test_a_held_message_does_not_reach_somebody_who_has_blocked_its_sender_since(
    market: StoryMarket,
) -> None:
    """Ben's message to Ann is held. Ann blocks him after another one; then a moderator releases it."""
    mo = await market.moderator()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    talk = await ben.asks(boat, "Is she dry below?")
    held = await ben.replies(talk, LINKS)
    assert held.state == "held"
    await ann.blocks(talk)
    ann.mailbox.new()
    with declined(409):
        await mo.releases(talk)
    assert ann.mailbox.new() == []
    assert LINKS not in await ann.hears(talk)
    assert "a.example" not in await mo.held()


@pytest.mark.on_both_engines
async def test_nothing_is_released_in_the_name_of_somebody_who_has_left(
    market: StoryMarket,
) -> None:
    """Ben's message is held when he deletes his account: it leaves the queue, and Ann gets nothing."""
    mo = await market.moderator()
    ann, ben = await market.member("Ann"), await market.member("Ben Bowline")
    boat = await ann.lists()
    await ben.asks(boat, LINKS)
    assert "a.example" in await mo.held()
    ann.mailbox.new()
    await ben.leaves()
    await market.passes(minutes=10)
    held = await mo.held()
    assert "a.example" not in held
    assert "Bowline" not in held
    assert ann.mailbox.new() == []
