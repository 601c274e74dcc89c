"""Login attempts in the store: found by address and time, or by IP, and kept for a limited time."""

from __future__ import annotations

import pytest

from marinemarket.accounts.login_attempt import LoginAttempt
from marinemarket.accounts.records import attempts_for, attempts_from
from marinemarket.composition import Market
from marinemarket.errors import Conflict, Invalid
from marinemarket.store.schema import AUDIT_LOGS, LOGIN_ATTEMPTS
from tests.builders import NOW, ManualClock, an_attempt, uuid_of
from tests.sessions import keep_attempt
from tests.store.paging import scanned
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio

A_DAY = 86_400_000
QUARTER_OF_AN_HOUR = 15 * 60 * 1000


async def _record(market: Market, *attempts: LoginAttempt) -> None:
    for attempt in attempts:
        await keep_attempt(market, attempt)
    await indexes_caught_up(market.store)


async def test_attempts_since_a_moment_come_newest_first_and_without_those_at_it(
    market: Market,
) -> None:
    ages = [0, QUARTER_OF_AN_HOUR, 1000, QUARTER_OF_AN_HOUR - 1, 500]
    await _record(market, *(an_attempt(name=f"{age}", at=NOW - age) for age in ages))
    await _record(market, an_attempt(name="anns", email="ann@example.com"))
    since = NOW - QUARTER_OF_AN_HOUR
    page = await attempts_for(market.store, "owner@example.com", since=since)
    recent = [0, 500, 1000, QUARTER_OF_AN_HOUR - 1]
    assert page.attempts == [an_attempt(name=f"{age}", at=NOW - age) for age in recent]
    assert page.next is None


async def test_attempts_are_paged_only_with_the_same_start_time(market: Market) -> None:
    await _record(market, *(an_attempt(name=f"{n}", at=NOW + n) for n in range(5)))
    first = await attempts_for(market.store, "owner@example.com", since=NOW - 1, limit=3)
    rest = await attempts_for(
        market.store, "owner@example.com", since=NOW - 1, limit=3, after=first.next
    )
    seen = [attempt.id for attempt in [*first.attempts, *rest.attempts]]
    assert seen == [uuid_of(f"{n}") for n in reversed(range(5))]
    with pytest.raises(Invalid, match="after"):
        await attempts_for(market.store, "owner@example.com", since=NOW, after=first.next)


@pytest.mark.parametrize("typed", ["OWNER@example.com", " ｏwner@example.com "])
async def test_an_address_is_found_however_it_was_typed(market: Market, typed: str) -> None:
    await _record(market, an_attempt(email=typed))
    assert len((await attempts_for(market.store, "owner@example.com", since=0)).attempts) == 1
    assert len((await attempts_for(market.store, typed, since=0)).attempts) == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Skipper", "skipper"),
        ("", "(nothing)"),
        (" \x00\u202e ", "(nothing)"),
        ("' OR 1=1; --", "' or 1=1; --"),
        ("\ud800@example.com", "?@example.com"),
        ("x" * 5000, "x" * 254),
        ("ﷺ" * 254, "صلى الله عليه وسلم" * 14 + "صل"),
    ],
)
async def test_an_invalid_address_is_recorded_and_found_again(
    market: Market, typed: str, kept: str
) -> None:
    attempt = an_attempt(email=typed)
    assert attempt.email == kept
    await _record(market, attempt)
    assert (await attempts_for(market.store, typed, since=0)).attempts == [attempt]


async def test_attempts_from_one_ip_come_newest_first_for_any_address(market: Market) -> None:
    sprayed = [an_attempt(name=f"{n}", email=f"user{n}@example.com", at=NOW + n) for n in range(5)]
    await _record(market, *sprayed, an_attempt(name="other", ip_address="2001:db8::1"))
    first = await attempts_from(market.store, "192.0.2.7", limit=3)
    rest = await attempts_from(market.store, "192.0.2.7", limit=3, after=first.next)
    assert [*first.attempts, *rest.attempts] == sprayed[::-1]
    assert rest.next is None
    assert len((await attempts_from(market.store, "2001:DB8:0::1")).attempts) == 1
    with pytest.raises(Invalid, match="ipAddress: must be an IP address"):
        await attempts_from(market.store, "next door")


async def test_an_attempt_is_gone_when_its_retention_is_over(
    market: Market, clock: ManualClock
) -> None:
    await keep_attempt(market, an_attempt(), days=2)
    await indexes_caught_up(market.store)
    clock.now += 2 * A_DAY - 1
    assert (await attempts_from(market.store, "192.0.2.7")).attempts == [an_attempt()]
    clock.now += 1
    assert (await attempts_from(market.store, "192.0.2.7")).attempts == []
    assert (await attempts_for(market.store, "owner@example.com", since=0)).attempts == []


async def test_an_attempt_is_never_overwritten(market: Market) -> None:
    await _record(market, an_attempt())
    entries = await scanned(market.store, AUDIT_LOGS)
    with pytest.raises(Conflict):
        await _record(market, an_attempt(user_agent="another"))
    assert await scanned(market.store, AUDIT_LOGS) == entries
    assert await scanned(market.store, LOGIN_ATTEMPTS) != []
