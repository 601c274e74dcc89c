"""Users in the store: one account for each address, and one market account for all."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.accounts.records import (
    MARKET_EMAIL,
    MARKET_ID,
    add_user,
    find_user,
    find_user_by_email,
    market_account,
    users_by_email,
)
from marinemarket.accounts.user import UserStatus
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.errors import Invalid
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, USERS
from tests.builders import OWNER, ManualClock, a_user, uuid_of
from tests.conftest import TESTS
from tests.store.file_locks import locked
from tests.store.paging import scanned
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio

A_MINUTE = 60


async def test_a_user_is_found_as_added(market: Market) -> None:
    ann = a_user(name="ann", phone="+1 561 555 0100", status=UserStatus.SUSPENDED)
    await add_user(market.trail, TESTS, ann)
    assert await find_user(market.store, ann.id) == ann
    assert await find_user_by_email(market.store, "ann@example.com") == ann
    await indexes_caught_up(market.store)
    assert (await users_by_email(market.store, "ann@example.com")).users == [ann]
    with pytest.raises(Invalid, match="email: must be an email address"):
        await users_by_email(market.store, "no address")


async def test_a_missing_user_is_not_found(market: Market) -> None:
    assert await find_user(market.store, uuid_of("nobody")) is None
    assert await find_user_by_email(market.store, "nobody@example.com") is None
    for text in ("", "no address", "\ud800@example.com", "x" * 5000):
        assert await find_user_by_email(market.store, text) is None


@pytest.mark.parametrize("spelt", ["ANN@example.com", " ann@Example.COM ", "ａnn@example.com"])
async def test_an_address_is_one_however_it_is_spelt(market: Market, spelt: str) -> None:
    ann = a_user(name="ann")
    await add_user(market.trail, TESTS, ann)
    assert await find_user_by_email(market.store, spelt) == ann
    with pytest.raises(Invalid, match="email: already belongs to an account"):
        await add_user(market.trail, TESTS, a_user(name="other", email=spelt))
    assert await find_user(market.store, uuid_of("other")) is None


async def test_an_id_that_is_taken_claims_no_address(market: Market) -> None:
    with pytest.raises(Invalid):
        await add_user(market.trail, TESTS, a_user(name="owner", email="new@example.com"))
    assert await find_user_by_email(market.store, "new@example.com") is None
    assert (await find_user(market.store, OWNER) or a_user(name="lost")).name == "Owner"


async def test_of_fifty_who_claim_one_address_at_once_exactly_one_gets_it(
    market: Market, market_settings: Settings, clock: ManualClock
) -> None:
    async with open_market(market_settings, clock=clock) as other:
        users = [a_user(name=f"user{n}", email="one@example.com") for n in range(50)]
        outcomes = await asyncio.wait_for(
            asyncio.gather(
                *(add_user((market, other)[n % 2].trail, TESTS, u) for n, u in enumerate(users)),
                return_exceptions=True,
            ),
            A_MINUTE,
        )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 49
    winner = users[outcomes.index(None)]
    assert await find_user_by_email(market.store, "one@example.com") == winner
    await indexes_caught_up(market.store)
    assert (await users_by_email(market.store, "one@example.com")).users == [winner]
    assert len(await scanned(market.store, USERS)) == 2
    assert len(await scanned(market.store, CLAIMS)) == 2
    assert len(await scanned(market.store, AUDIT_LOGS)) == 2


async def test_the_market_has_one_account_however_many_ask_for_it_first(
    market: Market, market_settings: Settings, clock: ManualClock
) -> None:
    async with open_market(market_settings, clock=clock) as other:
        # All of them read before any of them has created it.
        with locked(market_settings.database):
            asked = [
                asyncio.create_task(market_account(one.trail, TESTS, name="The market"))
                for one in (market, other) * 10
            ]
            await asyncio.sleep(0)
        accounts = await asyncio.wait_for(asyncio.gather(*asked), A_MINUTE)
    assert {account.id for account in accounts} == {MARKET_ID}
    await indexes_caught_up(market.store)
    found = (await users_by_email(market.store, MARKET_EMAIL)).users
    assert [user.id for user in found] == [MARKET_ID]
    made = [
        item for item in await scanned(market.store, AUDIT_LOGS) if item["resourceId"] == MARKET_ID
    ]
    assert len(made) == 1


async def test_nobody_can_sign_in_as_the_market(market: Market) -> None:
    account = await market_account(market.trail, TESTS, name="The market")
    assert account.is_active
    assert account.password is None
    assert not account.email_verified


async def test_nobody_can_take_the_markets_own_address(market: Market) -> None:
    with pytest.raises(Invalid, match="email: is the market's own"):
        await add_user(market.trail, TESTS, a_user(name="thief", email=MARKET_EMAIL))
    assert (await market_account(market.trail, TESTS, name="The market")).id == MARKET_ID
