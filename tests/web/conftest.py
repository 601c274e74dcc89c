"""A site over a market with a few boats in it, all indexed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from marinemarket.assembly import Market
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing
from marinemarket.search.follower import reach
from marinemarket.web.app import create_app
from tests.conftest import TESTS

Client = AsyncTestClient[Any]


@pytest.fixture
async def client(market: Market) -> AsyncIterator[Client]:
    """Asks the site of `market`; addresses are not followed to where they redirect."""
    app = create_app(market.settings, clock=market.clock)
    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        yield client


async def offer(market: Market, *listings: Listing) -> None:
    """Put listings into the market, and wait until they can be found."""
    for listing in listings:
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
