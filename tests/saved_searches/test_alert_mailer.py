"""Each boat is reported once, each fall of its price once more, and never old news."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import find_user
from marinemarket.accounts.user import SellerKind, User, UserStatus
from marinemarket.accounts.user_changes import UserChange
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.clock import DAY, iso
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.listings.listing import Listing, Status
from marinemarket.listings.records import add_listing, replace_listing
from marinemarket.runtime.worker import work
from marinemarket.saved_searches.editing import change_search, delete_search
from marinemarket.saved_searches.personal_data import mute_alerts
from marinemarket.saved_searches.records import find_search, searches_of
from marinemarket.saved_searches.saved_search import LETTERS_AT_ONCE, MOST_COLLECTED
from marinemarket.search.index_follower import reach
from marinemarket.store.schema import CLAIMS, NOTED, SAVED_SEARCHES, TOLD, USERS
from marinemarket.store.writes import Update
from tests.accounts.members import CLIENT, a_person
from tests.builders import OWNER, ManualClock, a_listing
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned

from .conftest import Alerts, saves

pytestmark = pytest.mark.anyio

SAIL = {"boatType": ["sailboat"]}


async def _add(market: Market, name: str = "boat", **overrides: Any) -> Listing:
    listing = a_listing(name=name, **overrides)
    await add_listing(market.trail, TESTS, listing)
    return listing


async def _change(market: Market, old: Listing, **changes: Any) -> Listing:
    new = old.changed(updated_at=old.updated_at + 1, **changes)
    await replace_listing(market.trail, TESTS, old, new)
    return new


async def _set_status(market: Market, user_id: str, status: UserStatus) -> None:
    entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", user_id, market.clock())
    write = Update(USERS, (user_id,), set={"status": status.value})
    await market.trail.commit(entry, write)


async def _told(market: Market) -> list[tuple[str, str]]:
    """Title and price of each boat in each email."""
    sent = await letters(market, "saved-search-hits")
    return [(boat["title"], boat["price"]) for one in sent for boat in one.values["boats"]]


async def test_a_matching_boat_is_reported_once_with_what_a_buyer_needs(
    market: Market, alerts: Alerts, ann: User
) -> None:
    search = await saves(market, ann, name="Sail", filters=SAIL)
    boat = await _add(market)
    await _add(market, "motor", boat={"type": "trawler"})
    await alerts.catch_up()
    [letter] = await letters(market, "saved-search-hits")
    assert letter.to == ann.email
    assert letter.values["boats"] == [
        {
            "title": boat.title,
            "price": "$120,000",
            "news": "new",
            "was": "",
            "length": "40 ft",
            "place": "Stuart, FL, United States",
            "link": f"/boats/{boat.id}/{boat.slug}",
        }
    ]
    assert letter.values["unsubscribe"].startswith(f"/unsubscribe/saved-search/{search.id}?token=")
    [entry] = (await entries_by_action(market.store, Action.SAVED_SEARCH_TOLD)).entries
    assert (entry.resource_id, entry.details) == (search.id, {"listings": [boat.id]})
    found = await find_search(market.store, search.id)
    assert found is not None
    assert found.last_told_at == "2026-01-01T00:00:00.000Z"


async def test_the_email_has_a_button_to_unsubscribe(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    await _add(market)
    await alerts.catch_up()
    while await market.delivery().run_once():
        pass
    [file] = [*market.settings.emails_folder.glob("*.eml")]
    text = file.read_text()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text
    assert "List-Unsubscribe:" in text


async def test_an_address_from_which_emails_come_back_gets_no_alerts(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    change = UserChange.of(ann, market.clock(), email_bounced_at=iso(market.clock()))
    entry = TESTS.entry(Action.EMAIL_BOUNCED, "user", ann.id, market.clock())
    await market.trail.commit(entry, change.write())
    await _add(market)
    await alerts.catch_up()
    assert await letters(market, "saved-search-hits") == []


async def test_existing_boats_are_not_reported(
    market: Market, alerts: Alerts, ann: User, clock: ManualClock
) -> None:
    await _add(market, "old")
    clock.now += 5000
    await saves(market, ann, filters=SAIL)
    await alerts.catch_up()
    assert await _told(market) == []
    # Without its position, or in another feed, it starts at the feed's head.
    await _add(market, "missed")
    market.settings.alerts_place.write_text("sqlite:nowhere:7:0")
    alerts.restart()
    await alerts.catch_up()
    market.settings.alerts_place.unlink()
    alerts.restart()
    await alerts.catch_up()
    assert await _told(market) == []
    await _add(market, "new", title="New boat")
    await alerts.catch_up()
    assert await _told(market) == [("New boat", "$120,000")]


async def test_boats_that_came_while_the_worker_was_down_are_reported_later(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    await _add(market, title="Came meanwhile")
    alerts.restart()
    await alerts.catch_up()
    assert await _told(market) == [("Came meanwhile", "$120,000")]


async def test_repeated_changes_are_not_reported_again(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    await saves(market, ann, name="Weekly", frequency="weekly", filters=SAIL)
    begun = market.settings.alerts_place.read_text()
    boat = await _add(market)
    await _change(market, boat, price=11_000_000)
    await alerts.catch_up()
    once = await _told(market)
    weekly = await scanned(market.store, NOTED)
    for _ in range(2):
        market.settings.alerts_place.write_text(begun)  # killed before it was written
        alerts.restart()
        await alerts.catch_up()
        assert await _told(market) == once == [(boat.title, "$110,000")]
        assert await scanned(market.store, NOTED) == weekly


async def test_only_a_lower_price_is_reported_again(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    boat = await _add(market)
    await alerts.catch_up()
    boat = await _change(market, boat, title="Edited, no cheaper")
    boat = await _change(market, boat, price=13_000_000)
    await alerts.catch_up()
    assert len(await _told(market)) == 1
    boat = await _change(
        market, boat, price=12_500_000
    )  # cheaper than before, but not than last reported
    await alerts.catch_up()
    assert len(await _told(market)) == 1
    boat = await _change(market, boat, price=9_000_000)
    await alerts.catch_up()
    assert ("Edited, no cheaper", "$90,000") in await _told(market)
    boat = await _change(market, boat, status=Status.INACTIVE)
    boat = await _change(market, boat, status=Status.ACTIVE)
    await alerts.catch_up()
    assert len(await _told(market)) == 2


async def test_an_alert_respects_the_seller_kind_and_a_change_of_it_alerts_nobody(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters={"sellerKind": ["broker"]})
    hers = await _add(market, sellerKind="private")
    await _add(market, "firm", title="A broker's", sellerKind="broker")
    await alerts.catch_up()
    assert await _told(market) == [("A broker's", "$120,000")]
    await _change(market, hers, seller_kind=SellerKind.BROKER)
    await alerts.catch_up()
    assert len(await _told(market)) == 1


async def test_a_price_that_falls_into_a_searchs_bounds_is_reported_and_so_is_a_boat_that_comes_back(
    market: Market, alerts: Alerts, ann: User
) -> None:
    boat = await _add(market)
    hidden = await _add(market, "hidden", title="Hidden boat", status="inactive")
    await alerts.catch_up()
    await saves(market, ann, filters={"priceRange": {"max": 10_000_000}})
    await saves(market, ann, name="Hidden", filters={"query": "hidden"})
    await _change(market, boat, price=9_900_000)
    await _change(market, hidden, status=Status.ACTIVE)
    await alerts.catch_up()
    assert sorted(await _told(market)) == [(boat.title, "$99,000"), ("Hidden boat", "$120,000")]


async def test_a_banned_owners_boats_are_not_reported(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    await _add(market)
    await _set_status(market, OWNER, UserStatus.BANNED)
    await alerts.catch_up()
    assert await _told(market) == []


async def test_emails_go_to_active_people_at_confirmed_addresses(
    market: Market, alerts: Alerts, ann: User
) -> None:
    bob = await a_person(market, name="bob", email_verified=False)
    await saves(market, ann, filters=SAIL)
    await saves(market, bob, filters=SAIL)
    await _set_status(market, ann.id, UserStatus.SUSPENDED)
    await _add(market)
    await alerts.catch_up()
    assert await _told(market) == []


async def test_searches_that_change_or_go_are_followed(
    market: Market, alerts: Alerts, ann: User
) -> None:
    actor = CLIENT.acting_as(ann.id, ann.email, "session")
    search = await saves(market, ann, filters=SAIL)
    gone = await saves(market, ann, name="Gone", filters=SAIL)
    silent = await saves(market, ann, name="Silent", filters=SAIL)
    await alerts.catch_up()
    await change_search(market.trail, actor, search.id, {"filters": {"boatType": ["trawler"]}})
    await change_search(market.trail, actor, silent.id, {"frequency": "never"})
    await delete_search(market.trail, actor, gone.id)
    await _add(market, "sail", title="Sailing one")
    await _add(market, "motor", title="Motor one", boat={"type": "trawler"})
    await alerts.catch_up()
    assert await _told(market) == [("Motor one", "$120,000")]


# -- Digests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("frequency", "days"), [("daily", 1), ("weekly", 7)])
async def test_a_digest_is_sent_once_when_due(
    market: Market, alerts: Alerts, ann: User, clock: ManualClock, frequency: str, days: int
) -> None:
    teller = market.alert_mailer()
    await saves(market, ann, frequency=frequency, filters=SAIL)
    await _add(market, "one", title="Boat one")
    await _add(market, "two", title="Boat two")
    await alerts.catch_up()
    assert await teller.run_once() == 0
    clock.now += DAY // 24
    assert await teller.run_once() == 1
    assert sorted(await _told(market)) == [("Boat one", "$120,000"), ("Boat two", "$120,000")]
    assert len(await letters(market, "saved-search-hits")) == 1
    await _add(market, "three", title="Boat three")
    await alerts.catch_up()
    clock.now += days * DAY - 1
    assert await teller.run_once() == 0
    clock.now += 1
    assert await teller.run_once() == 1
    clock.now += 20 * DAY
    assert await teller.run_once() == 0  # there is nothing more to report
    sent = await letters(market, "saved-search-hits")
    assert [len(one.values["boats"]) for one in sent] == [2, 1]


async def test_boats_sold_by_then_are_left_out_and_dearer_ones_come_with_their_new_price(
    market: Market, alerts: Alerts, ann: User, clock: ManualClock
) -> None:
    await saves(market, ann, frequency="daily", filters=SAIL)
    sold, dearer = await _add(market, "sold"), await _add(market, "dearer")
    await alerts.catch_up()
    gone = await _change(market, sold, status=Status.SOLD)
    await _change(market, dearer, price=12_100_000)
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    assert await _told(market) == [(dearer.title, "$121,000")]
    await _change(market, gone, status=Status.ACTIVE)
    await alerts.catch_up()
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    assert await _told(market) == [(dearer.title, "$121,000"), (sold.title, "$120,000")]


async def test_a_boat_whose_seller_is_banned_is_reported_once_the_seller_is_back(
    market: Market, alerts: Alerts, ann: User, clock: ManualClock
) -> None:
    await saves(market, ann, frequency="daily", filters=SAIL)
    boat = await _add(market)
    await alerts.catch_up()
    await _set_status(market, OWNER, UserStatus.BANNED)
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    assert await market.alert_mailer().run_once() == 0
    assert await _told(market) == []
    assert await scanned(market.store, TOLD) == []
    await _set_status(market, OWNER, UserStatus.ACTIVE)
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    assert await market.alert_mailer().run_once() == 0
    assert await _told(market) == [(boat.title, "$120,000")]


async def test_very_many_boats_are_collected_in_one_more_email(
    market: Market, alerts: Alerts, ann: User, clock: ManualClock
) -> None:
    await saves(market, ann, filters=SAIL)
    count = LETTERS_AT_ONCE + MOST_COLLECTED + 3
    for number in range(count):
        await _add(market, f"boat {number}")
    await alerts.catch_up()
    assert len(await letters(market, "saved-search-hits")) == LETTERS_AT_ONCE
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    *_, last = await letters(market, "saved-search-hits")
    assert len(last.values["boats"]) == MOST_COLLECTED
    assert (last.values["count"], last.values["beyond"]) == (str(MOST_COLLECTED + 3), "3")
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    links = [
        boat["link"]
        for one in await letters(market, "saved-search-hits")
        for boat in one.values["boats"]
    ]
    assert len(links) == len(set(links)) == count


# -- Personal data, and after a restore ----------------------------------------------------------


async def test_searches_are_exported_and_erased_with_their_user(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters=SAIL)
    boat = await _add(market)
    await alerts.catch_up()
    actor = CLIENT.acting_as(ann.id, ann.email, "session")
    user = await find_user(market.store, ann.id)
    assert user is not None
    data = await export_person(market.accounts, actor, user, PERSONAL_DATA)
    assert data["savedSearches"][0]["filters"] == SAIL
    assert "unsubscribeHash" not in data["savedSearches"][0]
    assert data["toldOf"][0]["listingId"] == boat.id
    await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
    assert await scanned(market.store, SAVED_SEARCHES) == []
    assert await scanned(market.store, NOTED) == []
    assert await scanned(market.store, TOLD) == []
    claims = [claim["claim"] for claim in await scanned(market.store, CLAIMS)]
    assert not any(ann.id in claim for claim in claims)


async def test_a_restored_market_does_not_report_collected_boats(
    market: Market, alerts: Alerts, ann: User, clock: ManualClock
) -> None:
    search = await saves(market, ann, frequency="daily", filters=SAIL)
    await _add(market)
    await alerts.catch_up()
    assert await mute_alerts(market.trail) == 1
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 0
    await _add(market, "next", title="The next one")
    await alerts.catch_up()
    clock.now += DAY
    assert await market.alert_mailer().run_once() == 1
    assert await _told(market) == [("The next one", "$120,000")]
    assert await find_search(market.store, search.id) is not None


async def test_searches_are_indexed_again_after_the_index_was_lost(
    market: Market, alerts: Alerts, ann: User
) -> None:
    await saves(market, ann, filters={"query": "oceanis"})
    await _add(market)
    await reach(market.store, market.engine)
    alerts.restart()
    await alerts.catch_up()
    assert len(await _told(market)) == 1
    assert alerts.follower.evaluated == 1


async def test_the_worker_follows_and_sends(market: Market, alerts: Alerts, ann: User) -> None:
    await saves(market, ann, filters=SAIL)
    stopping = asyncio.Event()
    working = asyncio.create_task(work(market, stopping))
    await _add(market, title="Told by the worker")
    async with asyncio.timeout(60):
        while not [*market.settings.emails_folder.glob("*.eml")]:
            await asyncio.sleep(0.05)
    stopping.set()
    await working
    [search] = await searches_of(market.store, ann.id)
    assert search.last_told_at is not None
