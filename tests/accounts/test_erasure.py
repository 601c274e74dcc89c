"""An erased person is gone from every table and from the feed; the audit trail still shows what was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import add_user, find_user_by_email
from marinemarket.archive.archive import Archive
from marinemarket.archive.erasures import read_erasures
from marinemarket.archive.file_format import Seal
from marinemarket.archive.post_restore import run
from marinemarket.archive.storage import FolderStorage
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import NotFound
from marinemarket.listings.records import add_listing
from marinemarket.store.change_feed import follow
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, LOGIN_ATTEMPTS, SESSIONS
from marinemarket.store.store import Query
from marinemarket.store.writes import Put
from tests.builders import OWNER, ManualClock, a_listing, a_user
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


@pytest.fixture
def behind() -> int:
    """Erasure relies on indexes that have caught up, as its module says."""
    return 0


ANN = Actor(OWNER, "owner@example.com", "192.0.2.7", "Ann's browser", "her session")


async def _live(market: Market) -> None:
    """The owner signs in, offers a boat, and changes her name; another user does nothing."""
    await add_user(market.trail, TESTS, a_user(name="other"))
    now = market.clock()
    session = {"sessionId": "s", "userId": OWNER, "lastActivity": "2026", "ipAddress": "192.0.2.7"}
    attempt = {"id": "a", "timestamp": "2026", "email": "owner@example.com", "ipAddress": "::1"}
    entry = ANN.entry(Action.USER_LOGIN, "session", "s", now)
    await market.trail.commit(entry, Put(SESSIONS, session), Put(LOGIN_ATTEMPTS, attempt))
    await add_listing(market.trail, ANN, a_listing(title="Owner's own"))
    renamed = ANN.entry(Action.USER_UPDATED, "user", OWNER, now, name={"old": "Ann", "new": "Bo"})
    await market.trail.commit(renamed, Put(SESSIONS, session | {"sessionId": "s2"}))


async def test_nothing_personal_is_left_and_others_are_untouched(market: Market) -> None:
    await _live(market)
    await erase(market.trail, ANN, OWNER, PERSONAL_DATA)
    store = market.store
    assert await find_user_by_email(store, "owner@example.com") is None
    assert await find_user_by_email(store, "other@example.com") is not None
    for table in (LISTINGS, SESSIONS, LOGIN_ATTEMPTS):
        assert (await store.scan(table)).items == []
    theirs = Query(AUDIT_LOGS, OWNER, AUDIT_LOGS.index("user-index"), limit=100)
    entries = (await store.query(theirs)).items
    assert {entry["userEmail"] for entry in entries} == {"erased"}
    assert {"USER_LOGIN", "LISTING_CREATED", "ERASURE_BEGUN"} <= {e["action"] for e in entries}
    await store.close()
    kept = b"".join(path.read_bytes() for path in market.settings.data.glob("market.sqlite3*"))
    # Only the key of the email's claim stays in the feed, until that is trimmed.
    for personal in (b'"owner@example.com"', b"192.0.2.7", b"Ann's browser", b"Owner's own"):
        assert personal not in kept


async def test_a_restore_repeats_later_erasures(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    await _live(market)
    archive = Archive(FolderStorage(tmp_path / "archive"), Seal())
    archiver = market.archiver(str(tmp_path / "archive"))
    await archiver.take_base()
    await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    while await follow(market.store, archiver):
        pass
    clock.now += 10**6
    await follow(market.store, archiver)
    [erasure] = await read_erasures(archive.place)
    assert erasure.user == OWNER
    with pytest.raises(NotFound):
        await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    await add_user(market.trail, TESTS, a_user())
    done = await run(market.trail, PERSONAL_DATA, [erasure], lambda doing, count: None)
    assert done == {
        "sessionsEnded": 0,
        "tokensVoid": 2,
        "passingForgotten": 0,
        "outboxMuted": 0,
        "alertsMuted": 0,
        "jobsStopped": 0,
        "erasedAgain": 1,
    }
    assert await find_user_by_email(market.store, "owner@example.com") is None
