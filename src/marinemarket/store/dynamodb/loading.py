"""Fills tables from a backup: for restores, and for markets that move to DynamoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from ...clock import Clock, now_ms
from ...errors import Refused, Unavailable
from ..items import Item
from ..market_identity import RESTORING
from ..schema import MARKET, TABLES, Table
from .connection import ATTEMPTS, Connection, foreseeing, pause
from .snapshot import stored_items
from .store import DynamoStore
from .tables import create_tables, drop_table, has_table
from .values import stored_item, stored_key

AT_ONCE = 25
"""The most items in one write request."""


class DynamoLoading:
    """Tables that are being filled. While they are, an item in `boat-market` says so.

    `kms_key` encrypts the tables that are made.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        secret_key: str,
        clock: Clock = now_ms,
        kms_key: str | None = None,
    ) -> None:
        self._connection, self._secret_key, self._clock = connection, secret_key, clock
        self._kms_key = kms_key
        self._is_begun = False

    async def prepare(self) -> None:
        there = [table for table in TABLES if await has_table(self._connection, table)]
        note = await self._store().get(MARKET, RESTORING) if MARKET in there else None
        if note is not None:
            await self._remove(note)
            return
        for table in there:
            async for _ in stored_items(self._connection, table):
                prefix = self._connection.prefix
                raise Refused(f"dynamodb:{prefix} already holds a market; nothing was restored")

    async def begin(self) -> None:
        await self.prepare()
        made = [
            table.table
            async for table in create_tables(self._connection, kms_key=self._kms_key)
            if not table.was_there
        ]
        note = {"name": RESTORING, "made": made}
        await self._write(MARKET, [{"PutRequest": {"Item": stored_item(MARKET, note)}}])
        self._is_begun = True

    async def abandon(self) -> None:
        note = await self._store().get(MARKET, RESTORING) if self._is_begun else None
        if note is not None:
            await self._remove(note)

    async def _remove(self, note: Item) -> None:
        """Remove what was loaded, and the tables that were made for it; the note goes last."""
        made = {*note.get("made", ())}
        for table in TABLES:
            if self._connection.name(table) in made and table is not MARKET:
                await drop_table(self._connection, table)
                continue
            keys = [table.key_of(item) async for item in self.items(table)]
            await self._write(
                table, [{"DeleteRequest": {"Key": stored_key(table, key)}} for key in keys]
            )
        await self.finish()
        if self._connection.name(MARKET) in made:
            await drop_table(self._connection, MARKET)
        self._is_begun = False

    async def load(self, table: Table, items: Sequence[Item]) -> None:
        await self._write(
            table, [{"PutRequest": {"Item": stored_item(table, item)}} for item in items]
        )

    async def items(self, table: Table) -> AsyncIterator[Item]:
        async for item in stored_items(self._connection, table):
            if table is not MARKET or item["name"] != RESTORING:
                yield item

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[DynamoStore]:
        yield self._store()

    async def finish(self) -> None:
        key = stored_key(MARKET, (RESTORING,))
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
