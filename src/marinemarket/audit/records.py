"""Audit entries in the store: who did what, when, to which kind of thing.

The trail writes them (`trail.py`); this module reads them, newest first. `since` and `until` are
inclusive Unix milliseconds. A cursor is valid only for a query with the same bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..clock import iso
from ..store.schema import AUDIT_LOGS
from ..store.store import Between, Query, Store
from .actions import Action
from .entry import AuditLog


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, and a cursor for what follows; None if nothing does."""

    entries: list[AuditLog]
    next: str | None


def entry_of(item: Mapping[str, Any]) -> AuditLog:
    """The entry in an item. Raises Invalid if it is not one."""
    return AuditLog.parse({name: value for name, value in item.items() if name != AUDIT_LOGS.ttl})


async def entries_by_user(
    store: Store,
    user_id: str,
    *,
    since: int | None = None,
    until: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> AuditPage:
    """What one user, or one command (``system:import``), did, newest first."""
    return await _newest(store, "user-index", user_id, _between(since, until), limit, after)


async def entries_by_action(
    store: Store,
    action: Action,
    *,
    since: int | None = None,
    until: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> AuditPage:
    """Every time that one action was taken, by anyone."""
    return await _newest(store, "action-index", action.value, _between(since, until), limit, after)


async def entries_by_resource(
    store: Store,
    resource: str,
    *,
    since: int | None = None,
    until: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> AuditPage:
    """Everything done to one kind of thing, such as ``listing``."""
    return await _newest(store, "resource-index", resource, _between(since, until), limit, after)


def _between(since: int | None, until: int | None) -> Between:
    return Between(
        lowest=None if since is None else iso(since),
        highest=None if until is None else iso(until),
    )


async def _newest(
    store: Store, index: str, partition: str, between: Between, limit: int, after: str | None
) -> AuditPage:
    page = await store.query(
        Query(
            AUDIT_LOGS,
            partition,
            AUDIT_LOGS.index(index),
            between,
            newest_first=True,
            limit=limit,
            after=after,
        )
    )
    return AuditPage([entry_of(item) for item in page.items], page.next)
