"""Whether the clock can be trusted with what cannot be undone: removing, hiding, asking.

A clock that is days ahead for a moment would have everything removed that expires within those days.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..clock import CLOCK_TOLERANCE, DAY, HOUR, Clock, iso
from ..disk import keep_line, kept_line

log = logging.getLogger(__name__)

DOUBTED_FOR = HOUR
"""How long a clock is not trusted after it was set, in milliseconds of a clock that cannot be set."""
LONGEST_PAUSE = DAY
"""How long a market may have stood still for its clock to be trusted at once when it goes on."""


def running_ms() -> int:
    """Milliseconds of a clock that nobody can set; only differences mean anything."""
    return time.monotonic_ns() // 1_000_000


class SteadyClock:
    """Watches the market's clock. `place` is the file in which it notes the last trusted time."""

    def __init__(
        self, clock: Clock, place: Path, *, running: Callable[[], int] = running_ms
    ) -> None:
        self._clock, self._place, self._running = clock, place, running
        self._offset = clock() - running()
        self._doubted_at: int | None = None
        before = _noted(place)
        if before is not None and not -CLOCK_TOLERANCE <= clock() - before <= LONGEST_PAUSE:
            self._doubt(f"it was {iso(before)} when the worker last ran")

    def is_trusted(self) -> bool:
        """Has the clock gone on steadily for an hour, or since it was last seen right?

        Where it has, the time is noted for the next start.
        """
        offset = self._clock() - self._running()
        if abs(offset - self._offset) > CLOCK_TOLERANCE:
            self._doubt("it was set while the worker ran")
        self._offset = offset
        if self._doubted_at is not None and self._running() - self._doubted_at < DOUBTED_FOR:
            return False
        self._doubted_at = None
        with suppress(OSError):  # on a full disk, the note of a while ago serves as well
            keep_line(self._place, str(self._clock()))
        return True

    def _doubt(self, why: str) -> None:
        self._doubted_at = self._running()
        log.warning(
            "the clock shows %s, but %s: for an hour, nothing that has expired is removed",
            iso(self._clock()),
            why,
        )


def _noted(place: Path) -> int | None:
    line = kept_line(place)
    return int(line) if line and line.isdigit() else None
