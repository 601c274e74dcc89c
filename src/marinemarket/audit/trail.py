"""The audit trail: the only way to change the market is together with the record of the change.

Changes are optimistic: they read, decide, and commit under the condition that what they read still
stands. Where it does not, there are two answers. Either the market forbids the change as things
stand now: that reason stands on the write, as `otherwise`, and the commit raises it. Or somebody else
was merely faster: then the change is tried again from its first read, by `Trail.retrying`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from ..clock import DAY_SECONDS, Clock, from_iso, now_ms
from ..errors import Busy, Conflict, Contended, MarketError
from ..metrics import COMMITS, CONFLICTS, GIVEN_UP
from ..store.items import Item, same
from ..store.schema import AUDIT_LOGS
from ..store.store import Store
from ..store.writes import Absent, Put, Reason, Write, error_of, lost_among
from .entry import AuditLog
from .operational import Operational

T = TypeVar("T")

MOST_ATTEMPTS = 20
SHORTEST_PAUSE, LONGEST_PAUSE = 0.005, 0.25
"""Between attempts, in seconds: at most so long after the first, doubled after each up to the last."""


class Trail:
    """Commits changes with their audit entries. Whoever changes the market is given this one.

    `retention_days` is how long an entry is kept. `chance` (from 0 up to 1) and `sleep` (seconds)
    decide how long a change waits before it is tried again.
    """

    def __init__(
        self,
        store: Store,
        *,
        retention_days: int,
        clock: Clock = now_ms,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.store = store
        self.clock = clock
        self._retention = retention_days * DAY_SECONDS
        self._chance, self._sleep = chance, sleep

    async def commit(
        self, entry: AuditLog, *writes: Write, otherwise: Reason | None = None
    ) -> None:
        """Every write and the entry, or nothing.

        Where a condition does not hold, raises the reason of the first such write, or `otherwise` for
        one that has none of its own; Conflict without either.
        """
        record = Put(AUDIT_LOGS, entry_item(entry, self._retention), when=Absent())
        await self._commit((*writes, record), otherwise)

    async def commit_operational(
        self, kind: Operational, *writes: Write, otherwise: Reason | None = None
    ) -> None:
        """Writes that change nothing of the market, without an entry. Raises as `commit` does.

        `kind` says which of the declared exceptions they are.
        """
        await self._commit(writes, otherwise)

    async def retrying(
        self, attempt: Callable[[], Awaitable[T]], *, most: int = MOST_ATTEMPTS
    ) -> T:
        """What an optimistic change makes, tried again whenever somebody else was faster.

        `attempt` begins with what it reads, and ends with its commit: each attempt sees the market as
        the winner left it. Between two it waits, longer each time, and never as long as others do.
        Raises Unavailable once `most` attempts have lost, and at once whatever else `attempt` raises.

        The outermost caller retries. What is built into a larger change is a single attempt, and lets
        its Conflict out: a retry within a retry would try most times most.
        """
        for number in range(most):
            if number:
                longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** (number - 1))
                await self._sleep(longest * self._chance())
            try:
                return await attempt()
            except (Conflict, Contended):
                continue
        GIVEN_UP.inc()
        raise Busy("others are changing the same things at this moment; please try again")

    async def _commit(self, writes: tuple[Write, ...], otherwise: Reason | None) -> None:
        try:
            await self.store.commit(*writes)
        except Conflict as conflict:
            CONFLICTS.inc()
            if reason := lost_among(writes, conflict).otherwise or otherwise:
                raise _afresh(error_of(reason, _copied(conflict.item))) from None
            raise
        COMMITS.inc()


def _copied(item: Mapping[str, Any] | None) -> Item | None:
    return None if item is None else dict(item)


def _afresh(error: MarketError) -> MarketError:
    """An error without the way it went when it was raised before: a write may be committed twice."""
    return error.with_traceback(None)


def entry_item(entry: AuditLog, retention: int) -> Item:
    """An entry as it is stored; `retention` is in seconds."""
    return entry.to_wire() | {"ttl": from_iso(entry.timestamp) // 1000 + retention}


def difference(old: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """What changed between two items: ``{"boatDetails.year": {"old": 2003, "new": 2004}}``."""
    changed: dict[str, Any] = {}
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            changed |= difference(before, after, f"{path}{name}.")
        elif not same(before, after):
            changed[f"{path}{name}"] = {"old": before, "new": after}
    return changed
