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
async def test_what_is_cut_from_an_email_can_be_read_by_both_sides_until_its_writer_leaves(
    market: StoryMarket,
) -> None:
    """Ann's mail program signs her answers, and Vic's quotes the market's email with his secret link."""
    ann, vic = await market.member("Ann"), market.visitor("Vic")
    boat = await ann.lists()
    await vic.asks(boat, "Is she dry below?")
    page = await vic.confirms()
    signature = (
        "-- \nAnn Anchor, The Old Boathouse\nPay a deposit by Western Union, call +1 772 555 0100"
    )
    assert (
        await ann.answers_by_email(ann.mailbox.latest, f"Bone dry.\n\n{signature}") == "PASSED_ON"
    )
    answer = vic.mailbox.latest
    assert not answer.mentions("Boathouse")
    assert answer.mentions("The site shows the whole message.")
    assert answer.mentions("A payment that cannot be reversed")
    quoted = "\n".join(f"> {line}" for line in answer.text.splitlines())
    mail = f"On Sunday then.\n\nOn 1 May 2026 at 10:14, Ann wrote:\n{quoted}\n\nVic, on the Ada\n-- \nVictor"
    assert await vic.answers_by_email(answer, mail) == "PASSED_ON"
    [talk] = await ann.inbox()
    read = await ann.call("GET", f"/me/inquiries/{talk['id']}")
    assert [message["text"] for message in read["messages"]] == [
        "Is she dry below?",
        "Bone dry.",
        "On Sunday then.\n\nVic, on the Ada",
    ]
    assert [message["fullText"] for message in read["messages"]] == [
        None,
        "Bone dry.\n\n--\nAnn Anchor, The Old Boathouse\nPay a deposit by Western Union, call [number]",
        "On Sunday then.\n\n[…]\n\nVic, on the Ada\n--\nVictor",
    ]
    for shown in (await vic.reads(page), await ann.reads(f"/account/messages/{talk['id']}")):
        assert "Show the whole message" in shown
        assert "The Old Boathouse" in shown
        assert "555 0100" not in shown
    assert "The Old Boathouse" in str(await ann.call("GET", "/me/export"))
    await ann.leaves()
    await market.passes(minutes=10)
    shown = await vic.reads(page)
    assert "Bone dry." in shown
    assert "Boathouse" not in shown


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
