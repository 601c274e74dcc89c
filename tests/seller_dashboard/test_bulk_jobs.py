"""Bulk actions as jobs: each boat once, whatever is killed; what fails and why; taking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from marinemarket.accounts.user import UserStatus
from marinemarket.audit.trail import Trail
from marinemarket.clock import DAY, HOUR
from marinemarket.composition import Market
from marinemarket.errors import NotFound, Refused
from marinemarket.jobs.job import Job, JobState, Why
from marinemarket.jobs.records import enqueue, find_job
from marinemarket.listings.lifecycle.editing import delete_listing, edit_listing
from marinemarket.listings.lifecycle.publication import mark_sold, publish
from marinemarket.listings.listing import Listing, ModerationState, Money, Status
from marinemarket.listings.records import add_listing
from marinemarket.seller_dashboard.bulk_actions import BulkAction, by_percent, own_of
from marinemarket.seller_dashboard.bulk_jobs import job_id, outcomes_of, prepare_bulk, start_bulk
from marinemarket.seller_dashboard.taking_back import may_be_taken_back_until, take_back
from marinemarket.store.schema import AUDIT_LOGS, USERS
from marinemarket.store.store import Store
from marinemarket.store.writes import Update
from tests.builders import OWNER, ManualClock, a_listing, uuid_of
from tests.conftest import TESTS
from tests.jobs.test_runner import DyingStore, Killed
from tests.listings.sellers import SELLER, another_seller, judged, stands

pytestmark = pytest.mark.anyio

DETAILS = {"condition": "Good"}


async def _boats(market: Market, *names: str, **overrides: object) -> list[Listing]:
    boats = [
        a_listing(name=name, boat=DETAILS, title=f"Boat {name}", **overrides) for name in names
    ]
    for boat in boats:
        await add_listing(market.trail, TESTS, boat)
    return boats


async def _drain(market: Market) -> None:
    while await market.jobs().run_once():
        pass


async def _start(market: Market, action: BulkAction, ids: Sequence[str], token: str = "") -> Job:
    boats = await own_of(market.store, OWNER, ids)
    id = job_id(OWNER, token, action, ids) if token else ""
    return await start_bulk(market.trail, SELLER, action, ids, boats, id)


async def _done(market: Market, action: BulkAction, ids: Sequence[str], token: str = "") -> Job:
    job = await _start(market, action, ids, token)
    await _drain(market)
    return await _now(market, job)


async def _repriced(market: Market, boats: Sequence[Listing], percent: int) -> Job:
    """A job that is agreed to, and not done yet."""
    prices = [by_percent(boat.price or 0, Decimal(percent)) for boat in boats]
    job = await prepare_bulk(market.trail, SELLER, BulkAction.PRICE, boats, prices)
    return await enqueue(market.trail, job)


async def _now(market: Market, job: Job) -> Job:
    found = await find_job(market.store, job.id)
    assert found is not None
    return found


async def _refusals(market: Market, job: Job) -> list[tuple[str, str]]:
    found = await outcomes_of(market.store, job, refused=True, limit=100)
    return [(one.title, one.why_not) for _number, one in found]


async def test_each_boat_has_its_outcome_and_a_form_sent_again_does_nothing_more(
    market: Market, clock: ManualClock
) -> None:
    one, two = await _boats(market, "one", "two")
    await another_seller(market)
    [hers] = await _boats(market, "hers", ownerId=uuid_of("eve"))
    clock.now += 1000
    ids = [one.id, "nothing", hers.id, two.id, one.id]
    job = await _done(market, BulkAction.WITHDRAW, ids, "a form")
    assert (job.state, job.total, job.done, job.refused) == (JobState.DONE, 4, 4, 2)
    assert await _refusals(market, job) == [("", "it is not among your boats")] * 2
    assert await stands(market, hers.id) == hers
    assert (await stands(market, one.id)).status is Status.INACTIVE
    await publish(market.trail, SELLER, one.id)
    put_back = await stands(market, one.id)
    assert await _done(market, BulkAction.WITHDRAW, ids, "a form") == job
    assert await stands(market, one.id) == put_back
    again = await _done(market, BulkAction.WITHDRAW, ids, "another form")
    assert (again.id != job.id, again.refused) == (True, 2)
    assert (await stands(market, one.id)).status is Status.INACTIVE
    still = await _done(market, BulkAction.STILL, [one.id])
    assert "put it back first" in (await _refusals(market, still))[0][1]
    await _done(market, BulkAction.PUT_BACK, [one.id])
    assert (await stands(market, one.id)).is_offered
    await _done(market, BulkAction.SOLD, [one.id])
    sold = await stands(market, one.id)
    assert sold.status is Status.SOLD
    assert sold.sale is not None
    assert sold.sale.price is None
    [bare] = await _boats(market, "bare", status="inactive", description=None)
    lacking = await _done(market, BulkAction.PUT_BACK, [bare.id])
    assert await _refusals(market, lacking) == [("Boat bare", "description is required")]


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
async def test_killed_anywhere_and_run_again_each_boat_is_changed_once_and_set_back_once(
    market: Market, clock: ManualClock, is_done: bool
) -> None:
    boats = await _boats(market, *"abcd")
    days = market.settings.audit_retention_days
    for at in range(5):
        for moment in ("there", "back"):
            clock.now += 1000
            stand = [await stands(market, boat.id) for boat in boats]
            if moment == "there":
                job = await _repriced(market, stand, -10)
                expected = [by_percent(boat.price or 0, Decimal(-10)) for boat in stand]
            else:
                back = await take_back(market.trail, SELLER, job.id)
                assert (await take_back(market.trail, SELLER, job.id)).id == back.id
                expected = [boat.price or 0 for boat in boats]
            dying = cast(Store, DyingStore(market.store, at=at, is_done=is_done))
            killed = replace(market, trail=Trail(dying, retention_days=days, clock=clock))
            with pytest.raises(Killed):
                await killed.jobs().run_once()
            await _drain(market)
            after = [await stands(market, boat.id) for boat in boats]
            assert [boat.price for boat in after] == expected
            for old, new in zip(stand, after, strict=True):
                assert len(new.price_history) == max(2, len(old.price_history) + 1)
        assert (await _now(market, job)).undone_by == back.id
    entries = [
        item["resourceId"]
        for item in (await market.store.scan(AUDIT_LOGS, limit=1000)).items
        if item["resource"] == "listing" and "job" in item["details"]
    ]
    assert sorted(entries) == sorted([boat.id for boat in boats] * 10)


async def test_what_happened_to_a_boat_before_her_turn_is_respected_and_named(
    market: Market, clock: ManualClock
) -> None:
    names = ("sold", "deleted", "judged", "repriced", "same", "free")
    sold, deleted, looked_at, repriced, same, free = boats = await _boats(market, *names)
    job = await _repriced(market, boats, -10)
    withdrawing = await _start(market, BulkAction.WITHDRAW, [boat.id for boat in boats])
    clock.now += 1000
    await mark_sold(market.trail, SELLER, sold.id, None)
    await delete_listing(market.trail, SELLER, deleted.id, None)
    await judged(market, looked_at.id, ModerationState.FLAGGED)
    await edit_listing(market.trail, SELLER, repriced.id, {"price": 9_000_000}, None)
    await edit_listing(market.trail, SELLER, same.id, {"price": 10_800_000}, None)
    await _drain(market)
    assert await _refusals(market, job) == [
        ("Boat sold", "its status was changed meanwhile: look at it again"),
        ("Boat deleted", "it was deleted meanwhile"),
        ("Boat judged", "a moderator looked at it meanwhile: look at it again"),
        ("Boat repriced", "the price was changed meanwhile: look at it again"),
    ]
    assert [title for title, _why in await _refusals(market, withdrawing)] == [
        "Boat sold", "Boat deleted", "Boat judged",
    ]  # fmt: skip
    assert (await stands(market, sold.id)).status is Status.SOLD
    assert (await stands(market, repriced.id)).status is Status.INACTIVE
    assert (await stands(market, free.id)).price == 10_800_000
    # What was so already is done, and there is nothing to take back of it.
    back = await take_back(market.trail, SELLER, job.id)
    assert back.total == 1


async def test_taking_back_sets_back_what_is_as_it_was_left_and_names_the_rest(
    market: Market, clock: ManualClock
) -> None:
    boats = await _boats(market, "one", "two", "three")
    one, two, three = boats
    cheaper = await _repriced(market, boats, -10)
    with pytest.raises(Refused):
        await take_back(market.trail, SELLER, cheaper.id)
    await _drain(market)
    clock.now += HOUR
    # Set back by hand, a new price, and other words: the last of them leaves the price as it was.
    await edit_listing(market.trail, SELLER, one.id, {"price": one.price}, None)
    await edit_listing(market.trail, SELLER, two.id, {"price": 9_000_000}, None)
    await edit_listing(market.trail, SELLER, three.id, {"description": "New sails."}, None)
    with pytest.raises(NotFound):
        await take_back(market.trail, await another_seller(market), cheaper.id)
    back = await take_back(market.trail, SELLER, cheaper.id)
    await _drain(market)
    left = "it was changed since, and stays as it is"
    assert await _refusals(market, back) == [("Boat one", left), ("Boat two", left)]
    third = await stands(market, three.id)
    assert (third.price, third.description) == (three.price, "New sails.")
    assert [asked.price for asked in third.price_history] == [12_000_000, 10_800_000, 12_000_000]
    assert (await stands(market, two.id)).price == 9_000_000
    assert may_be_taken_back_until(await _now(market, back), clock.now) is None

    sold = await _done(market, BulkAction.SOLD, [one.id, two.id])
    down = await _done(market, BulkAction.WITHDRAW, [three.id])
    await judged(market, three.id, ModerationState.REJECTED)
    for job in (sold, down):
        await take_back(market.trail, SELLER, job.id)
    await _drain(market)
    first = await stands(market, one.id)
    assert (first.is_offered, first.sale) == (True, None)
    rejected = await stands(market, three.id)
    assert (rejected.status, rejected.moderation.state) == (
        Status.INACTIVE, ModerationState.REJECTED,
    )  # fmt: skip

    late = await _done(market, BulkAction.WITHDRAW, [one.id])
    assert may_be_taken_back_until(late, clock.now) == clock.now + DAY
    clock.now += DAY
    with pytest.raises(Refused):
        await take_back(market.trail, SELLER, late.id)
    # Nor what a clock that was ahead made.
    clock.now -= 40 * DAY
    assert may_be_taken_back_until(late, clock.now) is None


async def test_of_two_jobs_over_the_same_boats_the_first_is_not_taken_back_over_the_second(
    market: Market,
) -> None:
    boats = await _boats(market, "one")
    first = await _repriced(market, boats, -10)
    await _drain(market)
    second = await _repriced(market, [await stands(market, boats[0].id)], -10)
    await _drain(market)
    refused = await take_back(market.trail, SELLER, first.id)
    await _drain(market)
    assert (await _now(market, refused)).refused == 1
    await take_back(market.trail, SELLER, second.id)
    await _drain(market)
    assert (await stands(market, boats[0].id)).price == 10_800_000


async def test_a_job_stops_when_its_owner_is_banned(market: Market, clock: ManualClock) -> None:
    boats = await _boats(market, "one", "two", "three")
    job = await _start(market, BulkAction.WITHDRAW, [boat.id for boat in boats])
    await market.jobs().run_queue(OWNER, most=1)
    banned = Update(USERS, (OWNER,), set={"status": UserStatus.BANNED.value})
    await market.store.commit(banned)
    await _drain(market)
    ended = await _now(market, job)
    assert (ended.state, ended.why, ended.done) == (JobState.CANCELLED, Why.ACCOUNT, 1)
    assert [(await stands(market, boat.id)).status for boat in boats] == [
        Status.INACTIVE, Status.ACTIVE, Status.ACTIVE,
    ]  # fmt: skip


async def test_still_for_sale_counts_once_an_hour(market: Market, clock: ManualClock) -> None:
    [boat] = await _boats(market, "one")
    clock.now += 1000
    job = await _done(market, BulkAction.STILL, [boat.id])
    first = await stands(market, boat.id)
    assert first.confirmed_at == clock.now
    clock.now += 1000
    await _done(market, BulkAction.STILL, [boat.id])
    assert await stands(market, boat.id) == first
    await take_back(market.trail, SELLER, job.id)
    await _drain(market)
    assert (await stands(market, boat.id)).confirmed_at == boat.confirmed_at


async def test_prices_change_in_the_currency_that_is_asked_and_those_on_request_not_at_all(
    market: Market,
) -> None:
    euros = Money(amount=4_500_000, currency="EUR")
    abroad = a_listing(
        name="abroad", ownerId=SELLER.user_id, price=5_522_000, originalPrice=euros.to_wire()
    )
    quiet = a_listing(name="quiet", ownerId=SELLER.user_id, priceOnRequest=True)
    for boat in (abroad, quiet):
        await add_listing(market.trail, SELLER, boat)
    job = await prepare_bulk(
        market.trail, SELLER, BulkAction.PRICE, [abroad, quiet], [4_969_800, 1_000_000]
    )
    await enqueue(market.trail, job)
    await _drain(market)
    new = await stands(market, abroad.id)
    assert (new.asked, new.price) == (euros.changed(amount=4_050_000), 4_969_800)
    assert new.price_drop == euros.changed(amount=450_000)
    [(_number, refused)] = await outcomes_of(market.store, job, refused=True, limit=9)
    assert refused.id == quiet.id
    assert "on request" in refused.why_not
