"""DynamoDB under test: a prefix for each market, and the service's expiry at the test's bidding."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from marinemarket.clock import Clock
from marinemarket.store.dynamodb import Connection, DynamoStore, connected
from marinemarket.store.dynamodb.tables import declared
from marinemarket.store.dynamodb.values import item_of, stored_key
from marinemarket.store.items import has_expired
from marinemarket.store.schema import TABLES, Table
from marinemarket.store.store import Store

DYNAMODB_LOCAL = os.environ.get("TEST_DYNAMODB_URL")
"""The address of a DynamoDB Local, if there is one."""

REGION = "eu-central-1"

_connections: dict[int, Connection] = {}
_made: list[str] = []
"""The prefixes of the markets whose tables are there, the oldest first."""

MOST_MARKETS = 2
"""So many stay. moto copies all tables that it has for each transaction, so that the tables of a few
hundred tests would cost each next one more; no test comes back to a market after so many others."""


def prefix_of(folder: Path) -> str:
    return hashlib.sha256(f"{os.getpid()}{folder}".encode()).hexdigest()[:16] + "-"


async def make_tables(connection: Connection) -> None:
    """The tables of a market under test, all at once, and from which the service removes nothing.

    Its expiry goes by the real time and the tests' by their own, which stands still in the past:
    so it is not switched on, and `expire` does its work. (`test_tables.py` tries the market's own way
    to make tables.)
    """

    async def make(table: Table) -> None:
        name = connection.name(table)
        await connection.tables.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", **declared(table)
        )
        while True:
            found = (await connection.tables.describe_table(TableName=name))["Table"]
            if found["TableStatus"] == "ACTIVE":
                return
            await asyncio.sleep(0.05)

    await asyncio.gather(*map(make, TABLES))


async def _drop_tables(endpoint: str, prefix: str) -> None:
    async with connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection:
        drop = connection.tables.delete_table
        await asyncio.gather(*(drop(TableName=connection.name(table)) for table in TABLES))


@asynccontextmanager
async def opened(
    endpoint: str, folder: Path, secret_key: str, clock: Clock
) -> AsyncIterator[Store]:
    """The market of a folder, its tables made at first need."""
    prefix = prefix_of(folder)
    async with connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection:
        if prefix not in _made:
            while len(_made) >= MOST_MARKETS:
                await _drop_tables(endpoint, _made.pop(0))
            await make_tables(connection)
            _made.append(prefix)
        store = DynamoStore(connection, secret_key=secret_key, clock=clock)
        _connections[id(store)] = connection
        try:
            yield store
        finally:
            await store.close()
            del _connections[id(store)]


async def expire(store: Store, clock: Clock) -> int:
    """What the service does by itself within two days: delete the items whose time has passed."""
    connection = _connections[id(store)]
    gone = 0
    for table in (table for table in TABLES if table.ttl):
        name = connection.name(table)
        asked: dict[str, Any] = {"TableName": name, "ConsistentRead": True}
        while True:
            answer = await connection.tables.scan(**asked)
            for item in (item_of(table, stored) for stored in answer["Items"]):
                if has_expired(table, item, clock()):
                    key = stored_key(table, table.key_of(item))
                    await connection.tables.delete_item(TableName=name, Key=key)
                    gone += 1
            if "LastEvaluatedKey" not in answer:
                break
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return gone
