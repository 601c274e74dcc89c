"""Adverts show their owners' seller kind, and follow its changes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marinemarket.accounts.records import MARKET_ID, find_user, market_account
from marinemarket.accounts.user import SellerKind
from marinemarket.accounts.user_changes import UserChange
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.errors import Invalid
from marinemarket.listings import seller_kind
from marinemarket.listings.importing.csv_columns import row_of
from marinemarket.listings.lifecycle.creation import create_listing
from marinemarket.listings.lifecycle.editing import EDITABLE, edit_listing
from marinemarket.listings.lifecycle.publication import publish, withdraw
from marinemarket.listings.listing import Listing
from marinemarket.listings.media.attachments import change_photos
from marinemarket.listings.records import add_listing, replace_listing
from marinemarket.listings.seller_kind import ACTOR, SellerKindFollower
from marinemarket.store.change_feed import follow
from marinemarket.store.schema import LISTINGS
from marinemarket.store.writes import Update
from tests.builders import OWNER, ManualClock, a_listing
from tests.conftest import TESTS

from .drafting.test_drafts import PHOTO
from .samples import Desk, own_row
from .sellers import SELLER, another_seller, published, stands

pytestmark = pytest.mark.anyio

PRIVATE, BROKER = SellerKind.PRIVATE, SellerKind.BROKER


async def becomes(market: Market, kind: SellerKind, id: str = OWNER) -> None:
    user = await find_user(market.store, id)
    assert user is not None
    change = UserChange.of(user, market.clock(), seller_kind=kind)
    entry = TESTS.entry(Action.USER_UPDATED, "user", id, market.clock(), changes=change.for_audit())
    await market.trail.commit(entry, change.write())


async def catch_up(market: Market, follower: SellerKindFollower | None = None) -> None:
    follower = follower or market.seller_kind_follower()
    while await follow(market.store, follower):
        pass


async def kinds(market: Market, *ids: str) -> list[SellerKind | None]:
    return [(await stands(market, id)).seller_kind for id in ids]


async def add(market: Market, name: str, **overrides: Any) -> Listing:
    listing = a_listing(name=name, **overrides)
    await add_listing(market.trail, TESTS, listing)
    return listing


async def test_every_change_by_an_owner_sets_the_seller_kind(market: Market) -> None:
    boat = await published(market)
    draft = {"title": "A boat", "price": 100, "location": {"country": "DE"}}
    made = await create_listing(market.trail, SELLER, draft | {"boatDetails": {"type": "sloop"}})
    assert await kinds(market, boat.id, made.id) == [PRIVATE, PRIVATE]
    await becomes(market, BROKER)
    made = await edit_listing(market.trail, SELLER, made.id, {"title": "Another"}, None)
    boat = await withdraw(market.trail, SELLER, boat.id)
    assert (made.seller_kind, boat.seller_kind) == (BROKER, BROKER)
    await becomes(market, PRIVATE)
    await publish(market.trail, SELLER, boat.id)
    await change_photos(market.trail, SELLER, made.id, lambda photos: (PHOTO,))
    assert await kinds(market, boat.id, made.id) == [PRIVATE, PRIVATE]


async def test_case_17_it_is_not_taken_in_an_edit(market: Market) -> None:
    boat = await published(market)
    assert "sellerKind" not in EDITABLE
    with pytest.raises(Invalid):
        await edit_listing(market.trail, SELLER, boat.id, {"sellerKind": "broker"}, None)
    with pytest.raises(Invalid):
        await create_listing(market.trail, SELLER, {"sellerKind": "broker"})
    assert await kinds(market, boat.id) == [PRIVATE]


async def test_adverts_follow_their_owner_who_says_nothing_new_by_it(
    market: Market, clock: ManualClock
) -> None:
    boat, draft = await published(market), await add(market, "down", status="inactive")
    eve = await another_seller(market)
    hers = await published(market, eve)
    follower = market.seller_kind_follower()
    await catch_up(market, follower)
    clock.now += 1000
    await becomes(market, BROKER)
    await catch_up(market, follower)
    assert await kinds(market, boat.id, draft.id, hers.id) == [BROKER, BROKER, PRIVATE]
    now = await stands(market, boat.id)
    told = boat.changed(seller_kind=BROKER, updated_at=clock.now)
    assert now == told, "nor is it confirmed by it"
    assert await stands(market, hers.id) == hers


async def test_each_is_one_commit_with_its_entry_and_none_is_made_twice(market: Market) -> None:
    ids = [(await add(market, f"boat {number}", sellerKind="private")).id for number in range(120)]
    follower = market.seller_kind_follower()
    await catch_up(market, follower)
    begun = market.settings.seller_kinds_place.read_text()
    await becomes(market, BROKER)
    await catch_up(market, follower)
    assert set(await kinds(market, *ids)) == {BROKER}
    versions = [(await stands(market, id)).updated_at for id in ids]
    market.settings.seller_kinds_place.write_text(begun)  # killed before it was written
    await catch_up(market)
    assert [(await stands(market, id)).updated_at for id in ids] == versions
    entry = (await entries_by_action(market.store, Action.LISTING_UPDATED, limit=1)).entries[0]
    assert entry.user_id == ACTOR.user_id == "system:seller-kinds"
    assert entry.details == {"changes": {"sellerKind": {"old": "private", "new": "broker"}}}


async def test_an_interrupted_run_continues(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [(await add(market, f"boat {number}", sellerKind="private")).id for number in range(30)]
    await catch_up(market)
    await becomes(market, BROKER)
    replace, left = replace_listing, [10]

    async def killed(*args: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise asyncio.CancelledError
        await replace(*args)

    with monkeypatch.context() as patched:
        patched.setattr(seller_kind, "replace_listing", killed)
        with pytest.raises(asyncio.CancelledError):
            await catch_up(market)
    assert (await kinds(market, *ids)).count(BROKER) == 10
    # A new follower knows new adverts only from the index, which may lag: here it has caught up.
    for number in range(12):
        await becomes(market, PRIVATE if number % 2 == 0 else BROKER)
    await catch_up(market)
    assert set(await kinds(market, *ids)) == {BROKER}


async def test_an_advert_written_while_its_owner_changed_is_corrected(
    market: Market,
) -> None:
    await catch_up(market)
    await becomes(market, BROKER)
    late = await add(market, "late", sellerKind="private")
    await catch_up(market)
    assert await kinds(market, late.id) == [BROKER]


async def test_of_two_who_write_at_once_neither_is_lost(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    boat = await published(market)
    follower = market.seller_kind_follower()
    await catch_up(market, follower)
    replace = replace_listing

    async def slowly(*args: Any) -> None:
        monkeypatch.setattr(seller_kind, "replace_listing", replace)
        await edit_listing(market.trail, SELLER, boat.id, {"price": 4_000_000}, None)
        await becomes(market, PRIVATE)
        await replace(*args)

    await becomes(market, BROKER)
    monkeypatch.setattr(seller_kind, "replace_listing", slowly)
    await catch_up(market, follower)
    now = await stands(market, boat.id)
    assert (now.price, now.seller_kind) == (4_000_000, PRIVATE)


async def test_started_on_an_older_market_it_sets_the_seller_kind_of_every_advert(
    market: Market,
) -> None:
    boat = await add(market, "old")
    await market_account(market.trail, TESTS, name="The market")
    nobodys = await add(market, "nobody's", ownerId=MARKET_ID)
    assert await kinds(market, boat.id) == [None]
    await catch_up(market)
    assert await kinds(market, boat.id, nobodys.id) == [PRIVATE, None]


async def test_an_import_sets_the_owners_seller_kind_whatever_the_file_says(desk: Desk) -> None:
    await becomes(desk.market, BROKER)
    owner = await find_user(desk.market.store, OWNER)
    assert owner is not None
    await desk.take([own_row(reference="a", sellerKind="private")], "csv", owner=owner)
    [boat] = await desk.listings()
    assert boat.seller_kind is BROKER
    assert row_of(boat.to_wire())["sellerKind"] == "broker"


async def test_a_listing_imported_for_the_market_has_no_seller_kind(desk: Desk) -> None:
    nobody = await market_account(desk.market.trail, TESTS, name="The market")
    await desk.take([own_row(reference="a", sellerKind="broker")], "csv", owner=nobody)
    [boat] = await desk.listings()
    assert (boat.owner_id, boat.seller_kind) == (MARKET_ID, None)


async def test_a_damaged_advert_delays_no_other(market: Market) -> None:
    bad, good = await add(market, "bad"), await add(market, "good")
    follower = market.seller_kind_follower()
    await catch_up(market, follower)
    entry = TESTS.entry(Action.LISTING_UPDATED, "listing", bad.id, market.clock())
    await market.trail.commit(entry, Update(LISTINGS, (bad.id,), set={"price": "much"}))
    await becomes(market, BROKER)
    await catch_up(market, follower)
    assert await kinds(market, good.id) == [BROKER]
