"""In AWS Lambda: what the worker does all the time, done whenever a stream has something new.

The function is called by the tables' streams, or by a schedule. What an event carries is not used:
like the worker it reads the feed from where each follower stands, by the same code, so that a call
that was lost, doubled or overtaken by another harms nothing. Let one run at a time (reserved
concurrency 1), since a bucket has no lock.

The archive is the one follower that lives outside a machine so far; an index that does will join it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ..composition import Market, open_market
from ..config.settings import load
from ..store.change_feed import Follower, follow


def handler(event: Any, context: Any) -> dict[str, int]:
    """Lambda's entry. Settings are environment variables; how many changes were followed."""
    return asyncio.run(_called())


async def _called() -> dict[str, int]:
    async with open_market(load()) as market:
        return {"followed": await catch_up(market)}


async def catch_up(market: Market) -> int:
    """Let every follower take what the feed has now, and send the letters that are due.

    How many changes the followers took together.
    """
    archiver: Follower = market.archiver(market.settings.backup_place, seconds=0)
    followed = 0
    while taken := await follow(market.store.engine, archiver):
        followed += taken
    if market.settings.smtp_url:  # a folder would be gone with the machine
        post = market.delivery()
        while await post.run_once():
            pass
    return followed
