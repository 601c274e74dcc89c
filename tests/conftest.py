"""What tests share: a market in a folder of its own, and a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from marinemarket.accounts.records import add_user
from marinemarket.assembly import Market, open_market
from marinemarket.audit.entry import Actor
from marinemarket.settings import PREFIX, Settings

from .making import Hand, a_user

# Machines are slow by turns, and a deadline would report that.
settings.register_profile(
    "market",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("market")

TESTS = Actor.system("tests")

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def market_settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def market(
    market_settings: Settings, clock: Hand, anyio_backend: str
) -> AsyncIterator[Market]:
    """An open market that has one active account, the owner of `a_listing`."""
    async with open_market(market_settings, clock=clock) as market:
        await add_user(market.trail, TESTS, a_user())
        yield market


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real market files; tests that need it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real market files are not beside the project ({REAL_DATA.name} absent)")
    return REAL_DATA
