"""Reading many items page by page."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from ..store.items import Item
from ..store.schema import Table
from ..store.store import Query, Store

IN_ONE_COMMIT = 50
_IN_ONE_READ = 100


def by_index(table: Table, whose: str, value: str) -> Query:
    """The items with this value in an index of a table; `whose` is `user`, `owner` or another index."""
    return Query(table, value, table.index(f"{whose}-index"))


async def current_pages(store: Store, query: Query) -> AsyncIterator[list[Item]]:
    """The items that a query finds, each read again, since an index may lag.

    Each page fits into one commit.
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
        await sleep(0)  # others take their turn: reading from a file waits for nothing


async def every_item(
    store: Store, query: Query, *, at_once: int = _IN_ONE_READ
) -> AsyncIterator[Item]:
    """All items that a query finds, as the index has them; holds at most `at_once` in memory."""
    after: str | None = None
    while True:
        page = await store.query(replace(query, limit=at_once, after=after))
        for item in page.items:
            yield item
        after = page.next
        if after is None:
            return
        await sleep(0)


async def newest_first(store: Store, table: Table, whose: str, value: str) -> AsyncIterator[Item]:
    """The items with this value in an index of a table, the newest first."""
    query = replace(by_index(table, whose, value), newest_first=True)
    async for item in every_item(store, query):
        yield item


async def scanned_pages(store: Store, table: Table) -> AsyncIterator[list[Item]]:
    """Every item of a table. A scan: only for work done once, before the market opens."""
    after: str | None = None
    while True:
        page = await store.scan(table, limit=IN_ONE_COMMIT, after=after)
        if page.items:
            yield page.items
        after = page.next
        if after is None:
            return


def picked(item: Item, names: Iterable[str]) -> Item:
    """The attributes of an item with these names, where present."""
    return {name: item[name] for name in names if name in item}
