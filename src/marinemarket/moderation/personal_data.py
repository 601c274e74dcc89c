"""The personal data of moderation: what people reported, and the cases of their adverts.

What was recognised as a fraud stays recognisable after an erasure, by keyed hashes that name nobody,
until its retention ends: otherwise whoever is caught would erase their account and begin again. What
a seller was only asked to change goes with everything else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..clock import from_iso
from ..privacy.pages import by_index, current_pages, every_item, newest_first, picked
from ..privacy.personal_data import Person, PersonalData
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import CASES, PRECEDENTS, REPORTS
from ..store.store import Between, Store
from .case import Event

_OF_A_REPORT = ("listingId", "complaint", "words", "email", "createdAt")
_OF_A_CASE = ("listingId", "flags", "createdAt", "updatedAt")
"""What an owner gets of a case: not who reported the advert, nor who decided."""
_OF_AN_EXHIBIT = ("at", "title", "description", "price", "place", "hin", "photos")
_OF_A_STEP = ("at", "event", "said")


async def _erase(removal: Removal) -> None:
    for address in removal.confirmed_addresses:
        reports = by_index(REPORTS, "email", address.email)
        theirs = replace(reports, between=Between(highest=from_iso(address.until)))
        await removal.delete_all(theirs, "report")
    await _forget_wishes(removal)
    await removal.delete_all(by_index(CASES, "seller", removal.user_id), "case")
    await removal.delete_all(by_index(REPORTS, "seller", removal.user_id), "report")
    await removal.delete_all(by_index(REPORTS, "user", removal.user_id), "report")


async def _forget_wishes(removal: Removal) -> None:
    """Delete the precedents of adverts that were only to be changed."""
    async for case in every_item(removal.trail.store, by_index(CASES, "seller", removal.user_id)):
        kept = by_index(PRECEDENTS, "listing", case["listingId"])
        async for items in current_pages(removal.trail.store, kept):
            keys = [
                PRECEDENTS.key_of(item) for item in items if item["event"] == Event.CHANGES_WANTED
            ]
            if keys:
                await removal.delete(PRECEDENTS, keys, "precedent")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "reports": [
            picked(item, _OF_A_REPORT)
            async for item in newest_first(store, REPORTS, "user", person.id)
        ],
        "moderation": [
            picked(item, _OF_A_CASE) | {"history": _history(item), "kept": _kept(item)}
            async for item in newest_first(store, CASES, "seller", person.id)
        ],
    }


def _history(case: Item) -> list[Item]:
    return [picked(step, _OF_A_STEP) for step in case.get("history", ())]


def _kept(case: Item) -> list[Item]:
    """What the case keeps of the advert."""
    return [picked(exhibit, _OF_AN_EXHIBIT) for exhibit in case.get("exhibits", ())]


CASES_AND_REPORTS = PersonalData(tables=(CASES, REPORTS, PRECEDENTS), erase=_erase, export=_export)
