"""The follower that opens moderation cases for new, changed and reported adverts.

It sends emails, so its position in the feed is a file of the data folder, as that of saved searches
is, and does not come back with a restored market. But unlike an alert, an advert must never be missed:
without a position it first checks every advert that waits for approval. It acts on the current
state, so repeated changes have no further effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from ..disk import keep_line, kept_line
from ..listings.listing import ModerationState, Status
from ..listings.records import all_listings, listing_of
from ..store.items import Item, same
from ..store.schema import CASES, LISTINGS
from ..store.store import Change, Position
from .records import every_case
from .screening import Screener

READ_BY_RULES = (
    "title", "description", "price", "location", "boatDetails", "features", "images", "photos", "videos",
)  # fmt: skip
"""The attributes of an approved advert whose change makes it worth another check."""


class CaseFollower:
    """Follows listings and their cases. `place` is the file with its position."""

    name = "moderation"

    def __init__(self, screener: Screener, place: Path) -> None:
        self._screener, self._place = screener, place
        self._position: Position | None = None

    async def position(self) -> Position | None:
        if self._position is None:
            self._position = await asyncio.to_thread(kept_line, self._place)
        return self._position

    async def begin(self) -> None:
        """Start at the feed's head, after checking every advert that waits."""
        store = self._screener.trail.store
        head = await store.head()
        async for listing in all_listings(store):
            waits = listing.moderation.state is ModerationState.PENDING
            if waits and listing.status is Status.ACTIVE:
                await self._screener.look_at(listing.id)
        async for case in every_case(store):
            # What was deleted while nobody followed is known only by its case.
            await self._screener.look_at(case.listing_id)
            if case.exhibits:
                await self._screener.keep_precedents(case.listing_id)
        await self._save(head)

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        if not changes or await self.position() != after:
            return
        for change in changes:
            id = str(change.key[0])
            if change.table == LISTINGS.name:
                if change.new is None and change.old is not None:
                    await self._screener.look_at(id, listing_of(change.old))
                elif is_to_look_at(change.old, change.new):
                    await self._screener.look_at(id)
            elif change.table == CASES.name:
                if _was_reported(change.old, change.new):
                    await self._screener.hide_if_reported(id)
                if _shows_other_things(change.old, change.new):
                    await self._screener.keep_precedents(id)
        await self._save(changes[-1].position)

    def close(self) -> None:
        """Holds nothing that needs closing."""

    async def _save(self, position: Position) -> None:
        await asyncio.to_thread(keep_line, self._place, position)
        self._position = position


def is_to_look_at(old: Item | None, new: Item | None) -> bool:
    """Might this change of a listing concern moderation?

    The market's own approved listings do not, nor do updates by an operator's import. Changes by a
    seller's own file are checked, as those made in the form are.
    """
    if new is None:
        return old is not None
    if new.get("status") != Status.ACTIVE:
        return old is not None and old.get("status") == Status.ACTIVE
    if old is not None and _tells_only_of_the_seller(old, new):
        return False
    if _state(new) != ModerationState.APPROVED:
        return True
    if old is None or _is_operators_import(old, new):
        return False
    came_back = old.get("status") != Status.ACTIVE
    changed = {name for name in READ_BY_RULES if old.get(name) != new.get(name)}
    return came_back or bool(changed - ({"price"} if _asks_the_same(old, new) else set()))


def _asks_the_same(old: Item, new: Item) -> bool:
    """Is the same asked in another currency than US dollars, so that only its rate can have moved?"""
    asked = old.get("originalPrice")
    return asked is not None and same(asked, new.get("originalPrice"))


def _tells_only_of_the_seller(old: Item, new: Item) -> bool:
    """Did only the owner's seller kind change?"""
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    return changed == {"sellerKind", "updatedAt"}


def _state(item: Item) -> object:
    return item.get("moderation", {}).get("state")


def _is_operators_import(old: Item, new: Item) -> bool:
    is_vouched_for = old.get("confirmedAt") != new.get("confirmedAt")
    return _imported(old) != _imported(new) and not is_vouched_for


def _imported(item: Item) -> object:
    """What a listing's last import contained; None for a listing typed here."""
    return item.get("source", {}).get("fingerprint")


def _shows_other_things(old: Item | None, new: Item | None) -> bool:
    return new is not None and new.get("exhibits", []) != (old or {}).get("exhibits", [])


def _was_reported(old: Item | None, new: Item | None) -> bool:
    return new is not None and new.get("people", 0) > (old or {}).get("people", 0)
