"""Listings in the store: who may add one, which version wins, and which index lists it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserStatus
from marinemarket.composition import Market
from marinemarket.errors import Conflict, Invalid, Refused
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import (
    ListingPage,
    add_listing,
    all_listings,
    find_listing,
    find_listings,
    listing_item,
    listing_of,
    next_version,
    offered,
    offered_in,
    owned_by,
    replace_listing,
)
from marinemarket.store.schema import LISTINGS, USERS
from marinemarket.store.store import Store
from marinemarket.store.writes import Update
from tests.builders import NOW, OWNER, a_listing, a_user, uuid_of, wire_listing
from tests.conftest import TESTS
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio

A_MINUTE = 60

HIDDEN = [
    {"status": "inactive"},
    {"status": "sold"},
    {"moderation": {"state": "pending"}},
    {"moderation": {"state": "rejected"}},
]


async def _add(market: Market, *listings: Listing) -> None:
    for listing in listings:
        await add_listing(market.trail, TESTS, listing)


async def _every(
    ask: Callable[..., Awaitable[ListingPage]], store: Store, *about: str
) -> list[str]:
    """The ids of every page."""
    await indexes_caught_up(store)
    ids: list[str] = []
    after: str | None = None
    while True:
        page = await ask(store, *about, after=after)
        ids += [listing.id for listing in page.listings]
        after = page.next
        if after is None:
            return ids


async def test_a_listing_is_found_as_added(market: Market) -> None:
    boat = a_listing(boat={"length": 40, "beam": 12}, features=["radar", "teak deck"])
    await _add(market, boat)
    assert await find_listing(market.store, boat.id) == boat
    assert await find_listing(market.store, uuid_of("nothing")) is None
    found = await find_listings(market.store, [uuid_of("nothing"), boat.id])
    assert found == [None, boat]
    assert [listing async for listing in all_listings(market.store)] == [boat]


@pytest.mark.parametrize("payload", [{}, *HIDDEN])
def test_an_item_is_read_back_as_the_listing_it_was(payload: dict[str, object]) -> None:
    assert listing_of(listing_item(a_listing(**payload))) == a_listing(**payload)


def test_an_offered_item_carries_the_keys_of_the_public_indexes() -> None:
    item = listing_item(a_listing())
    assert (item["locationState"], item["publicity"], item["createdAt"]) == ("US-FL", "public", NOW)
    assert "listingId" not in item


@pytest.mark.parametrize("payload", HIDDEN)
async def test_a_listing_that_is_not_offered_is_in_no_public_index(
    market: Market, payload: dict[str, object]
) -> None:
    hidden = a_listing(name="hidden", **payload)
    await _add(market, a_listing(), hidden)
    item = await market.store.get(LISTINGS, hidden.id) or {}
    assert not {"locationState", "publicity"} & item.keys()
    assert await _every(offered, market.store) == [uuid_of("boat")]
    assert await _every(offered_in, market.store, "US-FL") == [uuid_of("boat")]
    assert set(await _every(owned_by, market.store, OWNER)) == {uuid_of("boat"), hidden.id}


async def test_a_listing_leaves_and_enters_the_public_indexes_with_its_status(
    market: Market,
) -> None:
    boat = a_listing()
    await _add(market, boat)
    sold = Listing.parse(wire_listing(status="sold", updatedAt=NOW + 1))
    await replace_listing(market.trail, TESTS, boat, sold)
    assert await _every(offered, market.store) == []
    assert await _every(offered_in, market.store, "US-FL") == []
    again = Listing.parse(wire_listing(updatedAt=NOW + 2))
    await replace_listing(market.trail, TESTS, sold, again)
    assert await _every(offered, market.store) == [boat.id]
    assert await _every(offered_in, market.store, "US-FL") == [boat.id]


async def test_the_newest_come_first_on_every_page(market: Market) -> None:
    ages = [(n * 7) % 60 for n in range(60)]
    boats = [a_listing(name=f"boat{age}", createdAt=NOW + age, updatedAt=NOW + age) for age in ages]
    await _add(market, *boats)
    newest = [uuid_of(f"boat{age}") for age in reversed(range(60))]
    assert await _every(offered, market.store) == newest
    assert await _every(offered_in, market.store, "US-FL") == newest
    assert await _every(owned_by, market.store, OWNER) == newest
    first = await offered(market.store)
    assert (len(first.listings), first.next is None) == (50, False)
    for page in (
        await offered(market.store, limit=7),
        await offered_in(market.store, "US-FL", limit=7),
        await owned_by(market.store, OWNER, limit=7),
    ):
        assert [listing.id for listing in page.listings] == newest[:7]


async def test_places_and_owners_are_kept_apart(market: Market) -> None:
    await add_user(market.trail, TESTS, a_user(name="ann"))
    places = {
        "florida": {"country": "US", "state": "FL"},
        "texas": {"country": "US", "state": "TX"},
        "germany": {"country": "DE"},
    }
    for name, place in places.items():
        await _add(market, a_listing(name=name, location=place))
    await _add(market, a_listing(name="anns", ownerId=uuid_of("ann"), location=places["germany"]))
    assert await _every(offered_in, market.store, "US-FL") == [uuid_of("florida")]
    assert await _every(offered_in, market.store, "US") == []
    germans = await _every(offered_in, market.store, "DE")
    assert set(germans) == {uuid_of("germany"), uuid_of("anns")}
    assert await _every(owned_by, market.store, uuid_of("ann")) == [uuid_of("anns")]


async def test_a_cursor_of_one_place_opens_no_other(market: Market) -> None:
    await _add(market, *(a_listing(name=f"{n}") for n in range(51)))
    await indexes_caught_up(market.store)
    cursor = (await offered_in(market.store, "US-FL")).next
    assert cursor is not None
    for ask in (offered_in(market.store, "DE", after=cursor), offered(market.store, after=cursor)):
        with pytest.raises(Invalid, match="after"):
            await ask


@pytest.mark.parametrize("status", [s for s in UserStatus if s is not UserStatus.ACTIVE])
async def test_only_an_active_owner_may_sell(market: Market, status: UserStatus) -> None:
    await add_user(market.trail, TESTS, a_user(name="ann", status=status))
    with pytest.raises(Refused, match="not active"):
        await _add(market, a_listing(ownerId=uuid_of("ann")))
    assert await find_listing(market.store, uuid_of("boat")) is None


async def test_an_owner_who_is_suspended_adds_no_more(market: Market) -> None:
    await _add(market, a_listing(name="before"))
    await market.store.commit(Update(USERS, (OWNER,), set={"status": "suspended"}))
    with pytest.raises(Refused):
        await _add(market, a_listing(name="after"))


async def test_a_listing_is_not_added_twice(market: Market) -> None:
    boat = a_listing()
    await _add(market, boat)
    with pytest.raises(Conflict) as caught:
        await _add(market, boat.changed(price=500))
    assert (caught.value.item or {})["price"] == boat.price
    assert await find_listing(market.store, boat.id) == boat


async def test_of_many_edits_of_one_version_one_wins_and_the_others_see_it(market: Market) -> None:
    boat = a_listing()
    await _add(market, boat)
    edits = [boat.changed(price=1000 + n, updated_at=next_version(boat, NOW)) for n in range(20)]
    outcomes = await asyncio.wait_for(
        asyncio.gather(
            *(replace_listing(market.trail, TESTS, boat, edit) for edit in edits),
            return_exceptions=True,
        ),
        A_MINUTE,
    )
    assert outcomes.count(None) == 1
    winner = edits[outcomes.index(None)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(lost) == 19
    assert {(conflict.item or {})["price"] for conflict in lost} == {winner.price}
    assert await find_listing(market.store, boat.id) == winner


async def test_a_listing_removed_meanwhile_is_not_put_back(market: Market) -> None:
    boat = a_listing()
    with pytest.raises(Conflict) as caught:
        await replace_listing(market.trail, TESTS, boat, boat.changed(updated_at=NOW + 1))
    assert caught.value.item is None
    assert await find_listing(market.store, boat.id) is None


@pytest.mark.parametrize("version", [NOW, NOW - 1])
async def test_a_change_must_raise_the_version(market: Market, version: int) -> None:
    boat = a_listing(createdAt=NOW - 1)
    await _add(market, boat)
    with pytest.raises(ValueError, match="updatedAt"):
        await replace_listing(market.trail, TESTS, boat, boat.changed(updated_at=version))
    assert await find_listing(market.store, boat.id) == boat


@pytest.mark.parametrize(("now", "version"), [(NOW + 5, NOW + 5), (NOW, NOW + 1), (0, NOW + 1)])
def test_a_new_version_is_higher_even_if_the_clock_stands_still(now: int, version: int) -> None:
    assert next_version(a_listing(), now) == version
