"""For AWS Lambda: the worker's continuous work, done whenever a stream has something new.

The tables' streams, or a schedule, call the function. The event's content is not used: like the
worker, the function reads the feed from each follower's position, with the same code, so that a
lost, duplicate or late call does no harm. Allow one run at a time (reserved concurrency 1), since a
bucket has no lock.

So far only the archive lives outside a machine; an index that does can join it here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ..composition import Market, open_existing_market
from ..config.settings import load
from ..store.change_feed import Follower, follow


def handler(event: Any, context: Any) -> dict[str, int]:
    """Lambda's entry point. Settings are environment variables; returns how many changes were handled."""
    return asyncio.run(_called())


async def _called() -> dict[str, int]:
    async with open_existing_market(load()) as market:
        return {"followed": await catch_up(market)}


async def catch_up(market: Market) -> int:
    """Give every follower the changes now in the feed, do waiting jobs, and send the emails that are due.

    Returns how many changes the followers handled together.
    """
    archiver: Follower = market.own_archiver(seconds=0)
    followed = 0
    while taken := await follow(market.store.engine, archiver):
        followed += taken
    jobs = market.jobs()
    while await jobs.run_once():
        pass
    await market.slow_jobs().run_once()  # a turn each time: hosts may take longer than a call may
    if market.settings.smtp_url:  # a folder would vanish with the machine
        post = market.delivery()
        while await post.run_once():
            pass
    return followed
