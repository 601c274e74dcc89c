"""Anyone may report; a person counts once; enough of them hide an advert until a moderator has looked."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.user import User
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Invalid, NotFound
from marinemarket.listings.lifecycle.editing import seen_by_owner
from marinemarket.moderation import reports
from marinemarket.moderation.case import Complaint, Event, Lane
from marinemarket.moderation.records import case_put, reports_of
from marinemarket.moderation.reports import ReportForm, report_listing, reporter_keys
from marinemarket.store.schema import CASES, REPORTS
from tests.accounts.members import CLIENT, a_person
from tests.builders import ManualClock
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned

from .conftest import Moderation, add, advert, case_of, change, stands

pytestmark = pytest.mark.anyio

PUBLIC: dict[str, Any] = {"moderation": {"state": "approved"}}


async def _report(
    market: Market, id: str, network: str = "192.0.2.1", user: User | None = None, **overrides: Any
) -> None:
    saying = ReportForm.parse({"reason": "scam"} | overrides)
    user_id = user.id if user else None
    keys = reporter_keys(market.secret_key, network, user_id)
    by = CLIENT.acting_as(user.id, user.email, "session") if user else CLIENT.visitor()
    await report_listing(market.trail, by, id, saying, keys=keys, user_id=user_id)


async def test_reports_of_one_advert_are_collected_in_its_case(
    market: Market, ann: User, clock: ManualClock
) -> None:
    boat = await add(market, advert(ann, **PUBLIC))
    await _report(market, boat.id, words="Same photos\nas elsewhere", email="Bob@Example.com")
    clock.now += 1000
    await _report(market, boat.id, network="192.0.2.2", reason="sold")
    case = await case_of(market, boat.id)
    assert (case.lane, case.reports, case.people) == (Lane.REPORTED, 2, 2)
    latest, first = await reports_of(market.store, boat.id)
    assert (latest.complaint, latest.words, latest.user_id) == (Complaint.SOLD, None, None)
    assert (first.words, first.email) == ("Same photos\nas elsewhere", "bob@example.com")
    entries = (await entries_by_action(market.store, Action.LISTING_REPORTED)).entries
    assert [entry.details for entry in entries] == [{"complaint": "sold"}, {"complaint": "scam"}]
    assert entries[0].user_id == "visitor"


async def test_an_advert_with_enough_reports_is_hidden_until_a_moderator_looks(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, **PUBLIC))
    for number in range(2):
        await _report(market, boat.id, network=f"192.0.2.{number}")
    await moderation.catch_up()
    assert (await stands(market, boat.id)).is_offered
    await _report(market, boat.id, network="192.0.2.9")
    begun = market.settings.moderation_place.read_text()
    await moderation.catch_up()
    hidden = await stands(market, boat.id)
    assert hidden.moderation.state == "flagged"
    market.settings.moderation_place.write_text(begun)
    moderation.restart()
    await moderation.catch_up()
    assert await stands(market, boat.id) == hidden
    [letter] = await letters(market)
    assert (letter.template, letter.to) == ("advert-hidden", ann.email)
    # The seller learns that it was reported, but not by whom or why.
    assert "scam" not in str(letter.values)
    assert "192.0.2" not in str(seen_by_owner(hidden))
    case = await case_of(market, boat.id)
    assert [step.event for step in case.history] == [Event.OPENED, Event.HIDDEN]
    assert case.is_open


async def test_the_same_person_counts_once_however_often_and_from_wherever(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, **PUBLIC))
    bob, eve = await a_person(market, name="bob"), await a_person(market, name="eve")
    for network in ("192.0.2.1", "192.0.2.1", "198.51.100.7", "203.0.113.9"):
        await _report(market, boat.id, network=network, user=bob)
    await _report(market, boat.id, network="192.0.2.1")  # signed out, and still at home
    await _report(market, boat.id, network="192.0.2.1", user=eve)  # another account, same address
    case = await case_of(market, boat.id)
    assert (case.reports, case.people) == (6, 1)
    await moderation.catch_up()
    assert (await stands(market, boat.id)).is_offered


async def test_reports_before_a_decision_no_longer_count(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, **PUBLIC))
    networks = [f"192.0.2.{number}" for number in range(3)]
    for network in networks[:2]:
        await _report(market, boat.id, network=network)
    case = await case_of(market, boat.id)
    closed = case.closed(Event.APPROVED, boat.updated_at, market.clock(), "somebody")
    entry = TESTS.entry(Action.CASE_CLOSED, "listing", boat.id, market.clock())
    await market.trail.commit(entry, case_put(case, closed))
    for network in networks:
        await _report(market, boat.id, network=network)
    case = await case_of(market, boat.id)
    assert (case.reports, case.people, case.lane) == (3, 1, Lane.REPORTED)
    await moderation.catch_up()
    assert (await stands(market, boat.id)).is_offered


async def test_withdrawn_and_offered_again_it_is_still_reported(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, **PUBLIC))
    await _report(market, boat.id)
    await change(market, boat.id, status="inactive")
    await moderation.catch_up()
    # A suspicion of fraud waits on, whatever its owner does.
    case = await case_of(market, boat.id)
    assert (case.lane, case.history[-1].event) == (Lane.REPORTED, Event.WITHDRAWN)
    await change(market, boat.id, status="active")
    await moderation.catch_up()
    case = await case_of(market, boat.id)
    assert (case.lane, case.people, case.history[-1].event) == (Lane.REPORTED, 1, Event.OPENED)


async def test_an_advert_that_is_not_public_cannot_be_reported(market: Market, ann: User) -> None:
    boat = await add(market, advert(ann))
    with pytest.raises(NotFound):
        await _report(market, boat.id)
    assert await scanned(market.store, REPORTS) == []


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"reason": "other"}, "words"),
        ({"reason": "other", "words": " \n\u202e"}, "words"),
        ({"reason": "boring"}, "reason"),
        ({"words": "a" * 2001}, "words"),
        ({"words": "half \ud800"}, "words"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "email"),
    ],
)
def test_a_report_needs_its_required_fields(payload: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ReportForm.parse({"reason": "scam"} | payload)
    assert [error.field for error in refused.value.errors] == [field]


async def test_of_very_many_reports_no_more_are_kept(
    market: Market, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_REPORTS", 3)
    boat = await add(market, advert(ann, **PUBLIC))
    for number in range(5):
        await _report(market, boat.id, network=f"192.0.2.{number}")
    assert len(await scanned(market.store, REPORTS)) == 3


async def test_reports_go_with_who_wrote_them_and_with_whom_they_are_about(
    market: Market, ann: User
) -> None:
    bob = await a_person(market, name="bob")
    boat = await add(market, advert(ann, **PUBLIC))
    await _report(market, boat.id, user=bob, words="His own words")
    await _report(market, boat.id, network="192.0.2.9", email=bob.email)
    actor = CLIENT.acting_as(bob.id, bob.email, "session")
    exported = await export_person(market.accounts, actor, bob, PERSONAL_DATA)
    assert [report["words"] for report in exported["reports"]] == ["His own words"]
    hers = await export_person(
        market.accounts, CLIENT.acting_as(ann.id, ann.email, "s"), ann, PERSONAL_DATA
    )
    assert [case["listingId"] for case in hers["moderation"]] == [boat.id]
    assert bob.id not in str(hers)
    assert "reporters" not in str(hers)
    assert "His own words" not in str(hers)
    await erase(market.trail, TESTS, bob.id, PERSONAL_DATA)
    assert await scanned(market.store, REPORTS) == []
    eve = await a_person(market, name="eve")
    await _report(market, boat.id, network="192.0.2.10", user=eve)
    await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
    assert await scanned(market.store, REPORTS) == []
    assert await scanned(market.store, CASES) == []
