"""Drafts in the store: their items, and which index serves which query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..store.items import Item
from ..store.schema import DRAFTS
from ..store.store import Query, Store
from ..store.writes import Absent, Delete, Equals, Put, Write
from .draft import Draft


@dataclass(frozen=True, slots=True)
class DraftPage:
    drafts: list[Draft]
    next: str | None


def draft_item(draft: Draft) -> Item:
    return draft.to_wire()


def draft_of(item: Mapping[str, Any]) -> Draft:
    """The draft of an item. Raises Invalid if it is not one."""
    return Draft.parse(item)


async def find_draft(store: Store, id: str) -> Draft | None:
    item = await store.get(DRAFTS, id)
    return draft_of(item) if item else None


async def drafts_of(
    store: Store, owner_id: str, *, limit: int = 50, after: str | None = None
) -> DraftPage:
    """One owner's drafts, the last changed first."""
    index = DRAFTS.index("owner-index")
    page = await store.query(
        Query(DRAFTS, owner_id, index, newest_first=True, limit=limit, after=after)
    )
    return DraftPage([draft_of(item) for item in page.items], page.next)


async def keep_draft(trail: Trail, old: Draft | None, new: Draft, *others: Write) -> None:
    """Replace `old` with `new`, or add it if there was none, with other writes of the same commit.

    Raises Conflict when somebody else has changed it since.
    """
    when = Absent() if old is None else Equals(updatedAt=old.updated_at)
    put = Put(DRAFTS, draft_item(new), when=when)
    await trail.commit_operational(Operational.DRAFT, put, *others)


def draft_delete(draft: Draft) -> Delete:
    """The write that removes an unchanged draft, for the commit that turns it into a listing."""
    return Delete(DRAFTS, (draft.id,), when=Equals(updatedAt=draft.updated_at))
