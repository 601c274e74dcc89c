"""Rebuilds the market's file where its structure is damaged: beside it, and then taken over at once.

The file stays the same file, which other processes may have open: SQLite copies the rebuilt one over
it in a single transaction, which they see as one large commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from ...errors import Contended, Unavailable
from ..items import Item, Key, canonical
from ..schema import TABLES, Table
from .checksums import feed_sum, undecoded
from .examination import every_row, item_in
from .feed import READ_CHANGES
from .layout import connect, foreseeing, prepare, row_of, statements

_PAGES = 1000

Known = Callable[[Table], Iterator[Item]]
"""All provable items of a table."""


def rebuild(path: Path, known: Known, *, is_whole: bool) -> tuple[Path, int]:
    """Make a sound file beside the damaged one; returns it, and how many items it holds.

    If the known items are all that there is (`is_whole`), it holds just them. Otherwise it holds every
    row that can still be read and is sound, and those of the known items that cannot.
    """
    making = path.with_name(f"{path.name}.repairing")
    for left in path.parent.glob(f"{making.name}*"):
        left.unlink()
    prepare(making)
    items = 0
    with foreseeing(), closing(connect(making)) as new, closing(connect(path)) as old:
        old.text_factory = undecoded
        new.execute("PRAGMA synchronous = OFF")
        new.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            there: set[Key] = set()
            for item in () if is_whole else _readable(old, table):
                _add(new, table, item, there)
            for item in known(table):
                if table.key_of(item) not in there:
                    _add(new, table, item, there)
            items += len(there)
        _copy_feed(old, new)
        new.execute("COMMIT")
        new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return making, items


def _add(new: sqlite3.Connection, table: Table, item: Item, there: set[Key]) -> None:
    new.execute(statements(table.name).write, row_of(table, item, canonical(item).decode()))
    there.add(table.key_of(item))


def _readable(old: sqlite3.Connection, table: Table) -> Iterator[Item]:
    """The sound rows on either side of what cannot be read."""
    for backwards in (False, True):
        with suppress(sqlite3.DatabaseError):
            for row in every_row(old, table, backwards=backwards):
                if item := item_in(table, row):
                    yield item


def _copy_feed(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """The feed's identity, and its changes after the last damaged one.

    Followers that are not as far start again.
    """
    with suppress(sqlite3.DatabaseError, TypeError):
        identity = old.execute("SELECT feed FROM identity").fetchone()[0]
        new.execute("UPDATE identity SET feed = ?", (identity,))
    with suppress(sqlite3.DatabaseError):
        new.executemany(
            "INSERT INTO cut VALUES (?, ?)", old.execute("SELECT position, at FROM cut")
        )
    rows: list[tuple[object, ...]] = []
    last, at = 0, 0
    try:
        for row in old.execute(READ_CHANGES, (0,)):
            number, table, key, before, after, at, total = row
            images = tuple(
                None if one is None else one.decode(errors="replace") for one in (before, after)
            )
            is_sound = total is None or total == feed_sum(at, table, key, (before, after))
            if not is_sound or (rows and number != last + 1):
                rows = []
            if is_sound:
                rows.append((number, at, table, key, *images, feed_sum(at, table, key, images)))
            last = number
    except sqlite3.DatabaseError:
        rows = []
    first = rows[0][0] if rows else last + 1
    if (
        first != 1
        and new.execute("SELECT 1 FROM cut WHERE position = ?", (int(str(first)) - 1,)).fetchone()
        is None
    ):
        new.execute("DELETE FROM cut")
        new.execute("INSERT INTO cut VALUES (?, ?)", (int(str(first)) - 1, at if not rows else 0))
    new.executemany(
        'INSERT INTO feed (position, at, "table", key, old, new, sum) VALUES (?, ?, ?, ?, ?, ?, ?)',
        rows,
    )
    if not rows and last:
        new.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('feed', ?)", (last,))


def copy_aside(path: Path, to: Path) -> None:
    """Copy the damaged file as it is, page by page."""
    try:
        with closing(connect(path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise Unavailable(f"the damaged file cannot be copied ({error})") from error


def head_of(path: Path) -> tuple[object, ...]:
    """What changes with every commit; constant while the feed cannot be read."""
    try:
        with closing(connect(path)) as connection:
            row = connection.execute("SELECT max(position) FROM feed").fetchone()
            return tuple(row)
    except sqlite3.DatabaseError:
        return ()


def take_over(rebuilt: Path, path: Path, head: tuple[object, ...]) -> None:
    """Copy the rebuilt file over the damaged one, in one transaction.

    Raises Contended if anything was committed since `head` was read.
    """

    def check(status: int, remaining: int, total: int) -> None:
        # From its first page on, the copy holds the lock of the only writer; the last one ends it.
        if remaining and head_of(path) != head:
            raise Contended("the market was changed while it was being repaired; run it again")

    try:
        with closing(sqlite3.connect(rebuilt)) as source, closing(connect(path)) as live:
            pages = source.execute("PRAGMA page_count").fetchone()[0]
            source.backup(live, pages=max(1, min(_PAGES, pages // 2)), progress=check)
    except sqlite3.Error as error:
        raise Unavailable(f"the repaired file cannot be taken over ({error})") from error
    for left in path.parent.glob(f"{rebuilt.name}*"):
        left.unlink()
