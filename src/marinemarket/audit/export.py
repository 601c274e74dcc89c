"""Exports the audit trail: all entries, or those between two moments. A scan, for operators."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from ..clock import iso
from ..row_writer import flat_cells, write_rows
from ..store.schema import AUDIT_LOGS
from ..store.store import Store
from .records import entry_of

COLUMNS = (
    "id", "timestamp", "userId", "userEmail", "action", "resource", "resourceId", "details",
    "ipAddress", "userAgent", "sessionId",
)  # fmt: skip


async def export_entries(
    store: Store,
    path: Path,
    progress: Callable[[int], None] = lambda written: None,
    *,
    since: int | None = None,
    until: int | None = None,
) -> int:
    """Write entries to a file, unordered; returns how many. Bounds are inclusive Unix milliseconds."""
    entries = _between(store, since, until)
    return await write_rows(path, entries, columns=COLUMNS, cells=flat_cells, progress=progress)


async def _between(
    store: Store, since: int | None, until: int | None
) -> AsyncIterator[dict[str, Any]]:
    lowest = "" if since is None else iso(since)
    highest = "~" if until is None else iso(until)
    after: str | None = None
    while True:
        page = await store.scan(AUDIT_LOGS, after=after)
        for item in page.items:
            if lowest <= item["timestamp"] <= highest:
                yield entry_of(item).to_wire()
        after = page.next
        if after is None:
            return
