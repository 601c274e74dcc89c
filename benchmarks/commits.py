"""What a commit of the store costs compared with bare SQLite, including conditions, audit and feed.

Both durably write the same adverts, the same number at a time, in turn. The bare baseline inserts each
advert and its audit entry as JSON into two plain tables, in one synchronised transaction per group.

    .venv/bin/python -m benchmarks.commits
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import User, UserStatus
from marinemarket.audit.entry import Actor
from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing, listing_item
from marinemarket.wire import encode
from tests.builders import a_listing, a_user

ADVERTS = 2000
AT_ONCE = 200
ROUNDS = 5
ACTOR = Actor.system("benchmark")


def main() -> None:
    listings = [a_listing(name=f"boat {number}") for number in range(ADVERTS)]
    store, bare = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            store.append(asyncio.run(_through_the_store(Path(folder), listings)))
        with tempfile.TemporaryDirectory() as folder:
            bare.append(_bare(Path(folder), listings))
    ratios = [s / b for s, b in zip(store, bare, strict=True)]
    print(
        f"{ADVERTS} adverts, {AT_ONCE} at once: store {1000 * statistics.median(store) / ADVERTS:.3f} ms "
        f"CPU each, bare SQLite {1000 * statistics.median(bare) / ADVERTS:.3f} ms; "
        f"store / bare {statistics.median(ratios):.1f}"
    )


async def _through_the_store(folder: Path, listings: list[Listing]) -> float:
    async with open_market(Settings(data=folder)) as market:
        await add_user(
            market.trail, ACTOR, User.parse(a_user().to_wire() | {"status": UserStatus.ACTIVE})
        )
        before = time.process_time()
        for start in range(0, ADVERTS, AT_ONCE):
            group = listings[start : start + AT_ONCE]
            await asyncio.gather(*(add_listing(market.trail, ACTOR, listing) for listing in group))
        return time.process_time() - before


def _bare(folder: Path, listings: list[Listing]) -> float:
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE adverts (id TEXT PRIMARY KEY, item TEXT); CREATE TABLE audit (item TEXT);"
    )
    before = time.process_time()
    for start in range(0, ADVERTS, AT_ONCE):
        connection.execute("BEGIN IMMEDIATE")
        for listing in listings[start : start + AT_ONCE]:
            item = encode(listing_item(listing)).decode()
            connection.execute("INSERT INTO adverts VALUES (?, ?)", (listing.id, item))
            connection.execute("INSERT INTO audit VALUES (?)", (item,))
        connection.execute("COMMIT")
    spent = time.process_time() - before
    connection.close()
    return spent


if __name__ == "__main__":
    main()
