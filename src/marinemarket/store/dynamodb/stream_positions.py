"""Positions in the streams: how far each shard of each table's stream was read."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from ...errors import FeedLost
from ...wire import decode, encode_sorted
from ..store import Position

_SIGN = "streams:"
_END = "."


@dataclass(slots=True)
class ShardPosition:
    """How far one stream was read: to a sequence number in each shard, or to the shard's end.

    `label` is the stream's. Shards up to `gone` were read to their end and have left the stream.
    A shard's mark is the last number read; at its end the mark is ``number.``, or ``.`` if it was
    empty. Whoever has read that number has read the whole shard.
    """

    label: str
    shards: dict[str, str] = field(default_factory=dict)
    gone: str = ""

    def copy(self) -> ShardPosition:
        return ShardPosition(self.label, dict(self.shards), self.gone)

    def read(self, shard: str, number: str) -> None:
        self.shards[shard] = number

    def end(self, shard: str, number: str | None = None) -> None:
        """Mark a shard as read to its end: after `number`, or after what was read of it."""
        if not self.has_ended(shard):
            self.shards[shard] = (number or self.shards.get(shard, "")) + _END

    def has_begun(self, shard: str) -> bool:
        return shard in self.shards or self.has_ended(shard)

    def has_ended(self, shard: str) -> bool:
        mark = self.shards.get(shard)
        return shard <= self.gone if mark is None else mark.endswith(_END)

    def has_read(self, other: ShardPosition) -> bool:
        """Whether everything the other has read was read here too."""
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
        """Drop shards that are no longer listed. Raises FeedLost for one not read to its end.

        Shard ids begin with the time at which they were made. A shard is remembered while an older
        one is still to be read, or `gone` would cover that one too.
        """
        unread = [shard for shard in listed if not self.has_ended(shard)]
        for shard in sorted(self.shards.keys() - listed):
            if not self.has_ended(shard):
                raise FeedLost(f"shard {shard} has left the stream before it was read")
            if not any(other <= shard for other in unread):
                del self.shards[shard]
                self.gone = max(self.gone, shard)


Places = dict[str, ShardPosition]
"""Keyed by table name."""


def position_of(places: Places) -> Position:
    content = {name: [place.label, place.shards, place.gone] for name, place in places.items()}
    return _SIGN + urlsafe_b64encode(zlib.compress(encode_sorted(content))).decode()


def places_of(position: Position) -> Places:
    """The reverse of `position_of`. Raises FeedLost for anything it did not produce."""
    try:
        if not position.startswith(_SIGN):
            raise ValueError("another engine's")
        content = decode(zlib.decompress(urlsafe_b64decode(position.removeprefix(_SIGN))))
        return {name: ShardPosition(*place) for name, place in content.items()}
    except (
        ValueError,
        TypeError,
        AttributeError,
        binascii.Error,
        zlib.error,
        msgspec.MsgspecError,
    ):
        raise FeedLost(f"position {position[:60]!a} is not in this feed") from None


def is_in(position: Position, labels: Mapping[str, str]) -> bool:
    """Is a position in any of the streams with these labels, by table?"""
    try:
        places = places_of(position)
    except FeedLost:
        return False
    return any(name in labels and place.label == labels[name] for name, place in places.items())
