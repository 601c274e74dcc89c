"""The worker's heartbeat: a file in the data folder whose time the worker keeps renewing.

Renewing a time needs no room, so a full disk does not make the worker look dead. Other hosts cannot
see it: there, what the worker has done lately shows in the index and the archive.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..clock import MINUTE

BEAT_SECONDS = 10
DEAD_AFTER = MINUTE
"""In milliseconds; compose.yaml has the same figure."""


def beat(place: Path, now: int) -> None:
    """Note that the worker was at work at this time, in Unix milliseconds. Raises OSError."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    os.utime(place, ns=(now * 1_000_000, now * 1_000_000))


def last_beat(place: Path) -> int | None:
    """When the worker was last at work, in Unix milliseconds; None if it never was, here."""
    try:
        return place.stat().st_mtime_ns // 1_000_000
    except FileNotFoundError:
        return None
