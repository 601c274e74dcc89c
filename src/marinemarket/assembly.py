"""The one place where engines are chosen and put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from .audit.trail import Trail
from .clock import Clock, now_ms
from .search.index import SearchEngine
from .search.tantivy_index import TantivyEngine
from .settings import Settings
from .store.sqlite import SqliteStore
from .store.store import Store


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that a request or a command works with."""

    settings: Settings
    store: Store
    trail: Trail
    engine: SearchEngine
    clock: Clock


@asynccontextmanager
async def open_market(settings: Settings, *, clock: Clock = now_ms) -> AsyncIterator[Market]:
    """The market of some settings, closed at the end of the block."""
    secret_key = settings.secret()
    store = SqliteStore(settings.database, secret_key=secret_key, clock=clock)
    try:
        yield Market(
            settings=settings,
            store=store,
            trail=Trail(store, retention_days=settings.audit_retention_days, clock=clock),
            engine=TantivyEngine(settings.search_folder, secret_key=secret_key),
            clock=clock,
        )
    finally:
        await store.close()
