"""Counting views of boats: in memory, and written every few seconds, many in one commit.

No visitor waits for a write. A process that is killed loses only the views since its last commit, a
few seconds' worth.

A device is counted once in half an hour for each boat, by a keyed hash that is kept only in memory
and means nothing to another process: where several serve the web, each may count it once.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter, OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import islice
from secrets import token_bytes

from ...audit.operational import Operational
from ...audit.trail import Trail
from ...errors import MarketError
from ...store.items import Key
from .records import day_of, view_writes

log = logging.getLogger(__name__)

WRITE_SECONDS = 5
AGAIN_MS = 30 * 60 * 1000
MOST_SEEN = 100_000
"""How many views are remembered; beyond that the oldest are forgotten, and may count again."""
MOST_WAITING = 20_000
"""How many boats and days may wait for an unavailable store; beyond that no more are counted."""
MOST_OF_NETWORK = 30
"""How many devices of one network count for a boat in half an hour: inventing devices costs nothing."""
_IN_ONE_COMMIT = 50
_TRIES = 5

_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|fetch|scan|monitor|headless|lighthouse|facebookexternal|"
    r"whatsapp|python|curl|wget|java/|go-http|okhttp|httpclient|libwww|^$",
    re.IGNORECASE,
)


def is_robot(agent: str) -> bool:
    """Does the user agent identify itself as a robot? Those that pretend otherwise are not detected."""
    return _ROBOT.search(agent.strip()) is not None


class ViewCounter:
    """Counts views of boats, and writes them through `trail`. One for each web process."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._key = token_bytes(32)
        self._seen: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._waiting: Counter[Key] = Counter()
        self._writing = asyncio.Lock()

    def look(self, listing_id: str, devices: Sequence[str], network: str) -> bool:
        """Count a view of a boat, unless it is a repeated one; returns whether it counts.

        `devices` are the names of the visitor's device, the one it is recognised by first; the others are
        remembered with it. `network` is where the request comes from.
        """
        now = self._trail.clock()
        names = [self._hash(listing_id, "device", name) for name in devices]
        around = self._hash(listing_id, "network", network)
        if self._times(names[0], now) or self._times(around, now) >= MOST_OF_NETWORK:
            return False
        key = (listing_id, day_of(now))
        if key not in self._waiting and len(self._waiting) >= MOST_WAITING:
            return False
        for name in (*names, around):
            self._remember(name, now)
        self._waiting[key] += 1
        return True

    async def run(self, stopping: asyncio.Event) -> None:
        """Write the counts every WRITE_SECONDS until told to stop, and then once more."""
        while not stopping.is_set():
            await self._write_or_say()
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), WRITE_SECONDS)
        await self._write_or_say()

    async def write(self) -> None:
        """Write all counts so far. On an error they stay in memory, and the error is raised."""
        async with self._writing:
            while self._waiting:
                some = dict(islice(self._waiting.items(), _IN_ONE_COMMIT))
                await self._add(some)
                # Keeps views that arrived meanwhile.
                self._waiting.subtract(some)
                self._waiting = +self._waiting

    async def _write_or_say(self) -> None:
        try:
            await self.write()
        except (MarketError, OSError) as error:
            log.warning("views of boats wait to be written: %s", error)

    async def _add(self, counted: dict[Key, int]) -> None:
        async def add() -> None:
            writes = await view_writes(self._trail.store, counted, self._trail.clock())
            if writes:
                await self._trail.commit_operational(Operational.VIEWS, *writes)

        # Another process may be counting the same boats.
        await self._trail.retrying(add, most=_TRIES)

    def _hash(self, *overrides: str) -> bytes:
        return blake2b("\0".join(overrides).encode(), key=self._key, digest_size=16).digest()

    def _times(self, name: bytes, now: int) -> int:
        """How often this name was remembered within the last half hour."""
        until, times = self._seen.get(name, (0, 0))
        return times if now < until <= now + AGAIN_MS else 0

    def _remember(self, name: bytes, now: int) -> None:
        until, times = self._seen.pop(name, (0, 0))
        # The half hour begins with the first view; otherwise a page kept open would never count again.
        self._seen[name] = (
            (until, times + 1) if now < until <= now + AGAIN_MS else (now + AGAIN_MS, 1)
        )
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
