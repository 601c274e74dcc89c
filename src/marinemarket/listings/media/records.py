"""Media in the store: which files exist, who owns them, and which advert holds them.

A medium is announced before its files are written, and held from the commit that adds it to an
advert. A released one waits until a restore can no longer bring its advert back. So whenever a
process ends, every file has an item that refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Self

from pydantic import Field

from ...errors import Unavailable
from ...i18n.texts import gettext as _
from ...media.studio import PHOTO, Waiting
from ...store.items import Item
from ...store.schema import MEDIA
from ...store.store import Between, Query, Store
from ...store.writes import Absent, Equals, Put, Update
from ...wire import Id, Millis, Model
from ..draft import Draft
from ..listing import Listing
from ..photo import Photo
from ..video import video_id
from .perceptual_hashes import BANDS, NEAR, bands_of, distance

_MOST_ALIKE = 50


class Medium(Model):
    """A photo, or a video, whose `kind` is its file extension: ``photo``, ``mp4``."""

    id: Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{32}$")]
    kind: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]{2,8}$")]
    owner_id: Id
    advert_id: Id
    created_at: Millis

    @classmethod
    def of_photo(cls, id: str, owner_id: str, advert_id: str, now: int) -> Self:
        return cls(id=id, kind=PHOTO, owner_id=owner_id, advert_id=advert_id, created_at=now)


@dataclass(frozen=True, slots=True)
class PhotoOrigin:
    """Where a photo was fetched: digests of its address and of the file that was there."""

    address: str
    content: str

    @classmethod
    def of(cls, address: str, content: bytes) -> Self:
        return cls(digest_of_address(address), sha256(content).hexdigest()[:32])


def digest_of_address(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:32]


async def origins_of(store: Store, photos: Iterable[Photo]) -> dict[str, PhotoOrigin]:
    """Where photos were fetched, by their ids; of those that were uploaded nothing."""
    found = await store.get_many(MEDIA, [(photo.id,) for photo in photos])
    return {
        str(item["id"]): PhotoOrigin(item["origin"], item["digest"])
        for item in found
        if item and "origin" in item
    }


def media_ids(advert: Listing | Draft) -> list[str]:
    """The ids of an advert's photos and videos whose files the market stores."""
    videos = filter(None, map(video_id, advert.videos))
    return [*(photo.id for photo in advert.photos), *videos]


def announce_put(medium: Medium) -> Put:
    """The write that announces a medium, before its files are written."""
    waiting = {"waiting": Waiting.ANNOUNCED.value, "since": medium.created_at}
    return Put(MEDIA, medium.to_wire() | waiting, when=Absent())


def hold_put(medium: Medium, photo: Photo | None = None, origin: PhotoOrigin | None = None) -> Put:
    """The write by which an advert holds an announced medium, for the commit that adds it there.

    `photo` is what the advert stores about a picture, `origin` where it was fetched. If the medium was
    cleaned up meanwhile, its files are gone, and the write raises Unavailable.
    """
    swept = Unavailable(
        _("the picture took too long to arrive; please send it again")
        if medium.kind == PHOTO
        else _("the video took too long to arrive; please send it again")
    )
    bands = bands_of(photo.phash) if photo else {}
    payload = {"print": photo.phash} if photo else {}
    if origin:
        payload |= {"origin": origin.address, "digest": origin.content}
    ready = Equals(waiting=Waiting.ANNOUNCED.value)
    return Put(MEDIA, medium.to_wire() | payload | bands, when=ready, otherwise=swept)


async def release_updates(
    store: Store, advert_id: str, ids: Iterable[str], now: int
) -> list[Update]:
    """The writes for the commit in which an advert releases media, or is deleted itself.

    Of `ids`, only those that this advert holds count: an advert's URLs may contain anything.
    """
    found = await store.get_many(MEDIA, [(id,) for id in ids])
    gone = tuple(f"band{n}" for n in range(BANDS))
    payload: Item = {"waiting": Waiting.LET_GO.value, "since": now}
    return [
        Update(MEDIA, (item["id"],), set=payload, remove=gone)
        for item in found
        if item and item.get("advertId") == advert_id
    ]


async def waiting_since(store: Store, why: Waiting, before: int, *, limit: int = 50) -> list[Item]:
    """Some media that have waited since `before` (Unix milliseconds) or longer, in their current state."""
    index = MEDIA.index("waiting-index")
    query = Query(MEDIA, why.value, index, Between(highest=before), limit=limit)
    page = await store.query(query)
    found = await store.get_many(MEDIA, [(item["id"],) for item in page.items])
    return [item for item in found if item and item.get("waiting") == why.value]


async def with_similar_phash(store: Store, phash: str) -> list[Item]:
    """Pictures in adverts whose hash differs by at most NEAR bits from this one.

    Found by any identical band of 16 bits out of four: certain up to three differing bits, and likely
    beyond; limited to the newest fifty of each band.
    """
    ids: dict[str, None] = {}
    for name, band in bands_of(phash).items():
        index = MEDIA.index(f"band-{name.removeprefix('band')}-index")
        page = await store.query(Query(MEDIA, band, index, newest_first=True, limit=_MOST_ALIKE))
        ids |= {item["id"]: None for item in page.items if distance(item["print"], phash) <= NEAR}
    found = await store.get_many(MEDIA, [(id,) for id in list(ids)[:100]])
    return [item for item in found if item and "waiting" not in item]
