"""The store's port on DynamoDB: keys and commits here, questions and the feed in their own files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from ...clock import MINUTE, Clock, now_ms
from ...errors import Conflict, Contended, MarketError, TooLarge, Unavailable
from ..cursors import Cursors
from ..items import Item, Key, KeyPart, has_expired
from ..schema import TABLES, Table
from ..store import MOST_AT_ONCE, Change, Page, Position, Query, check_limit, check_query
from ..writes import Write, check_key, check_writes
from .connection import ATTEMPTS, Connection, code_of, foreseeing, foreseen, pause
from .expressions import transaction_part
from .queries import Queries
from .snapshot import DynamoSnapshot
from .streams import Streams
from .values import Stored, item_of, stored_key

_CLASHES = {
    "RequestLimitExceeded",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "TransactionConflict",
}


SETTLES_MS = MINUTE
"""So long after a moment, its changes are taken to have come through the streams."""


class DynamoStore:
    """Every table of the schema, as `create_tables` made them. Closing it leaves the connection.

    Its feed tells of the tables in `followed`: of all, by default.
    """

    head_is_cheap = False

    def __init__(
        self,
        connection: Connection,
        *,
        secret_key: str,
        clock: Clock = now_ms,
        followed: Sequence[Table] = TABLES,
    ) -> None:
        self._connection, self._clock = connection, clock
        self._queries = Queries(connection, Cursors(secret_key), clock)
        self._streams = Streams(connection, clock, followed)

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        check_key(table, key)
        with foreseeing():
            answer = await self._connection.tables.get_item(
                TableName=self._connection.name(table),
                Key=stored_key(table, key),
                ConsistentRead=True,
            )
        return self._living(table, answer.get("Item"))

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        if len(keys) > MOST_AT_ONCE:
            raise TooLarge(f"at most {MOST_AT_ONCE} items are read at once")
        for key in keys:
            check_key(table, key)
        wanted = [stored_key(table, key) for key in dict.fromkeys(keys)]
        found: dict[Key, Item | None] = {}
        attempt = 0
        while wanted:
            stored, left = await self._batch(table, wanted)
            for one in stored:
                item = item_of(table, one)
                found[table.key_of(item)] = self._living(table, one)
            attempt = attempt + 1 if len(left) == len(wanted) else 0
            if attempt == ATTEMPTS:
                raise Unavailable("DynamoDB answers none of what it is asked", retry_after=5)
            if left:
                await pause(attempt)
            wanted = left
        return [found.get(key) for key in keys]

    async def query(self, query: Query) -> Page:
        check_query(query)
        return await self._queries.page(query)

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        check_limit(limit)
        return await self._queries.scan(table, limit, after)

    async def commit(self, *writes: Write) -> None:
        check_writes(writes)
        # Sent again with the same token, a transaction that was done already is not done twice.
        # The parts are made once: a token stands for one request to the letter, its time included.
        token, name, now = str(uuid4()), self._connection.name, self._clock()
        parts = [transaction_part(name(write.table), write, now) for write in writes]
        for attempt in range(ATTEMPTS):
            if attempt:
                await pause(attempt)
            try:
                with foreseeing():
                    return await self._transact(writes, parts, token)
            except _Clash:
                continue
        raise Contended("others are writing the same items; try again")

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        check_limit(limit)
        with foreseeing():
            return await self._streams.changes(after, limit)

    async def head(self) -> Position:
        with foreseeing():
            return await self._streams.head()

    def has_passed(self, position: Position | None, target: Position) -> bool:
        return self._streams.has_passed(position, target)

    async def settled(self, position: Position) -> int | None:
        """By a margin that is long for a stream: it tells of a change within a second or so."""
        return self._clock() - SETTLES_MS

    async def is_of_this_feed(self, position: Position) -> bool:
        with foreseeing():
            return await self._streams.has_made(position)

    async def is_beyond(self, position: Position) -> bool:
        """No: tables that are put back are new tables, with other streams."""
        return False

    async def sweep(self) -> int:
        """Nothing: DynamoDB removes what has expired by itself, within a few days."""
        return 0

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[DynamoSnapshot]:
        # Changes are stamped in whole seconds: those of the one that is passing may still come.
        position, moment = await self.head(), self._clock() // 1000 * 1000 - 1000
        yield DynamoSnapshot(self._connection, self, position, moment)

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        """Nothing: a stream forgets by itself, after a day."""
        return 0

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        """Nothing can be done: a stream cannot be written to, and keeps its images for a day."""

    async def close(self) -> None:
        pass

    def _living(self, table: Table, stored: Stored | None) -> Item | None:
        item = None if stored is None else item_of(table, stored)
        return None if item is None or has_expired(table, item, self._clock()) else item

    async def _batch(self, table: Table, keys: list[Stored]) -> tuple[list[Stored], list[Stored]]:
        """What was found of some keys, and the keys that were left over."""
        name = self._connection.name(table)
        asked = {name: {"Keys": keys, "ConsistentRead": True}}
        with foreseeing():
            answer = await self._connection.tables.batch_get_item(RequestItems=asked)
        left = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        return answer["Responses"].get(name, []), left

    async def _transact(
        self, writes: tuple[Write, ...], parts: list[dict[str, Any]], token: str
    ) -> None:
        try:
            await self._connection.tables.transact_write_items(
                TransactItems=parts, ClientRequestToken=token
            )
        except ClientError as error:
            if code_of(error) != "TransactionCanceledException":
                raise
            raise self._why_not(writes, error) from None

    def _why_not(self, writes: tuple[Write, ...], error: ClientError) -> MarketError | _Clash:
        reasons = error.response.get("CancellationReasons", [])
        codes = [reason.get("Code", "None") for reason in reasons]
        if "ConditionalCheckFailed" in codes:
            position = codes.index("ConditionalCheckFailed")
            lost, stored = writes[position], reasons[position].get("Item")
            return Conflict(lost.table.name, lost.key, self._living(lost.table, stored))
        if _CLASHES & set(codes):
            return _Clash()
        message = "; ".join(
            str(reason.get("Message")) for reason in reasons if reason.get("Message")
        )
        return TooLarge(message) if "size" in message.lower() else foreseen(error)


class _Clash(Exception):
    """Another transaction was at the same items; nothing was written."""
