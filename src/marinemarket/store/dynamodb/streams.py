"""The feed, read from the streams of the tables.

A stream consists of shards, each with its own order. When a shard ends, its children continue; a
child is read only after its parent was read to the end, so that changes to a key stay in order. A
position is therefore not one number, but how far each shard was read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from botocore.exceptions import ClientError

from ...clock import DAY, Clock, from_iso
from ...errors import FeedLost, NotSetUp
from ..items import same
from ..schema import TABLES, Table
from ..store import Change, Position
from .connection import Connection, code_of
from .stream_positions import Places, ShardPosition, is_in, places_of, position_of
from .values import decode, item_of

KEPT_MS = DAY
"""How long a stream keeps a change."""

_MARGIN_MS = 60 * 60 * 1000
_LISTED_SECONDS = 10
_MOST_RECORDS = 1000
_EMPTY_ANSWERS = 2
"""After this many empty answers in a row, a shard is taken to hold nothing more for now."""

_STALE = {
    "ExpiredIteratorException",
    "TrimmedDataAccessException",
    "ResourceNotFoundException",
}

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """A table's stream, and when it was made, in milliseconds."""

    table: Table
    arn: str
    made_at: int

    @property
    def label(self) -> str:
        """Distinguishes it from every other stream, including earlier ones of a table of this name."""
        return blake2b(self.arn.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a stream. `ends_at` is its last sequence number; None while it is open."""

    id: str
    parent: str | None
    ends_at: str | None

    @property
    def made_at(self) -> int:
        """When it was made, in milliseconds, from its id: ``shardId-00000001767225600000-…``"""
        return int(self.id.split("-")[1])


@dataclass(frozen=True, slots=True)
class _Step:
    """One step along a shard: past a record, or, if None, past the shard's end."""

    at: int
    stream: Stream
    shard: str
    record: Record | None

    def take(self, places: Places) -> None:
        place = places[self.stream.table.name]
        if self.record is None:
            place.end(self.shard)
        else:
            place.read(self.shard, _number(self.record))


def change_of(table: Table, record: Record, at: int, position: Position) -> Change | None:
    """The change in a record; None if the record changed nothing."""
    content = record["dynamodb"]
    old, new = (
        item_of(table, content[image]) if image in content else None
        for image in ("OldImage", "NewImage")
    )
    if same(old, new):
        return None
    key = tuple(decode(content["Keys"][attribute.name]) for attribute in table.key_attributes)
    return Change(position, table.name, key, old, new, at)


def time_of(record: Record) -> int:
    """When the change was made, in milliseconds; DynamoDB gives it to the second."""
    return int(record["dynamodb"]["ApproximateCreationDateTime"].timestamp() * 1000)


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


class Streams:
    """Reads the streams of tables as one feed."""

    def __init__(
        self, connection: Connection, clock: Clock, tables: Sequence[Table] = TABLES
    ) -> None:
        self._connection, self._clock, self._tables = connection, clock, tables
        self._found: list[Stream] = []
        self._found_at = 0.0
        self._listed: dict[str, tuple[float, list[Shard]]] = {}
        self._iterators: dict[tuple[str, str], tuple[str | None, str]] = {}
        self._known: Places | None = None
        self._rest: tuple[Position | None, Places] | None = None

    async def changes(self, after: Position | None, limit: int) -> list[Change]:
        """The next changes by time, in order for each key."""
        streams = await self._streams()
        places = await self._from(streams, after)
        changes: list[Change] = []
        for step in await self._ahead(streams, places, limit):
            step.take(places)
            if step.record is None:
                continue
            position = position_of(places)
            change = change_of(step.stream.table, step.record, step.at, position)
            if change is not None:
                changes.append(change)
            if len(changes) == limit:
                break
        if not changes:
            # Changes do not record the shard ends that were read; without these, a day on which
            # nothing happened would look like a day that was missed.
            self._rest = after, places
        return changes

    async def has_made(self, position: Position) -> bool:
        """Is a position in any of these streams?"""
        return is_in(position, {one.table.name: one.label for one in await self._streams()})

    async def head(self) -> Position:
        """The end of every shard, found by reading on from the last known end."""
        streams = await self._streams()
        try:
            places = self._same(streams, self._known or await self._open_shards(streams))
            places = await self._to_the_end(streams, places)
        except FeedLost:
            # The known end is older than the streams.
            places = await self._to_the_end(streams, await self._open_shards(streams))
        self._known = places
        return position_of(places)

    def has_passed(self, position: Position | None, target: Position) -> bool:
        """Whether a position has read everything that the target has read."""
        if position is None:
            return False
        try:
            places, targets = self._reached(position), places_of(target)
        except FeedLost:
            return False
        ours = {stream.table.name: stream.label for stream in self._found}
        if any(name in ours and place.label != ours[name] for name, place in targets.items()):
            return False
        return all(
            name in places and places[name].has_read(wanted) for name, wanted in targets.items()
        )

    # -- Where to begin --------------------------------------------------------------------------

    async def _from(self, streams: list[Stream], after: Position | None) -> Places:
        """The places after a position. Raises FeedLost for a position in other streams."""
        places = self._reached(after)
        for stream in streams:
            if stream.table.name not in places:
                places[stream.table.name] = await self._beginning(stream)
        return self._same(streams, places)

    def _reached(self, position: Position | None) -> Places:
        """The places of a position, advanced past any shard ends found after it last time."""
        if self._rest and self._rest[0] == position:
            return {name: place.copy() for name, place in self._rest[1].items()}
        return {} if position is None else places_of(position)

    def _same(self, streams: list[Stream], places: Places) -> Places:
        """A copy of the places, checked to be in these streams. Raises FeedLost."""
        for stream in streams:
            if places[stream.table.name].label != stream.label:
                raise FeedLost(f"{stream.table.name} has a new stream since that position")
        return {name: place.copy() for name, place in places.items()}

    async def _beginning(self, stream: Stream) -> ShardPosition:
        """Raises FeedLost if the stream is so old that its first changes are gone."""
        if self._clock() - stream.made_at > KEPT_MS - _MARGIN_MS:
            raise FeedLost("the streams no longer hold the market's first changes")
        return _without_unlisted(stream, await self._shards(stream))

    async def _open_shards(self, streams: list[Stream]) -> Places:
        """The places at which every closed shard has been read."""
        places = {}
        for stream in streams:
            shards = await self._shards(stream)
            place = places[stream.table.name] = _without_unlisted(stream, shards)
            for shard in shards:
                if shard.ends_at is not None:
                    place.end(shard.id, shard.ends_at)
        return places

    async def _to_the_end(self, streams: list[Stream], places: Places) -> Places:
        while steps := await self._ahead(streams, places, _MOST_RECORDS):
            for step in steps:
                step.take(places)
        return places

    # -- Reading ahead ---------------------------------------------------------------------------

    async def _ahead(self, streams: list[Stream], places: Places, limit: int) -> list[_Step]:
        """The next steps from these places by time; each stream's stay in order."""
        found = await asyncio.gather(
            *(self._along(stream, places[stream.table.name], limit) for stream in streams)
        )
        return sorted((step for steps in found for step in steps), key=lambda step: step.at)

    async def _along(self, stream: Stream, place: ShardPosition, limit: int) -> list[_Step]:
        """The next steps of one stream, parents before children."""
        shards = await self._shards(stream)
        self._check_for_gaps(shards, place)
        place.forget_all_but({shard.id for shard in shards})
        read = place.copy()
        steps: list[_Step] = []
        latest = 0
        # Shard ends are steps too, but they do not count towards the number of changes asked for.
        while sum(step.record is not None for step in steps) < limit:
            ready = [shard for shard in shards if _is_ready(shard, shards, read)]
            found = await asyncio.gather(
                *(self._records(stream, s.id, read.shards.get(s.id), limit) for s in ready)
            )
            for shard, (records, has_ended) in zip(ready, found, strict=True):
                for record in records:
                    # Times are approximate; never letting them go back keeps the order.
                    latest = max(latest, time_of(record))
                    steps.append(_Step(latest, stream, shard.id, record))
                    read.read(shard.id, _number(record))
                if has_ended:
                    steps.append(_Step(latest, stream, shard.id, None))
                    read.end(shard.id)
            if not any(has_ended for _, has_ended in found):
                break
            shards = await self._shards(stream, anew=True)
        return steps

    def _check_for_gaps(self, shards: list[Shard], place: ShardPosition) -> None:
        """Raises FeedLost if changes were dropped before they were read.

        A whole shard is gone if a parent is neither listed nor read to its end. And reading an
        unread closed shard "from the beginning" silently skips what was dropped.
        """
        listed = {shard.id for shard in shards}
        for shard in shards:
            if place.has_begun(shard.id):
                continue
            if shard.parent and shard.parent not in listed and not place.has_ended(shard.parent):
                raise FeedLost(f"shard {shard.parent} has left the stream before it was read")
            age = self._clock() - shard.made_at
            if shard.ends_at is not None and age > KEPT_MS - _MARGIN_MS:
                raise FeedLost(f"shard {shard.id} has dropped changes before they were read")

    async def _records(
        self, stream: Stream, shard: str, mark: str | None, limit: int
    ) -> tuple[list[Record], bool]:
        """Some records of a shard after a mark, and whether the shard ends after them."""
        place = (stream.arn, shard)
        kept_mark, kept = self._iterators.pop(place, (None, ""))
        try:
            if kept and kept_mark == mark:
                with suppress(_StaleIterator):
                    return await self._read(place, mark, kept, limit)
            begun = await self._iterator(place, mark)
            return await self._read(place, mark, begun, limit)
        except _StaleIterator as error:
            raise FeedLost(f"shard {shard} no longer holds what comes next ({error})") from None

    async def _read(
        self, place: tuple[str, str], mark: str | None, iterator: str | None, limit: int
    ) -> tuple[list[Record], bool]:
        records: list[Record] = []
        for _ in range(_EMPTY_ANSWERS):
            with _noticing_staleness():
                answer = await self._connection.streams.get_records(
                    ShardIterator=iterator, Limit=min(limit, _MOST_RECORDS)
                )
            records, iterator = answer["Records"], answer.get("NextShardIterator")
            if records or iterator is None:
                break
        if iterator is not None:
            # Across long gaps in a shard, only the shard's own iterator makes progress.
            self._iterators[place] = (_number(records[-1]) if records else mark, iterator)
        return records, iterator is None

    async def _iterator(self, place: tuple[str, str], mark: str | None) -> str:
        begin: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if mark is not None:
            begin = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": mark}
        with _noticing_staleness():
            answer = await self._connection.streams.get_shard_iterator(
                StreamArn=place[0], ShardId=place[1], **begin
            )
        return str(answer["ShardIterator"])

    # -- What there is to read -------------------------------------------------------------------

    async def _streams(self) -> list[Stream]:
        """The stream of every table, refreshed every few seconds: a table that was recreated
        has a new stream, and the old one just falls silent."""
        if not self._found or time.monotonic() - self._found_at > _LISTED_SECONDS:
            described = await asyncio.gather(
                *(
                    self._connection.tables.describe_table(TableName=self._connection.name(table))
                    for table in self._tables
                )
            )
            self._found = [
                _stream(table, answer["Table"])
                for table, answer in zip(self._tables, described, strict=True)
            ]
            self._found_at = time.monotonic()
        return self._found

    async def _shards(self, stream: Stream, *, anew: bool = False) -> list[Shard]:
        """Every shard of a stream, from a listing at most a few seconds old."""
        listed_at, shards = self._listed.get(stream.arn, (0.0, []))
        if anew or not shards or time.monotonic() - listed_at > _LISTED_SECONDS:
            shards, asked = [], {"StreamArn": stream.arn}
            while True:
                answer = await self._connection.streams.describe_stream(**asked)
                description = answer["StreamDescription"]
                shards += [_shard(shard) for shard in description["Shards"]]
                if "LastEvaluatedShardId" not in description:
                    break
                asked["ExclusiveStartShardId"] = description["LastEvaluatedShardId"]
            self._listed[stream.arn] = (time.monotonic(), shards)
        return shards


def _stream(table: Table, description: dict[str, Any]) -> Stream:
    if not description.get("LatestStreamArn"):
        raise NotSetUp(f"{table.name} has no stream; run: marinemarket tables create")
    return Stream(
        table, description["LatestStreamArn"], from_iso(description["LatestStreamLabel"] + "Z")
    )


def _shard(description: dict[str, Any]) -> Shard:
    ends_at = description.get("SequenceNumberRange", {}).get("EndingSequenceNumber")
    return Shard(description["ShardId"], description.get("ParentShardId"), ends_at)


def _without_unlisted(stream: Stream, shards: list[Shard]) -> ShardPosition:
    """The place before a stream's shards; parents that are no longer listed do not count."""
    place = ShardPosition(stream.label)
    listed = {shard.id for shard in shards}
    for shard in shards:
        if shard.parent and shard.parent not in listed:
            place.end(shard.parent)
    return place


def _is_ready(shard: Shard, shards: list[Shard], place: ShardPosition) -> bool:
    """Can it be read: it is not at its end, and its parent was read to the end?"""
    if place.has_ended(shard.id):
        return False
    listed = {one.id for one in shards}
    return shard.parent not in listed or place.has_ended(str(shard.parent))


class _StaleIterator(Exception):
    """The iterator can no longer deliver the place it was made for."""


@contextmanager
def _noticing_staleness() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) in _STALE:
            raise _StaleIterator(code_of(error)) from None
        raise
