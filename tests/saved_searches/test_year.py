"""A year of readers, sellers and accidents: every email says what the oracle says, on the day it says.

Whatever happens is drawn from a seed, so a failure can be repeated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import User
from marinemarket.audit.actions import Action
from marinemarket.audit.trail import Trail
from marinemarket.clock import DAY, HOUR, SECOND, iso
from marinemarket.composition import Market, cached_listings, in_newest_shape
from marinemarket.i18n.numbers import dollars
from marinemarket.listings.listing import Listing, Moderation, ModerationState, Status
from marinemarket.listings.price_history import with_price_history
from marinemarket.listings.records import add_listing, remove_listing, replace_listing
from marinemarket.saved_searches.editing import change_search
from marinemarket.saved_searches.personal_data import mute_alerts
from marinemarket.saved_searches.saved_search import SavedSearch
from marinemarket.search.index_follower import SearchFollower
from marinemarket.store.change_feed import follow
from marinemarket.store.dynamodb import DynamoStore, connected
from marinemarket.store.schema import OUTBOX, USERS
from marinemarket.store.writes import Update
from tests.accounts.members import CLIENT, a_person
from tests.builders import NOW, ManualClock, a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.store.engines.dynamodb import DYNAMODB_LOCAL, REGION, make_tables, prefix_of
from tests.store.paging import scanned

from .alert_oracle import Boat, Oracle, Report, Search
from .conftest import Alerts, saves

pytestmark = pytest.mark.anyio

SELLERS = ("Sam", "Sue", "Stan")
READERS = {
    "Ann": ("at-once", 150_000_00, None),
    "Ben": ("daily", 120_000_00, None),
    "Cleo": ("weekly", 150_000_00, "sailboat"),
    "Dora": ("daily", 100_000_00, "trawler"),
}
AWAY: tuple[dict[str, Any], ...] = (
    {"status": "suspended"},
    {"emailBouncedAt": iso(NOW)},
    {"emailVerified": False},
)
BACK = {"status": "active", "emailVerified": True}
STATES = {
    "offered": (Status.ACTIVE, ModerationState.APPROVED),
    "withdrawn": (Status.INACTIVE, ModerationState.APPROVED),
    "sold": (Status.SOLD, ModerationState.APPROVED),
    "hidden": (Status.ACTIVE, ModerationState.FLAGGED),
}


@dataclass
class Year:
    """What happens, to the market and to the oracle alike."""

    market: Market
    clock: ManualClock
    chance: Random
    oracle: Oracle = field(default_factory=Oracle)
    listings: dict[str, Listing] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    searches: dict[str, SavedSearch] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    due: list[Report] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        self.alerts = Alerts(self.market)
        self.index = SearchFollower(self.market.store, self.market.engine)
        for name in SELLERS:
            await add_user(self.market.trail, TESTS, a_user(name=name.lower()))
        await self._follow()
        for number in range(5):  # they are there before anybody saves a search
            await self.list_boat(f"Old {number}")
        self.clock.now += DAY
        for name, (frequency, most, kind) in READERS.items():
            user = self.users[name] = await a_person(self.market, name=name.lower())
            wish = {"frequency": frequency, "filters": _filters(most, kind)}
            self.searches[name] = await saves(self.market, user, name=name, **wish)
            self.oracle.searches[name] = Search(name, self.clock(), frequency, most, kind)
        await self._follow()

    # -- Sellers -----------------------------------------------------------------------------------

    async def list_boat(self, name: str | None = None) -> None:
        present = [seller for seller in SELLERS if seller not in self.oracle.absent]
        if not present:
            return
        self.clock.now += SECOND
        number = len(self.listings)
        title = f"Boat {name or number}"
        seller, kind = self.chance.choice(present), self.chance.choice(("sailboat", "trawler"))
        boat = Boat(title, seller, kind, self._price(), self.clock())
        times = {"createdAt": boat.listed, "updatedAt": boat.listed}
        self.listings[title] = a_listing(
            name=title, title=title, price=boat.price, ownerId=uuid_of(seller.lower()),
            boat={"type": kind}, **times,
        )  # fmt: skip
        await add_listing(self.market.trail, TESTS, self.listings[title])
        await self._boat_is(boat)

    async def move_boat(self) -> None:
        """Withdraw, sell, hide, or offer it again."""
        boat = self._some_boat()
        states = [*STATES] if boat.state == "offered" else ["offered"] * 3 + [*STATES]
        boat = replace(boat, state=self.chance.choice(states))
        status, moderation = STATES[boat.state]
        await self._replace(boat, status=status, moderation=Moderation(state=moderation))

    async def reprice(self) -> None:
        boat = self._some_boat()
        price = self.chance.choice((self._price(), boat.price - 100_000, boat.price + 100_000))
        if price != boat.price:
            boat = boat.repriced(price, self.clock() + SECOND)
            await self._replace(boat, price=price)

    async def edit(self) -> None:
        boat = self._some_boat()
        boat = replace(boat, kind="trawler" if boat.kind == "sailboat" else "sailboat")
        details = self.listings[boat.title].boat_details.changed(type=boat.kind)
        await self._replace(boat, boat_details=details)

    async def delete(self) -> None:
        boat = self._some_boat()
        self.clock.now += SECOND
        await remove_listing(self.market.trail, TESTS, self.listings[boat.title])
        await self._boat_is(replace(boat, state="gone"))

    async def suspend_or_reinstate_seller(self) -> None:
        seller = self.chance.choice(SELLERS)
        is_back = seller in self.oracle.absent
        await self._seller_is(seller, is_present=is_back)

    async def _seller_is(self, seller: str, *, is_present: bool) -> None:
        status = "active" if is_present else "banned"
        await self._set_user(uuid_of(seller.lower()), {"status": status})
        self.due += self.oracle.seller_is(seller, self.clock(), is_present=is_present)

    def _some_boat(self) -> Boat:
        boats = [boat for boat in self.oracle.boats.values() if boat.state != "gone"]
        return self.chance.choice(boats[-12:])

    def _price(self) -> int:
        return self.chance.randrange(60, 180, 5) * 100_000

    async def _replace(self, boat: Boat, **changes: Any) -> None:
        self.clock.now += SECOND
        old = self.listings[boat.title]
        new = with_price_history(old, old.changed(updated_at=self.clock(), **changes))
        self.listings[boat.title] = new
        await replace_listing(self.market.trail, TESTS, old, new)
        await self._boat_is(boat)

    async def _boat_is(self, boat: Boat) -> None:
        await self._follow()
        self.due += self.oracle.boat_is(boat, self.clock())

    # -- Readers -----------------------------------------------------------------------------------

    async def change_filters(self) -> None:
        name = self.chance.choice([*READERS])
        most = self.chance.choice((90_000_00, 120_000_00, 150_000_00, 180_000_00))
        await self._search_is(
            name, most=most, kind=self.chance.choice(("sailboat", "trawler", None))
        )

    async def change_frequency(self) -> None:
        name = self.chance.choice([*READERS])
        await self._search_is(
            name, frequency=self.chance.choice(("at-once", "daily", "weekly", "never"))
        )

    async def come_or_go(self) -> None:
        name = self.chance.choice([*READERS])
        search = self.oracle.searches[name]
        if search.can_be_emailed:
            await self._set_user(self.users[name].id, self.chance.choice(AWAY))
        else:
            await self._set_user(self.users[name].id, BACK, "emailBouncedAt")
        search.can_be_emailed = not search.can_be_emailed

    async def _search_is(self, name: str, **changes: Any) -> None:
        self.clock.now += SECOND
        search, user = self.oracle.searches[name], self.users[name]
        wish: dict[str, Any] = {
            "frequency": search.frequency,
            "most": search.most,
            "kind": search.kind,
        } | changes
        actor = CLIENT.acting_as(user.id, user.email, "session")
        payload = {
            "frequency": wish["frequency"],
            "filters": _filters(wish["most"], wish["kind"]),
        }
        await change_search(self.market.trail, actor, self.searches[name].id, payload)
        self.oracle.search_is(name, self.clock(), **wish)
        await self._follow()

    async def _set_user(self, id: str, attributes: dict[str, Any], *gone: str) -> None:
        self.clock.now += SECOND
        entry = TESTS.entry(Action.USER_UPDATED, "user", id, self.clock())
        await self.market.trail.commit(entry, Update(USERS, (id,), set=attributes, remove=gone))
        await self._follow()

    # -- Machines ----------------------------------------------------------------------------------

    async def stop_or_start_worker(self) -> None:
        if self.oracle.worker_runs:
            self.oracle.worker_stops()
            return
        way = self.chance.choice(("as it was", "as it was", "on another host", "restored"))
        await self._start_worker(way)

    async def _start_worker(self, way: str) -> None:
        self.clock.now += SECOND
        if way == "restored":
            await mute_alerts(self.market.trail)
            self.oracle.restored(self.clock())
        if way != "as it was":
            self.market.settings.alerts_place.unlink()
        self.happened[f"worker starts {way}"] += 1
        self.alerts.restart()
        is_known = way == "as it was"
        self.due += self.oracle.worker_starts(self.clock(), knows_its_place=is_known)
        await self._follow()

    async def _follow(self) -> None:
        while await follow(self.market.store, self.index):
            pass
        if self.oracle.worker_runs:
            await self.alerts.catch_up()

    # -- Days --------------------------------------------------------------------------------------

    async def day(self) -> None:
        """A day's events in the morning, and its digests in the evening."""
        for event, weight in EVENTS.items():
            if self.chance.random() < weight:
                self.happened[event.__name__] += 1
                await event(self)
        await self.evening()

    async def evening(self) -> None:
        self.clock.now += 24 * HOUR - (self.clock.now - NOW) % DAY
        if self.oracle.worker_runs:
            while await self.market.alert_mailer().run_once():
                pass
            await self._follow()
        self.due += self.oracle.emails_go_out(self.clock())

    async def settle(self) -> None:
        """Everybody is back, and every machine runs; a fortnight passes."""
        for seller in [*self.oracle.absent]:
            await self._seller_is(seller, is_present=True)
        if not self.oracle.worker_runs:
            await self._start_worker("as it was")
        for name, search in self.oracle.searches.items():
            if not search.can_be_emailed:
                await self._set_user(self.users[name].id, BACK, "emailBouncedAt")
                search.can_be_emailed = True
            await self._search_is(name, frequency="daily")
        for _ in range(15):
            await self.evening()

    async def sent(self) -> list[Report]:
        """What the emails say that were sent since the last look."""
        reports: list[Report] = []
        for item in await scanned(self.market.store, OUTBOX):
            if item["id"] in self._read or item["template"] != "saved-search-hits":
                continue
            self._read.add(item["id"])
            bound = f"letter {item['id']}"
            opened = await self.market.accounts.vault.open(item["sealed"], bound_to=bound)
            values = json.loads(opened)["values"]
            reports += [
                (values["search"], boat["title"], boat["price"], boat["news"], boat["was"] or None)
                for boat in values["boats"]
            ]
        return reports


