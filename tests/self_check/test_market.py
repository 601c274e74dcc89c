"""What is checked of an open market."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from marinemarket.audit.actions import Action
from marinemarket.clock import DAY, HOUR, MINUTE
from marinemarket.composition import Market
from marinemarket.config.settings import Settings
from marinemarket.disk import take_lock
from marinemarket.listings.records import add_listing
from marinemarket.mail.email import Email, outgoing
from marinemarket.search.index_follower import reach
from marinemarket.self_check.finding import Finding, State
from marinemarket.self_check.market import (
    check_archive,
    check_clock,
    check_emails,
    check_index,
    check_market,
    check_worker,
)
from marinemarket.store.change_feed import follow
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


@pytest.fixture
async def followed(market: Market) -> AsyncIterator[Market]:
    """A market with a boat, as a worker leaves it that has followed everything and goes on."""
    await add_listing(market.trail, TESTS, a_listing())
    await reach(market.store, market.engine)
    for follower in (
        market.alert_follower(),
        market.case_follower(),
        market.seller_kind_follower(),
    ):
        await follower.begin()
    await market.archiver(market.settings.backup_place).take_base()
    lock = take_lock(market.settings.worker_lock)
    assert lock is not None
    yield market
    lock.close()


async def _found(market: Market) -> dict[str, Finding]:
    return {finding.name: finding async for finding in check_market(market)}


async def test_a_market_that_is_followed_is_well(followed: Market) -> None:
    found = await _found(followed)
    assert {*found} == {
        "store", "clock", "worker", "index", "archive", "emails", "erasures",
    }  # fmt: skip
    # The archive of these tests lies beside the data, which is worth a warning.
    assert {name for name, one in found.items() if one.state is not State.OK} == {"archive"}
    assert found["archive"].state is State.WARNING
    assert found["index"].message == "1 boat can be found"


async def test_a_clock_that_went_back_is_told_by_the_newest_change(
    followed: Market, clock: ManualClock
) -> None:
    clock.now -= 3 * HOUR
    found = await check_clock(followed)
    assert found.state is State.FAILURE
    assert "3 hours later" in found.message


async def test_a_worker_that_does_not_run_is_missed(market: Market, clock: ManualClock) -> None:
    found = await check_worker(market)
    assert (found.state, "has not started" in found.message) == (State.FAILURE, True)
    for follower in (
        market.alert_follower(),
        market.case_follower(),
        market.seller_kind_follower(),
    ):
        await follower.begin()
    found = await check_worker(market)
    assert (found.state, found.message) == (State.FAILURE, "none is running for this folder")


async def test_a_worker_that_may_run_on_another_machine_is_only_asked_for(market: Market) -> None:
    elsewhere = market.settings.model_copy(update={"store": "dynamodb"})
    found = await check_worker(replace(market, settings=elsewhere))
    assert found.state is State.WARNING
    assert "none runs on this machine" in found.message


async def test_a_worker_that_hangs_is_told_by_what_it_has_not_followed(
    followed: Market, clock: ManualClock
) -> None:
    await add_listing(followed.trail, TESTS, a_listing(name="other"))
    clock.now += MINUTE
    assert (await check_worker(followed)).state is State.OK, "a moment is nothing"
    clock.now += HOUR
    found = await check_worker(followed)
    assert found.state is State.FAILURE
    assert "moderation is 61 minutes behind" in found.message
    assert (await check_index(followed)).message == "it is 61 minutes behind"
    assert (await check_archive(followed)).state is State.FAILURE


async def test_an_index_that_is_not_there_is_missed(market: Market) -> None:
    assert (await check_index(market)).state is State.FAILURE


async def test_an_index_that_is_damaged_is_told(
    followed: Market, market_settings: Settings
) -> None:
    for part in market_settings.search_folder.glob("v*/*"):
        if part.is_file() and part.name != "contents":
            part.write_bytes(part.read_bytes()[:-100] + bytes(100))
    assert (await _found(followed))["index"].state is State.FAILURE


async def test_an_archive_that_ages_is_told(followed: Market, clock: ManualClock) -> None:
    clock.now += DAY
    found = await check_archive(followed)
    assert (found.state, "24 hours ago" in found.message) == (State.FAILURE, True)
    await follow(followed.store.engine, followed.own_archiver())
    found = await check_archive(followed)
    assert found.state is State.WARNING, (
        "a quiet day is archived, and a base a day is what is planned"
    )
    assert "it goes up to" in found.message
    clock.now += 2 * DAY
    found = await check_archive(followed)
    assert (found.state, found.message) == (
        State.FAILURE,
        "the newest base copy is 3 days old",
    )


async def test_a_market_without_any_archive_is_told(market: Market) -> None:
    assert (await check_archive(market)).state is State.FAILURE


async def test_emails_that_wait_for_long_are_told_with_the_reason(
    followed: Market, clock: ManualClock
) -> None:
    accounts = followed.accounts
    letter = Email("goodbye", "ann@example.com", values={"name": "Ann"})
    entry = TESTS.entry(Action.USER_UPDATED, "user", "none", clock())
    await followed.trail.commit(entry, await outgoing(accounts.vault, letter, clock()))
    assert (await check_emails(followed)).message == "1 waiting, the oldest for 0 seconds"
    clock.now += HOUR
    found = await check_emails(followed)
    assert (found.state, found.message) == (State.FAILURE, "1 waiting, the oldest for 60 minutes")
