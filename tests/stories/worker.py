"""The worker under a story's clock: every duty of the real one, as often as its interval says."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.errors import FeedLost
from marinemarket.runtime.steady_clock import SteadyClock
from marinemarket.runtime.worker import duties_of
from marinemarket.store.change_feed import AT_ONCE, Follower
from marinemarket.store.dynamodb import DynamoStore
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Position

from .engines import StoryEngine


class Killed(BaseException):
    """The process is gone; nothing that it would have done on an error is done."""


def kill_after(patch: pytest.MonkeyPatch, commits: int) -> None:
    """Let whoever commits once more than that be killed."""
    left = count(commits, -1)

    def killing(commit: Any) -> Any:
        async def unless_killed(*args: Any) -> Any:
            if next(left) <= 0:
                raise Killed
            return await commit(*args)

        return unless_killed

    for store in (SqliteStore, DynamoStore):
        patch.setattr(store, "commit", killing(store.commit))


class Worker:
    """One run of the worker, from its start to its end."""

    def __init__(self, market: Market, engine: StoryEngine) -> None:
        self.market, self._engine = market, engine
        self._followed_at: int | None = None
        place = market.settings.trusted_time_place
        steady = SteadyClock(market.clock, place, running=market.clock)
        self._duties = duties_of(market, steady)
        self._done_at: dict[str, int] = {}

    async def work(self) -> None:
        """Follow the feed to its end, and do what is due by now; twice, since one leads to the other."""
        await self._engine.goes_on(self.market.clock)
        self._followed_at = None
        await self._follow()
        for duty in self._duties.repeated:
            done_at = self._done_at.get(duty.name)
            if done_at is None or self.market.clock() - done_at >= duty.seconds * 1000:
                self._done_at[duty.name] = self.market.clock()
                await duty.chore()
                if await self._follow() and duty.name != "sending emails":
                    self._done_at.pop("sending emails", None)
        for duty in self._duties.repeated:
            if duty.name not in self._done_at:
                await duty.chore()
                self._done_at[duty.name] = self.market.clock()

    def end(self) -> None:
        for group in self._duties.followers:
            for follower in group:
                follower.close()

    async def _follow(self) -> int:
        """Give every follower what is new, until none has caused another change."""
        written = self._engine.written()
        if written is not None and written == self._followed_at:
            return 0
        followed = 0
        while handed := await self._follow_once():
            followed += handed
        self._followed_at = written if written == self._engine.written() else None
        return followed

    async def _follow_once(self) -> int:
        """Followers at the same position share a read, as the real worker's do."""
        handed = 0
        places: dict[Position, list[Follower]] = {}
        for follower in (one for group in self._duties.followers for one in group):
            position = await follower.position()
            if position is None:
                await follower.begin()
                handed += 1
            else:
                places.setdefault(position, []).append(follower)
        for position, followers in places.items():
            try:
                changes = await self.market.store.engine.changes(position, limit=AT_ONCE)
            except FeedLost:
                for follower in followers:
                    await follower.begin()
                handed += 1
                continue
            for follower in followers:
                await follower.apply(position, changes)
            handed += len(changes)
        return handed
