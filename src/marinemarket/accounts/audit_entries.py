"""The personal data of the audit trail: it keeps what was done, and forgets who did it.

It is here rather than in `audit`, which knows neither users nor visitors.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pydantic.alias_generators import to_camel

from ..audit.actions import Action
from ..audit.records import entry_of
from ..privacy.pages import by_index, current_pages, newest_first
from ..privacy.personal_data import Person, PersonalData
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import AUDIT_LOGS
from ..store.store import Between, Query, Store
from ..store.writes import Exists, Put
from .accounts import VISITOR

NOBODY = {
    "user_email": "erased",
    "ip_address": "0.0.0.0",  # noqa: S104 - a placeholder; nothing listens on it
    "user_agent": "erased",
    "session_id": "erased",
}
"""What an audit entry records as its actor once that person is erased."""
_NOBODY = {to_camel(name): value for name, value in NOBODY.items()}

_OURS = frozenset({"because", "removed", "count", "entriesRenamed"})
"""Details that an erasure writes; they identify nobody."""


async def addresses_of(store: Store, user_id: str) -> dict[str, str]:
    """The email addresses with which a user has acted, and when they last did (ISO 8601)."""
    known: dict[str, str] = {}
    async for item in newest_first(store, AUDIT_LOGS, "user", user_id):
        if "@" in item["userEmail"]:
            known.setdefault(item["userEmail"], item["timestamp"])
    return known


async def forget_visitor(removal: Removal, resource: str, ids: Collection[str], since: str) -> None:
    """Take whoever acted without an account out of the entries about some resources of the person.

    They are found among all entries of visitors from `since` (ISO 8601) on: see `_erase`.
    """
    lifetime = Between(lowest=since)
    query = Query(AUDIT_LOGS, VISITOR, AUDIT_LOGS.index("user-index"), lifetime)
    async for items in current_pages(removal.trail.store, query):
        theirs = [one for one in items if one["resource"] == resource and one["resourceId"] in ids]
        await _put_renamed(removal, [new for one in theirs if (new := one | _NOBODY) != one])


async def _erase(removal: Removal) -> None:
    """Entries by and about the person keep only what was done, when and to which resource.

    Entries about them are found among all entries about users since they opened their account: the
    trail has no index by resource id.
    """
    trail, user_id = removal.trail, removal.user_id
    lifetime = Between(lowest=removal.since or None)
    about_users = Query(AUDIT_LOGS, "user", AUDIT_LOGS.index("resource-index"), lifetime)
    for query in (by_index(AUDIT_LOGS, "user", user_id), about_users):
        async for items in current_pages(trail.store, query):
            named = [new for item in items if (new := _renamed(item, user_id)) != item]
            await _put_renamed(removal, named)


async def _put_renamed(removal: Removal, named: Sequence[Item]) -> None:
    if not named:
        return
    now = removal.trail.clock()
    count = {"entriesRenamed": len(named)}
    entry = removal.actor.entry(Action.USER_UPDATED, "user", removal.user_id, now, **count)
    puts = [Put(AUDIT_LOGS, item, when=Exists()) for item in named]
    places = [(AUDIT_LOGS, AUDIT_LOGS.key_of(item)) for item in named]
    await removal.commit(entry, *puts, places=places)


def _renamed(entry: Item, user_id: str) -> Item:
    """An entry without the person's data; an entry without such data is unchanged."""
    theirs = entry["userId"] == user_id
    about = entry["resource"] == "user" and entry.get("resourceId") == user_id
    if not (theirs or about):
        return entry
    # A visitor who tried to sign in as them may well have been them.
    is_named = theirs or entry["userId"] == VISITOR
    nobody = _NOBODY if is_named else {}
    kept = {name: value for name, value in entry["details"].items() if name in _OURS}
    return entry | nobody | {"details": kept}


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "actions": [
            entry_of(item).to_wire()
            async for item in newest_first(store, AUDIT_LOGS, "user", person.id)
        ]
    }


AUDIT_ENTRIES = PersonalData(tables=(AUDIT_LOGS,), erase=_erase, export=_export)
