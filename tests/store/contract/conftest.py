"""The contract runs on every available engine; see `tests/store/engines`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from marinemarket.clock import Clock
from marinemarket.store.store import Store
from tests.store.engines import ENGINE_NAMES, ENGINES, Engine, Opening

Sweeping = Callable[[], Awaitable[int]]


@pytest.fixture(params=ENGINE_NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.fixture
def opening(engine: Engine) -> Opening:
    """Opens a store of the engine; the same folder is the same market."""
    return engine.open


@pytest.fixture
async def store(
    opening: Opening, tmp_path: Path, clock: Clock, anyio_backend: str
) -> AsyncIterator[Store]:
    async with opening(tmp_path / "market", clock) as store:
        yield store


@pytest.fixture
def sweep(engine: Engine, store: Store, clock: Clock) -> Sweeping:
    """Removes expired items, and returns how many."""
    return lambda: engine.sweep(store, clock)
