"""The market at one moment, built from an archive in a temporary file."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import Damaged
from ..store.items import Item, Key, canonical
from ..store.schema import BY_NAME, TABLES, Table
from ..store.store import Change
from ..wire import decode, encode
from .archive import Archive, Timeline
from .base_copies import Base, Progress, lines_of

AT_ONCE = 500

_LAYOUT = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE items ("table" TEXT, key TEXT, item TEXT, PRIMARY KEY ("table", key)) WITHOUT ROWID;
"""


class State:
    """Items by table and key. The file is temporary: all of it can be built again."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.executescript(_LAYOUT)

    def put(self, table: Table, lines: Iterable[bytes]) -> None:
        """Add items as canonical lines, replacing any with the same key."""
        rows = [(table.name, _key(table.key_of(decode(line))), line.decode()) for line in lines]
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def apply(self, changes: Iterable[Change]) -> None:
        """Replay changes; those of tables that no longer exist are skipped."""
        self._connection.execute("BEGIN")
        for change in changes:
            place = (change.table, _key(change.key))
            if change.table not in BY_NAME:
                continue
            if change.new is None:
                statement = 'DELETE FROM items WHERE "table" = ? AND key = ?'
                self._connection.execute(statement, place)
            else:
                row = (*place, canonical(change.new).decode())
                self._connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", row)
        self._connection.execute("COMMIT")

    def get(self, table: Table, key: Key) -> Item | None:
        """The item with this key; None if there is none."""
        row = self._connection.execute(
            'SELECT item FROM items WHERE "table" = ? AND key = ?', (table.name, _key(key))
        ).fetchone()
        item: Item | None = None if row is None else decode(row[0])
        return item

    def all(self, table: Table) -> Iterator[Item]:
        """The items of a table."""
        rows = self._connection.execute(
            'SELECT item FROM items WHERE "table" = ? ORDER BY key', (table.name,)
        )
        return (decode(text) for (text,) in rows)

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM items").fetchone()[0])

    async def items(self, table: Table) -> AsyncIterator[list[Item]]:
        """The items of a table, in batches."""
        cursor = self._connection.execute(
            'SELECT item FROM items WHERE "table" = ? ORDER BY key', (table.name,)
        )
        while rows := cursor.fetchmany(AT_ONCE):
            yield [decode(text) for (text,) in rows]
            await asyncio.sleep(0)

    def sum(self) -> Sum:
        """The checksum of all items."""
        total = Sum()
        for table, text in self._connection.execute('SELECT "table", item FROM items'):
            total.add(table, text.encode())
        return total

    def close(self) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)


@dataclass(slots=True)
class Sum:
    """Count and digest of items, independent of the order in which they are added."""

    count: int = 0
    digest: int = 0

    def add(self, table: str, line: bytes) -> None:
        self.count += 1
        one = hashlib.sha256(table.encode() + b"\0" + line).digest()
        self.digest = (self.digest + int.from_bytes(one, "big")) % 2**256

    def __str__(self) -> str:
        return f"{self.count} items, sum {self.digest:064x}"


def _key(key: tuple[str | int, ...]) -> str:
    return encode(key).decode()


async def load_base(archive: Archive, base: Base, state: State, progress: Progress) -> None:
    """Load a base copy. Raises Damaged."""
    manifest, read = base.manifest, 0
    for table in TABLES:
        for part in manifest.parts:
            if part.table != table.name:
                continue
            content = await archive.place.read(part.name)
            lines = lines_of(part, content, archive.seal, sealed=manifest.sealed)
            await asyncio.to_thread(state.put, table, lines)
            read += len(lines)
            progress(read)


LATEST_MS = 60_000
"""How far out of order changes may be in a feed with many sources."""


async def replay(
    archive: Archive,
    line: Timeline,
    state: State,
    *,
    after: int,
    until: int | None = None,
    moment: int | None = None,
) -> int:
    """Replay the changes of segments above `after` and up to `until`, made no later than `moment`.

    Returns how many there were. Raises Damaged if a segment is missing.
    """
    number, replayed = after, 0
    for segment in line.between(after, until):
        number += 1
        if segment.number != number:
            raise Damaged(f"feed/…/{number:012d}-…", "is missing")
        changes = await archive.changes(segment)
        wanted = [change for change in changes if moment is None or change.at <= moment]
        await asyncio.to_thread(state.apply, wanted)
        replayed += len(wanted)
        if moment is not None and segment.through >= moment + LATEST_MS:
            break
    return replayed
