"""Adverts, whether they are drafts still or listings already: whose they are, and their photos."""

from __future__ import annotations

from collections.abc import Callable

from ..accounts.permissions import is_own
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..errors import Conflict, NotFound
from ..store.store import Store
from ..store.writes import Write
from .draft import Draft
from .draft_records import find_draft, keep_draft
from .editing import vouched_for
from .listing import Listing
from .photo import Photo, image_addresses
from .records import find_listing, next_version, replace_listing

Advert = Listing | Draft
Change = Callable[[tuple[Photo, ...]], tuple[Photo, ...]]


async def own_advert(store: Store, owner_id: str, id: str) -> Advert:
    """The listing, or else the draft, of this id, if it is this owner's.

    Raises NotFound for anybody else's.
    """
    advert: Advert | None = None
    if 0 < len(id.encode()) <= 200:
        advert = await find_listing(store, id) or await find_draft(store, id)
    if advert is None or not is_own(owner_id, advert.owner_id):
        raise NotFound("advert", id)
    return advert


async def change_photos(
    trail: Trail, actor: Actor, id: str, change: Change, *others: Write
) -> Advert:
    """Make `change` of an advert's photos, with whatever else belongs to its commit; as it then is.

    `change` may be asked again, of newer photos, when somebody else was faster. What it raises is
    raised. Raises NotFound for an advert that is not the actor's.
    """
    while True:
        old = await own_advert(trail.store, actor.user_id, id)
        photos = change(old.photos)
        if photos == old.photos and not others:
            return old
        try:
            return await _with_photos(trail, actor, old, photos, *others)
        except Conflict as conflict:
            if conflict.write > 0:
                raise
            continue  # somebody else changed the advert meanwhile


async def _with_photos(
    trail: Trail, actor: Actor, old: Advert, photos: tuple[Photo, ...], *others: Write
) -> Advert:
    now = trail.clock()
    if isinstance(old, Draft):
        draft = old.changed(photos=photos, updated_at=max(now, old.updated_at + 1))
        await keep_draft(trail, old, draft, *others)
        return draft
    addresses = image_addresses(photos)
    new = old.changed(photos=photos, updated_at=next_version(old, now), **addresses)
    listing = vouched_for(old, new, now)
    await replace_listing(trail, actor, old, listing, *others)
    return listing
