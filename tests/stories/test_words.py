"""Words that somebody wrote, and what might lose them: a lost session, a deleted draft, another tab."""

from __future__ import annotations

import pytest

from .market import StoryMarket

pytestmark = pytest.mark.anyio


async def test_words_saved_after_the_session_ended_are_there_after_signing_in(
    market: StoryMarket,
) -> None:
    """Ann closes her laptop over her advert, and goes on a month later. Save asks her to sign in; her
    words come along, and one click later they are saved.
    """
    ann = await market.member("Ann")
    boat = await ann.drafts()
    page = await ann.opens(f"/sell/{boat.id}")
    await market.passes(days=31)
    words = "She has crossed the Atlantic twice & never complained."
    ann.signs_in_when_asked = False
    asked = await ann.submits(page, f"/sell/{boat.id}", description=words)
    form, _ = asked.form("Sign in")
    assert form.action.startswith("/account/sign-in")
    back = await ann.submits(asked, "Sign in", email=ann.email, password=ann.account.password)
    assert back.writes("description") == words
    await ann.submits(back, "Send")
    assert (await ann.opens(f"/sell/{boat.id}")).writes("description") == words


@pytest.mark.on_both_engines
async def test_words_for_a_draft_that_was_deleted_in_another_tab_are_shown(
    market: StoryMarket,
) -> None:
    """Ann deletes a draft in one tab and saves it in another: she is told, and can copy her words."""
    ann = await market.member("Ann")
    started = await ann.submits(await ann.opens("/sell"), "Create advert")
    tab = await ann.opens(started.address)
    draft = started.address.split("/")[2].partition("?")[0]
    await ann.sends(f"/sell/{draft}/deletion")
    words = "She has crossed the Atlantic twice."
    lost = await ann.submits(tab, f"/sell/{draft}", description=words)
    assert words in lost.words or lost.writes("description") == words
    assert lost.status == 404
