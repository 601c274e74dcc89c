"""Exports the audit trail, oldest entry first: all of it, or what lies between two moments.

No index holds all entries in order of time, but one holds those of each action. Merging these reads
no more than what is asked for, and keeps a page of each in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from ..clock import iso
from ..row_writer import flat_cells, write_rows
from ..store.items import Item
from ..store.schema import AUDIT_LOGS
from ..store.store import Between, Query, Store
from .actions import Action
from .records import entry_of

COLUMNS = (
    "id", "timestamp", "userId", "userEmail", "action", "resource", "resourceId", "details",
    "ipAddress", "userAgent", "sessionId",
)  # fmt: skip

AT_ONCE = 100


async def export_entries(
    store: Store,
    path: Path,
    progress: Callable[[int], None] = lambda written: None,
    *,
    since: int | None = None,
    until: int | None = None,
) -> int:
    """Write entries to a file, oldest first; returns how many. Bounds are inclusive Unix milliseconds."""
    between = Between(_text(since), _text(until))
    entries = _wires(_merged([_of_action(store, action, between) for action in Action]))
    return await write_rows(path, entries, columns=COLUMNS, cells=flat_cells, progress=progress)


def _text(moment: int | None) -> str | None:
    return None if moment is None else iso(moment)


async def _of_action(store: Store, action: Action, between: Between) -> AsyncIterator[Item]:
    after: str | None = None
    while True:
        index = AUDIT_LOGS.index("action-index")
        page = await store.query(
            Query(AUDIT_LOGS, action, index, between, limit=AT_ONCE, after=after)
        )
        for item in page.items:
            yield item
        after = page.next
        if after is None:
            return


async def _merged(sources: Sequence[AsyncIterator[Item]]) -> AsyncIterator[Item]:
    """The items of sources that are each in order of time."""
    firsts = [(await anext(source, None), source) for source in sources]
    heap = [(*_rank(item), item, source) for item, source in firsts if item is not None]
    heapq.heapify(heap)
    while heap:
        _, _, item, source = heap[0]
        yield item
        following = await anext(source, None)
        if following is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (*_rank(following), following, source))


def _rank(item: Item) -> tuple[str, str]:
    """Time, and then the id, which no two entries share."""
    return item["timestamp"], item["id"]


async def _wires(items: AsyncIterator[Item]) -> AsyncIterator[dict[str, Any]]:
    async for item in items:
        yield entry_of(item).to_wire()
