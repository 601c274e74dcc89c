"""New terms: put to each member once, with what they change; refusing leaves what is one's own."""

from __future__ import annotations

import pytest

from marinemarket.accounts.user import UserRole
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.clock import MINUTE

from .market import StoryMarket
from .people import Conversation, declined

pytestmark = pytest.mark.anyio

CHANGES = "We now delete unread messages after a year.\n\nNothing else changes."
AGREED = {"consents": {"terms": True}}
REFUSED = {"consents": {"terms": False}}


async def test_a_member_reads_what_changes_agrees_once_and_goes_on_where_they_were(
    market: StoryMarket,
) -> None:
    """Ann is in the middle of writing when the terms change: what she sends comes back with the question,
    and goes out once she has agreed. No other page, device or restart asks her again, until
    the next version.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ben.lists()
    form = await ann.opens(f"/boats/{boat.id}/inquiry")
    market.clock.now += MINUTE
    await market.changes_settings(
        terms_version="2027-01", terms_changes=CHANGES, terms_url="https://boats.example/terms.pdf"
    )
    asked = await ann.opens("/account/boats")
    assert "Our terms have changed" in asked.words
    assert "We now delete unread messages after a year." in asked.words
    assert "https://boats.example/terms.pdf" in asked.source
    # Reading goes on, and what does not wait for her is not asked of anybody else.
    assert (await ann.opens(f"/boats/{boat.id}")).status == 200
    assert "Please answer them before you write" in (await ann.opens(f"/boats/{boat.id}")).words
    refused = await ann.submits(form, "Send message", message="Is she dry below & quick?")
    assert refused.status == 403
    assert "Is she dry below & quick?" in refused.source.replace("&amp;", "&")
    assert "Nothing has been sent yet" in refused.words
    assert await ben.inbox() == []

    other_tab = await ann.opens("/account/boats")
    went_on = await ann.submits(refused, "I agree")
    assert "What you wrote has not been sent yet" in went_on.words
    # The question that was open in another tab does not take it back.
    assert (await ann.submits(other_tab, "I do not agree")).status == 200
    await ann.submits(went_on, "Send")
    [talk] = await ben.inbox()
    [words] = await ben.hears(Conversation(talk["id"], "sent"))
    assert words.startswith("Is she dry below & quick?")
    assert (await ann.submits(asked, "I agree")).address == "/account/boats"
    phone = ann.elsewhere("phone")
    await phone.signs_in()
    assert "Our terms have changed" not in (await phone.opens("/account")).words
    me = await ann.me()
    assert me["terms"] == {
        "version": "2027-01",
        "changes": CHANGES,
        "url": "https://boats.example/terms.pdf",
        "agreed": True,
        "answered": True,
    }
    assert [(one["version"], one["agreed"]) for one in me["termsAnswers"]] == [
        ("2026-11", True),
        ("2027-01", True),
    ]

    # Raised again, and lowered because it was a mistake: she has agreed to both that are left.
    await market.changes_settings(terms_version="2027-02")
    stale = await ann.opens("/account/terms")
    await market.changes_settings(terms_version="2027-03")
    again = await ann.submits(stale, "I agree")
    assert "The terms have changed again" in again.words
    for version in ("2027-01", "2026-11"):
        await market.changes_settings(terms_version=version)
        assert (await ann.opens("/account/boats")).address == "/account/boats"
        await ann.saves_search(f"Under {version}")


async def test_a_member_who_refuses_keeps_what_is_theirs_and_may_agree_later(
    market: StoryMarket,
) -> None:
    """Ben refuses. He is not asked again; he reads, answers, also by email, withdraws his boat, takes his
    data along; what needs the terms says so, until he agrees after all.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    his, hers = await ben.lists("Sea Breeze"), await ann.lists("Sea Horse")
    talk = await ann.asks(his, "Is she dry below?")
    question = ben.mailbox.about("dry below")[-1]
    await market.changes_settings(terms_version="2027-01")
    await ann.call("PATCH", "/me", json=AGREED)
    asked = await ben.opens("/account")
    refused = await ben.submits(asked, "I do not agree")
    assert "You have not agreed to these terms" in refused.words
    assert (await ben.opens("/account")).address == "/account"

    assert await ben.sees(hers)
    await ben.replies(talk, "Bone dry.")
    assert await ben.answers_by_email(question, "Come and look.") == "PASSED_ON"
    assert [
        one["agreed"] for one in (await ben.call("GET", "/me/export"))["account"]["termsAnswers"]
    ] == [
        True,
        False,
    ]
    for forbidden in (
        ben.asks(hers, "Is she fast?"),
        ben.reprices(his, 80_000),
        ben.saves_search("Fast ones"),
    ):
        with declined(403, "terms-not-agreed"):
            await forbidden
    await ben.call("PATCH", "/me", json={"consents": {"news": True}})
    await ben.withdraws(his)
    with declined(403, "terms-not-agreed"):
        await ben.puts_back(his)
    await ben.call("PATCH", "/me", json=REFUSED)
    agreed = await ben.call("PATCH", "/me", json=AGREED)
    assert {one["to"]: one["version"] for one in agreed["consents"]} == {
        "terms": "2027-01",
        "news": "2027-01",
    }
    await ben.puts_back(his)
    with declined(422):
        await ben.call("PATCH", "/me", json=REFUSED)
    store = market.inside.store
    for action, count in ((Action.CONSENT_REFUSED, 1), (Action.CONSENT_GIVEN, 3)):
        assert len((await entries_by_action(store, action)).entries) == count
    await ben.leaves()


async def test_staff_agree_when_they_choose_a_password_and_are_asked_like_everybody(
    market: StoryMarket,
) -> None:
    """Mo was invited, and can work at once. With the next version she is asked before she decides anything."""
    mo, ann = await market.staff("Mo", UserRole.SUPER_ADMIN), await market.member("Ann")
    await mo.suspends(ann)
    await mo.lets_in_again(ann)
    await market.changes_settings(terms_version="2027-01")
    assert "terms" in (await mo.opens("/admin")).words.lower()
    with declined(403, "terms-not-agreed"):
        await mo.suspends(ann)
    await mo.submits(await mo.opens("/admin"), "I agree")
    await mo.suspends(ann)
