"""The contract runs against every engine. A new one joins by one line in ENGINES."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from marinemarket.clock import Clock
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Store

SECRET = "a secret key of thirty-two letters"

Opening = Callable[[Path, Clock], AbstractAsyncContextManager[Store]]


@asynccontextmanager
async def _sqlite(folder: Path, clock: Clock) -> AsyncIterator[Store]:
    store = SqliteStore(folder / "market.sqlite3", secret_key=SECRET, clock=clock)
    try:
        yield store
    finally:
        await store.close()


ENGINES: dict[str, Opening] = {"sqlite": _sqlite}


@pytest.fixture(params=sorted(ENGINES))
def opening(request: pytest.FixtureRequest) -> Opening:
    """Opens a store of the engine; the same folder again is the same market."""
    return ENGINES[request.param]


@pytest.fixture
async def store(
    opening: Opening, tmp_path: Path, clock: Clock, anyio_backend: str
) -> AsyncIterator[Store]:
    async with opening(tmp_path / "market", clock) as store:
        yield store
