"""What tests share: a market in a folder of its own, and a clock that stands still."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from marinemarket.accounts.records import add_user
from marinemarket.audit.entry import Actor
from marinemarket.audit.trail import Trail
from marinemarket.composition import Market, cached_listings, in_newest_shape, open_market
from marinemarket.config.settings import PREFIX, Settings
from marinemarket.store.versioned_store import VersionedStore

from .builders import ManualClock, a_user
from .store.stale_indexes import StaleIndexes

# Machines are slow by turns, and a deadline would report that.
settings.register_profile(
    "market",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("market")

TESTS = Actor.system("tests")

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_finish() -> None:
    """Spare the garbage collector thousands of tests and modules, which stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def market_settings(tmp_path: Path) -> Settings:
    # Tests sign in and write more often within a second than anybody does; those of limits set them.
    return Settings(
        data=tmp_path / "data", limit_auth="off", limit_search="off", limit_writes="off"
    )


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def behind() -> int:
    """By how many changes the store's indexes lag. Domains override it, to run under a lag too."""
    return 0


@pytest.fixture
async def market(
    market_settings: Settings, clock: ManualClock, anyio_backend: str, behind: int, tmp_path: Path
) -> AsyncIterator[Market]:
    """An open market that has one active account, the owner of `a_listing`."""
    async with open_market(market_settings, clock=clock) as market:
        await add_user(market.trail, TESTS, a_user())
        if not behind:
            yield market
            return
        stale = StaleIndexes(
            market.store.engine,
            tmp_path,
            behind=behind,
            secret_key=market_settings.secret(),
            clock=clock,
        )
        yield _over(in_newest_shape(stale), market)
        await stale.close()


def _over(store: VersionedStore, market: Market) -> Market:
    """The same market, working upon another store."""
    days = market.settings.audit_retention_days
    trail = Trail(store, retention_days=days, clock=market.clock)
    return replace(
        market,
        store=store,
        trail=trail,
        accounts=replace(market.accounts, trail=trail),
        listings=cached_listings(store, market.settings, market.clock),
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real market files; tests that need it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real market files are not beside the project ({REAL_DATA.name} absent)")
    return REAL_DATA
