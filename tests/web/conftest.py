"""A site over a market with a few boats in it, all indexed."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar.testing import AsyncTestClient

from marinemarket.assembly import Market
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing
from marinemarket.search.follower import reach
from marinemarket.web.app import create_app
from tests.conftest import TESTS

Client = AsyncTestClient[Any]
Reached = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


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


_OURS = re.compile(
    r'<script src="/static/([\w-]+\.js)\?[0-9a-f]+" nonce="[\w-]+" defer'
    r'(?:\s+data-[\w-]+="[^"]*")*></script>'
)
_DATA = re.compile(r'<script type="application/ld\+json">([^<]*)</script>')


def without_our_script(page: str) -> str:
    """A page without scripts of ours, one of which every page has once, and without its data.

    What programs read is no script, as long as nothing in it can end it: it must hold no ``<``.
    """
    assert _OURS.findall(page).count("suggesting.js") == 1
    return _DATA.sub("", _OURS.sub("", page))


def data_of(page: str) -> list[dict[str, Any]]:
    """What a page tells programs in JSON-LD, thing by thing."""
    [found] = _DATA.findall(page)
    things: list[dict[str, Any]] = json.loads(found)["@graph"]
    return things


@pytest.fixture
def reached(market: Market) -> Reached:
    """The site of `market` under other settings, asked from an address of one's choice."""

    @asynccontextmanager
    async def reach(peer: str = "203.0.113.7", **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(market.settings.model_copy(update=settings), clock=market.clock)
        async with app.lifespan():
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 4711))
            async with httpx.AsyncClient(transport=transport, base_url="http://market") as client:
                yield client

    return reach
