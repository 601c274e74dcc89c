"""Fills tables from a backup: for restores, and for markets that move to DynamoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from ...clock import Clock, now_ms
from ...errors import Refused, Unavailable
from ..items import Item
from ..schema import MARKET, TABLES, Table
from .connection import ATTEMPTS, Connection, foreseeing, pause
from .snapshot import stored_items
from .store import DynamoStore
from .values import stored_item, stored_key

AT_ONCE = 25
"""The most items in one write request."""

UNFINISHED = {"name": "restore"}
"""Marks a market that is being filled, whose items may therefore be deleted."""


class DynamoLoading:
    """Tables that are being filled. First, whatever an interrupted run left is deleted."""

    def __init__(self, connection: Connection, *, secret_key: str, clock: Clock = now_ms) -> None:
        self._connection, self._secret_key, self._clock = connection, secret_key, clock

    async def begin(self) -> None:
        """Raises Refused if there is already a market."""
        store = self._store()
        is_ours = await store.get(MARKET, UNFINISHED["name"]) is not None
        if not is_ours:
            for table in TABLES:
                async for _ in stored_items(self._connection, table):
                    prefix = self._connection.prefix
                    raise Refused(f"dynamodb:{prefix} already holds a market; nothing was restored")
            await self._write(MARKET, [{"PutRequest": {"Item": stored_item(MARKET, UNFINISHED)}}])
        for table in TABLES:
            keys = [table.key_of(item) async for item in self.items(table)]
            deletions = [{"DeleteRequest": {"Key": stored_key(table, key)}} for key in keys]
            await self._write(table, deletions)

    async def load(self, table: Table, items: Sequence[Item]) -> None:
        await self._write(
            table, [{"PutRequest": {"Item": stored_item(table, item)}} for item in items]
        )

    async def items(self, table: Table) -> AsyncIterator[Item]:
        async for item in stored_items(self._connection, table):
            if table is not MARKET or item["name"] != UNFINISHED["name"]:
                yield item

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[DynamoStore]:
        yield self._store()

    async def finish(self) -> None:
        key = stored_key(MARKET, (UNFINISHED["name"],))
        await self._write(MARKET, [{"DeleteRequest": {"Key": key}}])

    def _store(self) -> DynamoStore:
        return DynamoStore(self._connection, secret_key=self._secret_key, clock=self._clock)

    async def _write(self, table: Table, requests: list[dict[str, Any]]) -> None:
        name = self._connection.name(table)
        for start in range(0, len(requests), AT_ONCE):
            left = requests[start : start + AT_ONCE]
            attempt = 0
            while left:
                with foreseeing():
                    answer = await self._connection.tables.batch_write_item(
                        RequestItems={name: left}
                    )
                refused = answer.get("UnprocessedItems", {}).get(name, [])
                attempt = attempt + 1 if len(refused) == len(left) else 0
                if attempt == ATTEMPTS:
                    raise Unavailable("DynamoDB accepts no items at present", retry_after=5)
                if refused:
                    await pause(attempt)
                left = refused
