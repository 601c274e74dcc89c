"""The worker under a story's clock: every duty of the real one, as often as its interval says."""

from __future__ import annotations

from marinemarket.composition import Market
from marinemarket.runtime.steady_clock import SteadyClock
from marinemarket.runtime.worker import duties_of
from marinemarket.store.change_feed import follow


class Worker:
    """One run of the worker, from its start to its end."""

    def __init__(self, market: Market) -> None:
        self.market = market
        place = market.settings.trusted_time_place
        steady = SteadyClock(market.clock, place, running=market.clock)
        self._duties = duties_of(market, steady)
        self._done_at: dict[str, int] = {}

    async def work(self) -> None:
        """Follow the feed to its end, and do what is due by now; twice, since one leads to the other."""
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
        followed, went_on = 0, True
        while went_on:
            went_on = False
            for follower in (one for group in self._duties.followers for one in group):
                while handed := await follow(self.market.store.engine, follower):
                    followed += handed
                    went_on = True
        return followed
