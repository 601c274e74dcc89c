"""A market with a boat, its seller and a buyer, and the context of their messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from marinemarket.accounts.user import User
from marinemarket.audit.entry import Actor
from marinemarket.composition import Market
from marinemarket.config.settings import Settings
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing
from marinemarket.messages.context import MessagingContext
from marinemarket.messages.inquiries import SentInquiry, ask
from marinemarket.messages.inquiry import Side, Thread
from marinemarket.messages.records import find_thread
from tests.accounts.members import a_person
from tests.builders import a_listing
from tests.conftest import TESTS

RELAY = "relay.example"


@pytest.fixture
def market_settings(market_settings: Settings) -> Settings:
    return market_settings.model_copy(update={"relay_domain": RELAY})


@dataclass(frozen=True)
class Harbour:
    """Sue sells a boat; Bob would like to buy it."""

    market: Market
    sue: User
    bob: User
    boat: Listing

    @property
    def desk(self) -> MessagingContext:
        return self.market.messaging()

    async def asked(self, text: str = "Is she still available?", **overrides: Any) -> SentInquiry:
        """Bob's question."""
        return await ask(
            self.desk, by(self.bob), self.bob, self.boat, {"message": text}, **overrides
        )

    async def thread(self, id: str) -> Thread:
        found = await find_thread(self.market.store, id)
        assert found is not None
        return found

    def address(self, thread: Thread, side: Side) -> str:
        address = self.desk.relay_address(thread.id, side)
        assert address is not None
        return address


def by(user: User) -> Actor:
    return Actor(user.id, user.email, "192.0.2.7", "Mozilla/5.0", "a session")


@pytest.fixture
async def harbour(market: Market) -> Harbour:
    sue = await a_person(market, name="sue")
    bob = await a_person(market, name="bob")
    boat = a_listing(ownerId=sue.id)
    await add_listing(market.trail, TESTS, boat)
    return Harbour(market, sue, bob, boat)
