"""A site over a market with a few boats in it, all indexed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
from litestar.testing import AsyncTestClient

from marinemarket.clock import Clock
from marinemarket.composition import Market
from marinemarket.config.settings import Settings
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing
from marinemarket.search.index_follower import reach
from marinemarket.web.app import Site, create_app
from tests.conftest import TESTS
from tests.openapi.conformance import check_answer

Client = AsyncTestClient[Any]
Reached = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


_idle: defaultdict[str, list[Site]] = defaultdict(list)


@contextmanager
def site_of(settings: Settings, clock: Clock) -> Iterator[Site]:
    """The site of a market, not started yet.

    To build it takes longer than most tests, so one that is no longer in use is taken again, where
    settings differ in nothing but their folder.
    """
    alike = _idle[settings.model_dump_json(exclude={"data"})]
    site = alike.pop() if alike else create_app(settings, clock=clock)
    site.settings, site.clock = settings, clock
    yield site
    alike.append(site)


@pytest.fixture
async def client(market: Market) -> AsyncIterator[Client]:
    """Asks the site of `market`; addresses are not followed to where they redirect."""
    with site_of(market.settings, market.clock) as site:
        async with AsyncTestClient(site, raise_server_exceptions=False) as client:
            client.event_hooks["response"].append(check_answer)
            yield client


async def offer(market: Market, *listings: Listing) -> None:
    """Put listings into the market, and wait until they can be found."""
    for listing in listings:
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)


_MODULE = re.compile(
    r'<script type="module" src="/static/([\w-]+\.js)\?[0-9a-f]+" nonce="[\w-]+"></script>'
)
_IMPORT_MAP = re.compile(r'<script type="importmap" nonce="[\w-]+">([^<]*)</script>')
_DATA = re.compile(r'<script type="application/ld\+json">([^<]*)</script>')
_MESSAGES = re.compile(r'<script type="application/json" id="messages">([^<]*)</script>')


def without_our_script(page: str) -> str:
    """A page without scripts of ours, one of which every page has once, and without its data.

    What programs read is no script, as long as nothing in it can end it: it must hold no ``<``.
    """
    assert _MODULE.findall(page).count("suggestions.js") == 1
    for ours in (_MODULE, _IMPORT_MAP, _DATA, _MESSAGES):
        page = ours.sub("", page)
    return page


def messages_of(page: str) -> dict[str, dict[str, Any]]:
    """What a page gives its scripts to say, by group and key."""
    [found] = _MESSAGES.findall(page)
    messages: dict[str, dict[str, Any]] = json.loads(found)
    return messages


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
        changed = market.settings.model_copy(update=settings)
        with site_of(changed, market.clock) as site:
            async with site.lifespan():
                given = httpx.ASGITransport(site, raise_app_exceptions=False, client=(peer, 4711))
                async with httpx.AsyncClient(
                    transport=given,
                    base_url="http://market",
                    event_hooks={"response": [check_answer]},
                ) as client:
                    yield client

    return reach
