"""The same picture in another seller's advert is found, however it was saved; one's own is not."""

from __future__ import annotations

from io import BytesIO

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.audit.entry import Actor
from marinemarket.composition import Market
from marinemarket.listings.listing import Listing
from marinemarket.listings.media.duplicates import similar_photos_elsewhere
from marinemarket.listings.media.perceptual_hashes import bands_of, distance
from marinemarket.listings.media.photos import remove_photo, take_photos
from marinemarket.listings.records import add_listing
from tests.builders import a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.media.picture_files import a_file, a_photo, a_scene

pytestmark = pytest.mark.anyio


@pytest.fixture
def behind() -> int:
    """Hashes are found by an index: two sellers who copy at the same time may miss each other."""
    return 0


def _seller(name: str) -> Actor:
    return Actor(uuid_of(name), f"{name}@example.com", "192.0.2.7", "a browser", "a session")


async def _advert(market: Market, seller: str, name: str, *contents: bytes) -> Listing:
    await add_listing(market.trail, TESTS, a_listing(name=name, ownerId=uuid_of(seller)))
    files = [BytesIO(content) for content in contents]
    taken = await take_photos(market.trail, market.studio, _seller(seller), uuid_of(name), files)
    assert isinstance(taken, Listing)
    return taken


async def test_a_copied_picture_is_noticed_across_sellers_until_it_is_removed(
    market: Market,
) -> None:
    await add_user(market.trail, TESTS, a_user(name="thief"))
    own = await _advert(market, "owner", "boat", a_photo(1), a_photo(2))
    await _advert(market, "owner", "again", a_photo(1))
    saved_anew = a_file(a_scene(2).resize((450, 300)), "PNG")
    copied = await _advert(market, "thief", "bait", a_photo(3), saved_anew)
    [alike] = await similar_photos_elsewhere(market.store, copied)
    assert (alike.other_listing_id, alike.other_photo_id) == (own.id, own.photos[1].id)
    assert (alike.photo_id, alike.other_owner_id) == (copied.photos[1].id, own.owner_id)
    assert alike.distance <= 3
    [back] = await similar_photos_elsewhere(market.store, own)
    assert back.other_listing_id == copied.id
    await remove_photo(market.trail, _seller("owner"), own.id, own.photos[1].id)
    assert await similar_photos_elsewhere(market.store, copied) == []


def test_a_hash_is_found_by_any_quarter_and_a_plain_one_by_none() -> None:
    assert bands_of("0123456789abcdef") == {
        "band0": "0123", "band1": "4567", "band2": "89ab", "band3": "cdef",
    }  # fmt: skip
    for plain in ("0" * 16, "f" * 16, "000000000000001f"):
        assert bands_of(plain) == {}
    assert distance("000000000000000f", "0000000000000001") == 3
