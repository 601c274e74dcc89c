"""The rest of a market under a clock that is wrong for a moment: boats, searches, limits, removal."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.clock import DAY, HOUR, MINUTE, SECOND, iso
from marinemarket.composition import Market
from marinemarket.config.rate_limit import Limit
from marinemarket.i18n.dates import since
from marinemarket.listings.records import Unconfirmed, add_listing, step_of
from marinemarket.runtime.steady_clock import SteadyClock
from marinemarket.saved_searches.saved_search import SavedSearch
from marinemarket.web.security.rate_limit_store import RateLimitStore
from tests.builders import NOW, OWNER, ManualClock, a_listing, uuid_of
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio

AHEAD = [2 * HOUR, 40 * DAY]


@pytest.fixture(params=AHEAD, ids=["two hours", "forty days"])
def ahead(request: pytest.FixtureRequest) -> int:
    milliseconds: int = request.param
    return milliseconds


async def test_a_boat_confirmed_ahead_is_asked_about_in_its_time(
    market: Market, clock: ManualClock, ahead: int
) -> None:
    boat = a_listing(confirmedAt=NOW + ahead, updatedAt=NOW + ahead)
    await add_listing(market.trail, TESTS, boat)
    await market.availability_check().run_once()
    assert await step_of(market.store, boat.id) == (Unconfirmed.UNASKED, NOW)
    clock.now += market.settings.confirm_days * DAY
    await market.availability_check().run_once()
    assert await step_of(market.store, boat.id) == (Unconfirmed.ASKED, clock.now)


def test_nothing_is_ever_so_many_days_before_today() -> None:
    assert since(NOW + 40 * DAY, NOW) == "today"


def a_search(**overrides: object) -> SavedSearch:
    payload = {
        "id": uuid_of("search"),
        "userId": OWNER,
        "name": "Boats",
        "createdAt": iso(NOW),
        "updatedAt": iso(NOW),
        "unsubscribeHash": "a" * 64,
    } | overrides
    return SavedSearch.parse(payload)


def test_a_digest_begun_ahead_is_due_now(ahead: int) -> None:
    search = a_search(dueAt=iso(NOW + ahead + 7 * DAY))
    assert search.is_due(NOW)


def test_a_digest_sent_ahead_puts_off_none(ahead: int) -> None:
    search = a_search(lastToldAt=iso(NOW + ahead))
    assert search.next_due(NOW) == NOW + DAY


def test_emails_counted_ahead_hold_back_none(ahead: int) -> None:
    search = a_search(letters=20, countedFrom=iso(NOW + ahead))
    assert search.emails_today(NOW) == 0


def test_a_limit_counted_ahead_counts_on_in_the_window_of_now(
    tmp_path: Path, clock: ManualClock, ahead: int
) -> None:
    limits, limit = RateLimitStore(tmp_path / "limits", clock=clock), Limit(2, 60)
    clock.now += ahead
    assert [_admitted(limits, limit) for _ in range(3)] == [True, True, False]
    clock.now -= ahead
    assert not _admitted(limits, limit)
    clock.now += MINUTE * 2
    assert _admitted(limits, limit)
    limits.close()


def test_a_limit_holds_if_the_clock_goes_back_a_little(tmp_path: Path, clock: ManualClock) -> None:
    limits, limit = RateLimitStore(tmp_path / "limits", clock=clock), Limit(2, 60)
    assert [_admitted(limits, limit) for _ in range(2)] == [True, True]
    clock.now -= SECOND
    assert not _admitted(limits, limit)
    limits.close()


def _admitted(limits: RateLimitStore, limit: Limit) -> bool:
    state = limits.take(b"somebody", limit)
    assert state is not None
    return state.is_admitted


# -- What cannot be undone waits ---------------------------------------------------------------


class Running:
    """A clock that nobody can set."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def both(clock: ManualClock, running: Running, milliseconds: int) -> None:
    clock.now += milliseconds
    running.now += milliseconds


def test_a_clock_that_goes_on_steadily_is_trusted(tmp_path: Path, clock: ManualClock) -> None:
    running = Running()
    steady = SteadyClock(clock, tmp_path / "time", running=running)
    for step in (0, MINUTE, DAY, 40 * DAY):
        both(clock, running, step)
        assert steady.is_trusted()


@pytest.mark.parametrize("jump", [2 * HOUR, 40 * DAY, -DAY])
def test_a_clock_that_was_set_is_doubted_for_an_hour(
    tmp_path: Path, clock: ManualClock, jump: int
) -> None:
    running = Running()
    steady = SteadyClock(clock, tmp_path / "time", running=running)
    assert steady.is_trusted()
    clock.now += jump
    assert not steady.is_trusted()
    both(clock, running, HOUR - SECOND)
    assert not steady.is_trusted()
    both(clock, running, SECOND)
    assert steady.is_trusted()


@pytest.mark.parametrize("jump", [40 * DAY, -DAY])
def test_a_worker_that_starts_at_another_time_than_it_ended_doubts_its_clock(
    tmp_path: Path, clock: ManualClock, jump: int
) -> None:
    assert SteadyClock(clock, tmp_path / "time", running=Running()).is_trusted()
    clock.now += jump
    assert not SteadyClock(clock, tmp_path / "time", running=Running()).is_trusted()
    clock.now -= jump
    assert SteadyClock(clock, tmp_path / "time", running=Running()).is_trusted()
