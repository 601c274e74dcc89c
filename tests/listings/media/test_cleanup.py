"""Files that no advert holds are removed in due time; those that one holds never are."""

from __future__ import annotations

import asyncio
from io import BytesIO

import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import find_user
from marinemarket.clock import DAY
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import NotFound, Unavailable
from marinemarket.listings.lifecycle.editing import delete_listing
from marinemarket.listings.media.cleanup import sweep_media
from marinemarket.listings.media.photos import remove_photo, take_photos
from marinemarket.listings.records import add_listing, find_listing
from marinemarket.media.images import Developed
from marinemarket.media.studio import files_of, photo_file
from marinemarket.store.schema import MEDIA
from tests.builders import OWNER, ManualClock, a_listing
from tests.conftest import TESTS
from tests.media.picture_files import a_photo

pytestmark = pytest.mark.anyio

ANN = TESTS.__class__(OWNER, "owner@example.com", "192.0.2.7", "Ann's browser", "her session")
BOAT = a_listing()
KEEP_DAYS = 35


@pytest.fixture
def behind() -> int:
    """The cleanup finds media by an index and reads them again; the next run finds those that lag."""
    return 0


async def _sweep(market: Market) -> int:
    return await sweep_media(
        market.trail,
        market.studio,
        keep_days=KEEP_DAYS,
        is_evidence=market.earlier_adverts().is_evidence,
    )


async def _taken(market: Market, *seeds: int) -> list[str]:
    if await find_listing(market.store, BOAT.id) is None:
        await add_listing(market.trail, TESTS, BOAT)
    contents = [BytesIO(a_photo(seed, (300, 200))) for seed in seeds]
    advert = await take_photos(market.trail, market.studio, ANN, BOAT.id, contents)
    return [photo.id for photo in advert.photos]


async def _is_there(market: Market, id: str) -> bool:
    there = 0
    for name in files_of(id, "photo"):
        try:
            await market.studio.blobs.size(name)
        except NotFound:
            continue
        there += 1
    assert there in (0, 8)
    return there == 8


async def test_a_photo_that_an_advert_holds_is_never_swept(
    market: Market, clock: ManualClock
) -> None:
    [photo] = await _taken(market, 1)
    clock.now += 400 * DAY
    assert await _sweep(market) == 0
    assert await _is_there(market, photo)


async def test_a_removed_photo_stays_for_as_long_as_a_restore_could_need_it(
    market: Market, clock: ManualClock
) -> None:
    first, second = await _taken(market, 1, 2)
    await remove_photo(market.trail, ANN, BOAT.id, first)
    clock.now += KEEP_DAYS * DAY - 1
    assert (await _sweep(market), await _is_there(market, first)) == (0, True)
    clock.now += 1
    assert (await _sweep(market), await _is_there(market, first)) == (1, False)
    assert await market.store.get(MEDIA, first) is None
    assert await _is_there(market, second)


async def test_a_deleted_listing_releases_its_photos(market: Market, clock: ManualClock) -> None:
    first, second = await _taken(market, 1, 2)
    await delete_listing(market.trail, ANN, BOAT.id, None)
    clock.now += KEEP_DAYS * DAY
    assert await _sweep(market) == 2
    assert not await _is_there(market, first)
    assert not await _is_there(market, second)


async def test_a_process_that_dies_between_files_and_commit_leaves_nothing_behind(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    keep = market.studio.keep

    async def keep_and_die(id: str, developed: Developed) -> None:
        await keep(id, developed)
        kept.append(id)
        raise asyncio.CancelledError

    monkeypatch.setattr(market.studio, "keep", keep_and_die)
    with pytest.raises(asyncio.CancelledError):
        await _taken(market, 1)
    [orphan] = kept
    listing = await find_listing(market.store, BOAT.id)
    assert listing is not None
    assert listing.photos == ()
    assert (await _sweep(market), await _is_there(market, orphan)) == (0, True)
    clock.now += DAY
    assert (await _sweep(market), await _is_there(market, orphan)) == (1, False)


async def test_a_photo_cleaned_up_during_its_upload_is_not_added_to_its_advert(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = market.studio.keep

    async def keep_for_days(id: str, developed: Developed) -> None:
        await keep(id, developed)
        clock.now += 2 * DAY
        assert await _sweep(market) == 1

    monkeypatch.setattr(market.studio, "keep", keep_for_days)
    with pytest.raises(Unavailable):
        await _taken(market, 1)
    listing = await find_listing(market.store, BOAT.id)
    assert listing is not None
    assert listing.photos == ()


async def test_an_erased_persons_photos_are_removed_at_once_without_a_trace_of_their_owner(
    market: Market,
) -> None:
    [photo] = await _taken(market, 1)
    user = await find_user(market.store, OWNER)
    assert user is not None
    told = await export_person(market.accounts, ANN, user, PERSONAL_DATA)
    assert [(one["id"], one["advertId"]) for one in told["media"]] == [(photo, BOAT.id)]
    await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    left = await market.store.get(MEDIA, photo)
    assert left is not None
    assert sorted(left) == ["id", "kind", "since", "waiting"]
    assert await _sweep(market) == 1
    assert not await _is_there(market, photo)
    assert await market.store.get(MEDIA, photo) is None


async def test_an_interrupted_cleanup_continues(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    [photo] = await _taken(market, 1)
    await remove_photo(market.trail, ANN, BOAT.id, photo)
    clock.now += KEEP_DAYS * DAY
    with monkeypatch.context() as broken:

        async def fail(*_: object) -> None:
            raise Unavailable("the pictures cannot be reached")

        broken.setattr(market.studio, "discard", fail)
        with pytest.raises(Unavailable):
            await _sweep(market)
    await market.studio.blobs.remove([photo_file(photo, "600x400", "webp")])
    assert await _sweep(market) == 1
    assert await market.store.get(MEDIA, photo) is None
