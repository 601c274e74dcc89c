"""The engines that must meet the contract, each run as in production.

SQLite and moto's DynamoDB always; Amazon's own DynamoDB Local if its address is given, as in
``scripts/test-engines``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from marinemarket.clock import Clock
from marinemarket.store.active_version import ActiveVersion
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Store
from marinemarket.store.versioned_store import VersionedStore

from .dynamodb import DYNAMODB_LOCAL, expire, opened
from .moto_server import moto_endpoint
from .versioned import EVOLVED, NewestInForce

SECRET = "a secret key of thirty-two letters"

Opening = Callable[[Path, Clock], AbstractAsyncContextManager[Store]]
Sweep = Callable[[Store, Clock], Awaitable[int]]


@dataclass(frozen=True)
class Engine:
    """`open` opens the market in a folder: the same folder is the same market.

    `sweep` removes expired items, as the engine does in its own time.
    """

    open: Opening
    sweep: Sweep


@asynccontextmanager
async def _sqlite(folder: Path, clock: Clock) -> AsyncIterator[Store]:
    store = SqliteStore(folder / "market.sqlite3", secret_key=SECRET, clock=clock)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _newest_shapes(folder: Path, clock: Clock) -> AsyncIterator[Store]:
    async with _sqlite(folder, clock) as engine:
        yield VersionedStore(engine, EVOLVED, NewestInForce(engine, EVOLVED))


@asynccontextmanager
async def _older_shapes(folder: Path, clock: Clock) -> AsyncIterator[Store]:
    async with _sqlite(folder, clock) as engine:
        yield VersionedStore(engine, EVOLVED, ActiveVersion(engine, EVOLVED))


async def _sweep(store: Store, clock: Clock) -> int:
    return await store.sweep()


def _moto(folder: Path, clock: Clock) -> AbstractAsyncContextManager[Store]:
    return opened(moto_endpoint(), folder, SECRET, clock)


def _local(folder: Path, clock: Clock) -> AbstractAsyncContextManager[Store]:
    return opened(str(DYNAMODB_LOCAL), folder, SECRET, clock)


ENGINES = {
    "sqlite": Engine(_sqlite, _sweep),
    "newest shapes in force": Engine(_newest_shapes, _sweep),
    "older shapes in force": Engine(_older_shapes, _sweep),
    "moto": Engine(_moto, expire),
}
if DYNAMODB_LOCAL:
    ENGINES["dynamodb-local"] = Engine(_local, expire)

ENGINE_NAMES = [
    pytest.param(name, marks=pytest.mark.dynamodb_local) if name == "dynamodb-local" else name
    for name in ENGINES
]
"""As parameters of a fixture."""
