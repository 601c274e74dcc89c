"""Positions in the streams: how far each shard of each table's stream was read."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

import msgspec

from ...errors import FeedLost
from ...wire import decode, encode_sorted
from ..store import Position

_SIGN = "streams:"
_END = "."


@dataclass(slots=True)
class ShardPosition:
    """How far one stream was read: to a sequence number in each shard, or to its end.

    `label` is the stream's. Shards up to `gone` were read to their end and have left the stream.
    A shard's mark is the last number read, and behind its end ``number.``, or ``.`` if it was
    empty: who has read that number has read all there was.
    """

    label: str
    shards: dict[str, str] = field(default_factory=dict)
    gone: str = ""

    def copy(self) -> ShardPosition:
        return ShardPosition(self.label, dict(self.shards), self.gone)

    def read(self, shard: str, number: str) -> None:
        self.shards[shard] = number

    def end(self, shard: str, number: str | None = None) -> None:
        """Take a shard as read to its end: behind `number`, or else behind what was read of it."""
        if not self.has_ended(shard):
            self.shards[shard] = (number or self.shards.get(shard, "")) + _END

    def has_begun(self, shard: str) -> bool:
        return shard in self.shards or self.has_ended(shard)

    def has_ended(self, shard: str) -> bool:
        mark = self.shards.get(shard)
        return shard <= self.gone if mark is None else mark.endswith(_END)

    def has_read(self, other: ShardPosition) -> bool:
        """Everything that the other has read?"""
        left = (shard for shard in (*self.shards, other.gone) if shard and shard <= other.gone)
        return (
            self.label == other.label
            and all(map(self.has_ended, left))
            and all(self._has_read(shard, mark) for shard, mark in other.shards.items())
        )

    def _has_read(self, shard: str, mark: str) -> bool:
        wanted, read = mark.rstrip(_END), self.shards.get(shard, "").rstrip(_END)
        return self.has_ended(shard) or not wanted or (read != "" and int(wanted) <= int(read))

    def forget_all_but(self, listed: set[str]) -> None:
        """Let go of shards that are no longer listed. Raises FeedLost for one not read to its end.

        The ids of shards begin with the time at which they were made. A shard is kept in mind as
        long as an older one is still to be read, or `gone` would cover that one too.
        """
        unread = [shard for shard in listed if not self.has_ended(shard)]
        for shard in sorted(self.shards.keys() - listed):
            if not self.has_ended(shard):
                raise FeedLost(f"shard {shard} has left the stream before it was read")
            if not any(other <= shard for other in unread):
                del self.shards[shard]
                self.gone = max(self.gone, shard)


Places = dict[str, ShardPosition]
"""By the name of the table."""


def position_of(places: Places) -> Position:
    told = {name: [place.label, place.shards, place.gone] for name, place in places.items()}
    return _SIGN + urlsafe_b64encode(zlib.compress(encode_sorted(told))).decode()


def places_of(position: Position) -> Places:
    """What `position_of` told. Raises FeedLost for what it never told."""
    try:
        if not position.startswith(_SIGN):
            raise ValueError("another engine's")
        told = decode(zlib.decompress(urlsafe_b64decode(position.removeprefix(_SIGN))))
        return {name: ShardPosition(*place) for name, place in told.items()}
    except (
        ValueError,
        TypeError,
        AttributeError,
        binascii.Error,
        zlib.error,
        msgspec.MsgspecError,
    ):
        raise FeedLost(f"position {position[:60]!a} is not in this feed") from None
