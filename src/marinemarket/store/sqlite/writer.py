"""Group commit: one thread of each process writes, and many commits share one trip to the disk.

A commit's waiter hears of it only after the file is synchronised. Each commit of a group stands
in a savepoint of its own, so that one that fails takes nothing of the others with it.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from ...clock import Clock
from ...errors import Conflict, DamagedItem, MarketError, StorageFull, Unavailable
from ...wire import encode
from ..damage import DamageLog
from ..items import Item, Key, check_item, has_expired
from ..schema import TABLES, Table
from ..writes import Check, IsDamaged, Update, Write
from .checksums import checked, feed_sum, is_sound, key_sum
from .examination import is_whole, rows_of
from .feed import feed_time
from .layout import STORED, connect, foreseen, quoted, row_of, statements, text_of

LARGEST_GROUP = 256


Work = Callable[[sqlite3.Connection], int]


@dataclass(slots=True)
class _Job:
    work: Work
    done: Future[int] = field(default_factory=Future)


class GroupWriter:
    """Owns the only writing connection of this process, and the thread that uses it."""

    def __init__(self, path: Path, clock: Clock, damage: DamageLog | None = None) -> None:
        self._path, self._clock, self._damage = path, clock, damage or DamageLog()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._now = self._at = 0
        self._entrance = threading.Lock()

    def submit(self, writes: tuple[Write, ...]) -> Future[int]:
        """Queue a commit; the future ends when it is durable, or says why it is not there.

        Cancelled while it is still queued, it does not happen. Raises Unavailable once closed.
        """
        return self._queue(lambda connection: self._apply_all(connection, writes))

    def submit_sweep(self) -> Future[int]:
        """Queue the removal of some expired items; the future tells how many went."""
        return self._queue(self._sweep)

    def submit_work(self, work: Work) -> Future[int]:
        """Queue what is neither: done on the writing connection, in a savepoint of its own."""
        return self._queue(work)

    def _queue(self, work: Work) -> Future[int]:
        job = _Job(work)
        with self._entrance:
            if self._closed:
                raise Unavailable("the store is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
            self._jobs.put(job)
        return job.done

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._entrance:
            self._closed = True
            self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            group, ended = self._gather()
            # From here on a waiter that gives up is too late; one that gave up before is left out.
            awaited = [job for job in group if job.done.set_running_or_notify_cancel()]
            if awaited:
                self._settle(awaited)
        if self._connection is not None:
            self._connection.close()

    def _gather(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == LARGEST_GROUP:
                return group, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _settle(self, group: list[_Job]) -> None:
        outcomes: Sequence[int | MarketError]
        try:
            outcomes = self._commit([job.work for job in group])
        except Exception as error:  # whatever it was, no waiter is left waiting
            outcomes = [_told(error) for _ in group]
            if len(group) > 1 and isinstance(outcomes[0], StorageFull):
                # SQLite then gives up the whole group, though some of it may fit.
                for job in group:
                    self._settle([job])
                return
        for job, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, MarketError):
                job.done.set_exception(outcome)
            else:
                job.done.set_result(outcome)

    def _commit(self, works: list[Work]) -> list[int | MarketError]:
        if self._connection is None:
            self._connection = connect(self._path)
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            # What has expired is judged by the clock; only the feed's own times follow the feed.
            self._now = self._clock()
            self._at = feed_time(connection, self._now)
            outcomes = [_attempt(connection, work) for work in works]
            connection.execute("COMMIT")
        except Exception:
            # Closing rolls back even where ROLLBACK fails; the next group begins on a fresh one.
            self._connection = None
            connection.close()
            raise
        return outcomes

    def _apply_all(self, connection: sqlite3.Connection, writes: tuple[Write, ...]) -> int:
        for write in writes:
            _apply(connection, write, self._now, self._at)
        return len(writes)

    def _sweep(self, connection: sqlite3.Connection) -> int:
        now, at, swept = self._now, self._at, 0
        for table in (table for table in TABLES if table.ttl):
            name = quoted(table.name)
            rows = connection.execute(
                f"SELECT rowid, {STORED} FROM {name} WHERE expires <= ? LIMIT 500", (now // 1000,)
            ).fetchall()
            for row, text, sum in rows:
                try:
                    item = checked(table, None, text, sum)
                except DamagedItem as error:
                    self._damage.note(error)
                    continue
                # By the item itself: a bit may have flipped in the column that repeats its end.
                if has_expired(table, item, now):
                    connection.execute(f"DELETE FROM {name} WHERE rowid = ?", (row,))
                    _into_feed(connection, at, table, table.key_of(item), text, None)
                    swept += 1
        return swept


def _apply(connection: sqlite3.Connection, write: Write, now: int, at: int) -> None:
    if isinstance(write.when, IsDamaged):
        _mend(connection, write, at)
        return
    # A damaged item is not written: an update would give what is wrong a right checksum.
    stored, item = stored_item(connection, write.table, write.key)
    current: Item | None = None
    if write.when is not None:
        current = _unless_expired(write.table, item, now)
        if not write.when.holds(current):
            raise Conflict(write.table.name, write.key, current)
    if isinstance(write, Check):
        return
    new = write.result(current)
    text = text_of(new)
    # One item has one text, so that two texts tell whether anything changes.
    if (None if text is None else text.encode()) == stored:
        return
    _write_row(connection, write, new, text)
    _into_feed(connection, at, write.table, write.key, stored, text)


def _mend(connection: sqlite3.Connection, write: Write, at: int) -> None:
    """Put back what an item was, in place of every row that stands for it.

    It appears in the feed as unchanged, for those that left it out.
    """
    table, key, new = write.table, write.key, write.result(None)
    rows = rows_of(connection, table, key)
    if len(rows) == 1 and is_whole(table, key, rows[0]):
        raise Conflict(table.name, key, checked(table, key, *rows[0].stored))
    for row in rows:
        connection.execute(f"DELETE FROM {quoted(table.name)} WHERE rowid = ?", (row.number,))
    text = text_of(new)
    _write_row(connection, write, new, text)
    _into_feed(connection, at, table, key, text, text)


def _attempt(connection: sqlite3.Connection, work: Work) -> int | MarketError:
    connection.execute("SAVEPOINT one")
    try:
        result = work(connection)
    except Exception as error:
        if not connection.in_transaction:
            raise  # SQLite has given up the whole group
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return _told(error)
    connection.execute("RELEASE one")
    return result


def _told(error: Exception) -> MarketError:
    if isinstance(error, MarketError):
        return error
    if isinstance(error, sqlite3.Error):
        return foreseen(error)
    return Unavailable(f"the commit failed ({error!r})")


def _into_feed(
    connection: sqlite3.Connection,
    at: int,
    table: Table,
    key: Key,
    old: str | bytes | None,
    new: str | None,
) -> None:
    name, place = table.name, encode(key).decode()
    if isinstance(old, bytes):
        old = old.decode()
    connection.execute(
        'INSERT INTO feed (at, "table", key, old, new, sum) VALUES (?, ?, ?, ?, ?, ?)',
        (at, name, place, old, new, feed_sum(at, name, place, (old, new))),
    )


def _write_row(
    connection: sqlite3.Connection, write: Write, new: Item | None, text: str | None
) -> None:
    table = write.table
    if new is None or text is None:
        connection.execute(statements(table.name).delete, write.key)
        return
    if isinstance(write, Update):
        check_item(table, new)  # only now is it known what the update makes of the item
    connection.execute(statements(table.name).write, row_of(table, new, text))


def read_item(connection: sqlite3.Connection, table: Table, key: Key, now: int) -> Item | None:
    """The item with this key; None when there is none, or its time has passed."""
    return _unless_expired(table, stored_item(connection, table, key)[1], now)


def _unless_expired(table: Table, item: Item | None, now: int) -> Item | None:
    return None if item is None or has_expired(table, item, now) else item


def stored_item(
    connection: sqlite3.Connection, table: Table, key: Key
) -> tuple[bytes | None, Item | None]:
    """An item as stored, expired or not, and its text; None for both when there is none.

    Raises DamagedItem, also for one that is there but no longer found by its key.
    """
    commands = statements(table.name)
    row = connection.execute(commands.read, key).fetchone()
    if row is not None:
        return row[0], checked(table, key, *row)
    for text, sum in connection.execute(commands.read_by_sum, (key_sum(table, key),)):
        if is_sound(table, key, text, sum):
            # The two reads are two moments: it may have been written in between.
            row = connection.execute(commands.read, key).fetchone()
            if row is not None:
                return row[0], checked(table, key, *row)
            raise DamagedItem(table.name, key, "it is not found by its key")
    return None, None