EVENTS: dict[Any, float] = {
    Year.list_boat: 0.3,
    Year.move_boat: 0.45,
    Year.reprice: 0.45,
    Year.edit: 0.06,
    Year.delete: 0.03,
    Year.suspend_or_reinstate_seller: 0.06,
    Year.change_filters: 0.08,
    Year.change_frequency: 0.06,
    Year.come_or_go: 0.06,
    Year.stop_or_start_worker: 0.12,
}


def _filters(most: int, kind: str | None) -> dict[str, Any]:
    return {"priceRange": {"max": most}} | ({"boatType": [kind]} if kind else {})


def _as_written(reports: list[Report]) -> list[tuple[Any, ...]]:
    return sorted(
        (reader, boat, dollars(price), news, None if was is None else dollars(was))
        for reader, boat, price, news, was in reports
    )


@asynccontextmanager
async def _on_dynamodb(market: Market, clock: ManualClock, folder: Path) -> AsyncIterator[Market]:
    prefix = prefix_of(folder)
    async with connected(prefix=prefix, endpoint=str(DYNAMODB_LOCAL), region=REGION) as connection:
        await make_tables(connection)
        engine = DynamoStore(connection, secret_key=market.secret_key, clock=clock)
        store = in_newest_shape(engine)
        await store.in_force.begin()
        trail = Trail(store, retention_days=10, clock=clock)
        yield replace(
            market,
            store=store,
            trail=trail,
            accounts=replace(market.accounts, trail=trail),
            listings=cached_listings(store, market.settings, clock),
        )
        await engine.close()


