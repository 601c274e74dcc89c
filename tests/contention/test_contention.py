"""Sixteen writers, in three processes' worth of markets, fight over the same things.

`scripts/drill --only contention` has sixty-four do so, in processes.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from marinemarket.composition import open_market
from marinemarket.config.settings import Settings

from .checks import check
from .writers import answers_in, fight, prepared, standing_clock

pytestmark = pytest.mark.anyio

WRITERS, MARKETS, TURNS = 16, 3, 2
A_MINUTE = 60


async def test_of_many_who_change_the_same_things_everybody_is_answered_and_each_version_has_one_winner(
    tmp_path: Path, anyio_backend: str
) -> None:
    settings = Settings(data=tmp_path / "data")
    log = tmp_path / "answers"
    async with (
        open_market(settings, clock=standing_clock) as first,
        open_market(settings, clock=standing_clock) as second,
        open_market(settings, clock=standing_clock) as third,
    ):
        markets = (first, second, third)
        assert len(markets) == MARKETS
        what = await prepared(first, writers=WRITERS, turns=TURNS)
        begun = await first.store.head()
        fighting = (
            fight(market, what, range(n, WRITERS, MARKETS), log) for n, market in enumerate(markets)
        )
        await asyncio.wait_for(asyncio.gather(*fighting), A_MINUTE)
        await check(first, what, answers_in(log), begun)
