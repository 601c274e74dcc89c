"""What the store costs compared with bare `sqlite3` doing the same durable work in the same run.

Bare means prepared statements, our own pragmas, and the same rows: the item's text with its key and
index columns, and the change in the feed. Concurrent commits are compared with two baselines: one
transaction each, as a single thread without group commit must do, and one transaction for as many as
the store has waiting at a time. Rounds alternate; the printed values are medians of the rounds.

    .venv/bin/python -m benchmarks.store
    .venv/bin/python -m benchmarks.store --growth     (to a million items: minutes, and 4 GB of disk)
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from marinemarket.listings.records import listing_item
from marinemarket.store.items import Item
from marinemarket.store.schema import LISTINGS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.sqlite.layout import connect, row_of, text_of
from marinemarket.store.store import Query
from marinemarket.store.writes import Put
from tests.builders import NOW, a_listing

ITEMS, AT_ONCE, ROUNDS, PAGE = 4096, 64, 7, 20
OWNERS = 100
OWNER_INDEX = LISTINGS.index("owner-index")

Spent = tuple[float, float]
"""Seconds of wall time and CPU time."""

_GET = 'SELECT item FROM "boat-listings" WHERE p = ?'
_PAGE = (
    'SELECT item FROM "boat-listings" WHERE "owner-index/p" = ? ORDER BY "owner-index/s", p LIMIT ?'
)
_INTO_FEED = 'INSERT INTO feed (at, "table", key, old, new) VALUES (?, ?, ?, NULL, ?)'
_SAMPLE = listing_item(a_listing())


def an_item(number: int) -> Item:
    """The item of a realistic advert, by number; every owner has the same number of adverts."""
    keys = {"id": f"{number:09}", "ownerId": f"owner {number % OWNERS}", "createdAt": NOW + number}
    return _SAMPLE | keys


async def timed(work: Callable[[], Awaitable[Any]]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    return time.perf_counter() - wall, time.process_time() - cpu


def a_row(number: int) -> list[Any]:
    item = an_item(number)
    return row_of(LISTINGS, item, str(text_of(item)))


class Round:
    """One new file of the store and one of bare SQLite, and the same work in both."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "store.sqlite3", secret_key="a secret key")
        SqliteStore(folder / "bare.sqlite3", secret_key="a secret key")
        self.bare = connect(folder / "bare.sqlite3")
        marks = ", ".join("?" * len(a_row(0)))
        self._insert = f'INSERT INTO "boat-listings" VALUES ({marks})'
        self._next = 0

    def numbers(self, count: int) -> range:
        """This many numbers that no item has yet."""
        self._next += count
        return range(self._next - count, self._next)

    async def store_commits(self, items: list[Item], at_once: int) -> None:
        for first in range(0, len(items), at_once):
            group = items[first : first + at_once]
            await asyncio.gather(*(self.store.commit(Put(LISTINGS, item)) for item in group))

    async def bare_commits(self, rows: list[list[Any]], together: int) -> None:
        for first in range(0, len(rows), together):
            self.bare.execute("BEGIN IMMEDIATE")
            for row in rows[first : first + together]:
                self.bare.execute(self._insert, row)
                self.bare.execute(_INTO_FEED, (NOW, LISTINGS.name, json.dumps(row[:1]), row[-1]))
            self.bare.execute("COMMIT")

    async def store_gets(self) -> None:
        for number in range(ITEMS):
            await self.store.get(LISTINGS, f"{number:09}")

    async def bare_gets(self) -> None:
        for number in range(ITEMS):
            self.bare.execute(_GET, (f"{number:09}",)).fetchone()

    async def store_pages(self) -> None:
        for number in range(ITEMS // PAGE):
            await self.store.query(
                Query(LISTINGS, f"owner {number % OWNERS}", OWNER_INDEX, limit=PAGE)
            )

    async def bare_pages(self) -> None:
        for number in range(ITEMS // PAGE):
            self.bare.execute(_PAGE, (f"owner {number % OWNERS}", PAGE)).fetchall()


async def one_round(folder: Path) -> dict[str, tuple[int, Spent, Spent]]:
    """For each kind of work: the number of operations, and what the store and bare SQLite took."""
    turn = Round(folder)
    single, grouped, again = (
        ([an_item(n) for n in numbers], [a_row(n) for n in numbers])
        for numbers in map(turn.numbers, (ITEMS // 16, ITEMS, ITEMS // 16))
    )
    found = {
        "single commits": (
            len(single[0]),
            await timed(lambda: turn.store_commits(single[0], 1)),
            await timed(lambda: turn.bare_commits(single[1], 1)),
        ),
        f"{AT_ONCE} at once, bare in groups": (
            len(grouped[0]),
            await timed(lambda: turn.store_commits(grouped[0], AT_ONCE)),
            await timed(lambda: turn.bare_commits(grouped[1], AT_ONCE)),
        ),
        f"{AT_ONCE} at once, bare one by one": (
            len(again[0]),
            await timed(lambda: turn.store_commits(again[0], AT_ONCE)),
            await timed(lambda: turn.bare_commits(again[1], 1)),
        ),
        "gets": (ITEMS, await timed(turn.store_gets), await timed(turn.bare_gets)),
        f"pages of {PAGE}": (
            ITEMS // PAGE,
            await timed(turn.store_pages),
            await timed(turn.bare_pages),
        ),
    }
    await turn.store.close()
    turn.bare.close()
    return found


def compare() -> None:
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(asyncio.run(one_round(Path(folder))))
    print(f"{'':34}{'store/s':>10}{'bare/s':>10}{'wall':>8}{'CPU':>8}   (store / bare)")
    for kind, (count, *_) in rounds[0].items():
        ours = [taken[kind][1] for taken in rounds]
        bare = [taken[kind][2] for taken in rounds]
        wall, cpu = (
            statistics.median(o[unit] / b[unit] for o, b in zip(ours, bare, strict=True))
            for unit in (0, 1)
        )
        per_second = [
            count / statistics.median(wall for wall, _ in spent) for spent in (ours, bare)
        ]
        print(f"{kind:34}{per_second[0]:10,.0f}{per_second[1]:10,.0f}{wall:8.2f}{cpu:8.2f}")


async def growth(folder: Path) -> None:
    """A get and a page, with ten thousand items and with a million."""
    turn = Round(folder)
    insert = turn._insert
    for total in (10_000, 1_000_000):
        with connect(folder / "store.sqlite3") as connection:
            connection.execute("BEGIN IMMEDIATE")
            rows = (a_row(number) for number in turn.numbers(total - turn._next))
            connection.executemany(insert, rows)
            connection.execute("COMMIT")
        connection.close()
        gets = [await timed(turn.store_gets) for _ in range(ROUNDS)]
        pages = [await timed(turn.store_pages) for _ in range(ROUNDS)]
        get, page = (statistics.median(wall for wall, _ in spent) for spent in (gets, pages))
        print(
            f"{total:>9,} items: a get {1e6 * get / ITEMS:.0f} µs, "
            f"a page of {PAGE} {1e6 * page / (ITEMS // PAGE):.0f} µs"
        )
    await turn.store.close()
    turn.bare.close()


if __name__ == "__main__":
    if "--growth" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(growth(Path(folder)))
    else:
        compare()
