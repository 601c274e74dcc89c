"""Listings in the store: their items, and which index serves which query."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..accounts.records import MARKET_ID, still_active
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail, difference
from ..clock import CLOCK_TOLERANCE
from ..i18n.texts import gettext as _
from ..store.items import Item
from ..store.schema import LISTINGS
from ..store.store import Between, Page, Query, Store
from ..store.writes import Absent, Check, Delete, Equals, Put, Update, Write
from .listing import Listing

PUBLIC = "public"

_DERIVED = ("locationState", "publicity", "hin", "unconfirmed", "unconfirmedSince")

_ONLY_IF_TRUE = ("priceOnRequest", "underOffer")
"""Attributes that most adverts would only deny; versions that do not know them read those as ever."""


def listing_item(listing: Listing) -> Item:
    """The item of a listing. Only an offered one carries the keys of the public indexes."""
    item = listing.to_wire()
    del item["listingId"]
    for name in _ONLY_IF_TRUE:
        if not item[name]:
            del item[name]
    if listing.boat_details.hin:
        item["hin"] = listing.boat_details.hin
    if listing.is_offered:
        item |= {"locationState": listing.location.key, "publicity": PUBLIC}
        # Imported adverts are withdrawn by their source instead.
        if listing.source is None and listing.owner_id != MARKET_ID:
            since = listing.confirmed_at or listing.created_at
            item |= {"unconfirmed": Unconfirmed.UNASKED.value, "unconfirmedSince": since}
    return item


def listing_of(item: Mapping[str, Any]) -> Listing:
    """The listing of an item. Raises Invalid if it is not one."""
    return Listing.parse({name: value for name, value in item.items() if name not in _DERIVED})


class Unconfirmed(StrEnum):
    """How often the owner of an offered boat has been asked, without an answer, if it is still for sale."""

    UNASKED = "unasked"
    ASKED = "asked"
    REMINDED = "reminded"


async def unconfirmed(
    store: Store, step: Unconfirmed, before: int, *, limit: int = 50
) -> list[Listing]:
    """Boats at a step since before a time in Unix milliseconds, the longest first, as the index has them."""
    index = LISTINGS.index("unconfirmed-index")
    page = await store.query(
        Query(LISTINGS, step.value, index, Between(highest=before), limit=limit)
    )
    return [listing_of(item) for item in page.items]


async def dated_ahead(store: Store, step: Unconfirmed, now: int, *, limit: int = 50) -> list[str]:
    """The ids of boats whose step is dated later than `now`, by a clock that was ahead."""
    index, ahead = LISTINGS.index("unconfirmed-index"), Between(lowest=now + CLOCK_TOLERANCE)
    page = await store.query(Query(LISTINGS, step.value, index, ahead, limit=limit))
    return [str(item["id"]) for item in page.items]


async def step_of(store: Store, id: str) -> tuple[Unconfirmed, int] | None:
    """A boat's step, and since when (Unix milliseconds); None if nobody is asked about it."""
    item = await store.get(LISTINGS, id)
    if item is None or "unconfirmed" not in item:
        return None
    return Unconfirmed(item["unconfirmed"]), int(item["unconfirmedSince"])


async def steps_of(store: Store, ids: Sequence[str]) -> dict[str, tuple[Unconfirmed, int]]:
    """As `step_of`, for up to 100 boats; those about which nobody is asked are omitted."""
    items = await store.get_many(LISTINGS, [(id,) for id in ids]) if ids else []
    return {
        str(item["id"]): (Unconfirmed(item["unconfirmed"]), int(item["unconfirmedSince"]))
        for item in items
        if item and "unconfirmed" in item
    }


def step_update(
    listing: Listing, old: tuple[Unconfirmed, int], new: Unconfirmed, now: int
) -> Update:
    """The write that moves a boat to its next step; the listing's version does not change."""
    step, since = old
    return Update(
        LISTINGS,
        (listing.id,),
        set={"unconfirmed": new.value, "unconfirmedSince": now},
        when=Equals(updatedAt=listing.updated_at, unconfirmed=step.value, unconfirmedSince=since),
    )


@dataclass(frozen=True, slots=True)
class ListingPage:
    listings: list[Listing]
    next: str | None


async def find_listing(store: Store, id: str) -> Listing | None:
    item = await store.get(LISTINGS, id)
    return listing_of(item) if item else None


async def find_listings(store: Store, ids: Sequence[str]) -> list[Listing | None]:
    """Up to 100 listings in the order of `ids`; None where there is none."""
    items = await store.get_many(LISTINGS, [(id,) for id in ids])
    return [listing_of(item) if item else None for item in items]


