"""Adding boats to a watchlist, and removing them.

This leaves no audit entry: see `Operational.WATCHED`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..accounts.records import active_among, still_active
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import iso
from ..errors import NotFound, Refused
from ..i18n.texts import ngettext
from ..listings.cache import ListingCache
from ..listings.visibility import public_listing
from ..search.finder import visible_listings
from ..store.schema import WATCHLIST
from ..store.store import MOST_AT_ONCE
from ..store.writes import Absent, Delete, Put, Update
from ..wire import Model, Text, is_uuid
from .records import claim_put, claimed_by, find_watched, item_of, watched_by
from .watched import MOST_BEFORE_SIGNING_IN, MOST_WATCHED, Fate, Watched, WatchedBoat, ids_among


class Note(Model):
    """A user's note about a boat; None removes it."""

    note: Text | None = None
    """The note; null removes it."""


async def watch(trail: Trail, listings: ListingCache, user_id: str, listing_id: str) -> Watched:
    """Watch a boat; does nothing if it is watched. Raises NotFound for one that is not public.

    Raises Refused beyond the limit, or when the account is not active.
    """
    if not is_uuid(listing_id):
        raise NotFound("boat", listing_id)
    return await trail.retrying(lambda: _watch(trail, listings, user_id, listing_id))


async def _watch(trail: Trail, listings: ListingCache, user_id: str, listing_id: str) -> Watched:
    if known := await find_watched(trail.store, user_id, listing_id):
        return known
    listing = await public_listing(listings, listing_id)
    if listing is None:
        raise NotFound("boat", listing_id)
    boats = await claimed_by(trail.store, user_id)
    if len(boats or ()) >= MOST_WATCHED:
        raise Refused(
            ngettext(
                "there is %(num)s boat on your watchlist: take one off first",
                "there are %(num)s boats on your watchlist: take one off first",
                MOST_WATCHED,
            )
        )
    watched = Watched(
        user_id=user_id,
        listing_id=listing_id,
        at=iso(trail.clock()),
        price=listing.price,
        original_price=listing.original_price,
    )
    await trail.commit_operational(
        Operational.WATCHED,
        still_active(user_id),
        claim_put(user_id, boats, [*(boats or ()), listing_id]),
        Put(WATCHLIST, item_of(watched), when=Absent()),
    )
    return watched


async def watch_several(
    trail: Trail, listings: ListingCache, user_id: str, ids: Iterable[str]
) -> int:
    """Watch the boats that a browser remembered from before signing in, in one commit; how many are new.

    Boats that are gone, or exceed the limit, are left out.
    """
    wanted = ids_among(ids, MOST_BEFORE_SIGNING_IN)
    if not wanted:
        return 0
    try:
        return await trail.retrying(lambda: _watch_too(trail, listings, user_id, wanted))
    except Refused:
        return 0  # the account is no longer active


async def _watch_too(trail: Trail, listings: ListingCache, user_id: str, wanted: list[str]) -> int:
    boats = await claimed_by(trail.store, user_id)
    shown = {one.id: one for one in await visible_listings(listings, wanted)}
    room = MOST_WATCHED - len(boats or ())
    new = [shown[id] for id in wanted if id in shown and id not in (boats or ())][:room]
    if not new:
        return 0
    at = iso(trail.clock())
    each = [
        Watched(
            user_id=user_id,
            listing_id=boat.id,
            at=at,
            price=boat.price,
            original_price=boat.original_price,
        )
        for boat in new
    ]
    await trail.commit_operational(
        Operational.WATCHED,
        still_active(user_id),
        claim_put(user_id, boats, [*(boats or ()), *(one.listing_id for one in each)]),
        *(Put(WATCHLIST, item_of(one), when=Absent()) for one in each),
    )
    return len(new)


async def annotate(trail: Trail, user_id: str, listing_id: str, note: Note) -> Watched:
    """Set the note about a watched boat. Raises NotFound."""
    if not is_uuid(listing_id):
        raise NotFound("watched boat", listing_id)
    key = (user_id, listing_id)
    change = (
        Update(WATCHLIST, key, remove=("note",))
        if note.note is None
        else Update(WATCHLIST, key, set={"note": note.note})
    )
    unknown = NotFound("watched boat", listing_id)
    await trail.commit_operational(Operational.WATCHED, change, otherwise=unknown)
    found = await find_watched(trail.store, user_id, listing_id)
    if found is None:
        raise NotFound("watched boat", listing_id)
    return found


async def unwatch(trail: Trail, user_id: str, listing_id: str) -> None:
    """Stop watching a boat; does nothing if it is not watched."""

    async def take_off() -> None:
        boats = await claimed_by(trail.store, user_id)
        if listing_id not in (boats or ()):
            return
        rest = [one for one in boats or () if one != listing_id]
        gone = Delete(WATCHLIST, (user_id, listing_id))
        await trail.commit_operational(Operational.WATCHED, claim_put(user_id, boats, rest), gone)

    await trail.retrying(take_off)


async def watchlist_of(listings: ListingCache, user_id: str) -> list[WatchedBoat]:
    """The boats that a user watches in their current state, the newest first."""
    watched = await watched_by(listings.store, user_id)
    fates = await fates_of(listings, [one.listing_id for one in watched])
    return [WatchedBoat(one, fate) for one, fate in zip(watched, fates, strict=True)]


async def watched_boat(listings: ListingCache, user_id: str, listing_id: str) -> WatchedBoat:
    """One boat of a user's watchlist in its current state. Raises NotFound."""
    known = is_uuid(listing_id)
    watched = await find_watched(listings.store, user_id, listing_id) if known else None
    if watched is None:
        raise NotFound("watched boat", listing_id)
    [fate] = await fates_of(listings, [listing_id])
    return WatchedBoat(watched, fate)


async def fates_of(listings: ListingCache, ids: Sequence[str]) -> list[Fate]:
    """What has become of some boats, any number of them, in their order."""
    fates: list[Fate] = []
    for begin in range(0, len(ids), MOST_AT_ONCE):
        found = await listings.find_many(ids[begin : begin + MOST_AT_ONCE])
        owners = {one.owner_id for one in found if one is not None and one.is_offered}
        active = await active_among(listings.store, owners)
        fates += [
            Fate.of(one, is_public=one is not None and one.is_offered and one.owner_id in active)
            for one in found
        ]
    return fates
