"""Long-running DynamoDB streams, which no local engine simulates: split, aged and trimmed.

It supports only the four calls that the store's feed makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from botocore.exceptions import ClientError

from marinemarket.store.dynamodb.connection import Connection
from marinemarket.store.schema import LISTINGS, TABLES
from tests.builders import NOW, ManualClock

DAY = 24 * 60 * 60 * 1000
_SHARDS_ON_A_PAGE = 2


@dataclass
class _Record:
    number: int
    at: int
    key: str
    told: dict[str, Any]


@dataclass
class _Shard:
    id: str
    parent: str | None
    starts_at: int
    keys: frozenset[str]
    records: list[_Record] = field(default_factory=list)
    ends_at: int | None = None
    closed_at: int = 0
    trimmed_to: int = 0


class ScriptedStreams:
    """Both clients of a `Connection`. Only the stream of LISTINGS is active; the others are idle.

    `gap` is the number of empty answers before each record that a new iterator leads to.
    """

    def __init__(self, clock: ManualClock, keys: str, *, gap: int = 0) -> None:
        self.clock, self.gap = clock, gap
        self.history: list[tuple[str, int]] = []
        self.made = 0
        self._numbers, self._iterators = count(1), count(1)
        self._open: dict[str, tuple[str, int, int]] = {}
        self._values: dict[str, int] = {}
        self._keys = frozenset(keys)
        self.shards: list[_Shard] = []
        self.replace()

    def connection(self) -> Connection:
        return Connection(self, self)

    # -- Events in the stream ------------------------------------------------------------------

    def replace(self) -> None:
        """The table is recreated: its new stream has not been read."""
        self.made += 1
        self.shards = []
        self._begin(None, self._keys)

    def write(self, key: str) -> None:
        value = self._values.get(key, 0) + 1
        old = {"OldImage": _image(key, value - 1)} if value > 1 else {}
        told = {"Keys": {"id": {"S": key}}, **old, "NewImage": _image(key, value)}
        self._values[key] = value
        self.history.append((key, value))
        shard = next(s for s in self.shards if s.ends_at is None and key in s.keys)
        shard.records.append(_Record(next(self._numbers), self.clock(), key, told))

    def close(self, key: str, *, splitting: bool) -> None:
        """End the shard of a key; one child continues, or two with half the keys each."""
        shard = next(s for s in self.shards if s.ends_at is None and key in s.keys)
        self._end(shard)
        keys = sorted(shard.keys)
        halves = [keys[::2], keys[1::2]] if splitting and len(keys) > 1 else [keys]
        for half in halves:
            self._begin(shard.id, frozenset(half))

    def pass_time(self, milliseconds: int) -> None:
        """Open shards roll over, day-old records are dropped, and empty closed shards leave."""
        self.clock.now += milliseconds
        for shard in [s for s in self.shards if s.ends_at is None]:
            self.close(min(shard.keys), splitting=False)
        for shard in self.shards:
            for record in [r for r in shard.records if self._is_old(r.at)]:
                shard.records.remove(record)
                shard.trimmed_to = record.number
        self.shards = [s for s in self.shards if not (s.ends_at and self._is_old(s.closed_at))]

    def expire_iterators(self) -> None:
        self._open.clear()

    def _is_old(self, at: int) -> bool:
        return at <= self.clock() - DAY

    def _begin(self, parent: str | None, keys: frozenset[str]) -> None:
        number = next(self._numbers)
        self.shards.append(_Shard(f"shardId-{self.clock():020}-{number:08x}", parent, number, keys))

    def _end(self, shard: _Shard) -> None:
        last = shard.records[-1].number if shard.records else shard.trimmed_to
        shard.ends_at, shard.closed_at = last or shard.starts_at, self.clock()

    # -- The supported calls -------------------------------------------------------------------

    async def describe_table(self, **asked: Any) -> dict[str, Any]:
        name = asked["TableName"]
        assert name in {table.name for table in TABLES}
        label = datetime.fromtimestamp(NOW / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000")
        arn = f"{name}/{self.made if name == LISTINGS.name else 0}"
        return {"Table": {"LatestStreamArn": arn, "LatestStreamLabel": label}}

    async def describe_stream(self, **asked: Any) -> dict[str, Any]:
        shards, behind = self._of(asked["StreamArn"]), asked.get("ExclusiveStartShardId")
        ids = [shard.id for shard in shards]
        start = ids.index(behind) + 1 if behind else 0
        page = shards[start : start + _SHARDS_ON_A_PAGE]
        told: dict[str, Any] = {"Shards": [_listed(shard) for shard in page]}
        if start + _SHARDS_ON_A_PAGE < len(shards):
            told["LastEvaluatedShardId"] = page[-1].id
        return {"StreamDescription": told}

    async def get_shard_iterator(self, **asked: Any) -> dict[str, Any]:
        shard = self._shard(asked["ShardId"])
        after = shard.trimmed_to
        if asked["ShardIteratorType"] == "AFTER_SEQUENCE_NUMBER":
            after = int(asked["SequenceNumber"])
            if after <= shard.trimmed_to:
                raise _refusal("TrimmedDataAccessException")
        return {"ShardIterator": self._iterator(shard.id, after, self.gap)}

    async def get_records(self, **asked: Any) -> dict[str, Any]:
        if asked["ShardIterator"] not in self._open:
            raise _refusal("ExpiredIteratorException")
        id, after, gap = self._open[asked["ShardIterator"]]
        shard = self._shard(id)
        if after < shard.trimmed_to:
            raise _refusal("TrimmedDataAccessException")
        if gap:
            return {"Records": [], "NextShardIterator": self._iterator(id, after, gap - 1)}
        ahead = [record for record in shard.records if record.number > after]
        given = ahead[: asked["Limit"]]
        answer: dict[str, Any] = {"Records": [_record(record) for record in given]}
        if shard.ends_at is None or len(given) < len(ahead):
            last = given[-1].number if given else after
            answer["NextShardIterator"] = self._iterator(id, last, 0)
        return answer

    def _of(self, arn: str) -> list[_Shard]:
        name, _, made = arn.rpartition("/")
        return self.shards if (name, made) == (LISTINGS.name, str(self.made)) else []

    def _shard(self, id: str) -> _Shard:
        found = next((shard for shard in self.shards if shard.id == id), None)
        if found is None:
            raise _refusal("ResourceNotFoundException")
        return found

    def _iterator(self, shard: str, after: int, gap: int) -> str:
        name = f"iterator-{next(self._iterators)}"
        self._open[name] = (shard, after, gap)
        return name


def _image(key: str, value: int) -> dict[str, Any]:
    return {"id": {"S": key}, "n": {"N": str(value)}}


def _listed(shard: _Shard) -> dict[str, Any]:
    numbers = {"StartingSequenceNumber": str(shard.starts_at)}
    if shard.ends_at is not None:
        numbers["EndingSequenceNumber"] = str(shard.ends_at)
    parent = {"ParentShardId": shard.parent} if shard.parent else {}
    return {"ShardId": shard.id, "SequenceNumberRange": numbers, **parent}


def _record(record: _Record) -> dict[str, Any]:
    made = datetime.fromtimestamp(record.at // 1000, UTC)
    told = {"SequenceNumber": str(record.number), "ApproximateCreationDateTime": made}
    return {"dynamodb": told | record.told}


def _refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "GetRecords")
