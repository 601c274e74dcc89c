"""The engines that stories run on: a SQLite file, or tables in DynamoDB Local.

On DynamoDB, a feed is read by asking each shard of each of the market's tables. Seven followers
do so after each step of a story, which would be a thousand requests a minute of it. So a shard is
asked again only if something was written to its table since it had nothing more.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from marinemarket import stores
from marinemarket.clock import DAY, Clock
from marinemarket.config.settings import Settings
from marinemarket.store.dynamodb import Connection, connected, streams
from marinemarket.store.schema import TABLES
from tests.store.engines.dynamodb import DYNAMODB_LOCAL, REGION, expire_in, make_tables

SECRET = "a secret key of thirty-two letters"
_WRITING = ("put_item", "update_item", "delete_item", "transact_write_items", "batch_write_item")
_LISTING = ("query", "scan")
_READING = (*_LISTING, "get_item")


@dataclass
class StoryEngine:
    """What a market of a story stores its data with. The base is a SQLite file in its folder."""

    settings: dict[str, Any] = field(default_factory=dict)

    def written(self) -> int | None:
        """How often something was written so far; None if nobody counts."""
        return None

    async def goes_on(self, clock: Clock) -> None:
        """What the engine does by itself as time goes by."""


SQLITE = StoryEngine()


class _Counting:
    """DynamoDB's client, which counts the writes to each table, and knows one without any to be empty.

    It remembers what a table is like, which the market asks every few seconds: no story makes one anew.
    """

    def __init__(self, client: Any, writes: Counter[str]) -> None:
        self._client, self._writes = client, writes
        self._described: dict[str, Any] = {}

    async def describe_table(self, **request: Any) -> Any:
        name = request["TableName"]
        if name not in self._described:
            self._described[name] = await self._client.describe_table(**request)
        return self._described[name]

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._client, name)
        if name not in (*_WRITING, *_READING):
            return ask

        async def know_or_ask(**request: Any) -> Any:
            if name in _READING and not self._writes[request["TableName"]]:
                return {"Items": [], "Count": 0} if name in _LISTING else {}
            try:
                return await ask(**request)
            finally:
                if name in _WRITING:
                    self._writes.update(_tables_in(request))

        return know_or_ask


def _tables_in(request: dict[str, Any]) -> set[str]:
    if "TableName" in request:
        return {request["TableName"]}
    parts = [part for one in request.get("TransactItems", ()) for part in one.values()]
    return {part["TableName"] for part in parts}.union(request.get("RequestItems", ()))


class _Quiet:
    """The client of the streams, which asks no shard that can have nothing new."""

    def __init__(self, client: Any, writes: Counter[str]) -> None:
        self._client, self._writes = client, writes
        self._numbers = count(1)
        self._begun: dict[str, tuple[str, dict[str, Any] | str]] = {}
        self._ended: dict[str, int] = {}
        self._described: dict[str, Any] = {}

    async def describe_stream(self, **request: Any) -> Any:
        """A shard lasts for hours, longer than any story."""
        arn = request["StreamArn"]
        if arn not in self._described:
            self._described[arn] = await self._client.describe_stream(**request)
        return self._described[arn]

    async def get_shard_iterator(self, **request: Any) -> Any:
        """Only its name: the iterator is asked for when it is used."""
        name = f"iterator {next(self._numbers)}"
        table = request["StreamArn"].split("/")[1]
        self._begun[name] = table, request
        if request["ShardIteratorType"] == "TRIM_HORIZON":
            self._ended[name] = 0
        return {"ShardIterator": name}

    async def get_records(self, **request: Any) -> Any:
        name = request["ShardIterator"]
        table, iterator = self._begun[name]
        writes = self._writes[table]
        if self._ended.get(name) == writes:
            return {"Records": [], "NextShardIterator": name}
        if not isinstance(iterator, str):
            iterator = (await self._client.get_shard_iterator(**iterator))["ShardIterator"]
        answer = await self._client.get_records(**request | {"ShardIterator": iterator})
        following = answer.get("NextShardIterator")
        if following is None:
            return answer
        name = f"iterator {next(self._numbers)}"
        self._begun[name] = table, following
        if not answer["Records"]:
            self._ended[name] = writes
        return {**answer, "NextShardIterator": name}


class _Stamps:
    """When each change happened by the story's clock: the engine stamps them by the real one.

    A change is taken to have happened when it is first read, which is within the same minute.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, int] = {}

    def __call__(self, record: dict[str, Any]) -> int:
        return self._known.setdefault(record["eventID"], self._clock())


class _InTables(StoryEngine):
    def __init__(self, connection: Connection) -> None:
        self._writes: Counter[str] = Counter()
        self._swept_at: int | None = None
        self.connection = replace(
            connection,
            tables=_Counting(connection.tables, self._writes),
            streams=_Quiet(connection.streams, self._writes),
        )
        super().__init__(
            {
                "store": "dynamodb",
                "table_prefix": connection.prefix,
                "aws_endpoint_url": DYNAMODB_LOCAL,
                "aws_region": REGION,
                "secret_key": SECRET,
            }
        )

    def written(self) -> int:
        return self._writes.total()

    async def goes_on(self, clock: Clock) -> None:
        """It removes what has expired, within a day or two."""
        if self._swept_at is None or clock() - self._swept_at >= DAY:
            self._swept_at = clock()
            await expire_in(self.connection, clock)


@asynccontextmanager
async def on_sqlite(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StoryEngine]:
    yield SQLITE


@asynccontextmanager
async def on_dynamodb(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StoryEngine]:
    """Tables of the story's own, made and removed at once, since DynamoDB Local slows down with each."""
    prefix = f"story-{uuid4().hex[:12]}-"
    async with connected(prefix=prefix, endpoint=DYNAMODB_LOCAL, region=REGION) as connection:
        await make_tables(connection)
        engine = _InTables(connection)

        @asynccontextmanager
        async def connected_to(settings: Settings) -> AsyncIterator[Connection]:
            yield replace(engine.connection, prefix=settings.table_prefix)

        monkeypatch.setattr(stores, "connected_to", connected_to)
        monkeypatch.setattr(streams, "time_of", _Stamps(clock))
        try:
            yield engine
        finally:
            drop: Callable[..., Awaitable[Any]] = connection.tables.delete_table
            await asyncio.gather(*(drop(TableName=connection.name(table)) for table in TABLES))


ENGINES = {"sqlite": on_sqlite, "dynamodb": on_dynamodb}
