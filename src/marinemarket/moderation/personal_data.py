"""The personal data of moderation: what people reported, and the cases of their adverts."""

from __future__ import annotations

from typing import Any

from ..privacy.pages import by_index, newest_first, picked
from ..privacy.personal_data import Person, PersonalData
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import CASES, REPORTS
from ..store.store import Store

_OF_A_REPORT = ("listingId", "complaint", "words", "email", "createdAt")
_OF_A_CASE = ("listingId", "flags", "createdAt", "updatedAt")
"""What an owner gets of a case: not who reported the advert, nor who decided."""
_OF_A_STEP = ("at", "event", "said")


async def _erase(removal: Removal) -> None:
    for email in removal.emails:
        await removal.delete_all(by_index(REPORTS, "email", email), "report")
    await removal.delete_all(by_index(CASES, "seller", removal.user_id), "case")
    await removal.delete_all(by_index(REPORTS, "seller", removal.user_id), "report")
    await removal.delete_all(by_index(REPORTS, "user", removal.user_id), "report")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "reports": [
            picked(item, _OF_A_REPORT)
            async for item in newest_first(store, REPORTS, "user", person.id)
        ],
        "moderation": [
            picked(item, _OF_A_CASE) | {"history": _history(item)}
            async for item in newest_first(store, CASES, "seller", person.id)
        ],
    }


def _history(case: Item) -> list[Item]:
    return [picked(step, _OF_A_STEP) for step in case.get("history", ())]


CASES_AND_REPORTS = PersonalData(tables=(CASES, REPORTS), erase=_erase, export=_export)
