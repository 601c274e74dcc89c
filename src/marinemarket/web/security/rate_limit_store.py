"""Rate limit counters in one small SQLite file shared by all processes of a machine.

The file is disposable, so nothing waits for the disk. If it is damaged, locked or full, every
request is admitted and a warning is logged once a minute: a broken counter must not close the
market.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from ...clock import Clock
from ...config.rate_limit import Limit

log = logging.getLogger(__name__)

BUSY_SECONDS = 1.0
RETRY_SECONDS = 0.005
PAUSE_MS = 60_000
MOST_PAGES = 16_384  # of 4 KB each: 64 MB

_OPENED = """
CREATE TABLE IF NOT EXISTS counters (
  key BLOB PRIMARY KEY, began INTEGER, before INTEGER, count INTEGER, ends INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counters_by_end ON counters (ends);
"""

# A window that begins more than one period ahead was counted under a clock that was wrong. What it
# counted goes on counting in the window of now, so that a clock that goes back gives nothing away.
_AHEAD = "began > :began + :period"
_BEFORE = f"""CASE WHEN {_AHEAD} THEN 0 WHEN :began <= began THEN before
                   WHEN :began = began + :period THEN count ELSE 0 END"""
_COUNT = f"""CASE WHEN {_AHEAD} THEN min(before + count, :most)
                  WHEN :began <= began THEN count ELSE 0 END"""

# The one statement that decides. No row comes back where the limit is reached.
_TAKE = f"""
INSERT INTO counters VALUES (:key, :began, 0, 1, :began + 2 * :period)
ON CONFLICT (key) DO UPDATE SET
  before = {_BEFORE},
  count = {_COUNT} + 1,
  began = CASE WHEN {_AHEAD} THEN :began ELSE max(began, :began) END,
  ends = CASE WHEN {_AHEAD} THEN :began ELSE max(began, :began) END + 2 * :period
WHERE ({_BEFORE}) * :left + ({_COUNT} + 1) * :period <= :most * :period
RETURNING before, count
"""  # noqa: S608 - put together from constants; every value is bound

# Only an admitted request moves its window. A refused one must too, or it would be refused until the
# clock is where it was.
_BRING_BACK = f"""
UPDATE counters SET before = 0, count = min(before + count, :most), began = :began, ends = :began + 2 * :period
WHERE key = :key AND {_AHEAD}
"""  # noqa: S608 - as above

_STANDS = f"SELECT {_BEFORE}, {_COUNT} FROM counters WHERE key = :key"  # noqa: S608 - as above

_SWEEP = """
DELETE FROM counters WHERE key IN (SELECT key FROM counters WHERE ends < :now LIMIT 1000)
"""
# No period is as long as ten days: these were counted under a clock that was wrong.
_BRING_ALL_BACK = """
UPDATE counters SET before = 0, count = before + count, began = :now, ends = :now + ends - began
WHERE ends > :now + 864000000
"""


@dataclass(frozen=True, slots=True)
class RateLimitState:
    """The state of a limit, with the current request counted if it was admitted.

    `seconds` is when requests are available again: when the window ends, or when to retry.
    """

    is_admitted: bool
    remaining: int
    seconds: int


class RateLimitStore:
    """Sliding-window counters, exact across all processes that open the same file.

    The previous window counts by the share of it that still lies within one period, so nobody gets
    twice the limit around the end of a window. Within the first window a limit of ten refuses the
    eleventh request, however slowly they come; GCRA, which frees a slot after each tenth of the
    period, would not. It takes two numbers per key, where a log would take a row per request.
    Refused requests are not counted.
    """

    def __init__(self, path: Path, *, clock: Clock, patience: float = BUSY_SECONDS) -> None:
        self._path, self._clock, self._patience = path, clock, patience
        self._connection: sqlite3.Connection | None = None
        self._pause_until = 0
        self._sweep_at = 0

    def take(self, key: bytes, limit: Limit) -> RateLimitState | None:
        """Count one request for a key if the limit allows it; None if nothing can be counted."""
        now = self._clock()
        if now < self._pause_until <= now + PAUSE_MS:
            return None
        try:
            return self._patiently(key, limit, now)
        except (sqlite3.Error, OSError) as error:
            self.close()
            self._pause_until = now + PAUSE_MS
            log.warning(
                "limits are not counted for a minute: %s: %s; if this goes on, remove the file "
                "while the market is stopped", self._path.name, error,
            )  # fmt: skip
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _patiently(self, key: bytes, limit: Limit, now: int) -> RateLimitState:
        """Retry briefly: SQLite itself does not wait for another process that opens or closes the
        file.
        """
        last = time.monotonic() + self._patience
        while True:
            try:
                return self._take(key, limit, now)
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() >= last:
                    raise
                time.sleep(RETRY_SECONDS)

    def _take(self, key: bytes, limit: Limit, now: int) -> RateLimitState:
        connection = self._connection or self._opened()
        if not now < self._sweep_at <= now + PAUSE_MS:
            self._sweep_at = now + PAUSE_MS
            connection.execute(_SWEEP, {"now": now})
            connection.execute(_BRING_ALL_BACK, {"now": now})
        period = limit.seconds * 1000
        left = period - now % period
        values = {
            "key": key,
            "began": now - now % period,
            "period": period,
            "left": left,
            "most": limit.most,
        }
        taken = connection.execute(_TAKE, values).fetchone()
        if taken is not None:
            before, count = taken
            remaining = limit.most - count - math.ceil(before * left / period)
            return RateLimitState(True, max(0, remaining), math.ceil(left / 1000))
        connection.execute(_BRING_BACK, values)
        before, count = connection.execute(_STANDS, values).fetchone() or (0, limit.most)
        return RateLimitState(False, 0, _seconds_until(limit.most, before, count, left, period))

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(f"PRAGMA max_page_count = {MOST_PAGES}")
            connection.executescript(_OPENED)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        return connection


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _seconds_until(most: int, before: int, count: int, left: int, period: int) -> int:
    """Seconds until one more request fits if no others come; at least one."""
    if count + 1 <= most and before:
        wait = left - (most - count - 1) * period // before
    else:
        wait = left + period - min(period, (most - 1) * period // max(1, count))
    return max(1, math.ceil(wait / 1000))
