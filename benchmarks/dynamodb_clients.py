"""The client's CPU cost of a get: aiobotocore, which we use, compared with aiodynamo.

Run with a DynamoDB at ``TEST_DYNAMODB_URL``, credentials in the environment, and aiodynamo
installed beside our requirements::

    python -m benchmarks.dynamodb_clients
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable

import aiohttp
from aiodynamo.client import Client
from aiodynamo.credentials import Credentials
from aiodynamo.http.aiohttp import AIOHTTP
from yarl import URL

from marinemarket.store.dynamodb import DynamoStore, connected, create_tables
from marinemarket.store.schema import LISTINGS
from marinemarket.store.writes import Put

ROUNDS, GETS = 7, 50
REGION = "eu-central-1"
BOAT = {"id": "boat", "title": "A boat", "features": ["radar"] * 20, "boatDetails": {"length": 40}}


async def _cost(get: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds of our own CPU time per get."""
    begun = time.process_time()
    for _ in range(GETS):
        assert await get() is not None
    return (time.process_time() - begun) / GETS * 1000


async def main() -> None:
    endpoint = os.environ["TEST_DYNAMODB_URL"]
    prefix = f"bench-{uuid.uuid4().hex[:8]}-"
    async with (
        connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection,
        aiohttp.ClientSession() as session,
    ):
        _ = [made async for made in create_tables(connection, protect=False)]
        store = DynamoStore(connection, secret_key="x" * 40)
        await store.commit(Put(LISTINGS, BOAT))
        client = Client(AIOHTTP(session), Credentials.auto(), REGION, URL(endpoint))
        table = client.table(connection.name(LISTINGS))
        rounds = [
            (
                await _cost(lambda: store.get(LISTINGS, "boat")),
                await _cost(lambda: table.get_item({"id": "boat"})),
            )
            for _ in range(ROUNDS)
        ]
    ours, other = (statistics.median(costs) for costs in zip(*rounds, strict=True))
    ratio = statistics.median(a / b for a, b in rounds)
    print(f"get: our store over aiobotocore {ours:.2f} ms, aiodynamo {other:.2f} ms of CPU")
    print(f"median of {ROUNDS} ratios, each of {GETS} gets: {ratio:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
