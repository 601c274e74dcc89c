"""The market under attack: the fixtures of the web's tests, with the limits as they are set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest

from marinemarket.assembly import Market
from marinemarket.web.app import create_app
from tests.web.conftest import client

__all__ = ["client"]

Reached = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


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
