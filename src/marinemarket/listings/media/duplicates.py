"""The same picture in another seller's advert: evidence that an advert was copied."""

from __future__ import annotations

from dataclasses import dataclass

from ...store.store import Store
from ..listing import Listing
from ..records import find_listings
from .perceptual_hashes import distance
from .records import with_similar_phash


@dataclass(frozen=True, slots=True)
class SimilarPhoto:
    """A picture of an advert, and another seller's advert with a similar one.

    `distance` is the number of differing bits, of 64, in their hashes: 0 to 6.
    """

    photo_id: str
    other_photo_id: str
    other_listing_id: str
    other_owner_id: str
    distance: int


async def similar_photos_elsewhere(store: Store, listing: Listing) -> list[SimilarPhoto]:
    """Other sellers' listings with a picture of this one, each once, the most similar first.

    The index may lag: two sellers who copy within the same second may go unnoticed. Drafts do not count,
    since nobody sees them.
    """
    nearest: dict[str, SimilarPhoto] = {}
    for photo in listing.photos:
        for item in await with_similar_phash(store, photo.phash):
            if item["ownerId"] == listing.owner_id:
                continue
            by = distance(photo.phash, item["print"])
            found = SimilarPhoto(photo.id, item["id"], item["advertId"], item["ownerId"], by)
            known = nearest.get(found.other_listing_id)
            if known is None or found.distance < known.distance:
                nearest[found.other_listing_id] = found
    some = sorted(nearest.values(), key=lambda alike: alike.distance)[:100]
    others = await find_listings(store, [alike.other_listing_id for alike in some])
    shown = {other.id for other in others if other}
    return [alike for alike in some if alike.other_listing_id in shown]
