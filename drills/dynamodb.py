"""DynamoDB throttles, fails, and drops connections before or after doing what was asked.

It needs an endpoint in TEST_DYNAMODB_URL, as set by `scripts/test-engines`. Every commit increments its
writer's counter from the value that the previous one left, so that a commit that is done twice, or that
conflicts with itself, is noticed at once.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from marinemarket.errors import Unavailable
from marinemarket.store.dynamodb import Connection, DynamoStore, connected
from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.writes import Absent, Equals, Put, Update
from tests.store.engines.dynamodb import DYNAMODB_LOCAL, REGION, make_tables
from tests.store.engines.proxy import Faults, proxied
from tests.store.item_builders import a_boat
from tests.store.paging import scanned

from . import Skipped

WRITERS = 16
COMMITS = 3
"""Commits per writer: few, since every failure is waited out before the next attempt."""
PATIENCE_SECONDS = 300


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    if DYNAMODB_LOCAL is None:
        raise Skipped("TEST_DYNAMODB_URL is not set")
    prefix = f"drill-{uuid.uuid4().hex[:12]}-"
    async with _store(DYNAMODB_LOCAL, prefix) as (direct, connection):
        await make_tables(connection)
        for number, chance in enumerate(rounds, start=1):
            yield await _write_and_check(direct, DYNAMODB_LOCAL, prefix, f"round-{number}-", chance)


async def _write_and_check(
    direct: DynamoStore, endpoint: str, prefix: str, name: str, chance: random.Random
) -> str:
    """One round; `name` is the prefix of all keys it creates."""
    faults = Faults(
        seed=chance.getrandbits(32),
        throttled=0.3,
        failing=0.05,
        dropped_before=0.1,
        dropped_after=0.1,
    )
    async with proxied(endpoint, faults) as address, _store(address, prefix) as (faulty, _):
        writers = [_Writer(f"{name}writer-{n}", direct, faulty) for n in range(WRITERS)]
        for writer in writers:
            await writer.begin()
        await asyncio.wait_for(asyncio.gather(*(w.write() for w in writers)), PATIENCE_SECONDS)
    acknowledged, uncertain = await _check(direct, name, writers)
    struck = ", ".join(f"{count} {fault}" for fault, count in faults.struck.items() if count)
    return f"{acknowledged} acknowledged, {uncertain} more happened unacknowledged; {struck}"


@asynccontextmanager
async def _store(endpoint: str, prefix: str) -> AsyncIterator[tuple[DynamoStore, Connection]]:
    async with connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection:
        store = DynamoStore(connection, secret_key="a secret key of thirty-two letters")
        yield store, connection
        await store.close()


@dataclass(slots=True)
class _Writer:
    """Commits pairs over a faulty connection, and checks uncertain outcomes over the `direct` one."""

    name: str
    direct: DynamoStore
    faulty: DynamoStore
    acknowledged: set[str] = field(default_factory=set)
    uncertain: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        await self.direct.commit(Put(CLAIMS, {"claim": self.name, "count": 0}))

    async def write(self) -> None:
        for number in range(COMMITS):
            id = f"{self.name}-{number}"
            count = await self.count()
            try:
                # Nobody else touches these items: a Conflict would be with itself, and so a failure.
                await self.faulty.commit(
                    Put(LISTINGS, a_boat(id=id), when=Absent()),
                    Put(CLAIMS, {"claim": id}, when=Absent()),
                    Update(
                        CLAIMS, (self.name,), set={"count": count + 1}, when=Equals(count=count)
                    ),
                )
                self.acknowledged.add(id)
            except Unavailable:
                self.uncertain.add(id)

    async def count(self) -> int:
        """How many commits of this writer took place."""
        item = await self.direct.get(CLAIMS, self.name)
        assert item is not None
        return int(item["count"])


async def _check(direct: DynamoStore, name: str, writers: list[_Writer]) -> tuple[int, int]:
    """Check that each commit is complete and was done once; how many were acknowledged, and more."""
    acknowledged = set().union(*(writer.acknowledged for writer in writers))
    uncertain = set().union(*(writer.uncertain for writer in writers))
    listings = {x["id"] for x in await scanned(direct, LISTINGS) if x["id"].startswith(name)}
    claims = {x["claim"] for x in await scanned(direct, CLAIMS) if x["claim"].startswith(name)}
    assert listings == claims - {writer.name for writer in writers}, "a commit came by half"
    assert acknowledged <= listings, "an acknowledged commit is lost"
    assert listings <= acknowledged | uncertain
    for writer in writers:
        there = listings & (writer.acknowledged | writer.uncertain)
        assert await writer.count() == len(there), "a commit happened twice"
    return len(acknowledged), len(listings - acknowledged)
