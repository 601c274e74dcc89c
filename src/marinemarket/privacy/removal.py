"""One person's erasure, as every domain sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..audit.actions import Action
from ..audit.entry import Actor, AuditLog
from ..audit.trail import Trail
from ..store.items import Key
from ..store.schema import Table
from ..store.store import Query
from ..store.writes import Delete
from .pages import current_pages


@dataclass(slots=True)
class Erased:
    """What an erasure removed or rewrote, by table."""

    counts: dict[str, int] = field(default_factory=dict)
    keys: list[tuple[Table, Key]] = field(default_factory=list, repr=False)

    def note(self, table: Table, keys: Sequence[Key]) -> None:
        self.counts[table.name] = self.counts.get(table.name, 0) + len(keys)
        self.keys += [(table, key) for key in keys]


@dataclass(frozen=True, slots=True)
class Removal:
    """Who is erased, by whom, and what has been removed so far.

    `emails` are the person's current and past addresses, as far as the market remembers them.
    """

    trail: Trail
    actor: Actor
    user_id: str
    emails: tuple[str, ...] = field(repr=False)
    erased: Erased = field(default_factory=Erased)

    def entry(self, removed: str, count: int) -> AuditLog:
        """The audit entry of a commit that removes some of the person's items."""
        now = self.trail.clock()
        return self.actor.entry(
            Action.USER_UPDATED, "user", self.user_id, now, removed=removed, count=count
        )

    async def delete(self, table: Table, keys: Sequence[Key], kind: str) -> None:
        """Delete some items in one commit; `kind` is their name in the audit entry."""
        await self.trail.commit(self.entry(kind, len(keys)), *(Delete(table, key) for key in keys))
        self.erased.note(table, keys)

    async def delete_all(self, query: Query, kind: str) -> None:
        """Delete all items that a query finds, one page per commit."""
        async for items in current_pages(self.trail.store, query):
            await self.delete(query.table, [query.table.key_of(item) for item in items], kind)
