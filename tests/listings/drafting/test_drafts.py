"""Drafts are kept as typed; two windows never overwrite each other."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.composition import Market
from marinemarket.errors import Invalid, NotFound, Outdated
from marinemarket.listings.draft import Draft
from marinemarket.listings.draft_records import find_draft
from marinemarket.listings.drafting.drafts import (
    apply_changes,
    begin_draft,
    editor_state,
    save_draft,
)
from marinemarket.listings.drafting.form import to_form
from marinemarket.listings.lifecycle.editing import delete_listing, edit_listing
from marinemarket.listings.media.attachments import change_photos
from marinemarket.listings.photo import Photo
from tests.builders import OWNER, ManualClock

from ..sellers import SELLER, TYPED, another_seller, drafted, published, stands

pytestmark = pytest.mark.anyio

PHOTO = Photo(id="a" * 32, width=1600, height=1000, tint="#334455", phash="b" * 16)


async def _saved(market: Market, id: str) -> Draft:
    draft = await find_draft(market.store, id)
    assert draft is not None
    return draft


async def test_invalid_input_is_kept_as_typed(market: Market) -> None:
    draft = await begin_draft(market.trail, SELLER)
    typed = {"year": "about 1970", "price": "ask me", "description": "  <b>\r\n\r\nYes "}
    await save_draft(market.trail, SELLER, draft.id, typed, version=draft.updated_at)
    kept = (await _saved(market, draft.id)).values
    assert kept == typed | {"description": "  <b>\n\nYes "}


async def test_case_17_only_the_forms_own_fields_are_kept(market: Market) -> None:
    draft = await begin_draft(market.trail, SELLER)
    typed = {"title": "Mine", "ownerId": "eve", "moderation": "approved", "role": "admin"}
    await save_draft(market.trail, SELLER, draft.id, typed, version=draft.updated_at)
    kept = await _saved(market, draft.id)
    assert (kept.values, kept.owner_id) == ({"title": "Mine"}, OWNER)


async def test_case_18_nobody_elses_draft_is_there(market: Market) -> None:
    id = await drafted(market)
    eve = await another_seller(market)
    with pytest.raises(NotFound):
        await editor_state(market.store, eve.user_id, id)
    with pytest.raises(NotFound):
        await save_draft(market.trail, eve, id, {"title": "Hers"}, version=None)
    assert (await _saved(market, id)).values["title"] == TYPED["title"]


async def test_the_second_of_two_windows_is_shown_the_first_ones_content(
    market: Market, clock: ManualClock
) -> None:
    draft = await begin_draft(market.trail, SELLER)
    clock.now += 1000
    first = await save_draft(
        market.trail, SELLER, draft.id, {"title": "One"}, version=draft.updated_at
    )
    with pytest.raises(Outdated) as caught:
        await save_draft(market.trail, SELLER, draft.id, {"title": "Two"}, version=draft.updated_at)
    assert (caught.value.version, caught.value.current) == (first.updated_at, {"title": "One"})
    # A repeated save after a lost answer is no conflict: the content is the same.
    again = await save_draft(
        market.trail, SELLER, draft.id, {"title": "One"}, version=draft.updated_at
    )
    assert again == first


async def test_of_windows_that_save_at_once_one_wins(market: Market) -> None:
    draft = await begin_draft(market.trail, SELLER)
    outcomes = await asyncio.gather(
        *(
            save_draft(market.trail, SELLER, draft.id, {"title": f"{n}"}, version=draft.updated_at)
            for n in range(5)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Draft) for one in outcomes) == 1
    assert sum(isinstance(one, Outdated) for one in outcomes) == 4


async def test_a_text_that_is_too_long_is_refused_and_never_truncated(market: Market) -> None:
    id = await drafted(market)
    version = (await _saved(market, id)).updated_at
    with pytest.raises(Invalid, match="too long to be kept"):
        await save_draft(market.trail, SELLER, id, {"description": "x" * 12_001}, version=version)
    assert (await _saved(market, id)).values["description"] == TYPED["description"]


async def test_changes_wait_in_a_draft_until_they_are_made(
    market: Market, clock: ManualClock
) -> None:
    old = await published(market)
    clock.now += 1000
    typed = to_form(old) | {"price": "45000"}
    await save_draft(market.trail, SELLER, old.id, typed, version=None, of_version=old.updated_at)
    assert await stands(market, old.id) == old
    new = await apply_changes(market.trail, SELLER, old.id)
    assert (new.price, new.price_history[-1].price) == (4_500_000, 4_500_000)
    assert new.changed(
        price=old.price,
        price_history=(),
        updated_at=old.updated_at,
        confirmed_at=old.confirmed_at,
    ) == old  # fmt: skip
    assert await find_draft(market.store, old.id) is None


async def test_case_31_of_two_edits_of_one_version_the_second_sees_both(
    market: Market, clock: ManualClock
) -> None:
    old = await published(market)
    typed = to_form(old) | {"price": "47000"}
    await save_draft(market.trail, SELLER, old.id, typed, version=None, of_version=old.updated_at)
    clock.now += 1000
    other = await edit_listing(market.trail, SELLER, old.id, {"price": 4_500_000}, None)
    with pytest.raises(Outdated) as caught:
        await apply_changes(market.trail, SELLER, old.id)
    assert (caught.value.version, caught.value.current["price"]) == (other.updated_at, "45000")
    kept = await _saved(market, old.id)
    assert kept.values["price"] == "47000"
    assert kept.base["price"] == "48500"
    # Having seen the other version, the owner decides.
    await save_draft(
        market.trail, SELLER, old.id, typed, version=kept.updated_at, of_version=other.updated_at
    )
    assert (await apply_changes(market.trail, SELLER, old.id)).price == 4_700_000


async def test_photos_added_meanwhile_are_no_conflict(market: Market, clock: ManualClock) -> None:
    old = await published(market)
    typed = to_form(old) | {"title": "A better headline"}
    await save_draft(market.trail, SELLER, old.id, typed, version=None, of_version=old.updated_at)
    clock.now += 1000
    await change_photos(market.trail, SELLER, old.id, lambda photos: (*photos, PHOTO))
    new = await apply_changes(market.trail, SELLER, old.id)
    assert (new.title, new.photos) == ("A better headline", (PHOTO,))


async def test_an_error_in_a_change_names_the_forms_field(market: Market) -> None:
    old = await published(market)
    typed = to_form(old) | {"year": "1899", "price": "a lot"}
    await save_draft(market.trail, SELLER, old.id, typed, version=None, of_version=old.updated_at)
    with pytest.raises(Invalid) as caught:
        await apply_changes(market.trail, SELLER, old.id)
    assert {error.field for error in caught.value.errors} == {"price"}
    await save_draft(
        market.trail, SELLER, old.id, typed | {"price": "1"},
        version=(await _saved(market, old.id)).updated_at, of_version=old.updated_at,
    )  # fmt: skip
    with pytest.raises(Invalid) as caught:
        await apply_changes(market.trail, SELLER, old.id)
    assert {error.field for error in caught.value.errors} == {"year"}
    assert await stands(market, old.id) == old


async def test_changes_to_a_deleted_advert_go_with_it(market: Market) -> None:
    old = await published(market)
    await save_draft(
        market.trail, SELLER, old.id, {"title": "New"}, version=None, of_version=old.updated_at
    )
    await delete_listing(market.trail, SELLER, old.id, None)
    assert await find_draft(market.store, old.id) is None
    with pytest.raises(NotFound):
        await editor_state(market.store, OWNER, old.id)
