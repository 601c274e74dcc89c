"""A market with an index, a user who gets alerts, and the follower that triggers them."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.user import User
from marinemarket.composition import Market
from marinemarket.saved_searches.alert_follower import AlertFollower
from marinemarket.saved_searches.editing import save_search
from marinemarket.saved_searches.saved_search import SavedSearch
from marinemarket.search.index_follower import reach
from marinemarket.store.change_feed import follow
from tests.accounts.members import CLIENT, a_person
from tests.builders import ManualClock


class Alerts:
    """The follower of a market, which a test may restart."""

    def __init__(self, market: Market) -> None:
        self.market, self.follower = market, market.alert_follower()

    async def catch_up(self) -> None:
        while await follow(self.market.store, self.follower):
            pass

    def restart(self) -> AlertFollower:
        self.follower = self.market.alert_follower()
        return self.follower


async def saves(market: Market, user: User, **overrides: Any) -> SavedSearch:
    """A user's saved search, with immediate alerts by default."""
    wish = {"name": "Sailing boats", "frequency": "at-once"} | overrides
    actor = CLIENT.acting_as(user.id, user.email, "session")
    return await save_search(market.trail, market.secret_key, actor, wish)


@pytest.fixture
async def ann(market: Market) -> User:
    return await a_person(market)


@pytest.fixture
async def alerts(market: Market, clock: ManualClock) -> Alerts:
    await reach(market.store, market.engine)
    alerts = Alerts(market)
    await alerts.catch_up()
    return alerts