async def _a_year(market: Market, clock: ManualClock, seed: int, days: int) -> None:
    year = Year(market, clock, Random(seed))
    await year.begin()
    try:
        await _live(year, seed, days)
    finally:
        year.index.close()


async def _live(year: Year, seed: int, days: int) -> None:
    told: dict[tuple[str, str], int] = {}
    for day in range(days):
        await year.day()
        due, sent = _as_written(year.due), sorted(await year.sent(), key=str)
        assert sorted(sent, key=str) == sorted(due, key=str), f"seed {seed}, day {day}"
        for reader, boat, price, _, _ in year.due:
            assert price < told.get((reader, boat), price + 1), f"{boat} told twice to {reader}"
            told[reader, boat] = price
        year.due.clear()
    await year.settle()
    assert _as_written(year.due) == sorted(await year.sent())
    _nobody_waits(year.oracle)
    assert len(told) > days / 12, year.happened


def _nobody_waits(oracle: Oracle) -> None:
    """However it came: who would want to hear of a boat that is there has heard of it."""
    for search in oracle.searches.values():
        for boat in oracle.boats.values():
            is_there = boat.state == "offered" and search.finds(boat)
            if is_there and boat.listed >= max(search.saved, oracle.muted + 1):
                assert search.told[boat.title] <= boat.price, (search.reader, boat)


@pytest.mark.parametrize("seed", [10, 14])
async def test_every_email_of_a_year_is_the_one_that_is_due(
    market: Market, clock: ManualClock, seed: int
) -> None:
    await _a_year(market, clock, seed, 330)


if DYNAMODB_LOCAL:

    @pytest.mark.dynamodb_local
    async def test_every_email_of_a_fortnight_is_the_one_that_is_due_on_dynamodb(
        market: Market, clock: ManualClock, tmp_path: Path
    ) -> None:
        async with _on_dynamodb(market, clock, tmp_path) as on_dynamodb:
            await _a_year(on_dynamodb, clock, 2, 14)
