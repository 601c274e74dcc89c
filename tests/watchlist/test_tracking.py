"""A watchlist lists each boat once, keeps to its limit, and shows what has become of the boats."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.user import User, UserStatus
from marinemarket.audit.trail import Trail
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Invalid, NotFound, Refused
from marinemarket.listings.listing import (
    Listing,
    Moderation,
    ModerationState,
    Money,
    Status,
    us_dollars,
)
from marinemarket.listings.records import add_listing, next_version, replace_listing
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, USERS, WATCHLIST
from marinemarket.store.writes import Update
from marinemarket.watchlist import tracking
from marinemarket.watchlist.records import claimed_by, saves_of, watched_by, watchlist_claim
from marinemarket.watchlist.tracking import (
    Note,
    annotate,
    unwatch,
    watch,
    watch_several,
    watchlist_of,
)
from marinemarket.watchlist.watched import Became
from tests.accounts.members import CLIENT, a_person
from tests.builders import OWNER, ManualClock, a_listing, uuid_of
from tests.conftest import TESTS
from tests.store.paging import scanned

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[0, 50], ids=["index up to date", "index behind"])
def behind(request: pytest.FixtureRequest) -> int:
    lag: int = request.param
    return lag


@pytest.fixture
async def ann(market: Market) -> User:
    return await a_person(market)


async def _offered(market: Market, name: str, **overrides: object) -> Listing:
    listing = a_listing(name=name, **overrides)
    await add_listing(market.trail, TESTS, listing)
    return listing


async def _change(market: Market, old: Listing, **changes: object) -> Listing:
    new = old.changed(**changes, updated_at=next_version(old, market.clock()))
    await replace_listing(market.trail, TESTS, old, new)
    return new


async def _watch(market: Market, user: User, *boats: Listing) -> None:
    for boat in boats:
        await watch(market.trail, market.listings, user.id, boat.id)


async def test_the_newest_comes_first_and_each_boat_once(market: Market, ann: User) -> None:
    one, other = await _offered(market, "one"), await _offered(market, "other")
    await _watch(market, ann, one, other, one)
    watched = await watched_by(market.store, ann.id)
    assert [boat.listing_id for boat in watched] == [other.id, one.id]
    await unwatch(market.trail, ann.id, other.id)
    await unwatch(market.trail, ann.id, other.id)
    assert [boat.listing_id for boat in await watched_by(market.store, ann.id)] == [one.id]


async def test_it_shows_what_became_of_each_boat_but_names_none_that_the_market_took_down(
    market: Market, ann: User
) -> None:
    names = ("cheaper", "sold", "withdrawn", "rejected")
    boats = {name: await _offered(market, name, title=f"The {name} one") for name in names}
    euros = Money(amount=9_000_000, currency="EUR")
    foreign = await _offered(market, "foreign", originalPrice=euros.to_wire(), title="Euros")
    await _watch(market, ann, foreign, *boats.values())
    await _change(market, boats["cheaper"], price=11_000_000)
    await _change(market, boats["sold"], status=Status.SOLD)
    await _change(market, boats["withdrawn"], status=Status.INACTIVE)
    rejected = Moderation(state=ModerationState.REJECTED)
    await _change(market, boats["rejected"], moderation=rejected)
    foreign = await _change(market, foreign, price=11_000_000, rate_date="2026-11-01")
    *found, abroad = await watchlist_of(market.listings, ann.id)
    assert (abroad.fall, abroad.rise) == (None, None)
    wire = abroad.to_wire()
    assert (wire["currentPrice"], wire["originalPrice"]) == (11_000_000, euros.to_wire())
    await _change(market, foreign, price=12_000_000, original_price=euros.changed(amount=8_000_000))
    *_, abroad = await watchlist_of(market.listings, ann.id)
    assert (abroad.fall, abroad.rise) == (euros.changed(amount=1_000_000), None)
    assert [(boat.fate.became, boat.fate.title, boat.fall) for boat in found] == [
        (Became.GONE, None, None),
        (Became.GONE, "The withdrawn one", None),
        (Became.SOLD, "The sold one", None),
        (Became.OFFERED, "The cheaper one", us_dollars(1_000_000)),
    ]
    banned = Update(USERS, (OWNER,), set={"status": UserStatus.BANNED.value})
    await market.store.commit(banned)
    assert {boat.fate.listing for boat in await watchlist_of(market.listings, ann.id)} == {None}


async def test_a_boat_that_is_not_public_cannot_be_watched(market: Market, ann: User) -> None:
    hidden = await _offered(market, "hidden", status="inactive")
    for id in (hidden.id, uuid_of("nowhere"), "", "x" * 5000):
        with pytest.raises(NotFound):
            await watch(market.trail, market.listings, ann.id, id)
    assert await claimed_by(market.store, ann.id) is None


async def test_boats_watched_at_once_are_all_there_and_the_limit_holds(
    market: Market, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "MOST_WATCHED", 5)
    boats = [await _offered(market, f"boat {number}") for number in range(8)]
    outcomes = await asyncio.gather(
        *(watch(market.trail, market.listings, ann.id, boat.id) for boat in boats),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Refused) for one in outcomes) == 3
    claimed = await claimed_by(market.store, ann.id)
    assert claimed is not None
    assert sorted(claimed) == sorted(
        one.listing_id for one in await watched_by(market.store, ann.id)
    )
    assert len(claimed) == 5


async def test_the_boats_a_browser_remembered_are_added_in_one_commit(
    market: Market, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    boats = [await _offered(market, f"boat {number}") for number in range(4)]
    await _watch(market, ann, boats[0])
    commits, commit = count(), Trail.commit_operational

    async def counted(self: Trail, *arguments: Any) -> None:
        next(commits)
        await commit(self, *arguments)

    monkeypatch.setattr(Trail, "commit_operational", counted)
    lines = [boats[0].id, boats[1].id, boats[1].id, "no id", uuid_of("gone"), boats[2].id]
    assert await watch_several(market.trail, market.listings, ann.id, lines) == 2
    assert next(commits) == 1
    assert await watch_several(market.trail, market.listings, ann.id, lines) == 0
    watched = [one.listing_id for one in await watched_by(market.store, ann.id)]
    assert watched == [boats[2].id, boats[1].id, boats[0].id]


async def test_a_note_is_kept_and_removed(market: Market, ann: User) -> None:
    boat = await _offered(market, "boat")
    await _watch(market, ann, boat)
    noted = await annotate(market.trail, ann.id, boat.id, Note(note="Ask about the keel"))
    assert noted.note == "Ask about the keel"
    assert (await annotate(market.trail, ann.id, boat.id, Note())).note is None
    with pytest.raises(Invalid):
        Note.parse({"note": "x" * 1001})
    for id in (uuid_of("not watched"), "", "x" * 5000):
        with pytest.raises(NotFound):
            await annotate(market.trail, ann.id, id, Note(note="Hm"))


class TestWithIndexesUpToDate:
    """Counting, exporting and erasing rely on indexes that have caught up."""

    @pytest.fixture
    def behind(self) -> int:
        return 0

    async def test_saves_are_counted_over_time_and_within_bounds(
        self, market: Market, clock: ManualClock
    ) -> None:
        boat = await _offered(market, "boat")
        for name in ("ann", "bob", "cas"):
            person = await a_person(market, name=name)
            clock.now += 1000
            await _watch(market, person, boat)
        saves = await saves_of(market.store, boat.id)
        assert (saves.count, saves.is_more) == (3, False)
        assert [*saves.moments] == sorted(saves.moments, reverse=True)
        since = saves.moments[1]
        assert (await saves_of(market.store, boat.id, since=since)).count == 2
        some = await saves_of(market.store, boat.id, most=2)
        assert (some.count, some.is_more) == (2, True)

    async def test_it_is_exported_and_erased_with_its_user(self, market: Market, ann: User) -> None:
        boat = await _offered(market, "boat")
        await _watch(market, ann, boat)
        await annotate(market.trail, ann.id, boat.id, Note(note="Ask about the keel"))
        actor = CLIENT.acting_as(ann.id, ann.email, "session")
        [told] = (await export_person(market.accounts, actor, ann, PERSONAL_DATA))["watchlist"]
        assert told["listingId"] == boat.id
        assert told["note"] == "Ask about the keel"
        assert "keel" not in str(await scanned(market.store, AUDIT_LOGS))
        await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
        assert await scanned(market.store, WATCHLIST) == []
        assert await market.store.get(CLAIMS, watchlist_claim(ann.id)) is None
        with pytest.raises(Refused):
            await _watch(market, ann, boat)
