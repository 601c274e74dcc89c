"""A copy of a whole market from its tables, while writes go on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from ..items import Item
from ..schema import Table
from ..store import Change, Position
from .connection import Connection, foreseeing
from .values import item_of


class _Feed(Protocol):
    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]: ...


class DynamoSnapshot:
    """The tables, read one after another during writes; consistent once the feed is replayed."""

    is_exact = False

    def __init__(
        self, connection: Connection, feed: _Feed, position: Position, moment: int
    ) -> None:
        self._connection, self._feed = connection, feed
        self.position, self.moment = position, moment

    def items(self, table: Table) -> AsyncIterator[Item]:
        return stored_items(self._connection, table)

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        return await self._feed.changes(after, limit=limit)


async def stored_items(connection: Connection, table: Table) -> AsyncIterator[Item]:
    """Every item of a table as stored, expired or not."""
    asked: dict[str, Any] = {"TableName": connection.name(table), "ConsistentRead": True}
    while True:
        with foreseeing():
            answer = await connection.tables.scan(**asked)
        for stored in answer["Items"]:
            yield item_of(table, stored)
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
