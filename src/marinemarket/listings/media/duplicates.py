"""The same picture at another seller: a sign of an advert that was copied."""

from __future__ import annotations

from dataclasses import dataclass

from ...store.store import Store
from ..listing import Listing
from ..records import find_listings
from .records import distance, with_similar_phash


@dataclass(frozen=True, slots=True)
class SimilarPhoto:
    """A picture of an advert, and that of another seller's advert which looks the same.

    `distance` is by how many of 64 bits their hashes differ: 0 to 6.
    """

    photo_id: str
    other_photo_id: str
    other_listing_id: str
    other_owner_id: str
    distance: int


async def similar_photos_elsewhere(store: Store, listing: Listing) -> list[SimilarPhoto]:
    """Other sellers' listings that show a picture of this one, each once, the nearest first.

    The index may lag: two who copy within the same second may miss each other. Drafts count for
    nothing, since nobody sees them.
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
