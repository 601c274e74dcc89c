"""Noted is not told: what was left out of one email comes with a later one, and nothing comes twice."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.user import User, UserStatus
from marinemarket.audit.actions import Action
from marinemarket.audit.operational import Operational
from marinemarket.clock import DAY, HOUR, iso
from marinemarket.composition import Market
from marinemarket.listings.listing import Listing, Moderation, ModerationState, Money, Status
from marinemarket.listings.price_history import with_price_history
from marinemarket.listings.records import add_listing, replace_listing
from marinemarket.mail.rendering import render
from marinemarket.saved_searches.editing import change_search
from marinemarket.saved_searches.noted_boats import alert_put
from marinemarket.saved_searches.personal_data import mute_alerts
from marinemarket.saved_searches.records import find_search, search_update
from marinemarket.saved_searches.saved_search import Find, SavedSearch
from marinemarket.search.index_follower import reach
from marinemarket.store.schema import TOLD, USERS
from marinemarket.store.writes import Update
from tests.accounts.members import CLIENT, a_person
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned

from .conftest import Alerts, saves

pytestmark = pytest.mark.anyio

APPROVED = Moderation(state=ModerationState.APPROVED)


class Days:
    """A market from day to day: its boats by title, its reader, and what each email said."""

    def __init__(self, market: Market, alerts: Alerts, ann: User, clock: ManualClock) -> None:
        self.market, self.alerts, self.ann, self.clock = market, alerts, ann, clock
        self.boats: dict[str, Listing] = {}
        self._read = 0

    async def add(self, title: str, price: int, **overrides: Any) -> None:
        self.clock.now += 1
        now = self.clock.now
        times = {"createdAt": now, "updatedAt": now}
        boat = a_listing(name=title, title=f"Boat: {title}", price=price * 100, **times | overrides)
        self.boats[title] = boat
        await add_listing(self.market.trail, TESTS, boat)

    async def change(self, title: str, **changes: Any) -> None:
        self.clock.now += 1
        old = self.boats[title]
        new = with_price_history(old, old.changed(updated_at=self.clock.now, **changes))
        self.boats[title] = new
        await replace_listing(self.market.trail, TESTS, old, new)

    async def edit(self, search: SavedSearch, **wish: Any) -> None:
        self.clock.now += 1
        actor = CLIENT.acting_as(self.ann.id, self.ann.email, "session")
        await change_search(self.market.trail, actor, search.id, wish)

    async def reader(self, **attributes: Any) -> None:
        entry = TESTS.entry(Action.USER_UPDATED, "user", self.ann.id, self.clock())
        gone = tuple(name for name, value in attributes.items() if value is None)
        there = {name: value for name, value in attributes.items() if value is not None}
        await self.market.trail.commit(entry, Update(USERS, (self.ann.id,), set=there, remove=gone))

    async def follow(self) -> None:
        await reach(self.market.store, self.market.engine)
        await self.alerts.catch_up()

    async def after(self, milliseconds: int) -> list[tuple[str, str, str, str]]:
        """What the emails of this time say of boats, sorted: title, price, kind of news, price before."""
        await self.follow()
        self.clock.now += milliseconds
        while await self.market.alert_mailer().run_once():
            pass
        sent = await letters(self.market, "saved-search-hits")
        new, self._read = sent[self._read :], len(sent)
        return sorted(
            (boat["title"].removeprefix("Boat: "), boat["price"], boat["news"], boat["was"])
            for one in new
            for boat in one.values["boats"]
        )


@pytest.fixture
def days(market: Market, alerts: Alerts, ann: User, clock: ManualClock) -> Days:
    return Days(market, alerts, ann, clock)


UP_TO_100 = {"priceRange": {"max": 10_000_000}}
UP_TO_150 = {"priceRange": {"max": 15_000_000}}


async def test_a_boat_that_was_not_to_be_seen_when_the_digest_went_out_comes_with_a_later_one(
    days: Days,
) -> None:
    search = await saves(days.market, days.ann, frequency="daily", filters=UP_TO_100)
    for title in ("Withdrawn", "Hidden", "Dearer", "Too dear", "Stays"):
        await days.add(title, 90_000)
    await days.follow()
    await days.change("Withdrawn", status=Status.INACTIVE)
    await days.change("Hidden", moderation=Moderation(state=ModerationState.FLAGGED))
    await days.change("Dearer", price=9_100_000)
    await days.change("Too dear", price=12_000_000)
    assert await scanned(days.market.store, TOLD) == []
    assert await days.after(DAY) == [
        ("Dearer", "$91,000", "new", ""),
        ("Stays", "$90,000", "new", ""),
    ]
    told = {item["listingId"]: item["price"] for item in await scanned(days.market.store, TOLD)}
    assert told == {days.boats["Dearer"].id: 9_100_000, days.boats["Stays"].id: 9_000_000}
    await days.change("Withdrawn", status=Status.ACTIVE)
    await days.change("Hidden", moderation=APPROVED)
    assert [boat[0] for boat in await days.after(DAY)] == ["Hidden", "Withdrawn"]
    await days.edit(search, filters=UP_TO_150)
    assert await days.after(DAY) == [("Too dear", "$120,000", "new", "")]
    assert await days.after(30 * DAY) == []


async def test_a_search_with_wider_filters_tells_of_boats_listed_since_it_was_saved(
    days: Days,
) -> None:
    await days.add("There before", 120_000)
    days.clock.now += DAY
    search = await saves(days.market, days.ann, frequency="daily", filters=UP_TO_100)
    await days.add("Noted", 90_000)
    await days.add("Too dear", 120_000)
    await days.follow()
    await days.edit(search, filters=UP_TO_150)
    assert [boat[0] for boat in await days.after(DAY)] == ["Noted", "Too dear"]
    await days.change("There before", price=11_000_000)
    assert await days.after(DAY) == [("There before", "$110,000", "lowered", "$120,000")]
    await days.edit(search, filters=UP_TO_100)
    await days.add("While narrow", 130_000)
    assert await days.after(DAY) == []
    await days.edit(search, filters=UP_TO_150)
    assert await days.after(DAY) == [("While narrow", "$130,000", "new", "")]
    assert await days.after(30 * DAY) == []


async def test_a_reader_who_is_back_hears_once_of_what_is_still_there(days: Days) -> None:
    search = await saves(days.market, days.ann, frequency="weekly")
    await days.add("Told", 100_000)
    assert len(await days.after(DAY)) == 1
    pauses: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"emailBouncedAt": iso(days.clock())}, {"emailBouncedAt": None}),
        ({"status": UserStatus.SUSPENDED.value}, {"status": UserStatus.ACTIVE.value}),
        ({"emailVerified": False}, {"emailVerified": True}),
    ]
    for number, (away, back) in enumerate(pauses):
        await days.reader(**away)
        await days.add(f"Meanwhile {number}", 100_000)
        await days.add(f"Sold {number}", 100_000)
        assert await days.after(20 * DAY) == []
        await days.change(f"Sold {number}", status=Status.SOLD)
        await days.reader(**back)
        assert [boat[0] for boat in await days.after(8 * DAY)] == [f"Meanwhile {number}"]
    await days.add("Noted", 100_000)
    await days.follow()
    await days.edit(search, frequency="never")
    await days.add("While off", 100_000)
    await days.change("Told", price=9_000_000)
    await days.change("Told", price=9_500_000)
    assert await days.after(20 * DAY) == []
    await days.edit(search, frequency="daily")
    assert await days.after(DAY) == [
        ("Noted", "$100,000", "new", ""),
        ("Told", "$95,000", "lowered", "$100,000"),
        ("While off", "$100,000", "new", ""),
    ]
    assert await days.after(30 * DAY) == []


async def test_another_cadence_neither_loses_nor_repeats_anything(days: Days) -> None:
    search = await saves(days.market, days.ann, frequency="daily")
    await days.add("One", 100_000)
    assert len(await days.after(DAY)) == 1
    await days.add("Two", 100_000)
    await days.follow()
    await days.edit(search, frequency="weekly")
    assert await days.after(5 * DAY) == []
    await days.add("Three", 100_000)
    await days.follow()
    await days.edit(search, frequency="at-once")
    assert [boat[0] for boat in await days.after(0)] == ["Three", "Two"]
    await days.add("Four", 100_000)
    assert [boat[0] for boat in await days.after(0)] == ["Four"]
    await days.edit(search, frequency="weekly")
    assert await days.after(30 * DAY) == []


async def test_only_a_price_below_the_one_that_was_reported_is_news(days: Days) -> None:
    await saves(days.market, days.ann, frequency="daily")
    dollars = Money(amount=9_000_000, currency="USD")
    await days.add("Boat", 91_000)
    assert await days.after(DAY) == [("Boat", "$91,000", "new", "")]
    await days.change("Boat", price=9_500_000)
    await days.change("Boat", price=9_100_000)
    assert await days.after(DAY) == []
    await days.change("Boat", price=9_000_000, original_price=dollars)
    assert await days.after(DAY) == [("Boat", "$90,000", "lowered", "$91,000")]
    # The dollar value of what is asked in another currency moves by itself.
    await days.change("Boat", price=8_900_000)
    assert await days.after(DAY) == []
    await days.change("Boat", price=8_000_000, original_price=None)
    await days.follow()
    await days.change("Boat", price=9_000_000)
    assert await days.after(DAY) == []
    await days.change("Boat", status=Status.SOLD)
    await days.follow()
    await days.change("Boat", status=Status.ACTIVE)
    assert await days.after(DAY) == []
    await days.change("Boat", price=8_500_000)
    assert await days.after(DAY) == [("Boat", "$85,000", "lowered", "$90,000")]


async def test_a_boat_that_is_edited_into_a_search_is_news_to_it_once(days: Days) -> None:
    await days.add("Trawler", 100_000, boat={"type": "trawler"})
    days.clock.now += DAY
    await saves(days.market, days.ann, filters={"boatType": ["sailboat"]})
    trawler = days.boats["Trawler"].boat_details
    await days.change("Trawler", boat_details=trawler.changed(type="sailboat"))
    assert await days.after(0) == [("Trawler", "$100,000", "here", "")]
    await days.change("Trawler", boat_details=trawler)
    await days.follow()
    await days.change("Trawler", boat_details=trawler.changed(type="sailboat"))
    assert await days.after(DAY) == []


@pytest.mark.parametrize("position", [None, "sqlite:nowhere:7:0"])
async def test_boats_missed_by_a_worker_that_lost_its_place_are_found(
    days: Days, position: str | None
) -> None:
    await days.add("There before", 100_000)
    await days.add("Cheaper", 100_000)
    days.clock.now += DAY
    await saves(days.market, days.ann)
    await days.add("Told", 100_000)
    assert len(await days.after(0)) == 1
    await days.add("Missed", 100_000)
    await days.change("Cheaper", price=9_000_000)
    await days.change("Told", price=9_900_000)
    for _ in range(2):
        place = days.market.settings.alerts_place
        place.unlink() if position is None else place.write_text(position)
        days.alerts.restart()
        await days.follow()
    assert await days.after(DAY) == [
        ("Cheaper", "$90,000", "lowered", "$100,000"),
        ("Missed", "$100,000", "new", ""),
        ("Told", "$99,000", "lowered", "$100,000"),
    ]
    assert await days.after(30 * DAY) == []


async def test_a_market_that_was_put_back_tells_nobody_what_lost_emails_may_have_said(
    days: Days,
) -> None:
    await saves(days.market, days.ann, frequency="daily")
    await days.add("Noted", 100_000)
    await days.follow()
    feed, number, at = days.market.settings.alerts_place.read_text().split(":")
    days.market.settings.alerts_place.write_text(f"{feed}:{int(number) + 50}:{at}")
    days.alerts.restart()
    assert await days.after(DAY) == []
    # The same after a restore, which comes without the position.
    await days.add("Noted later", 100_000)
    await days.follow()
    await mute_alerts(days.market.trail)
    days.market.settings.alerts_place.unlink()
    days.alerts.restart()
    assert await days.after(2 * DAY) == []
    await days.add("New", 100_000)
    assert [boat[0] for boat in await days.after(2 * DAY)] == ["New"]


async def test_what_an_earlier_version_collected_is_reported(days: Days) -> None:
    search = await saves(days.market, days.ann, frequency="daily")
    await days.add("Collected", 100_000)
    await days.add("Reported", 100_000)
    one, two = days.boats["Collected"], days.boats["Reported"]
    now = days.clock()
    finds = (Find(listing_id=one.id, price=one.price),)
    stored = search.changed(collected=finds, beyond=3, due_at=iso(now + HOUR))
    await days.market.trail.commit_operational(
        Operational.COLLECTED,
        search_update(search, stored),
        *(alert_put(search, boat.id, boat.asked, None, now) for boat in (one, two)),
    )
    assert await days.after(DAY) == [("Collected", "$100,000", "new", "")]
    assert await days.after(DAY) == []
    found = await find_search(days.market.store, search.id)
    assert found is not None
    assert (found.collected, found.beyond, found.due_at) == ((), 0, None)


async def test_an_email_calls_a_boat_new_or_says_what_it_cost_before(days: Days) -> None:
    bob = await a_person(days.market, name="bob")
    await days.add("Lowered", 91_000)
    days.clock.now += DAY
    await saves(days.market, bob, frequency="daily")
    await days.add("Listed", 100_000)
    await days.follow()
    await days.change("Lowered", price=9_000_000)
    await days.after(DAY)
    [sent] = await letters(days.market, "saved-search-hits")
    mail = render("saved-search-hits", sent.values, links=days.market.links, market_name="Market")
    assert "New: $100,000 · 40 ft" in mail.text
    assert "Price lowered: was $91,000, now $90,000 · 40 ft" in mail.text
    assert mail.html is not None
    assert "Price lowered: was $91,000, now <strong>$90,000</strong>" in mail.html


def _euros(amount: int) -> Money:
    return Money(amount=amount * 100, currency="EUR")


async def test_a_change_of_rates_tells_nobody_anything_and_a_lower_sum_in_euros_always(
    days: Days,
) -> None:
    await days.add("There before", 105_000, originalPrice=_euros(90_000))
    assert await days.after(HOUR) == []
    search = await saves(days.market, days.ann, frequency="daily", filters=UP_TO_100)
    await days.add("Euros", 99_000, originalPrice=_euros(80_000))
    assert await days.after(DAY) == [("Euros", "€80,000", "new", "")]
    # A weaker euro: one costs fewer dollars than was told, the other falls below the bound.
    await days.change("Euros", price=9_500_000, rate_date="2026-03-01")
    await days.change("There before", price=9_900_000, rate_date="2026-03-01")
    assert await days.after(DAY) == []
    await days.change("There before", description="Another sentence about this boat.")
    assert await days.after(DAY) == []
    # Asked for less in euros, which come to more dollars than ever.
    await days.change("Euros", price=9_990_000, original_price=_euros(78_000))
    assert await days.after(DAY) == [("Euros", "€78,000", "lowered", "€80,000")]
    await days.change("Euros", price=9_000_000, original_price=_euros(79_000))
    await days.change("There before", price=9_800_000, original_price=_euros(89_000))
    assert await days.after(DAY) == [("There before", "€89,000", "lowered", "€90,000")]
    await days.edit(search, filters=UP_TO_150)
    assert await days.after(DAY) == []


async def test_another_currency_is_neither_cheaper_nor_dearer_but_its_next_fall_is(
    days: Days,
) -> None:
    await days.add("Boat", 99_000, originalPrice=_euros(80_000))
    assert await days.after(HOUR) == []
    await saves(days.market, days.ann, frequency="daily")
    await days.follow()
    await days.change("Boat", price=9_000_000, original_price=None)
    assert await days.after(DAY) == []
    await days.change("Boat", price=8_900_000)
    assert await days.after(DAY) == [("Boat", "$89,000", "lowered", "$90,000")]
    await days.change("Boat", price=9_500_000, original_price=_euros(78_000))
    assert await days.after(DAY) == []
    await days.change("Boat", price=9_900_000, original_price=_euros(77_000))
    assert await days.after(DAY) == [("Boat", "€77,000", "lowered", "€78,000")]
    assert days.boats["Boat"].price_drop == _euros(1000)
