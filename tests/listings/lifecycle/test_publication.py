"""A draft becomes a listing once; a listing is withdrawn, put back, sold."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.accounts.user import UserStatus
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.errors import Invalid, NotFound, Outdated, Refused
from marinemarket.listings.draft_records import find_draft
from marinemarket.listings.drafting.drafts import begin_draft, save_draft
from marinemarket.listings.drafting.publication import publish_draft
from marinemarket.listings.lifecycle.editing import edit_listing
from marinemarket.listings.lifecycle.publication import mark_sold, publish, withdraw
from marinemarket.listings.listing import ModerationState, Sale, Status
from marinemarket.listings.media.attachments import change_photos
from marinemarket.store.schema import USERS
from marinemarket.store.writes import Update
from tests.builders import NOW, OWNER, ManualClock
from tests.conftest import TESTS

from ..drafting.test_drafts import PHOTO
from ..sellers import SELLER, another_seller, drafted, judged, published, stands

pytestmark = pytest.mark.anyio

APPROVED, PENDING, REJECTED = (
    ModerationState.APPROVED,
    ModerationState.PENDING,
    ModerationState.REJECTED,
)


async def test_a_draft_becomes_the_listing_of_its_id_with_its_photos(market: Market) -> None:
    id = await drafted(market)
    await change_photos(market.trail, SELLER, id, lambda photos: (PHOTO,))
    listing = await publish_draft(market.trail, SELLER, id)
    assert listing == await stands(market, id)
    assert (listing.id, listing.owner_id, listing.confirmed_at) == (id, OWNER, NOW)
    assert (listing.status, listing.moderation.state) == (Status.ACTIVE, PENDING)
    assert listing.images == (f"/media/photos/{PHOTO.id}/1600.jpg",)
    assert not listing.is_offered
    assert await find_draft(market.store, id) is None


async def test_case_32_eight_clicks_create_one_listing(market: Market) -> None:
    id = await drafted(market)
    made = await asyncio.gather(*(publish_draft(market.trail, SELLER, id) for _ in range(8)))
    assert len({listing.updated_at for listing in made}) == 1
    assert {listing.id for listing in made} == {id}
    created = (await entries_by_action(market.store, Action.LISTING_CREATED)).entries
    assert len(created) <= 1  # the index of entries may lag, and never shows two


async def test_nothing_of_an_unfinished_draft_is_published(market: Market) -> None:
    draft = await begin_draft(market.trail, SELLER)
    await save_draft(market.trail, SELLER, draft.id, {"year": "soon"}, version=draft.updated_at)
    with pytest.raises(Invalid) as caught:
        await publish_draft(market.trail, SELLER, draft.id)
    assert {"year", "title", "price", "city"} <= {error.field for error in caught.value.errors}
    assert await find_draft(market.store, draft.id) is not None


async def test_a_banned_user_cannot_publish(market: Market) -> None:
    id = await drafted(market)
    ban = Update(USERS, (OWNER,), set={"status": UserStatus.BANNED.value})
    entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", OWNER, NOW)
    await market.trail.commit(entry, ban)
    with pytest.raises(Refused):
        await publish_draft(market.trail, SELLER, id)
    assert await find_draft(market.store, id) is not None


async def test_withdrawn_and_put_back_unchanged_it_is_public_at_once(
    market: Market, clock: ManualClock
) -> None:
    listing = await judged(market, (await published(market)).id)
    clock.now += 1000
    down = await withdraw(market.trail, SELLER, listing.id)
    assert (down.status, down.is_offered) == (Status.INACTIVE, False)
    back = await publish(market.trail, SELLER, listing.id)
    assert back.is_offered
    assert await publish(market.trail, SELLER, listing.id) == back


@pytest.mark.parametrize("what", ["words", "photos"])
async def test_changes_to_a_hidden_advert_are_moderated(market: Market, what: str) -> None:
    listing = await judged(market, (await published(market)).id)
    await withdraw(market.trail, SELLER, listing.id)
    if what == "words":
        await edit_listing(market.trail, SELLER, listing.id, {"title": "Another boat"}, None)
    else:
        await change_photos(market.trail, SELLER, listing.id, lambda photos: (PHOTO,))
    back = await publish(market.trail, SELLER, listing.id)
    assert (back.status, back.moderation.state) == (Status.ACTIVE, PENDING)


async def test_editing_and_putting_back_in_one_patch_is_moderated(market: Market) -> None:
    listing = await judged(market, (await published(market)).id)
    await withdraw(market.trail, SELLER, listing.id)
    payload = {"title": "Another boat", "status": "active"}
    new = await edit_listing(market.trail, SELLER, listing.id, payload, None)
    assert new.moderation.state is PENDING


async def test_a_rejected_advert_is_moderated_again(market: Market) -> None:
    listing = await judged(market, (await published(market)).id, REJECTED)
    again = await publish(market.trail, SELLER, listing.id)
    assert (again.moderation.state, again.moderation.reason) == (PENDING, None)


async def test_nobody_frees_what_the_market_flagged(market: Market) -> None:
    listing = await judged(market, (await published(market)).id, ModerationState.FLAGGED)
    await withdraw(market.trail, SELLER, listing.id)
    back = await publish(market.trail, SELLER, listing.id)
    assert back.moderation.state is ModerationState.FLAGGED


async def test_a_sold_boat_is_hidden_with_its_price(market: Market, clock: ManualClock) -> None:
    listing = await judged(market, (await published(market)).id)
    clock.now += 1000
    sold = await mark_sold(market.trail, SELLER, listing.id, None)
    assert (sold.status, sold.sale) == (Status.SOLD, Sale(at=NOW + 1000))
    clock.now += 1000
    told = await mark_sold(market.trail, SELLER, listing.id, 4_000_000)
    assert told.sale == Sale(at=NOW + 1000, price=4_000_000)
    back = await publish(market.trail, SELLER, listing.id)
    assert (back.sale, back.is_offered) == (None, True)


@pytest.mark.parametrize("price", [-1, 0, 10**18])
async def test_case_34_a_boat_is_not_sold_for_that(market: Market, price: int) -> None:
    listing = await published(market)
    with pytest.raises(Invalid) as caught:
        await mark_sold(market.trail, SELLER, listing.id, price)
    assert [error.field for error in caught.value.errors] == ["price"]
    assert await stands(market, listing.id) == listing


async def test_cases_18_and_31_somebody_elses_and_another_version(market: Market) -> None:
    listing = await published(market)
    eve = await another_seller(market)
    with pytest.raises(NotFound):
        await withdraw(market.trail, eve, listing.id)
    with pytest.raises(NotFound):
        await publish_draft(market.trail, eve, listing.id)
    for verb in (withdraw, publish):
        with pytest.raises(Outdated):
            await verb(market.trail, SELLER, listing.id, {NOW - 1})
    with pytest.raises(Outdated):
        await mark_sold(market.trail, SELLER, listing.id, None, {NOW - 1})
    assert await stands(market, listing.id) == listing
