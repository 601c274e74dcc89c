"""The photos of an advert: adding, ordering, captioning and removing them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import zip_longest
from typing import BinaryIO

from ...accounts.idempotency import IdempotencyKey
from ...audit.entry import Actor
from ...audit.operational import Operational
from ...audit.trail import Trail
from ...errors import FieldError, Invalid, MarketError, NotFound, Refused
from ...i18n.texts import gettext as _
from ...i18n.texts import ngettext
from ...media.images import Developed
from ...media.studio import Studio
from ...store.store import Store
from ...store.writes import Write
from ..lifecycle.editing import Versions
from ..photo import MOST_PHOTOS, Photo
from .attachments import Advert, change_photos, own_advert, wanted_advert
from .records import Medium, PhotoOrigin, announce_put, hold_put, release_updates


class _SentBefore(MarketError):
    """The same request, sent twice at once, has already added its pictures."""


async def take_photos(
    trail: Trail,
    studio: Studio,
    actor: Actor,
    id: str,
    files: Sequence[BinaryIO],
    once: IdempotencyKey | None = None,
    versions: Versions = None,
    origins: Sequence[PhotoOrigin] = (),
) -> Advert:
    """Append pictures to those of an advert, all of them or none; returns the advert.

    A request with `once` is not carried out again. `origins` say where each was fetched, if it was.

    Raises NotFound for an advert that is not the actor's, Outdated if it is in none of `versions`,
    Refused beyond MOST_PHOTOS, and whatever `Studio.develop` raises.
    """
    if once and await once.made(trail.store):
        return await own_advert(trail.store, actor.user_id, id)
    advert = await wanted_advert(trail.store, actor.user_id, id, versions)
    _refuse_beyond(len(advert.photos) + len(files))
    developed = [await studio.develop(file, advert.owner_id) for file in files]
    photos = [_photo(one) for one in developed]
    now = trail.clock()
    media = [Medium.of_photo(photo.id, advert.owner_id, advert.id, now) for photo in photos]
    if not media:
        return advert
    await trail.commit_operational(Operational.MEDIA, *map(announce_put, media))
    for photo, made in zip(photos, developed, strict=True):
        await studio.keep(photo.id, made)

    def with_them(old: tuple[Photo, ...]) -> tuple[Photo, ...]:
        _refuse_beyond(len(old) + len(photos))
        return (*old, *photos)

    held: list[Write] = [
        hold_put(one, photo, origin) for one, photo, origin in zip_longest(media, photos, origins)
    ]
    if once:
        held.append(once.making(id, now, otherwise=_SentBefore()))
    try:
        return await change_photos(trail, actor, id, with_them, *held, versions=versions)
    except _SentBefore:
        return await own_advert(trail.store, actor.user_id, id)


async def check_room_for_photos(store: Store, owner_id: str, id: str) -> None:
    """Before an upload is received: raises NotFound, and Refused for an advert that shows MOST_PHOTOS."""
    advert = await own_advert(store, owner_id, id)
    _refuse_beyond(len(advert.photos) + 1)


async def order_photos(
    trail: Trail, actor: Actor, id: str, wanted: Sequence[str], versions: Versions = None
) -> Advert:
    """Reorder an advert's photos; `wanted` must name every one of them, once.

    Raises NotFound, Outdated, and Invalid if `wanted` names other photos.
    """

    def ordered(old: tuple[Photo, ...]) -> tuple[Photo, ...]:
        by_id = {photo.id: photo for photo in old}
        if sorted(wanted) != sorted(by_id):
            message = _("must name each photo of the advert once, and no other")
            raise Invalid([FieldError("order", message)])
        return tuple(by_id[photo_id] for photo_id in wanted)

    return await change_photos(trail, actor, id, ordered, versions=versions)


async def move_photo(trail: Trail, actor: Actor, id: str, photo_id: str, by: int) -> Advert:
    """Move one photo by `by` places, at most to either end. Raises NotFound."""

    def moved(old: tuple[Photo, ...]) -> tuple[Photo, ...]:
        place = _place(old, photo_id)
        others = [photo for photo in old if photo.id != photo_id]
        others.insert(min(max(place + by, 0), len(others)), old[place])
        return tuple(others)

    return await change_photos(trail, actor, id, moved)


async def caption_photo(
    trail: Trail,
    actor: Actor,
    id: str,
    photo_id: str,
    caption: str | None,
    versions: Versions = None,
) -> Advert:
    """Set a photo's caption; None or blank text removes it.

    Raises NotFound, Outdated, and Invalid for a caption that is too long.
    """
    text = caption.strip() if caption else None

    def captioned(old: tuple[Photo, ...]) -> tuple[Photo, ...]:
        place = _place(old, photo_id)
        return (*old[:place], old[place].changed(caption=text or None), *old[place + 1 :])

    return await change_photos(trail, actor, id, captioned, versions=versions)


async def remove_photo(
    trail: Trail, actor: Actor, id: str, photo_id: str, versions: Versions = None
) -> Advert:
    """Remove one photo. Its files stay as long as a restore could bring it back.

    Raises NotFound, Outdated.
    """
    advert = await wanted_advert(trail.store, actor.user_id, id, versions)
    _place(advert.photos, photo_id)
    gone = await release_updates(trail.store, advert.id, [photo_id], trail.clock())

    def without(old: tuple[Photo, ...]) -> tuple[Photo, ...]:
        place = _place(old, photo_id)
        return (*old[:place], *old[place + 1 :])

    return await change_photos(trail, actor, id, without, *gone, versions=versions)


def _place(photos: tuple[Photo, ...], photo_id: str) -> int:
    for place, photo in enumerate(photos):
        if photo.id == photo_id:
            return place
    raise NotFound("photo", photo_id)


def _refuse_beyond(count: int) -> None:
    if count > MOST_PHOTOS:
        raise Refused(
            ngettext(
                "an advert shows at most %(num)s photo: remove one first",
                "an advert shows at most %(num)s photos: remove one first",
                MOST_PHOTOS,
            )
        )


def _photo(made: Developed) -> Photo:
    return Photo(
        id=secrets.token_hex(16),
        width=made.width,
        height=made.height,
        tint=made.tint,
        phash=made.phash,
    )
