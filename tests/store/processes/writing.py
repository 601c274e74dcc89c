"""A process that writes: each commit creates two items that belong together, then is reported.

    python -m tests.store.processes.writing <file> <name> <commits> <increments>

It prints `<name>-<number>` once a commit is acknowledged, then increments a counter shared with other
processes, each time from the value it has read.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from marinemarket.errors import Conflict
from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Store
from marinemarket.store.writes import Absent, Equals, Put, Update

AT_ONCE = 5
COUNTER = "counter"


async def write_pair(store: Store, id: str) -> None:
    await store.commit(
        Put(LISTINGS, {"id": id, "text": "x" * 500}, when=Absent()),
        Put(CLAIMS, {"claim": id}, when=Absent()),
    )


async def add_one(store: Store) -> None:
    """Increment the counter, retrying until it succeeds."""
    while True:
        counter = await store.get(CLAIMS, COUNTER) or {}
        count = counter["count"]
        try:
            await store.commit(
                Update(CLAIMS, (COUNTER,), set={"count": count + 1}, when=Equals(count=count))
            )
            return
        except Conflict:
            continue


async def main(path: Path, name: str, commits: int, increments: int) -> None:
    store = SqliteStore(path, secret_key="a secret key")

    async def part(first: int) -> None:
        for number in range(first, commits, AT_ONCE):
            await write_pair(store, f"{name}-{number}")
            print(f"{name}-{number}", flush=True)
        for _ in range(first, increments, AT_ONCE):
            await add_one(store)

    await asyncio.gather(*(part(first) for first in range(AT_ONCE)))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
