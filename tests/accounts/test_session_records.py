"""Sessions in the store: found by their hash, listed by activity, gone once expired."""

from __future__ import annotations

import pytest

from marinemarket.accounts.records import (
    add_user,
    find_session,
    note_activity,
    session_item,
    session_of,
    sessions_of,
)
from marinemarket.accounts.session import AuthSession
from marinemarket.clock import iso
from marinemarket.composition import Market
from marinemarket.errors import Invalid
from marinemarket.store.schema import AUDIT_LOGS, SESSIONS
from tests.builders import NOW, OWNER, ManualClock, a_session, a_user, uuid_of
from tests.conftest import TESTS
from tests.sessions import begin_session
from tests.store.paging import scanned
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio


async def _add(market: Market, *sessions: AuthSession) -> None:
    for session in sessions:
        await begin_session(market, session)
    await indexes_caught_up(market.store)


async def test_a_session_is_found_by_its_hash_as_it_was_added(market: Market) -> None:
    session = a_session()
    await _add(market, session)
    assert await find_session(market.store, session.session_id) == session
    assert await find_session(market.store, "0" * 64) is None


def test_the_end_is_stored_in_seconds_and_returned_as_iso_text() -> None:
    session = a_session(expires_at="2026-02-01T00:00:00.999Z")
    item = session_item(session)
    assert item["expiresAt"] == 1_769_904_000
    assert session_of(item).expires_at == "2026-02-01T00:00:00.000Z"


async def test_a_users_sessions_come_with_the_latest_active_first(market: Market) -> None:
    await add_user(market.trail, TESTS, a_user(name="ann"))
    ages = [(n * 7) % 10 for n in range(10)]
    await _add(market, *(a_session(name=f"{n}", last_activity=iso(NOW + n)) for n in ages))
    await begin_session(market, a_session(name="ann", user=uuid_of("ann")))
    await indexes_caught_up(market.store)
    newest = [a_session(name=f"{n}").session_id for n in reversed(range(10))]
    seen: list[str] = []
    after: str | None = None
    while len(seen) < 10:
        page = await sessions_of(market.store, OWNER, limit=4, after=after)
        assert len(page.sessions) <= 4
        seen += [session.session_id for session in page.sessions]
        after = page.next
    assert (seen, after) == (newest, None)


async def test_a_cursor_of_one_users_sessions_opens_no_others(market: Market) -> None:
    await _add(market, a_session(name="one"), a_session(name="two"))
    cursor = (await sessions_of(market.store, OWNER, limit=1)).next
    assert cursor is not None
    with pytest.raises(Invalid, match="after"):
        await sessions_of(market.store, uuid_of("ann"), limit=1, after=cursor)


async def test_an_expired_session_is_not_found(market: Market, clock: ManualClock) -> None:
    short, long = a_session(name="short", lasts=60_000), a_session(name="long")
    await _add(market, short, long)
    clock.now += 59_999
    assert await find_session(market.store, short.session_id) == short
    clock.now += 1
    assert await find_session(market.store, short.session_id) is None
    assert (await sessions_of(market.store, OWNER)).sessions == [long]


async def test_activity_moves_once_a_minute_and_leaves_no_entry(
    market: Market, clock: ManualClock
) -> None:
    session = a_session()
    await _add(market, session)
    entries = await scanned(market.store, AUDIT_LOGS)
    for passed, seen in ((59_999, NOW), (60_000, NOW + 60_000), (119_999, NOW + 60_000)):
        clock.now = NOW + passed
        await note_activity(market.trail, session)
        found = await find_session(market.store, session.session_id)
        assert found is not None
        assert found.last_activity == iso(seen)
    assert await scanned(market.store, AUDIT_LOGS) == entries


async def test_activity_revives_no_session_that_ended(market: Market, clock: ManualClock) -> None:
    session = a_session(lasts=60_000)
    await _add(market, session)
    clock.now += 60_000
    await note_activity(market.trail, session)
    clock.now = NOW
    kept = await market.store.get(SESSIONS, session.session_id)
    assert (kept or {})["lastActivity"] == iso(NOW)
