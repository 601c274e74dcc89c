from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.assembly import Market
from tests.listings.samples import Desk


@pytest.fixture
def desk(market: Market, tmp_path: Path) -> Desk:
    return Desk(market, tmp_path)
