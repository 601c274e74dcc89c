"""What was found damaged: each thing is counted and logged once by each process."""

from __future__ import annotations

import logging

from ..errors import DamagedItem
from ..metrics import DAMAGED

log = logging.getLogger(__name__)

MOST_REMEMBERED = 10_000
"""Beyond this, damage is counted but no longer logged: the file as a whole is beyond repair."""


class DamageLog:
    """The damaged items that this process has met in one store, and that are still damaged."""

    def __init__(self) -> None:
        self._known: set[tuple[str, tuple[object, ...]]] = set()

    def __len__(self) -> int:
        return len(self._known)

    def note(self, error: DamagedItem) -> None:
        """Count and log a damaged item, unless it is known."""
        place = (error.table, error.key)
        if place in self._known or len(self._known) >= MOST_REMEMBERED:
            return
        self._known.add(place)
        DAMAGED.labels(error.table).inc()
        log.error(
            "%s %r is damaged: %s; run `marinemarket repair`", error.table, error.key, error.why
        )

    def forget(self, table: str, key: tuple[object, ...]) -> None:
        """An item was read and is sound: it has been repaired if it was damaged."""
        if self._known:
            self._known.discard((table, key))
