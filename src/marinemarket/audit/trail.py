"""The audit trail: the only way to change the market is together with the record of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..clock import Clock, from_iso, now_ms
from ..errors import Conflict
from ..metrics import COMMITS, CONFLICTS
from ..store.items import Item, same
from ..store.schema import AUDIT_LOGS
from ..store.store import Store
from ..store.writes import Absent, Put, Write
from .entry import AuditLog
from .operational import Operational

DAY = 24 * 60 * 60


class Trail:
    """Commits changes with their audit entries. Whoever changes the market is given this one.

    `retention_days` is how long an entry is kept.
    """

    def __init__(self, store: Store, *, retention_days: int, clock: Clock = now_ms) -> None:
        self.store = store
        self.clock = clock
        self._retention = retention_days * DAY

    async def commit(self, entry: AuditLog, *writes: Write) -> None:
        """Every write and the entry, or nothing. Raises Conflict; its `write` counts `writes`."""
        record = Put(AUDIT_LOGS, entry_item(entry, self._retention), when=Absent())
        await self._commit(*writes, record)

    async def commit_operational(self, kind: Operational, *writes: Write) -> None:
        """Writes that change nothing of the market, without an entry. Raises Conflict.

        `kind` says which of the declared exceptions they are.
        """
        await self._commit(*writes)

    async def _commit(self, *writes: Write) -> None:
        try:
            await self.store.commit(*writes)
        except Conflict:
            CONFLICTS.inc()
            raise
        COMMITS.inc()


def entry_item(entry: AuditLog, retention: int) -> Item:
    """An entry as it is stored; `retention` is in seconds."""
    return entry.to_wire() | {"ttl": from_iso(entry.timestamp) // 1000 + retention}


def difference(old: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """What changed between two items: ``{"boatDetails.year": {"old": 2003, "new": 2004}}``."""
    changed: dict[str, Any] = {}
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            changed |= difference(before, after, f"{path}{name}.")
        elif not same(before, after):
            changed[f"{path}{name}"] = {"old": before, "new": after}
    return changed
