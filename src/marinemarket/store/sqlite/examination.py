"""Reads every row of the file, and says what is damaged.

A row may be damaged in its text, or only in the columns that repeat its key and what indexes need:
then its text tells what they should be. Damage to the file's structure, such as a page that is no
longer part of a table, is what SQLite's own check finds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import DamagedItem
from ..items import Item, Key
from ..schema import TABLES, Table
from .checksums import checked, feed_sum, key_sum, sum_of, undecoded
from .feed import READ_CHANGES
from .layout import STORED, column_names, connect, key_columns, quoted, row_of

AT_ONCE = 500
MOST_DEFECTS = 50
"""The most defects of the structure that are listed."""

Progress = Callable[[str, int], None]
"""Called with a table's name, and how many rows of it have been read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands: its number, its text and checksum, and the columns beside them."""

    number: int
    text: bytes | None
    sum: int | None
    columns: tuple[Any, ...]

    @property
    def stored(self) -> tuple[bytes | None, int | None]:
        return self.text, self.sum


@dataclass(slots=True)
class Examination:
    """What was found. `lost` counts rows of which not even the key is known."""

    read: int = 0
    without_sum: int = 0
    damaged: dict[tuple[str, Key], str] = field(default_factory=dict)
    intact: dict[tuple[str, Key], Item] = field(default_factory=dict)
    """Those of the damaged items whose text is sound: only their row is damaged."""
    lost: int = 0
    structure: list[str] = field(default_factory=list)
    feed: list[int] = field(default_factory=list)
    """The numbers of damaged changes in the feed."""

    @property
    def is_sound(self) -> bool:
        return not (self.damaged or self.lost or self.structure or self.feed)

    @property
    def must_be_rebuilt(self) -> bool:
        """Is it more than single items? Then no row can be trusted to be all that there was."""
        return bool(self.structure or self.lost)


def examine(path: Path, progress: Progress = lambda table, read: None) -> Examination:
    """Read the whole file, while others use it. Raises sqlite3.Error if it cannot be opened."""
    found = Examination()
    with closing(connect(path)) as connection:
        connection.text_factory = undecoded
        for table in TABLES:
            try:
                misplaced = []
                for row in every_row(connection, table):
                    if not _note(found, table, row):
                        misplaced.append(row)
                    if found.read % AT_ONCE == 0:
                        progress(table.name, found.read)
                for row in misplaced:
                    _note_misplaced(found, connection, table, row)
            except sqlite3.DatabaseError as error:
                found.structure.append(f"{table.name}: {error}")
        found.feed = list(_damaged_changes(connection, found))
        found.structure += _defects(connection)
    return found


def _note(found: Examination, table: Table, row: Row) -> bool:
    """Note what is wrong with a row; false if its key and its text are of two items."""
    found.read += 1
    found.without_sum += row.sum is None
    key, item = key_of(table, row), item_in(table, row)
    if key is None:
        found.lost += 1
    elif item is not None and row.columns[: len(key)] != key:
        return False
    elif not is_whole(table, key, row):
        why = "its checksum or text is wrong" if item is None else "its columns are not the item's"
        found.damaged[table.name, key] = why
        if item is not None:
            found.intact[table.name, key] = item
    return True


def _note_misplaced(
    found: Examination, connection: sqlite3.Connection, table: Table, row: Row
) -> None:
    """Either the key of the row was damaged, or it was overwritten with an item that is elsewhere."""
    item = item_in(table, row) or {}
    key: Key = table.key_of(item)
    if any(is_whole(table, key, other) for other in rows_of(connection, table, key)):
        overwritten = row.columns[: len(key)]
        found.damaged[table.name, overwritten] = "its row holds another item"
    else:
        found.damaged[table.name, key] = "its row stands under another key"
        found.intact[table.name, key] = item


def key_of(table: Table, row: Row) -> Key | None:
    """The key of whatever a row held; None if neither its text nor its columns prove it."""
    if item := item_in(table, row):
        key: Key = table.key_of(item)
        return key
    key = row.columns[: len(table.key_attributes)]
    is_proved = row.sum is None or row.sum >> 32 == _key_sum(table, key)
    return key if is_proved else None


