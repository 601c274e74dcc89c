"""Reading everything of a kind, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from ..store.items import Item
from ..store.schema import Table
from ..store.store import Query, Store

IN_ONE_COMMIT = 50
_IN_ONE_READ = 100


def by_index(table: Table, whose: str, value: str) -> Query:
    """The items that an index of a table lists under a user, an owner, an address: `whose`."""
    return Query(table, value, table.index(f"{whose}-index"))


async def current_pages(store: Store, query: Query) -> AsyncIterator[list[Item]]:
    """What a query finds, each item read again: an index may show what has changed since.

    Pages are of a size for one commit.
    """
    after: str | None = None
    while True:
        page = await store.query(replace(query, limit=IN_ONE_COMMIT, after=after))
        keys = [query.table.key_of(item) for item in page.items]
        found = await store.get_many(query.table, keys)
        if items := [item for item in found if item is not None]:
            yield items
        after = page.next
        if after is None:
            return


async def every_item(
    store: Store, query: Query, *, at_once: int = _IN_ONE_READ
) -> AsyncIterator[Item]:
    """All that a query finds, as it finds it; so many are held in memory at once."""
    after: str | None = None
    while True:
        page = await store.query(replace(query, limit=at_once, after=after))
        for item in page.items:
            yield item
        after = page.next
        if after is None:
            return


async def newest_first(store: Store, table: Table, whose: str, value: str) -> AsyncIterator[Item]:
    """The items that an index of a table lists under a value, the newest first."""
    query = replace(by_index(table, whose, value), newest_first=True)
    async for item in every_item(store, query):
        yield item


async def scanned_pages(store: Store, table: Table) -> AsyncIterator[list[Item]]:
    """Every item of a table. A scan: for what is done once, before anybody visits."""
    after: str | None = None
    while True:
        page = await store.scan(table, limit=IN_ONE_COMMIT, after=after)
        if page.items:
            yield page.items
        after = page.next
        if after is None:
            return


def picked(item: Item, names: Iterable[str]) -> Item:
    """An item's attributes of these names, those that it has."""
    return {name: item[name] for name in names if name in item}
