"""One person's erasure, as every domain sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from ..audit.actions import Action
from ..audit.entry import Actor, AuditLog
from ..audit.trail import Trail
from ..clock import iso
from ..store.items import Key
from ..store.schema import BY_NAME, ERASURES, Table
from ..store.store import Between, Query, Store
from ..store.writes import Delete, Put, Write
from .pages import current_pages, every_item

REMOVED = "removed."
"""How the parts of an erasure begin that hold keys of what was removed."""
_REMOVED = Between(REMOVED, "removed/")

Place = tuple[Table, Key]
Watch = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Address:
    """An email address that a person has or had. What is later than `until` is not theirs."""

    email: str
    until: str
    """A moment (ISO 8601): since then the address may be somebody else's, or a new account's."""
    is_confirmed: bool = True
    """Did they prove that it is theirs? Anybody can type another's address."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Who is erased, by whom, and in which market.

    `addresses` are those of the person, current and past, as far as the market remembers them; among
    those that are not confirmed is none that another account has. Nothing about the account is older
    than `since` (ISO 8601). `watch` is told after each commit how many items it removed.
    """

    trail: Trail
    actor: Actor
    user_id: str
    addresses: tuple[Address, ...] = field(repr=False)
    since: str = ""
    watch: Watch = lambda count: None

    @property
    def confirmed_addresses(self) -> list[Address]:
        """Those by which something that names no account is known to be theirs."""
        return [address for address in self.addresses if address.is_confirmed]

    def entry(self, removed: str, count: int) -> AuditLog:
        """The audit entry of a commit that removes some of the person's items."""
        now = self.trail.clock()
        return self.actor.entry(
            Action.USER_UPDATED, "user", self.user_id, now, removed=removed, count=count
        )

    async def commit(self, entry: AuditLog, *writes: Write, places: Sequence[Place]) -> None:
        """Remove or rewrite the items in `places`.

        Their keys are noted in the same commit: whatever interrupts the erasure, the feed is made to
        forget what they were.
        """
        note = removed_put(self.user_id, places, self.trail.clock())
        await self.trail.commit(entry, *writes, note)
        self.watch(len(places))

    async def delete(self, table: Table, keys: Sequence[Key], kind: str) -> None:
        """Delete some items in one commit; `kind` is their name in the audit entry."""
        places = [(table, key) for key in keys]
        deletes = [Delete(table, key) for key in keys]
        await self.trail.retrying(
            lambda: self.commit(self.entry(kind, len(keys)), *deletes, places=places)
        )

    async def delete_all(self, query: Query, kind: str) -> None:
        """Delete all items that a query finds, one page per commit."""
        async for items in current_pages(self.trail.store, query):
            await self.delete(query.table, [query.table.key_of(item) for item in items], kind)


def removed_put(user_id: str, places: Sequence[Place], now: int) -> Put:
    """The note of what a commit removes of somebody: keys alone, which identify nobody."""
    keys = [[table.name, [*key]] for table, key in places]
    part = f"{REMOVED}{iso(now)}.{uuid4()}"
    return Put(ERASURES, {"userId": user_id, "part": part, "keys": keys})


async def places_removed(store: Store, user_id: str) -> list[Place]:
    """Every item that an erasure has removed or rewritten so far, in all of its runs."""
    query = Query(ERASURES, user_id, between=_REMOVED)
    return [
        (BY_NAME[name], tuple(key))
        async for note in every_item(store, query)
        for name, key in note["keys"]
    ]
