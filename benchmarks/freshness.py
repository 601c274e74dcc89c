"""How soon after its commit a changed advert is found through the site of a running market.

Changes come one by one while another process searches, then a hundred a second, of which some are
searched for. It reports the time from the commit's acknowledgement to the first answer with the change.

    .venv/bin/python -m benchmarks.freshness
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from marinemarket.audit.entry import Actor
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.demo.seeder import fill
from marinemarket.listings.records import next_version, offered, replace_listing
from marinemarket.search.index_follower import reach
from tests.servers import RunningMarket

CHANGES = 200
A_SECOND, SECONDS = 100, 10


async def main(data: Path) -> None:
    os.environ["MARINEMARKET_LIMIT_SEARCH"] = "off"  # it searches faster than any visitor
    async with open_market(Settings(data=data)) as market:
        await fill(market, lambda done: None)
        await reach(market.store, market.engine)
        with RunningMarket(data) as running:
            running.wait_until_ready()
            async with httpx.AsyncClient(base_url=running.address) as client:
                seconds = [await _change(market, client, number) for number in range(CHANGES)]
                _tell("one by one", seconds)
                _tell(f"{A_SECOND} a second", await _at_once(market, client))


def _tell(how: str, seconds: list[float]) -> None:
    seconds.sort()
    print(
        f"{len(seconds)} changes {how}, found after: median {statistics.median(seconds):.3f} s, "
        f"19 of 20 within {seconds[len(seconds) * 95 // 100]:.3f} s, slowest {seconds[-1]:.3f} s"
    )


async def _at_once(market: Market, client: httpx.AsyncClient) -> list[float]:
    """Make many changes a second for a while, and search for every twentieth until it is found."""
    boats = (await offered(market.store)).listings
    tasks = []
    began = time.perf_counter()
    for number in range(A_SECOND * SECONDS):
        await asyncio.sleep(max(0, began + number / A_SECOND - time.perf_counter()))
        boat = boats[number % len(boats)]
        word = f"atonce{number}x"
        changed = boat.changed(title=f"Boat {word}", updated_at=next_version(boat, market.clock()))
        await replace_listing(market.trail, Actor.system("benchmark"), boat, changed)
        boats[number % len(boats)] = changed
        if number % 20 == 0:
            tasks.append(asyncio.create_task(_until_found(client, word, time.perf_counter())))
    found = list(await asyncio.gather(*tasks))
    print(f"{A_SECOND * SECONDS} changes took {time.perf_counter() - began:.1f} s")
    return found


async def _until_found(client: httpx.AsyncClient, word: str, committed: float) -> float:
    while (await client.get(f"/api/v1/listings?q=%22{word}%22")).json()["total"] != 1:
        await asyncio.sleep(0.02)
    return time.perf_counter() - committed


async def _change(market: Market, client: httpx.AsyncClient, number: int) -> float:
    boats = (await offered(market.store)).listings
    boat = boats[number % len(boats)]
    word = f"freshly{number}x"
    changed = boat.changed(title=f"Boat {word}", updated_at=next_version(boat, market.clock()))
    await replace_listing(market.trail, Actor.system("benchmark"), boat, changed)
    committed = time.perf_counter()
    while (await client.get(f"/api/v1/listings?q=%22{word}%22")).json()["total"] != 1:
        await asyncio.sleep(0.005)
    return time.perf_counter() - committed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder) / "data"))
