"""Adverts go to a moderator, or are approved by the market: once, however often changes repeat."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import MARKET_ID, market_account
from marinemarket.accounts.user import SellerKind, User
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.listings.listing import Moderation as Word
from marinemarket.listings.listing import ModerationState, Status
from marinemarket.listings.records import remove_listing
from marinemarket.moderation.case import Event, Lane
from marinemarket.moderation.records import find_case, waiting_cases
from marinemarket.moderation.screening import ACTOR
from marinemarket.runtime.worker import work
from marinemarket.store.schema import CASES
from tests.accounts.members import a_person
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned
from tests.web.conftest import offer

from .conftest import PICTURE, Moderation, add, advert, case_of, change, stands

pytestmark = pytest.mark.anyio

LONG_TEXT = (
    "Kept by one careful owner since she was launched, antifouled every spring, surveyed last autumn "
    "without remarks, standing rigging renewed, autopilot and windlass overhauled, cushions recovered, "
    "lying afloat and ready for another season of cruising."
)


@pytest.fixture
def review() -> str:
    return "all"


@pytest.fixture
def market_settings(market_settings: Any, review: str) -> Any:
    return market_settings.model_copy(update={"review": review})


flagged_alone = pytest.mark.parametrize("review", ["flagged"])


async def _states(market: Market, id: str) -> tuple[str, Lane | None]:
    case = await find_case(market.store, id)
    return (await stands(market, id)).moderation.state.value, case.lane if case else None


async def test_each_new_advert_waits_for_a_moderator(
    market: Market, moderation: Moderation, ann: User, clock: ManualClock
) -> None:
    boat = await add(market, advert(ann, description="Call 772 555 0100"))
    draft = await add(market, advert(ann, "draft", status="inactive"))
    clock.now += 60_000
    later = await add(market, advert(ann, "later", createdAt=clock.now, updatedAt=clock.now))
    await moderation.catch_up()
    page = await waiting_cases(market.store)
    assert [case.listing_id for case in page.cases] == [boat.id, later.id]
    case = page.cases[0]
    assert (case.lane, case.seller_id, case.seen_version) == (Lane.NEW, ann.id, boat.updated_at)
    assert [(flag.rule, flag.found) for flag in case.flags] == [("phone", "772 555 0100")]
    assert await find_case(market.store, draft.id) is None
    assert await stands(market, boat.id) == boat
    entries = (await entries_by_action(market.store, Action.CASE_OPENED)).entries
    assert {entry.user_id for entry in entries} == {"system:moderation"}


@flagged_alone
async def test_when_only_flagged_adverts_are_reviewed_the_others_are_approved_automatically(
    market: Market, moderation: Moderation, ann: User
) -> None:
    good = await add(market, advert(ann))
    bad = await add(market, advert(ann, "bad", images=[]))
    await moderation.catch_up()
    assert await _states(market, good.id) == ("approved", None)
    assert await _states(market, bad.id) == ("pending", Lane.NEW)
    [letter] = await letters(market, "advert-approved")
    assert (letter.to, letter.values["title"]) == (ann.email, good.title)
    [entry] = (await entries_by_action(market.store, Action.LISTING_MODERATED)).entries
    assert (entry.user_id, entry.resource_id) == (ACTOR.user_id, good.id)
    assert entry.details["changes"]["moderation.state"] == {"old": "pending", "new": "approved"}


@flagged_alone
async def test_an_advert_rejected_by_a_person_is_checked_by_a_person(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, images=[]))
    await moderation.catch_up()
    case = await case_of(market, boat.id)
    closed = case.closed(Event.REJECTED, boat.updated_at, market.clock(), "somebody", "No picture.")
    await _keep(market, case, closed)
    await change(market, boat.id, images=PICTURE, moderation=Word())
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("pending", Lane.NEW)
    events = [step.event for step in (await case_of(market, boat.id)).history]
    assert events == [Event.OPENED, Event.REJECTED, Event.OPENED]


async def _keep(market: Market, old: Any, new: Any) -> None:
    from marinemarket.moderation.records import case_put

    entry = TESTS.entry(Action.CASE_CLOSED, "listing", old.listing_id, market.clock())
    await market.trail.commit(entry, case_put(old, new))


async def test_changes_that_come_again_open_nothing_twice(
    market: Market, moderation: Moderation, ann: User
) -> None:
    begun = market.settings.moderation_place.read_text()
    boat = await add(market, advert(ann))
    await moderation.catch_up()
    case = await case_of(market, boat.id)
    for _ in range(2):
        # Killed before its position was written: all changes come again.
        market.settings.moderation_place.write_text(begun)
        moderation.restart()
        await moderation.catch_up()
    assert await case_of(market, boat.id) == case
    assert len((await entries_by_action(market.store, Action.CASE_OPENED)).entries) == 1


async def test_a_new_seller_kind_is_not_an_edit_of_the_advert(
    market: Market, moderation: Moderation, ann: User
) -> None:
    waits = await add(market, advert(ann))
    public = await add(market, advert(ann, "public", moderation={"state": "approved"}))
    await moderation.catch_up()
    case = await case_of(market, waits.id)
    for boat in (waits, public):
        await change(market, boat.id, seller_kind=SellerKind.BROKER)
    await moderation.catch_up()
    assert await case_of(market, waits.id) == case
    assert await find_case(market.store, public.id) is None
    # But with anything else it is.
    await change(market, waits.id, seller_kind=SellerKind.PRIVATE, title="Another boat")
    await moderation.catch_up()
    assert (await case_of(market, waits.id)).seen_version == waits.updated_at + 2


@flagged_alone
async def test_a_follower_killed_at_any_point_approves_and_emails_once(
    market: Market, moderation: Moderation, ann: User
) -> None:
    begun = market.settings.moderation_place.read_text()
    boats = [await add(market, advert(ann, str(number))) for number in range(3)]
    for kept in range(4):
        market.settings.moderation_place.write_text(begun)
        follower = moderation.restart()
        changes = await market.store.changes(begun, limit=100)
        doing = asyncio.ensure_future(follower.apply(begun, changes))
        for _ in range(kept * 25):
            await asyncio.sleep(0)
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
    market.settings.moderation_place.write_text(begun)
    moderation.restart()
    await moderation.catch_up()
    assert [(await _states(market, boat.id))[0] for boat in boats] == ["approved"] * 3
    assert len(await letters(market, "advert-approved")) == 3
    assert len((await entries_by_action(market.store, Action.LISTING_MODERATED)).entries) == 3


async def test_without_its_position_it_checks_every_advert_that_waits(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann))
    market.settings.moderation_place.write_text("sqlite:nowhere:7:0")
    moderation.restart()
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("pending", Lane.NEW)
    other = await add(market, advert(ann, "other"))
    market.settings.moderation_place.unlink()
    moderation.restart()
    await moderation.catch_up()
    assert await _states(market, other.id) == ("pending", Lane.NEW)


async def test_an_approved_advert_that_is_edited_stays_public(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, moderation={"state": "approved"}))
    await change(market, boat.id, price=11_000_000)
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("approved", None)
    await change(market, boat.id, description="Well kept. Call 772 555 0100.")
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("approved", Lane.EDITED)
    assert await letters(market) == []


async def test_a_grave_flag_on_an_edit_hides_the_advert(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, moderation={"state": "approved"}))
    await change(market, boat.id, description="Western Union only.")
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("flagged", Lane.EDITED)
    [letter] = await letters(market, "advert-hidden")
    assert (letter.to, letter.values["link"]) == (ann.email, f"/sell/{boat.id}")
    assert "ways to pay" in letter.values["reason"]
    assert (await stands(market, boat.id)).moderation.reason == letter.values["reason"]
    # Edited while it waits: its flags are those of the current version, and it keeps its place.
    waiting = (await case_of(market, boat.id)).waiting_since
    await change(market, boat.id, description="Well kept.")
    await moderation.catch_up()
    case = await case_of(market, boat.id)
    assert (case.flags, case.lane, case.waiting_since) == ((), Lane.EDITED, waiting)


async def test_a_flag_that_a_moderator_accepted_is_not_raised_again(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, description="Bitcoin welcome."))
    await moderation.catch_up()
    case = await case_of(market, boat.id)
    approved = await change(market, boat.id, moderation=Word(state=ModerationState.APPROVED))
    accepted = case.closed(Event.APPROVED, approved.updated_at, market.clock(), "somebody")
    await _keep(market, case, accepted)
    await change(market, boat.id, price=11_500_000)
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("approved", None)
    await change(
        market, boat.id, description="Bitcoin welcome. Or Western Union.", price=11_400_000
    )
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("approved", None)  # the first words are the same ones
    await change(market, boat.id, description="Gift cards welcome.")
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("flagged", Lane.EDITED)


async def test_edited_while_it_was_off_it_is_read_when_it_comes_back(
    market: Market, moderation: Moderation, ann: User
) -> None:
    boat = await add(market, advert(ann, moderation={"state": "approved"}))
    await change(market, boat.id, status=Status.INACTIVE)
    await change(market, boat.id, description="Western Union only.")
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("approved", None)
    await change(market, boat.id, status=Status.ACTIVE)
    await moderation.catch_up()
    assert await _states(market, boat.id) == ("flagged", Lane.EDITED)


async def test_a_withdrawn_or_deleted_advert_no_longer_waits(
    market: Market, moderation: Moderation, ann: User
) -> None:
    off, gone = await add(market, advert(ann, "off")), await add(market, advert(ann, "gone"))
    await moderation.catch_up()
    await change(market, off.id, status=Status.INACTIVE)
    await remove_listing(market.trail, TESTS, gone)
    await moderation.catch_up()
    assert (await waiting_cases(market.store)).cases == []
    await change(market, off.id, status=Status.ACTIVE)
    await moderation.catch_up()
    assert await _states(market, off.id) == ("pending", Lane.NEW)


async def test_imports_are_approved_and_not_moderated(
    market: Market, moderation: Moderation, ann: User
) -> None:
    await market_account(market.trail, TESTS, name="Market")
    source = {"name": "boat24", "reference": "1", "fingerprint": "a"}
    text = "Western Union only."
    ours = a_listing(name="ours", ownerId=MARKET_ID, source=source, description=text)
    hers = a_listing(name="hers", ownerId=ann.id, source=source, description=text)
    for boat in (ours, hers):
        await add(market, boat)
    again = ours.source.changed(fingerprint="b") if ours.source else None
    for boat in (ours, hers):
        await change(market, boat.id, price=5_000_000, source=again)
    await moderation.catch_up()
    assert await scanned(market.store, CASES) == []
    # Once edited by its owner, it is an advert like any other.
    await change(market, hers.id, price=5_100_000)
    await moderation.catch_up()
    assert await _states(market, hers.id) == ("flagged", Lane.EDITED)


async def test_the_evidence_has_other_sellers_adverts_and_usual_prices(
    market: Market, moderation: Moderation, ann: User
) -> None:
    eve = await a_person(market, name="eve")
    hin = {"hin": "ABC12345D010"}
    fleet = [
        a_listing(name=f"fleet {number}", price=(11 + number) * 1_000_000, images=PICTURE)
        for number in range(9)
    ]
    await offer(market, *fleet)
    theirs = a_listing(name="theirs", ownerId=eve.id, description=LONG_TEXT, boat=hin)
    await offer(market, theirs)
    copied = await add(
        market,
        advert(ann, "copied", price=3_000_000, description=f"{LONG_TEXT} Must go!", boat=hin),
    )
    own = await add(market, advert(eve, "own", description=LONG_TEXT, boat=hin | {"length": 80}))
    await moderation.catch_up()
    flags = {flag.rule: flag.found for flag in (await case_of(market, copied.id)).flags}
    assert flags["same-hull"] == theirs.id or theirs.id in flags["same-hull"]
    assert flags["same-text"] == theirs.id
    assert flags["price-beyond-belief"].startswith("$30,000, where 10 similar boats ask about $1")
    # A copy in one's own other advert is not theft; here the copy belongs to another seller.
    flags = {flag.rule: flag.found for flag in (await case_of(market, own.id)).flags}
    assert flags == {"same-hull": copied.id}


async def test_erasing_a_seller_deletes_the_cases(
    market: Market, moderation: Moderation, ann: User
) -> None:
    await add(market, advert(ann))
    await moderation.catch_up()
    await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
    await moderation.catch_up()
    assert await scanned(market.store, CASES) == []


async def test_the_worker_opens_cases_for_new_adverts(market: Market, ann: User) -> None:
    boat = advert(ann)
    stopping = asyncio.Event()
    working = asyncio.ensure_future(work(market, stopping))
    while not market.settings.moderation_place.exists():
        await asyncio.sleep(0.01)
    await add(market, boat)
    async with asyncio.timeout(60):
        while await find_case(market.store, boat.id) is None:
            await asyncio.sleep(0.01)
    stopping.set()
    await working
