"""Reads everything, page by page."""

from __future__ import annotations

from dataclasses import replace

from marinemarket.store.items import Item, Key
from marinemarket.store.schema import TABLES, Table
from marinemarket.store.store import Change, Position, Query, Store

State = dict[tuple[str, Key], Item]
"""Every item by its table and key."""


async def pages(store: Store, query: Query) -> list[list[Item]]:
    """Every page of a query."""
    page = await store.query(query)
    found = [page.items]
    while page.next is not None:
        page = await store.query(replace(query, after=page.next))
        found.append(page.items)
    return found


async def answers(store: Store, query: Query) -> list[Item]:
    """Every item of a query, whatever the page size."""
    return [item for page in await pages(store, query) for item in page]


async def scanned(store: Store, table: Table, *, limit: int = 500) -> list[Item]:
    page = await store.scan(table, limit=limit)
    found = list(page.items)
    while page.next is not None:
        page = await store.scan(table, limit=limit, after=page.next)
        found += page.items
    return found


async def feed(store: Store, after: Position | None = None, *, limit: int = 500) -> list[Change]:
    """The whole feed after a position."""
    found: list[Change] = []
    while changes := await store.changes(after, limit=limit):
        found += changes
        after = changes[-1].position
    return found


async def state(store: Store) -> State:
    return {
        (table.name, table.key_of(item)): item
        for table in TABLES
        for item in await scanned(store, table)
    }


def replayed(changes: list[Change]) -> State:
    """The items of a follower that has applied these changes. Checks that they fit together."""
    held: State = {}
    for change in changes:
        place = (change.table, change.key)
        assert change.old == held.get(place)
        if change.new is None:
            del held[place]
        else:
            held[place] = change.new
    return held
