"""DynamoDB for tests: a prefix per market, and expiry on demand."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from marinemarket.clock import Clock
from marinemarket.store.dynamodb import Connection, DynamoStore, connected
from marinemarket.store.dynamodb.connection import code_of
from marinemarket.store.dynamodb.tables import declared
from marinemarket.store.dynamodb.values import item_of, stored_key
from marinemarket.store.items import has_expired
from marinemarket.store.schema import (
    AUDIT_LOGS,
    CLAIMS,
    LISTINGS,
    SESSIONS,
    TABLES,
    USERS,
    Table,
)
from marinemarket.store.store import Store

DYNAMODB_LOCAL = os.environ.get("TEST_DYNAMODB_URL")
"""The address of a DynamoDB Local, if any."""

REGION = "eu-central-1"

_connections: dict[int, Connection] = {}
_made: dict[tuple[str, str], set[str]] = {}
"""The tables created for each market, by endpoint and prefix, oldest first."""

FOLLOWED = (LISTINGS, SESSIONS, AUDIT_LOGS, USERS, CLAIMS)
"""The tables that contract tests write to. A feed queries every table that it covers, which would
create them all; the drills and the tests of moving cover them all."""

MOST_MARKETS = 2
"""This many markets keep their tables. moto copies all its tables for each transaction, and DynamoDB
Local slows down with each; no test returns to a market after so many others."""


def prefix_of(folder: Path) -> str:
    return hashlib.sha256(f"{os.getpid()}{folder}".encode()).hexdigest()[:16] + "-"


async def make_tables(connection: Connection, tables: Iterable[Table] = TABLES) -> None:
    """Create a market's tables concurrently, without the service's expiry.

    The service's expiry uses the real time, but tests use their own, which stands still in the past:
    so it stays off, and `expire` does its work. (`test_tables.py` tests the market's own way to create
    tables.)
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

    await asyncio.gather(*map(make, tables))


class _MakingTables:
    """A DynamoDB client that creates missing tables and then repeats the request.

    A market has over twenty tables, and a test needs a few; creating them all takes DynamoDB Local
    longer than the test.
    """

    def __init__(self, connection: Connection, made: set[str]) -> None:
        self._connection, self._made, self._one = connection, made, asyncio.Lock()

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._connection.tables, name)

        async def ask_until_made(**request: Any) -> Any:
            names, made = _tables_in(request), self._made
            while True:
                were_there = names <= made
                try:
                    return await ask(**request)
                except ClientError as error:
                    if were_there or code_of(error) != "ResourceNotFoundException":
                        raise
                async with self._one:
                    missing = [t for t in TABLES if self._connection.name(t) in names - made]
                    await make_tables(self._connection, missing)
                    made |= names

        return ask_until_made


def _tables_in(request: Any) -> set[str]:
    """The table names in a request, at any depth."""
    if isinstance(request, list):
        return set().union(*map(_tables_in, request))
    if not isinstance(request, dict):
        return set()
    named = (
        {request["TableName"]} if "TableName" in request else set(request.get("RequestItems", ()))
    )
    return named.union(*map(_tables_in, request.values()))


async def _drop_tables(market: tuple[str, str]) -> None:
    endpoint, prefix = market
    async with connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection:
        drop = connection.tables.delete_table
        await asyncio.gather(*(drop(TableName=name) for name in _made.pop(market)))


@asynccontextmanager
async def opened(
    endpoint: str, folder: Path, secret_key: str, clock: Clock
) -> AsyncIterator[Store]:
    """The market in a folder, with tables created when first needed."""
    prefix = prefix_of(folder)
    async with connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection:
        market = (endpoint, prefix)
        if market not in _made:
            while len(_made) >= MOST_MARKETS:
                await _drop_tables(next(iter(_made)))
            _made[market] = set()
        connection = replace(connection, tables=_MakingTables(connection, _made[market]))
        store = DynamoStore(connection, secret_key=secret_key, clock=clock, followed=FOLLOWED)
        _connections[id(store)] = connection
        try:
            yield store
        finally:
            await store.close()
            del _connections[id(store)]


async def expire(store: Store, clock: Clock) -> int:
    """What the service does by itself within two days: delete expired items."""
    return await expire_in(_connections[id(store)], clock)


async def expire_in(connection: Connection, clock: Clock) -> int:
    """The same, of a market's tables."""
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