async def owned_by(
    store: Store, owner_id: str, *, limit: int = 50, after: str | None = None
) -> ListingPage:
    """One owner's listings, public or not, newest first."""
    return await _newest(store, "owner-index", owner_id, limit, after)


async def ids_owned_by(store: Store, owner_id: str) -> AsyncIterator[str]:
    """The ids of all of one owner's listings, read lazily page by page."""
    after: str | None = None
    while True:
        page = await store.query(
            Query(LISTINGS, owner_id, LISTINGS.index("owner-index"), limit=100, after=after)
        )
        for item in page.items:
            yield str(item["id"])
        after = page.next
        if after is None:
            return


async def offered_in(
    store: Store, place: str, *, limit: int = 50, after: str | None = None
) -> ListingPage:
    """The listings offered in a place (``US-FL``, or ``DE``), newest first."""
    return await _newest(store, "location-index", place, limit, after)


async def offered(store: Store, *, limit: int = 50, after: str | None = None) -> ListingPage:
    """All offered listings, newest first."""
    return await _newest(store, "public-index", PUBLIC, limit, after)


async def with_hin(store: Store, hin: str, *, limit: int = 20) -> list[Listing]:
    """Listings with this HIN, in any state, newest first. The index may lag."""
    return (await _newest(store, "hin-index", hin, limit, None)).listings


async def all_listings(store: Store) -> AsyncIterator[Listing]:
    """Every listing, by id. A scan: only for export and rebuilding."""
    after: str | None = None
    while True:
        page = await store.scan(LISTINGS, after=after)
        for item in page.items:
            yield listing_of(item)
        after = page.next
        if after is None:
            return


async def add_listing(trail: Trail, actor: Actor, listing: Listing, *others: Write) -> None:
    """Add an active owner's listing, with other writes of the same commit.

    Raises Refused for an owner who may not sell, and Conflict if the listing exists.
    """
    entry = actor.entry(
        Action.LISTING_CREATED,
        "listing",
        listing.id,
        trail.clock(),
        **_named(listing),
    )
    put = Put(LISTINGS, listing_item(listing), when=Absent())
    await trail.commit(entry, is_active(listing.owner_id), put, *others)


def _named(listing: Listing) -> dict[str, Any]:
    """What an audit entry says of a listing that comes or goes."""
    price = {} if listing.price is None else {"price": listing.price}
    return {"title": listing.title} | price | {"ownerId": listing.owner_id}


def is_active(owner_id: str) -> Check:
    """The check that an owner may sell."""
    return still_active(owner_id, otherwise="the owner's account is not active")


async def replace_listing(
    trail: Trail,
    actor: Actor,
    old: Listing,
    new: Listing,
    *others: Write,
    action: Action = Action.LISTING_UPDATED,
) -> None:
    """Replace `old` with `new`. Raises Conflict when somebody else has changed it since.

    `others` are further writes of the same commit.
    Raises ValueError unless `new` is a later version: otherwise two changes to `old` could both win.
    """
    if new.updated_at <= old.updated_at:
        raise ValueError(_("a change must raise updatedAt: see next_version"))
    changes = difference(listing_item(old), listing_item(new))
    changes.pop("updatedAt", None)
    entry = actor.entry(action, "listing", new.id, trail.clock(), changes=changes)
    put = Put(LISTINGS, listing_item(new), when=Equals(updatedAt=old.updated_at))
    await trail.commit(entry, put, *others)


async def remove_listing(trail: Trail, actor: Actor, old: Listing, *others: Write) -> None:
    """Delete a listing, if it is unchanged. `others` and Conflict as for `replace_listing`."""
    entry = actor.entry(
        Action.LISTING_DELETED,
        "listing",
        old.id,
        trail.clock(),
        **_named(old),
    )
    delete = Delete(LISTINGS, (old.id,), when=Equals(updatedAt=old.updated_at))
    await trail.commit(entry, delete, *others)


def next_version(old: Listing, now: int) -> int:
    """The `updated_at` of a change made now: it rises even if the clock does not."""
    return max(now, old.updated_at + 1)


async def _newest(
    store: Store, index: str, partition: str, limit: int, after: str | None
) -> ListingPage:
    page: Page = await store.query(
        Query(
            LISTINGS, partition, LISTINGS.index(index), newest_first=True, limit=limit, after=after
        )
    )
    return ListingPage([listing_of(item) for item in page.items], page.next)
