"""Buyers and sellers who write to each other, on the site and by email."""

from __future__ import annotations

import pytest

from .market import StoryMarket
from .people import declined

pytestmark = pytest.mark.anyio


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
