"""The feed as far as it is sound: which changes it still proves, and where a damaged one interrupts it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import DamagedItem, FeedLost
from ...wire import decode
from ..damage import DamageLog
from ..items import Item, Key
from ..store import Position
from .checksums import feed_sum, undecoded
from .feed import READ_CHANGES, Feed
from .layout import connect


@dataclass(frozen=True, slots=True)
class SoundChange:
    """One undamaged change: what an item was after it."""

    number: int
    table: str
    key: Key
    new: Item | None


@dataclass(slots=True)
class SoundFeed:
    """The sound changes after a position. `last_damaged` is the number of the last gap or damage.

    `is_whole`: they follow without a gap upon that position, or upon an empty market.
    """

    changes: list[SoundChange] = field(default_factory=list)
    last_damaged: int = 0
    is_whole: bool = False


def read_sound_feed(path: Path, after: Position | None) -> SoundFeed:
    """Read the feed after a position; None means from its beginning."""
    with closing(connect(path)) as connection:
        connection.text_factory = undecoded
        start = _start(connection, after)
        found = SoundFeed(is_whole=start is not None)
        expected = 1 if start is None else start + 1
        rows = connection.execute(READ_CHANGES, (start or 0,))
        try:
            for number, *row in rows:
                change = _sound(number, *row)
                if number != expected and not (start is None and not found.changes):
                    found.last_damaged, found.is_whole = number - 1, False
                if change is None:
                    found.last_damaged, found.is_whole = number, False
                else:
                    found.changes.append(change)
                expected = number + 1
        except sqlite3.DatabaseError:
            # What comes after the unreadable part is not known, so nothing before it proves anything.
            found.last_damaged, found.is_whole = 2**63 - 1, False
        return found


def _start(connection: sqlite3.Connection, after: Position | None) -> int | None:
    try:
        identity = connection.execute("SELECT feed FROM identity").fetchone()[0]
        return Feed(connection, re.escape(identity), DamageLog()).start(after)
    except (FeedLost, sqlite3.DatabaseError, TypeError):
        return None


def _sound(
    number: int,
    table: str,
    key: str,
    old: bytes | None,
    new: bytes | None,
    at: int,
    sum: int | None,
) -> SoundChange | None:
    if sum is not None and sum != feed_sum(at, table, key, (old, new)):
        return None
    try:
        return SoundChange(number, table, tuple(decode(key)), None if new is None else decode(new))
    except (ValueError, TypeError, DamagedItem):
        return None
