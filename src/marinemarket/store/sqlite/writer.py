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
from ...errors import Conflict, MarketError, Unavailable
from ...wire import encode
from ..items import Item, Key, check_item
from ..schema import TABLES, Table
from ..writes import Check, Write
from .layout import connect, foreseen, item_of, key_columns, quoted, row_of, text_of

LARGEST_GROUP = 256


_Work = Callable[[sqlite3.Connection], int]


@dataclass(slots=True)
class _Job:
    work: _Work
    done: Future[int] = field(default_factory=Future)


class GroupWriter:
    """Owns the only writing connection of this process, and the thread that uses it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def submit(self, writes: tuple[Write, ...]) -> Future[int]:
        """Queue a commit; the future ends when it is durable, or says why it is not there."""
        return self._queue(lambda connection: self._apply_all(connection, writes))

    def submit_sweep(self) -> Future[int]:
        """Queue the removal of some expired items; the future tells how many went."""
        return self._queue(self._sweep)

    def _queue(self, work: _Work) -> Future[int]:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
        job = _Job(work)
        self._jobs.put(job)
        return job.done

    def close(self) -> None:
        """Finish what is queued, then stop."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        connection = connect(self._path)
        try:
            while (job := self._jobs.get()) is not None:
                group, ended = self._gather(job)
                self._commit(connection, group)
                if ended:
                    return
        finally:
            connection.close()

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, connection: sqlite3.Connection, group: list[_Job]) -> None:
        outcomes: Sequence[int | MarketError]
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [_attempt(connection, job.work) for job in group]
            connection.execute("COMMIT")
        except Exception as error:  # whatever it was, no waiter is left waiting
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            outcomes = [_told(error)] * len(group)
        for job, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, MarketError):
                job.done.set_exception(outcome)
            else:
                job.done.set_result(outcome)

    def _apply_all(self, connection: sqlite3.Connection, writes: tuple[Write, ...]) -> int:
        for position, write in enumerate(writes):
            self._apply(connection, position, write)
        return len(writes)

    def _apply(self, connection: sqlite3.Connection, position: int, write: Write) -> None:
        now = self._clock()
        current = read_item(connection, write.table, write.key, now)
        if write.when is not None and not write.when.holds(current):
            raise Conflict(position, current)
        new = write.result(current)
        if isinstance(write, Check) or new == current:
            return
        _write_row(connection, write, new)
        _into_feed(connection, now, write.table, write.key, text_of(current), text_of(new))

    def _sweep(self, connection: sqlite3.Connection) -> int:
        now, swept = self._clock(), 0
        for table in (table for table in TABLES if table.ttl):
            name = quoted(table.name)
            gone = connection.execute(
                f"DELETE FROM {name} WHERE rowid IN "  # noqa: S608
                f"(SELECT rowid FROM {name} WHERE expires <= ? LIMIT 500) RETURNING item",
                (now // 1000,),
            ).fetchall()
            for (text,) in gone:
                key = table.key_of(item_of(text) or {})
                _into_feed(connection, now, table, key, text, None)
            swept += len(gone)
        return swept


def _attempt(connection: sqlite3.Connection, work: _Work) -> int | MarketError:
    connection.execute("SAVEPOINT one")
    try:
        result = work(connection)
    except MarketError as error:
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return error
    connection.execute("RELEASE one")
    return result


def _told(error: Exception) -> MarketError:
    if isinstance(error, sqlite3.Error):
        return foreseen(error)
    return Unavailable(f"the commit failed ({error!r})")


def _into_feed(
    connection: sqlite3.Connection,
    now: int,
    table: Table,
    key: Key,
    old: str | None,
    new: str | None,
) -> None:
    connection.execute(
        'INSERT INTO feed (at, "table", key, old, new) VALUES (?, ?, ?, ?, ?)',
        (now, table.name, encode(key).decode(), old, new),
    )


def _write_row(connection: sqlite3.Connection, write: Write, new: Item | None) -> None:
    table = write.table
    if new is None:
        where = " AND ".join(f"{column} = ?" for column in key_columns(table))
        connection.execute(f"DELETE FROM {quoted(table.name)} WHERE {where}", write.key)  # noqa: S608
        return
    check_item(table, new)
    row = row_of(table, new)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT OR REPLACE INTO {quoted(table.name)} VALUES ({marks})", row)  # noqa: S608


def read_item(
    connection: sqlite3.Connection, table: Table, key: tuple[object, ...], now: int
) -> Item | None:
    """The item with this key; None when there is none, or its time has passed."""
    where = " AND ".join(f"{column} = ?" for column in key_columns(table))
    row = connection.execute(
        f"SELECT item FROM {quoted(table.name)} WHERE {where} "  # noqa: S608
        "AND (expires IS NULL OR expires > ?)",
        (*key, now // 1000),
    ).fetchone()
    return item_of(row[0]) if row else None
