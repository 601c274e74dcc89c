"""The worker: the one process that runs the followers and keeps the house."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from .assembly import Market
from .errors import MarketError
from .search.follower import SearchFollower
from .store.store import Store

log = logging.getLogger(__name__)

SWEEP_SECONDS = 60


async def work(market: Market, stopping: asyncio.Event) -> None:
    """Follow the feed and sweep what has expired, until told to stop."""
    await asyncio.gather(
        SearchFollower(market.store, market.engine).run(stopping),
        _sweep(market.store, stopping),
    )


async def _sweep(store: Store, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            while await store.sweep():
                pass
        except MarketError as error:
            log.warning("sweeping: %s", error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), SWEEP_SECONDS)
