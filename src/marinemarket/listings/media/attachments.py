"""Adverts, whether drafts or listings: their owners and photos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...accounts.permissions import is_own
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import NotFound, Outdated
from ...store.items import may_be_id
from ...store.store import Store
from ...store.writes import Write
from ..draft import Draft
from ..draft_records import find_draft, keep_draft
from ..lifecycle.editing import Versions, seen_by_owner
from ..listing import Listing
from ..photo import Photo, image_addresses
from ..reconfirmation import reconfirmed
from ..records import find_listing, next_version, replace_listing
from ..seller_kind import as_its_owner_sells

Advert = Listing | Draft
Change = Callable[[tuple[Photo, ...]], tuple[Photo, ...]]


async def own_advert(store: Store, owner_id: str, id: str) -> Advert:
    """The listing with this id, or else the draft, if it belongs to this owner.

    Raises NotFound for anybody else's.
    """
    advert: Advert | None = None
    if may_be_id(id):
        advert = await find_listing(store, id) or await find_draft(store, id)
        # A draft that was published between the two reads is a listing by now.
        advert = advert or await find_listing(store, id)
    if advert is None or not is_own(owner_id, advert.owner_id):
        raise NotFound("advert", id)
    return advert


async def wanted_advert(store: Store, owner_id: str, id: str, versions: Versions) -> Advert:
    """As `own_advert`, if the advert is in one of these versions. Raises Outdated."""
    advert = await own_advert(store, owner_id, id)
    if versions is not None and advert.updated_at not in versions:
        raise Outdated(advert.updated_at, seen_advert(advert))
    return advert


def seen_advert(advert: Advert) -> dict[str, Any]:
    """An advert on the wire, as its owner sees it."""
    if isinstance(advert, Draft):
        return {"listingId": advert.id} | advert.to_wire()
    return seen_by_owner(advert)


async def change_photos(
    trail: Trail, actor: Actor, id: str, change: Change, *others: Write, versions: Versions = None
) -> Advert:
    """Apply `change` to an advert's photos, with other writes of the same commit; returns the advert.

    `change` may be called again with newer photos when somebody else was faster. Raises NotFound for an
    advert that is not the actor's, Outdated if it is in none of `versions`, whatever `change` raises,
    and the reason of a failed one of `others`.
    """

    def changes(old: Advert) -> dict[str, Any]:
        photos = change(old.photos)
        # Picture URLs from an import stay until there are photos.
        addresses = {} if isinstance(old, Draft) else image_addresses(photos)
        return {} if photos == old.photos else {"photos": photos} | addresses

    return await _change(trail, actor, id, changes, *others, versions=versions)


async def change_videos(
    trail: Trail,
    actor: Actor,
    id: str,
    change: Callable[[tuple[str, ...]], tuple[str, ...]],
    *others: Write,
) -> Advert:
    """As `change_photos`, for an advert's videos."""
    return await _change(
        trail, actor, id, lambda old: {"videos": change(tuple(old.videos))}, *others
    )


async def _change(
    trail: Trail,
    actor: Actor,
    id: str,
    changes: Callable[[Advert], dict[str, Any]],
    *others: Write,
    versions: Versions = None,
) -> Advert:
    async def change() -> Advert:
        old = await wanted_advert(trail.store, actor.user_id, id, versions)
        changed = changes(old)
        if not changed and not others:
            return old
        return await _with(trail, actor, old, changed, *others)

    return await trail.retrying(change)


async def _with(
    trail: Trail, actor: Actor, old: Advert, changed: dict[str, Any], *others: Write
) -> Advert:
    now = trail.clock()
    if isinstance(old, Draft):
        draft = old.changed(**changed, updated_at=max(now, old.updated_at + 1))
        await keep_draft(trail, old, draft, *others)
        return draft
    new = old.changed(**changed, updated_at=next_version(old, now))
    listing = await as_its_owner_sells(trail.store, reconfirmed(old, new, now))
    await replace_listing(trail, actor, old, listing, *others)
    return listing
