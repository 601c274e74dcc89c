"""The personal data of listings: adverts, drafts, photos and videos, uploaded files."""

from __future__ import annotations

from typing import Any

from ..audit.actions import Action
from ..media.studio import Waiting
from ..privacy.pages import by_index, current_pages, every_item, newest_first, picked
from ..privacy.personal_data import Person, PersonalData
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import DRAFTS, IMPORTS, LISTINGS, MEDIA, VIEWS
from ..store.store import Query, Store
from ..store.writes import Delete, Exists, Put

_OURS = frozenset(
    {"locationState", "publicity", "hin", "source", "shape", "unconfirmed", "unconfirmedSince"}
)
"""Attributes of a listing's item that are only for the market's own use."""
_OF_THE_STORE = frozenset({"ownerId", "ttl", "shape"})
_OF_A_MEDIUM = ("id", "kind", "advertId", "createdAt", "waiting", "since")
_OF_A_DAYS_VIEWS = ("listingId", "day", "count")


async def _erase(removal: Removal) -> None:
    user_id = removal.user_id
    await removal.delete_all(by_index(DRAFTS, "owner", user_id), "draft")
    await removal.delete_all(Query(IMPORTS, user_id), "import")
    await _delete_listings(removal)
    await _give_up_media(removal)


async def _delete_listings(removal: Removal) -> None:
    trail = removal.trail
    async for items in current_pages(trail.store, by_index(LISTINGS, "owner", removal.user_id)):
        for item in items:
            # One entry for each: the fate of a listing is looked up by its id.
            entry = removal.actor.entry(
                Action.LISTING_DELETED, "listing", item["id"], trail.clock(), because="erasure"
            )
            place = (item["id"],)
            await removal.commit(entry, Delete(LISTINGS, place), places=[(LISTINGS, place)])
            await removal.delete_all(Query(VIEWS, item["id"]), "views")


async def _give_up_media(removal: Removal) -> None:
    """Release photos and videos; the worker removes their files within a minute.

    The remaining item names the files, so that they are removed even if this process ends now.
    """
    trail = removal.trail
    async for items in current_pages(trail.store, by_index(MEDIA, "owner", removal.user_id)):
        waiting = {"waiting": Waiting.ERASED.value, "since": trail.clock()}
        nobodys = [{"id": item["id"], "kind": item["kind"]} | waiting for item in items]
        entry = removal.entry("medium", len(items))
        puts = [Put(MEDIA, item, when=Exists()) for item in nobodys]
        await removal.commit(entry, *puts, places=[(MEDIA, (item["id"],)) for item in items])


async def _export(store: Store, person: Person) -> dict[str, Any]:
    listings = [item async for item in newest_first(store, LISTINGS, "owner", person.id)]
    return {
        "listings": [_without(item, _OURS) for item in listings],
        "views": [
            picked(day, _OF_A_DAYS_VIEWS)
            for item in listings
            async for day in every_item(store, Query(VIEWS, item["id"]))
        ],
        "imports": [
            _without(item, _OF_THE_STORE)
            async for item in every_item(store, Query(IMPORTS, person.id), at_once=1)
        ],
        "drafts": [
            _without(item, _OURS) async for item in newest_first(store, DRAFTS, "owner", person.id)
        ],
        "media": [
            picked(item, _OF_A_MEDIUM)
            async for item in newest_first(store, MEDIA, "owner", person.id)
        ],
    }


def _without(item: Item, names: frozenset[str]) -> Item:
    return {name: value for name, value in item.items() if name not in names}


ADVERTS = PersonalData(
    tables=(LISTINGS, VIEWS, IMPORTS, DRAFTS, MEDIA), erase=_erase, export=_export
)
