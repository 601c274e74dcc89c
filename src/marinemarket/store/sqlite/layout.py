"""The file's layout: one table per kind of item, with columns for keys and indexes, and the feed.

The item itself is JSON text, so that an operator can read it with any SQLite tool. The columns
beside it repeat what keys and indexes need, and are computed from it at every write.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from ...disk import make_private
from ...errors import StorageFull, Unavailable
from ..items import Item, canonical
from ..schema import BY_NAME, TABLES, Attribute, Kind, Table
from .checksums import sum_of

# Deleted data is also overwritten: it may be what a person wanted forgotten.
_PRAGMAS = """
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = 20000;
PRAGMA cache_size = -32000;
PRAGMA temp_store = MEMORY;
PRAGMA secure_delete = ON;
"""

_FEED = """
CREATE TABLE IF NOT EXISTS feed (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, "table" TEXT NOT NULL, key TEXT NOT NULL, old TEXT, new TEXT,
    sum INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS identity (feed TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cut (position INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
"""
# `cut` has a row once the feed no longer holds the whole history: the last change that is missing.


def connect(path: Path) -> sqlite3.Connection:
    """A durable connection: WAL mode, and a commit is on disk before it returns."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.executescript(_PRAGMAS)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def prepare(path: Path) -> str:
    """Create the file and its tables where missing; returns the identity of its feed.

    Several processes may call it at once.
    """
    make_private(path.parent)
    with foreseeing(), closing(connect(path)) as connection:
        _into_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            _widen(connection, table)
            _add_sum(connection, table.name)
        _add_sum(connection, "feed")
        for statement in _statements():
            connection.execute(statement)
        if connection.execute("SELECT 1 FROM identity").fetchone() is None:
            connection.execute("INSERT INTO identity VALUES (?)", (uuid4().hex,))
        feed = str(connection.execute("SELECT feed FROM identity").fetchone()[0])
        connection.execute("COMMIT")
    return feed


def _into_wal(connection: sqlite3.Connection) -> None:
    # Switching takes a lock that ignores the busy timeout; two first starts may collide here.
    for patience in range(50):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            time.sleep(0.02 * (patience + 1))
    connection.execute("PRAGMA journal_mode = WAL")


def _statements() -> Iterator[str]:
    yield from (part for part in _FEED.split(";") if part.strip())
    for table in TABLES:
        columns = [f"{name} {kind}" for name, kind in _columns(table)]
        key = ", ".join(key_columns(table))
        yield (
            f"CREATE TABLE IF NOT EXISTS {quoted(table.name)} "
            f"({', '.join(columns)}, PRIMARY KEY ({key})) STRICT"
        )
        for index in table.indexes:
            covered = ", ".join((*index_columns(table, index.name), *key_columns(table)))
            partition = index_columns(table, index.name)[0]
            yield (
                f"CREATE INDEX IF NOT EXISTS {quoted(f'{table.name}/{index.name}')} "
                f"ON {quoted(table.name)} ({covered}) WHERE {partition} IS NOT NULL"
            )
        # A second way to each item: where the first is damaged, the item is missed.
        yield (
            f"CREATE INDEX IF NOT EXISTS {quoted(f'{table.name}/sum')} "
            f"ON {quoted(table.name)} (sum >> 32)"
        )
        if table.ttl:
            yield (
                f"CREATE INDEX IF NOT EXISTS {quoted(f'{table.name}/expires')} "
                f"ON {quoted(table.name)} (expires) WHERE expires IS NOT NULL"
            )


def _widen(connection: sqlite3.Connection, table: Table) -> None:
    """Add the columns of newer indexes to an older table, filled from its items."""
    told = connection.execute(f"PRAGMA table_info({quoted(table.name)})").fetchall()
    there = {quoted(row[1]) for row in told}
    for index in table.indexes if there else ():
        columns = index_columns(table, index.name)
        if there.issuperset(columns):
            continue
        attributes = [index.partition, *([index.sort] if index.sort else [])]
        for column, attribute in zip(columns, attributes, strict=True):
            connection.execute(
                f"ALTER TABLE {quoted(table.name)} ADD COLUMN {column} {_type(attribute)}"
            )
        values = [f"json_extract(item, '$.{attribute.name}')" for attribute in attributes]
        message = ", ".join(
            f"{column} = {value}" for column, value in zip(columns, values, strict=True)
        )
        listed = " AND ".join(f"{value} IS NOT NULL" for value in values)
        connection.execute(f"UPDATE {quoted(table.name)} SET {message} WHERE {listed}")


def _add_sum(connection: sqlite3.Connection, name: str) -> None:
    """Add the column for checksums to a table of an earlier version."""
    there = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(name)})")]
    if there and "sum" not in there:
        connection.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN sum INTEGER")


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    for name, attribute in zip(key_columns(table), table.key_attributes, strict=True):
        yield name, f"{_type(attribute)} NOT NULL"
    for index in table.indexes:
        attributes = [index.partition, *([index.sort] if index.sort else [])]
        for name, attribute in zip(index_columns(table, index.name), attributes, strict=True):
            yield name, _type(attribute)
    yield "expires", "INTEGER"
    yield "item", "TEXT NOT NULL"
    yield "sum", "INTEGER"


def column_names(table: Table) -> Iterator[str]:
    """Named in every write: in a table that was widened, their order differs."""
    yield from (name for name, _ in _columns(table))


def _type(attribute: Attribute) -> str:
    return "INTEGER" if attribute.kind is Kind.NUMBER else "TEXT"


def quoted(name: str) -> str:
    return f'"{name}"'


def key_columns(table: Table) -> tuple[str, ...]:
    return ("p", "s") if table.sort else ("p",)


def index_columns(table: Table, index: str) -> tuple[str, ...]:
    """The columns of an index: its partition, and its sort key if any."""
    ends = ("p", "s") if table.index(index).sort else ("p",)
    return tuple(quoted(f"{index}/{end}") for end in ends)


STORED = "CAST(item AS BLOB), sum"
"""What is read of a row: the text as bytes, since a damaged one may not be UTF-8, and its checksum."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The SQL for one item: `read` and `delete` take its key, `write` its row.

    `read` returns the item's text and checksum; `read_by_sum` does so too, by the key's checksum.
    """

    read: str
    read_by_sum: str
    write: str
    delete: str


@cache
def statements(table: str) -> Statements:
    """The SQL for one item of a table."""
    declared = BY_NAME[table]
    where = " AND ".join(f"{column} = ?" for column in key_columns(declared))
    named = ", ".join(column_names(declared))
    marks = ", ".join("?" for _ in _columns(declared))
    return Statements(
        read=f"SELECT {STORED} FROM {quoted(table)} WHERE {where}",
        read_by_sum=f"SELECT {STORED} FROM {quoted(table)} WHERE sum >> 32 = ?",
        write=f"INSERT OR REPLACE INTO {quoted(table)} ({named}) VALUES ({marks})",
        delete=f"DELETE FROM {quoted(table)} WHERE {where}",
    )


def row_of(table: Table, item: Item, text: str) -> list[Any]:
    """An item and its text as column values, in the table's order."""
    values: list[Any] = list(table.key_of(item))
    for index in table.indexes:
        names = [index.partition.name, *([index.sort.name] if index.sort else [])]
        listed = all(name in item for name in names)
        values += [item[name] if listed else None for name in names]
    values.append(item.get(table.ttl) if table.ttl else None)
    values += [text, sum_of(table, table.key_of(item), text.encode())]
    return values


def text_of(item: Item | None) -> str | None:
    return None if item is None else canonical(item).decode()


@contextmanager
def foreseeing() -> Iterator[None]:
    """Translates SQLite's failures into the market's errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise foreseen(error) from error


def foreseen(error: sqlite3.Error) -> StorageFull | Unavailable:
    """The market's error for an error of SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull("the disk that holds the market is full; nothing was written")
    if code == sqlite3.SQLITE_CORRUPT:
        return Unavailable(
            f"part of the market's file is damaged ({error}): run `marinemarket repair`",
            retry_after=600,
        )
    return Unavailable(f"the store cannot answer now ({error})")
