from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.composition import Market
from tests.listings.samples import Desk


@pytest.fixture
def desk(market: Market, tmp_path: Path) -> Desk:
    return Desk(market, tmp_path)


@pytest.fixture(params=[0, 12], ids=["fresh", "stale"])
def behind(request: pytest.FixtureRequest) -> int:
    """Run every test of this folder a second time with indexes that lag by a dozen changes."""
    lag: int = request.param
    return lag
