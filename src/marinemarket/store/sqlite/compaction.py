"""Rewriting the market's file without what was deleted, while processes have it open.

Deleted content is overwritten at once (`secure_delete`), but pages that were rearranged may keep
pieces of it, and so may the log of pages that were written lately.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from .layout import connect, foreseeing

_TRIES = 50


def compact(path: Path) -> bool:
    """Rewrite the file and empty its log; returns whether the log could be emptied.

    Writers wait meanwhile, readers do not. A reader that stays for long keeps the log from being
    emptied. If interrupted, the file is as it was.
    """
    with foreseeing(), closing(connect(path)) as connection:
        # In memory it would be a second market.
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("VACUUM")
        return _empty_log(connection)


def _empty_log(connection: sqlite3.Connection) -> bool:
    for _ in range(_TRIES):
        is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not is_busy:
            return True
        time.sleep(0.1)
    return False
