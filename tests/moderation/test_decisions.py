"""A decision, its case, the audit entry and the email are one commit; of two decisions, one wins."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marinemarket.accounts.user import User, UserRole
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.errors import Invalid, NotFound, Outdated, Refused
from marinemarket.listings.listing import ModerationState
from marinemarket.moderation.case import Event, Lane
from marinemarket.moderation.decisions import Decided, Decision, decide
from tests.accounts.members import CLIENT, a_person
from tests.builders import uuid_of
from tests.conftest import TESTS
from tests.emails import letters

from .conftest import Moderation, add, advert, case_of, change, stands

pytestmark = pytest.mark.anyio

APPROVE = {"state": "approved"}
REJECT = {"state": "rejected", "reason": "The boat is offered here already."}
CHANGES = {"state": "rejected", "reason": "Add a photo of the engine.", "requestChanges": True}


@pytest.fixture
async def mo(market: Market) -> Actor:
    user = await a_person(market, name="mo", role=UserRole.MODERATOR)
    return CLIENT.acting_as(user.id, user.email, "session")


async def _decide(
    market: Market,
    by: Actor,
    id: str,
    payload: dict[str, Any],
    version: int | None = None,
    **more: Any,
) -> Decided:
    versions = None if version is None else frozenset({version})
    decision = Decision.parse(payload)
    return await decide(
        market.trail, market.accounts.vault, market.links, by, id, decision, versions, **more
    )


async def test_an_approved_advert_is_public_and_its_seller_is_emailed(
    market: Market, moderation: Moderation, ann: User, mo: Actor
) -> None:
    boat = await add(market, advert(ann))
    await moderation.catch_up()
    decided = await _decide(market, mo, boat.id, APPROVE, boat.updated_at)
    assert decided.listing == await stands(market, boat.id)
    assert decided.listing.is_offered
    assert decided.listing.updated_at > boat.updated_at
    [entry] = (await entries_by_action(market.store, Action.LISTING_MODERATED)).entries
    assert (entry.user_id, entry.resource_id) == (mo.user_id, boat.id)
    assert entry.details["changes"]["moderation.state"] == {"old": "pending", "new": "approved"}
    [letter] = await letters(market)
    assert (letter.template, letter.to) == ("advert-approved", ann.email)
    assert letter.values["link"] == f"/boats/{boat.id}/{boat.slug}"
    case = await case_of(market, boat.id)
    assert (case.lane, case.waiting_since) == (None, None)
    assert [(step.event, step.by) for step in case.history] == [
        (Event.OPENED, "system:moderation"),
        (Event.APPROVED, mo.user_id),
    ]
    # The decision's own change comes through the feed, and opens no case.
    await moderation.catch_up()
    assert await case_of(market, boat.id) == case


@pytest.mark.parametrize(
    ("payload", "template", "reason", "wants_changes"),
    [
        (CHANGES, "advert-changes-wanted", "Please change: Add a photo of the engine.", True),
        (REJECT, "advert-rejected", "The boat is offered here already.", False),
        ({"state": "flagged", "reason": "We ask the yard."}, "advert-hidden", "We ask the yard.", False),
    ],
)  # fmt: skip
async def test_a_decision_against_publication_needs_a_reason(
    market: Market,
    moderation: Moderation,
    ann: User,
    mo: Actor,
    payload: dict[str, Any],
    template: str,
    reason: str,
    wants_changes: bool,
) -> None:
    boat = await add(market, advert(ann))
    await moderation.catch_up()
    decided = (await _decide(market, mo, boat.id, payload)).listing
    assert decided
    moderated = decided.moderation
    assert (moderated.state.value, moderated.reason) == (payload["state"], reason)
    assert moderated.wants_changes is wants_changes
    [letter] = await letters(market)
    assert (letter.template, letter.values["link"]) == (template, f"/sell/{boat.id}")
    assert letter.values["reason"] == payload["reason"]


async def test_published_again_it_comes_back_with_its_history(
    market: Market, moderation: Moderation, ann: User, mo: Actor
) -> None:
    boat = await add(market, advert(ann))
    await moderation.catch_up()
    await _decide(market, mo, boat.id, CHANGES)
    await change(market, boat.id, title="2010 Beneteau Oceanis 40, more photos")
    await moderation.catch_up()
    assert (await case_of(market, boat.id)).lane is None  # edited, and not yet published again
    await change(market, boat.id, moderation=boat.moderation)
    await moderation.catch_up()
    case = await case_of(market, boat.id)
    assert case.lane is Lane.NEW
    assert [step.event for step in case.history] == [
        Event.OPENED,
        Event.CHANGES_WANTED,
        Event.OPENED,
    ]
    assert case.history[1].text == "Add a photo of the engine."
    await _decide(market, mo, boat.id, APPROVE)
    assert (await stands(market, boat.id)).is_offered


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"state": "rejected"}, "reason"),
        ({"state": "flagged"}, "reason"),
        ({"state": "approved", "requestChanges": True}, "requestChanges"),
        ({"state": "pending"}, "state"),
        ({"state": "rejected", "reason": "a" * 901}, "reason"),
        ({"state": "rejected", "reason": ""}, "reason"),
        ({"state": "approved", "by": "me"}, "by"),
    ],
)
async def test_an_impossible_decision_is_refused_at_its_field(
    market: Market, ann: User, mo: Actor, payload: dict[str, Any], field: str
) -> None:
    boat = await add(market, advert(ann))
    with pytest.raises(Invalid) as refused:
        await _decide(market, mo, boat.id, payload)
    assert [error.field for error in refused.value.errors] == [field]
    assert await stands(market, boat.id) == boat


async def test_of_two_moderators_the_second_sees_that_it_was_decided(
    market: Market, moderation: Moderation, ann: User, mo: Actor
) -> None:
    boat = await add(market, advert(ann))
    await moderation.catch_up()
    seen = boat.updated_at
    outcomes = await asyncio.gather(
        *(_decide(market, mo, boat.id, text, seen) for text in (APPROVE, REJECT, CHANGES)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Decided) for one in outcomes) == 1
    assert sum(isinstance(one, Outdated) for one in outcomes) == 2
    assert len(await letters(market)) == 1
    assert len((await entries_by_action(market.store, Action.LISTING_MODERATED)).entries) == 1


async def test_closing_a_reported_advert_that_is_in_order_sends_no_email(
    market: Market, ann: User, mo: Actor
) -> None:
    boat = await add(market, advert(ann, moderation={"state": "approved"}))
    moderation = Moderation(market)
    case = await _reported(market, boat.id)
    since = case.waiting_since
    decided = await _decide(market, mo, boat.id, APPROVE, boat.updated_at, waiting_since=since)
    assert decided.listing == boat
    assert (decided.case.lane, decided.case.reporters, decided.case.reports) == (None, (), 0)
    assert decided.case.earlier == case.reporters
    assert await letters(market) == []
    [entry] = (await entries_by_action(market.store, Action.CASE_CLOSED)).entries
    assert entry.details == {"outcome": "approved"}
    with pytest.raises(Outdated):
        await _decide(market, mo, boat.id, REJECT, boat.updated_at, waiting_since=since)
    with pytest.raises(Refused):
        await _decide(market, mo, boat.id, APPROVE, boat.updated_at)
    await moderation.catch_up()
    assert await stands(market, boat.id) == boat


async def _reported(market: Market, id: str) -> Any:
    from marinemarket.moderation.reports import ReportForm, report_listing, reporter_keys

    keys = reporter_keys(market.secret_key, "192.0.2.7", None)
    saying = ReportForm.parse({"reason": "sold"})
    await report_listing(market.trail, TESTS, id, saying, keys=keys, user_id=None)
    return await case_of(market, id)


async def test_a_missing_listing_cannot_be_decided_on(market: Market, mo: Actor) -> None:
    for id in (uuid_of("nothing"), "", "x" * 500):
        with pytest.raises(NotFound):
            await _decide(market, mo, id, APPROVE)


async def test_nobody_writes_to_a_seller_who_cannot_be_written_to(
    market: Market, moderation: Moderation, mo: Actor
) -> None:
    unconfirmed = await a_person(market, name="new", email_verified=False)
    boat = await add(market, advert(unconfirmed))
    await _decide(market, mo, boat.id, REJECT)
    assert await letters(market) == []
    assert (await stands(market, boat.id)).moderation.state is ModerationState.REJECTED


async def test_only_the_current_version_can_be_decided_on(
    market: Market, ann: User, mo: Actor
) -> None:
    boat = await add(market, advert(ann))
    edited = await change(market, boat.id, price=1_000_000)
    with pytest.raises(Outdated) as outdated:
        await _decide(market, mo, boat.id, APPROVE, boat.updated_at)
    assert outdated.value.version == edited.updated_at
