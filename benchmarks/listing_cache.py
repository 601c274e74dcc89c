"""What the listing cache saves, on reads of 20 listings and on a whole page of search results.

With and without the cache in turn, on the demonstration market. It reports CPU times, and the median
ratio of the pairs, since the machine's speed drifts.

    .venv/bin/python -m benchmarks.listing_cache
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.demo.seeder import fill
from marinemarket.listings.cache import ListingCache
from marinemarket.search.filters import Search
from marinemarket.search.finder import find_boats, look_up
from marinemarket.search.index_follower import reach

ROUNDS = 15
PAGES = 20
SEARCH = Search(query="beneteau", limit=20)


async def main(data: Path) -> None:
    async with open_market(Settings(data=data)) as market:
        await fill(market, lambda done: None)
        await reach(market.store, market.engine)
        hits, _ = await look_up(market.engine.index, SEARCH, market.clock())
        ids = hits.ids

        async def read(listings: ListingCache) -> None:
            await listings.find_many(ids)

        async def search(listings: ListingCache) -> None:
            await find_boats(listings, market.engine.index, SEARCH, market.clock)

        await _compare(market, f"{len(ids)} listings", read)
        await _compare(market, "a page of search", search)


async def _compare(
    market: Market, what: str, work: Callable[[ListingCache], Awaitable[None]]
) -> None:
    kept, read = [], []
    for _ in range(ROUNDS):
        warm = _cache(market)
        await work(warm)
        kept.append(await _spent(work, [warm] * PAGES))
        read.append(await _spent(work, [_cache(market) for _ in range(PAGES)]))
    ratio = statistics.median(r / k for r, k in zip(read, kept, strict=True))
    print(
        f"{what}: {1000 * statistics.median(read) / PAGES:.2f} ms CPU read, "
        f"{1000 * statistics.median(kept) / PAGES:.2f} ms kept; {ratio:.1f} times"
    )


def _cache(market: Market) -> ListingCache:
    return ListingCache(market.store, most=2000, seconds=5, clock=market.clock)


async def _spent(
    work: Callable[[ListingCache], Awaitable[None]], caches: list[ListingCache]
) -> float:
    before = time.process_time()
    for cache in caches:
        await work(cache)
    return time.process_time() - before


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder) / "data"))
