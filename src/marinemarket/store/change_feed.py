"""Reads the feed once for all followers: each keeps its own position, and none waits for another.

A feed may allow only a few readers, so followers at the same position share one read.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from ..errors import Away, FeedLost, MarketError
from .store import Change, Position, Store

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.1
COSTLY_IDLE_SECONDS = 1.0
"""For feeds where every poll is a paid request."""
REST_SECONDS = 1.0
"""How long a follower waits after a failed start, since each start reads the whole market."""
LONGEST_REST_SECONDS = 30.0
AT_ONCE = 1000

_TROUBLES = (MarketError, ValueError, OSError)


class Follower(Protocol):
    """A consumer of the feed: an index, the archive, counters."""

    @property
    def name(self) -> str: ...

    async def position(self) -> Position | None:
        """Its position; None before it has started, or when it must start again."""

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        """Take the changes after `after`. An empty sequence means that the feed ends there.

        Called at least once per change: after a crash, changes that were not saved come again. A
        follower that has meanwhile moved on from `after` does nothing.
        """

    async def begin(self) -> None:
        """Start from the store's current contents: for a new follower, or after a gap in the feed."""

    def close(self) -> None:
        """Release its resources until the next call."""


@dataclass(slots=True)
class UpgradingFollower:
    """A follower behind a filter: it sees each change as `see` converts it."""

    follower: Follower
    see: Callable[[Change], Change]

    @property
    def name(self) -> str:
        return self.follower.name

    async def position(self) -> Position | None:
        return await self.follower.position()

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        await self.follower.apply(after, [*map(self.see, changes)])

    async def begin(self) -> None:
        await self.follower.begin()

    def close(self) -> None:
        self.follower.close()


async def follow(store: Store, follower: Follower) -> int:
    """Give one follower its next changes; returns their number, or 1 if it started again."""
    position = await follower.position()
    if position is not None:
        try:
            changes = await store.changes(position, limit=AT_ONCE)
        except FeedLost:
            log.warning(
                "%s: the feed no longer holds the changes it missed; starting again", follower.name
            )
        else:
            await follower.apply(position, changes)
            return len(changes)
    await follower.begin()
    return 1


@dataclass(slots=True)
class _Trouble:
    """Why a follower fails, and when it is tried again (in the event loop's seconds)."""

    message: str
    is_logged: bool
    rest: float
    until: float


class Reader:
    """Reads the feed for several followers.

    A failing one is logged once, and retried after pauses that grow. One that meets a service which
    is away is not logged at all: that outage has its own line.
    """

    def __init__(self, store: Store, followers: Sequence[Follower]) -> None:
        self._store, self._followers = store, followers
        self._idle_seconds = IDLE_SECONDS if store.head_is_cheap else COSTLY_IDLE_SECONDS
        self._troubles: dict[str, _Trouble] = {}
        self._beginning: dict[str, asyncio.Task[None]] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Read until `stopping` is set."""
        try:
            while not stopping.is_set():
                if not await self.run_once():
                    await _pause(stopping, self._idle_seconds)
        finally:
            await self._close()

    async def run_once(self) -> int:
        """Read once for each position that followers are at; returns how many changes were handed out."""
        places: dict[Position, list[Follower]] = {}
        for follower in self._followers:
            position = await self._place_of(follower)
            if position is not None:
                places.setdefault(position, []).append(follower)
        handed = [await self._hand(position, group) for position, group in places.items()]
        return sum(handed)

    async def _place_of(self, follower: Follower) -> Position | None:
        if self._is_beginning(follower) or self._is_resting(follower):
            return None
        try:
            position = await follower.position()
        except _TROUBLES as error:
            self._in_trouble(follower, error)
            return None
        if position is None:
            self._begin(follower)
        return position

    async def _hand(self, position: Position, group: Sequence[Follower]) -> int:
        try:
            changes = await self._store.changes(position, limit=AT_ONCE)
        except FeedLost:
            for follower in group:
                log.warning(
                    "%s: the feed no longer holds the changes it missed; starting again",
                    follower.name,
                )
                self._begin(follower)
            return 0
        except MarketError as error:
            for follower in group:
                self._in_trouble(follower, error)
            return 0
        taken = 0
        for follower in group:
            try:
                await follower.apply(position, changes)
            except _TROUBLES as error:
                self._in_trouble(follower, error)
            else:
                taken = len(changes)
                self._recovered(follower)
        return taken

    # Starting again reads the whole market, so it runs in its own task and the others continue.

    def _begin(self, follower: Follower) -> None:
        self._beginning[follower.name] = asyncio.create_task(self._begin_anew(follower))

    async def _begin_anew(self, follower: Follower) -> None:
        try:
            await follower.begin()
        except _TROUBLES as error:
            self._in_trouble(follower, error)

    def _is_beginning(self, follower: Follower) -> bool:
        task = self._beginning.get(follower.name)
        if task is None or not task.done():
            return task is not None
        del self._beginning[follower.name]
        task.result()
        return False

    def _is_resting(self, follower: Follower) -> bool:
        trouble = self._troubles.get(follower.name)
        return trouble is not None and asyncio.get_running_loop().time() < trouble.until

    def _in_trouble(self, follower: Follower, error: Exception) -> None:
        """Log a trouble that is new, and let the follower rest: longer each time, and not in step with
        others that wait for the same.
        """
        before = self._troubles.get(follower.name)
        message = str(error)
        is_logged = not isinstance(error, Away)
        if is_logged and (before is None or before.message != message):
            log.warning("%s: %s", follower.name, message)
        rest = min(2 * before.rest, LONGEST_REST_SECONDS) if before else REST_SECONDS
        waits = rest * (0.5 + random.random() / 2)  # noqa: S311 - no secret
        until = asyncio.get_running_loop().time() + waits
        self._troubles[follower.name] = _Trouble(message, is_logged, rest, until)
        follower.close()

    def _recovered(self, follower: Follower) -> None:
        trouble = self._troubles.pop(follower.name, None)
        if trouble is not None and trouble.is_logged:
            log.warning("%s: goes on", follower.name)

    async def _close(self) -> None:
        for task in self._beginning.values():
            task.cancel()
        await asyncio.gather(*self._beginning.values(), return_exceptions=True)
        for follower in self._followers:
            follower.close()


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
