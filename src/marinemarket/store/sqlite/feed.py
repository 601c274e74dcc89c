"""The change feed in the file: positions, reading, trimming and forgetting."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from ...clock import CLEARLY_WRONG
from ...errors import DamagedItem, FeedLost
from ...wire import decode, encode
from ..damage import DamageLog
from ..items import Key
from ..schema import Table
from ..store import Change, Position
from .checksums import feed_sum, is_sound
from .layout import STORED, foreseeing, key_columns, quoted

_MOST_DATED_WRONG = 10_000
"""How many changes a clock that was ahead may have dated, for the feed to go back from them."""
AT_ONCE = 2000
"""How many changes one step of trimming or forgetting handles: commits run between steps."""


class Feed:
    """One connection's view of the feed.

    A position holds the feed's identity, a number, and the time of the change with that number: a
    file restored to an earlier state may since have used the number for another change.
    """

    def __init__(self, connection: sqlite3.Connection, identity: str, damage: DamageLog) -> None:
        self._connection, self._identity, self._damage = connection, identity, damage

    def changes(self, after: Position | None, limit: int) -> list[Change]:
        """The changes after a position. They end before a damaged one, which itself raises FeedLost."""
        start = self.start(after)
        rows = self._read(f"{READ_CHANGES} LIMIT ?", (start, limit))
        found: list[Change] = []
        for number, *row in rows:
            try:
                if number != start + 1 + len(found):
                    raise DamagedItem("feed", (number,), "the change before it is missing")
                found.append(self._change(number, *row))
            except DamagedItem as error:
                self._damage.note(error)
                if not found:
                    raise FeedLost(f"change {start + 1} of the feed is damaged") from None
                break
        return found

    def _change(
        self, number: int, table: str, key: str, old: bytes | None, new: bytes | None,
        at: int, sum: int | None,
    ) -> Change:  # fmt: skip
        if sum is not None and sum != feed_sum(at, table, key, (old, new)):
            raise DamagedItem("feed", (number,), "its checksum is wrong")
        try:
            return Change(
                position=self._position(number, at),
                table=table,
                key=tuple(decode(key)),
                old=None if old is None else decode(old),
                new=None if new is None else decode(new),
                at=at,
            )
        except (msgspec.DecodeError, UnicodeError, TypeError):
            raise DamagedItem("feed", (number,), "its text is not JSON") from None

    def has_made(self, position: Position) -> bool:
        """Is the position of this feed, whether or not it is still kept?"""
        return position.partition(":")[0] == self._identity

    def is_beyond(self, position: Position) -> bool:
        """Does a position of this feed have a number that the feed has not reached?"""
        fits = re.fullmatch(f"{self._identity}:([0-9]{{1,19}}):[0-9]{{1,19}}", position)
        return fits is not None and int(fits[1]) > self.last()[0]

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


READ_CHANGES = """
SELECT position, "table", key, CAST(old AS BLOB), CAST(new AS BLOB), at, sum FROM feed
WHERE position > ? ORDER BY position
"""


def trim(connection: sqlite3.Connection, before: int, up_to: int) -> int:
    """Drop some changes that are older than `before` and numbered at most `up_to`, never the last."""
    row = connection.execute(
        "SELECT max(position) FROM (SELECT position FROM feed WHERE at < ? AND position <= ? "
        "AND position < (SELECT max(position) FROM feed) ORDER BY position LIMIT ?)",
        (before, up_to, AT_ONCE),
    ).fetchone()
    return 0 if row[0] is None else cut(connection, row[0])


def cut(connection: sqlite3.Connection, up_to: int) -> int:
    """Drop the changes up to a number; returns how many."""
    connection.execute("DELETE FROM cut")
    connection.execute("INSERT INTO cut SELECT position, at FROM feed WHERE position = ?", (up_to,))
    return connection.execute("DELETE FROM feed WHERE position <= ?", (up_to,)).rowcount


def forget(
    connection: sqlite3.Connection, keys: Sequence[tuple[Table, Key]], after: int, up_to: int
) -> int:
    """Rewrite the images of these items in a stretch of the feed; returns how many changes had any."""
    forgotten = 0
    named = {(table.name, encode(key).decode()): (table, key) for table, key in keys}
    stretch = connection.execute(
        'SELECT position, "table", key, at, old IS NULL, new IS NULL FROM feed '
        "WHERE position > ? AND position <= ?",
        (after, up_to),
    ).fetchall()
    for position, *place, at, was_absent, is_absent in stretch:
        if tuple(place) not in named:
            continue
        table, key = named[place[0], place[1]]
        text = _text(connection, table, key)
        old, new = None if was_absent else text, None if is_absent else text
        connection.execute(
            "UPDATE feed SET old = ?, new = ?, sum = ? WHERE position = ?",
            (old, new, feed_sum(at, place[0], place[1], (old, new)), position),
        )
        forgotten += 1
    return forgotten


def _text(connection: sqlite3.Connection, table: Table, key: Key) -> str | None:
    where = " AND ".join(f"{column} = ?" for column in key_columns(table))
    named = f"{quoted(table.name)} WHERE {where}"
    row = connection.execute(f"SELECT {STORED} FROM {named}", key).fetchone()
    # What is damaged is no longer what it was: nothing of it stays.
    return row[0].decode() if row and is_sound(table, key, *row) else None
