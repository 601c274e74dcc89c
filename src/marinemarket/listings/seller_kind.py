"""The seller kind on adverts: private or broker, as the owner's account says.

It is set whenever the owner writes an advert. When it changes on the account, all of the owner's
adverts follow: the worker reads the change from the feed, and updates each advert in its own commit.
Adverts that are right already are left alone, so repeated changes or a killed worker do no harm.

An owner's adverts are found by an index, which may lag; so the worker also remembers new adverts
while it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from ..accounts.records import MARKET_ID, find_user
from ..accounts.user import SellerKind, User
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import HOUR
from ..disk import keep_line, kept_line
from ..errors import Invalid
from ..store.items import Item
from ..store.schema import LISTINGS, USERS
from ..store.store import Change, Position, Store
from .listing import Listing
from .records import all_listings, find_listing, ids_owned_by, next_version, replace_listing

log = logging.getLogger(__name__)

ACTOR = Actor.system("seller-kinds")

_LATELY = 1000
"""How many new adverts are remembered, for an index that does not have them yet."""


def kind_of(owner: User) -> SellerKind | None:
    """How an owner sells; None for the market itself, which holds boats of unknown owners."""
    return None if owner.id == MARKET_ID else owner.seller_kind


async def as_its_owner_sells(store: Store, listing: Listing) -> Listing:
    """The listing with its owner's current seller kind; unchanged if there is no such owner."""
    owner = await find_user(store, listing.owner_id)
    if owner is None or listing.seller_kind is kind_of(owner):
        return listing
    return listing.changed(seller_kind=kind_of(owner))


async def follow_owner(trail: Trail, id: str) -> None:
    """Set an advert's seller kind to its owner's. If it is right, or gone, nothing happens.

    This is not the owner's change: it neither reconfirms the advert nor triggers moderation.
    """

    async def follow() -> None:
        try:
            old = await find_listing(trail.store, id)
        except Invalid as error:
            log.error("seller kinds: skipping listing %s: %s", id, error)
            return
        new = await as_its_owner_sells(trail.store, old) if old else None
        if old is None or new is None or new is old:
            return
        version = next_version(old, trail.clock())
        await replace_listing(trail, ACTOR, old, new.changed(updated_at=version))

    await trail.retrying(follow)


class SellerKindFollower:
    """Follows users and their new adverts. `place` is the file with its position."""

    name = "seller kinds"

    def __init__(self, trail: Trail, place: Path) -> None:
        self._trail, self._place = trail, place
        self._position: Position | None = None
        self._lately: deque[tuple[str, str]] = deque(maxlen=_LATELY)

    async def position(self) -> Position | None:
        if self._position is None:
            self._position = await asyncio.to_thread(kept_line, self._place)
        return self._position

    async def begin(self) -> None:
        """Start at the feed's head, after a pass over every advert."""
        store = self._trail.store
        head = await store.head()
        # Later changes come through the feed, after its head.
        owners: dict[str, User | None] = {}
        async for listing in all_listings(store):
            if listing.owner_id not in owners:
                owners[listing.owner_id] = await find_user(store, listing.owner_id)
            if listing.updated_at > self._trail.clock() - HOUR:
                self._lately.append((listing.owner_id, listing.id))
            owner = owners[listing.owner_id]
            if owner is not None and listing.seller_kind is not kind_of(owner):
                await follow_owner(self._trail, listing.id)
        await self._save(head)

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        if not changes or await self.position() != after:
            return
        for change in changes:
            if change.table == LISTINGS.name and change.old is None and change.new is not None:
                # It may have been written while its owner changed.
                self._lately.append((str(change.new.get("ownerId")), str(change.key[0])))
                await follow_owner(self._trail, str(change.key[0]))
            elif change.table == USERS.name and sells_otherwise(change.old, change.new):
                await self._follow(str(change.key[0]))
        await self._save(changes[-1].position)

    def close(self) -> None:
        """Holds nothing that needs closing."""

    async def _follow(self, owner_id: str) -> None:
        for id in [id for owner, id in self._lately if owner == owner_id]:
            await follow_owner(self._trail, id)
        async for id in ids_owned_by(self._trail.store, owner_id):
            await follow_owner(self._trail, id)

    async def _save(self, position: Position) -> None:
        await asyncio.to_thread(keep_line, self._place, position)
        self._position = position


def sells_otherwise(old: Item | None, new: Item | None) -> bool:
    """Did the seller kind of an existing user change?"""
    return old is not None and new is not None and old.get("sellerKind") != new.get("sellerKind")