def _key_sum(table: Table, key: Key) -> int:
    try:
        return key_sum(table, key)
    except (TypeError, ValueError):
        return -1  # no key that was ever written


def item_in(table: Table, row: Row) -> Item | None:
    """The item that a row's text holds, wherever the row stands; None if it is damaged."""
    try:
        return checked(table, None, *row.stored)
    except DamagedItem:
        return None


def is_whole(table: Table, key: Key, row: Row) -> bool:
    """Is everything in a row as it was written?"""
    item = item_in(table, row)
    if item is None or table.key_of(item) != key or row.text is None:
        return False
    *columns, _, total = row_of(table, item, row.text.decode())
    return tuple(columns) == row.columns and row.sum in (None, total)


def every_row(
    connection: sqlite3.Connection, table: Table, *, backwards: bool = False
) -> Iterator[Row]:
    """The rows of a table by number, as far as SQLite can read them. Raises sqlite3.DatabaseError."""
    sign, order, last = ("<", "DESC", 2**63 - 1) if backwards else (">", "ASC", -(2**63))
    while True:
        rows = connection.execute(
            f"{_select(table)} WHERE rowid {sign} ? ORDER BY rowid {order} LIMIT ?", (last, AT_ONCE)
        )
        number = None
        for number, text, total, *columns in rows:
            yield Row(number, text, total, tuple(columns))
        if number is None:
            return
        last = number


def add_sums(connection: sqlite3.Connection) -> int:
    """Give a checksum to some rows without one, if they hold the item that they should."""
    added = 0
    for table in TABLES:
        rows = connection.execute(
            f"{_select(table)} WHERE (sum >> 32) IS NULL LIMIT ?", (AT_ONCE,)
        ).fetchall()
        for number, text, total, *columns in rows:
            row = Row(number, text, total, tuple(columns))
            key = columns[: len(table.key_attributes)]
            if text is None or not is_whole(table, tuple(key), row):
                continue
            connection.execute(
                f"UPDATE {quoted(table.name)} SET sum = ? WHERE rowid = ?",
                (sum_of(table, tuple(key), text), number),
            )
            added += 1
        if added:
            return added
    return 0


def rows_of(connection: sqlite3.Connection, table: Table, key: Key) -> list[Row]:
    """Every row that stands for an item: found by its key, or by its key's checksum."""
    where = " AND ".join(f"{column} = ?" for column in key_columns(table))
    found = {}
    for condition, values in ((where, key), ("sum >> 32 = ?", (key_sum(table, key),))):
        for number, text, total, *columns in connection.execute(
            f"{_select(table)} WHERE {condition}", values
        ):
            row = Row(number, text, total, tuple(columns))
            if condition == where or key_of(table, row) == key:
                found[number] = row
    return [*found.values()]


def _select(table: Table) -> str:
    others = [name for name in column_names(table) if name not in ("item", "sum")]
    return f"SELECT rowid, {STORED}, {', '.join(others)} FROM {quoted(table.name)}"


def _damaged_changes(connection: sqlite3.Connection, found: Examination) -> Iterator[int]:
    expected = None
    try:
        for number, table, key, old, new, at, total in connection.execute(READ_CHANGES, (0,)):
            is_right = total is None or total == feed_sum(at, table, key, (old, new))
            if not is_right or expected not in (None, number):
                yield number
            expected = number + 1
    except sqlite3.DatabaseError as error:
        found.structure.append(f"feed: {error}")


def _defects(connection: sqlite3.Connection) -> list[str]:
    try:
        lines = connection.execute(f"PRAGMA integrity_check({MOST_DEFECTS})").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [str(line) for (line,) in lines if line != "ok"]


__all__ = [
    "Examination",
    "Row",
    "every_row",
    "examine",
    "is_whole",
    "item_in",
    "key_of",
    "rows_of",
]
