"""The change feed in the file: positions, reading, trimming and forgetting."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from ...clock import CLEARLY_WRONG
from ...errors import FeedLost
from ...wire import decode, encode
from ..items import Key
from ..schema import Table
from ..store import Change, Position
from .layout import foreseeing, item_of, key_columns, quoted

_MOST_DATED_WRONG = 10_000
"""How many changes a clock that was ahead may have dated, for the feed to go back from them."""
AT_ONCE = 2000
"""How many changes one step of trimming or forgetting handles: commits run between steps."""


class Feed:
    """One connection's view of the feed.

    A position holds the feed's identity, a number, and the time of the change with that number: a
    file restored to an earlier state may since have used the number for another change.
    """

    def __init__(self, connection: sqlite3.Connection, identity: str) -> None:
        self._connection, self._identity = connection, identity

    def changes(self, after: Position | None, limit: int) -> list[Change]:
        rows = self._read(
            'SELECT position, "table", key, old, new, at FROM feed '
            "WHERE position > ? ORDER BY position LIMIT ?",
            (self.start(after), limit),
        )
        return [
            Change(
                position=self._position(number, at),
                table=table,
                key=tuple(decode(key)),
                old=item_of(old),
                new=item_of(new),
                at=at,
            )
            for number, table, key, old, new, at in rows
        ]

    def has_made(self, position: Position) -> bool:
        """Is the position of this feed, whether or not it is still kept?"""
        return position.partition(":")[0] == self._identity

    def head(self) -> Position:
        return self._position(*self.last())

    def last(self) -> tuple[int, int]:
        """Number and time of the last change; zeros if there is none."""
        rows = self._read("SELECT position, at FROM feed ORDER BY position DESC LIMIT 1")
        return (rows[0][0], rows[0][1]) if rows else (0, 0)

    def first(self) -> int:
        """The number of the oldest change; 1 if there is none."""
        rows = self._read("SELECT position FROM feed ORDER BY position LIMIT 1")
        return int(rows[0][0]) if rows else 1

    def start(self, after: Position | None) -> int:
        """The number after which to read. Raises FeedLost if that would leave a gap."""
        if after is not None:
            return self.number(after)
        if self._read("SELECT 1 FROM cut"):
            raise FeedLost("this feed does not begin with an empty market")
        return 0

    def number(self, position: Position) -> int:
        """The number of a position. Raises FeedLost unless it is in this feed, and still kept."""
        fits = re.fullmatch(f"{self._identity}:([0-9]{{1,19}}):([0-9]{{1,19}})", position)
        if fits and (number := int(fits[1])) <= 2**63 - 1:
            times = self._read(
                "SELECT at FROM feed WHERE position = ?1 "
                "UNION ALL SELECT at FROM cut WHERE position = ?1 "
                "UNION ALL SELECT 0 WHERE ?1 = 0 AND NOT EXISTS (SELECT 1 FROM cut)",
                (number,),
            )
            if (int(fits[2]),) in times:
                return number
        raise FeedLost(f"position {position} is not in this feed")

    def _position(self, number: int, at: int) -> Position:
        return f"{self._identity}:{number}:{at}"

    def _read(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with foreseeing():
            return self._connection.execute(statement, values).fetchall()


def feed_time(connection: sqlite3.Connection, now: int) -> int:
    """The time of the next change: by the clock, but not before the last change.

    There is one exception. A clock that was ahead for a moment and is right again leaves a gap: the
    last changes are dated clearly later than now, and those before them earlier. Then the feed goes
    back to the clock. Otherwise every change would bear that wrong time until the clock reached it,
    and no moment until then could be restored. If the clock is behind, the feed's last changes lead
    up to their time without such a gap, and its times stand still until the clock has caught up.
    """
    row = connection.execute("SELECT at FROM feed ORDER BY position DESC LIMIT 1").fetchone()
    last = int(row[0]) if row else 0
    if last < now + CLEARLY_WRONG:
        return max(now, last)
    later = last
    for (at,) in connection.execute(
        "SELECT at FROM feed ORDER BY position DESC LIMIT ?", (_MOST_DATED_WRONG,)
    ):
        if at <= now:
            return now if later >= now + CLEARLY_WRONG else last
        later = at
    return last


def trim(connection: sqlite3.Connection, before: int, up_to: int) -> int:
    """Drop some changes that are older than `before` and numbered at most `up_to`, never the last."""
    row = connection.execute(
        "SELECT max(position) FROM (SELECT position FROM feed WHERE at < ? AND position <= ? "
        "AND position < (SELECT max(position) FROM feed) ORDER BY position LIMIT ?)",
        (before, up_to, AT_ONCE),
    ).fetchone()
    if row[0] is None:
        return 0
    connection.execute("DELETE FROM cut")
    connection.execute(
        "INSERT INTO cut SELECT position, at FROM feed WHERE position = ?", (row[0],)
    )
    return connection.execute("DELETE FROM feed WHERE position <= ?", (row[0],)).rowcount


def forget(
    connection: sqlite3.Connection, keys: Sequence[tuple[Table, Key]], after: int, up_to: int
) -> int:
    """Rewrite the images of these items in a stretch of the feed; returns how many changes had any."""
    forgotten = 0
    named = {(table.name, encode(key).decode()): (table, key) for table, key in keys}
    stretch = connection.execute(
        'SELECT position, "table", key FROM feed WHERE position > ? AND position <= ?',
        (after, up_to),
    ).fetchall()
    for position, *place in stretch:
        if tuple(place) not in named:
            continue
        table, key = named[place[0], place[1]]
        connection.execute(
            "UPDATE feed SET old = iif(old IS NULL, NULL, ?1), new = iif(new IS NULL, NULL, ?1) "
            "WHERE position = ?2",
            (_text(connection, table, key), position),
        )
        forgotten += 1
    return forgotten


def _text(connection: sqlite3.Connection, table: Table, key: Key) -> str | None:
    where = " AND ".join(f"{column} = ?" for column in key_columns(table))
    row = connection.execute(f"SELECT item FROM {quoted(table.name)} WHERE {where}", key).fetchone()
    return row[0] if row else None
