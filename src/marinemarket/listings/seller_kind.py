"""How a boat is sold, privately or by a trade: her advert says what her owner says of themselves.

It is written into the advert whenever its owner writes it. When the owner changes, all their adverts
follow: the worker hears of it by the feed, and changes each in a commit of its own. What is right
already is left alone, so that changes which come again, or a worker killed on the way, do no harm.

An owner's adverts are found by an index, which may lag: those that are new are known besides, for as
long as the worker runs.
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
"""So many new adverts are remembered, for indexes that do not know them yet."""


def kind_of(owner: User) -> SellerKind | None:
    """How an owner sells; None of the market itself, which holds boats of nobody it knows."""
    return None if owner.id == MARKET_ID else owner.seller_kind


async def as_its_owner_sells(store: Store, listing: Listing) -> Listing:
    """A listing that says how its owner sells now; as it is, where there is no such owner."""
    owner = await find_user(store, listing.owner_id)
    if owner is None or listing.seller_kind is kind_of(owner):
        return listing
    return listing.changed(seller_kind=kind_of(owner))


async def follow_owner(trail: Trail, id: str) -> None:
    """Have an advert say how its owner sells now. One that says so, or is gone, stays as it is.

    It is no change of the owner's: the advert is not confirmed by it, nor looked at again.
    """

    async def follow() -> None:
        try:
            old = await find_listing(trail.store, id)
        except Invalid as error:
            log.error("seller kinds: listing %s is passed over: %s", id, error)
            return
        new = await as_its_owner_sells(trail.store, old) if old else None
        if old is None or new is None or new is old:
            return
        version = next_version(old, trail.clock())
        await replace_listing(trail, ACTOR, old, new.changed(updated_at=version))

    await trail.retrying(follow)


class SellerKindFollower:
    """Follows users and their new adverts. `place` is the file of its position."""

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
        """From the feed's head, once every advert was looked at."""
        store = self._trail.store
        head = await store.head()
        # Whoever changes meanwhile is told by the feed behind its head.
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
        """It holds nothing but its place."""

    async def _follow(self, owner_id: str) -> None:
        for id in [id for owner, id in self._lately if owner == owner_id]:
            await follow_owner(self._trail, id)
        async for id in ids_owned_by(self._trail.store, owner_id):
            await follow_owner(self._trail, id)

    async def _save(self, position: Position) -> None:
        await asyncio.to_thread(keep_line, self._place, position)
        self._position = position


def sells_otherwise(old: Item | None, new: Item | None) -> bool:
    """Does a user that was there before sell in another way now?"""
    return old is not None and new is not None and old.get("sellerKind") != new.get("sellerKind")
