"""An expired item is missing from every answer, whether swept or not."""

from __future__ import annotations

import pytest

from marinemarket.errors import Conflict
from marinemarket.store.schema import AUDIT_LOGS, SESSIONS
from marinemarket.store.store import Query, Store
from marinemarket.store.writes import Absent, Check, Delete, Equals, Exists, Put, Update
from tests.builders import ManualClock
from tests.store.contract.conftest import Sweeping
from tests.store.item_builders import NOW_SECONDS, a_note, a_session
from tests.store.paging import answers, feed, pages, replayed, scanned, state

pytestmark = pytest.mark.anyio

BY_USER = Query(SESSIONS, "ann", SESSIONS.index("user-index"))
KEY = ("session",)


async def _expired(store: Store, clock: ManualClock) -> None:
    """An expired session that has not been swept."""
    await store.commit(Put(SESSIONS, a_session(lasts=60)))
    clock.now += 60_000


@pytest.mark.parametrize(
    ("later", "there"), [(0, True), (59_999, True), (60_000, False), (10**10, False)]
)
async def test_an_item_is_absent_from_the_second_at_which_it_ends(
    store: Store, clock: ManualClock, later: int, there: bool
) -> None:
    await store.commit(Put(SESSIONS, a_session(lasts=60)))
    clock.now += later
    found = [a_session(lasts=60)] if there else []
    assert await store.get(SESSIONS, "session") == (a_session(lasts=60) if there else None)
    assert await store.get_many(SESSIONS, [KEY]) == [a_session(lasts=60) if there else None]
    assert await answers(store, BY_USER) == found
    assert await answers(store, Query(SESSIONS, "session")) == found
    assert await scanned(store, SESSIONS) == found


@pytest.mark.parametrize("ends", [{}, {"expiresAt": None}])
async def test_an_item_without_an_end_stays(
    store: Store, clock: ManualClock, sweep: Sweeping, ends: dict[str, None]
) -> None:
    await store.commit(Put(SESSIONS, a_session(lasts=None) | ends))
    clock.now += 10**12
    assert await store.get(SESSIONS, "session") is not None
    assert await sweep() == 0


async def test_the_end_may_be_put_off(store: Store, clock: ManualClock, sweep: Sweeping) -> None:
    await store.commit(Put(SESSIONS, a_session(lasts=60)))
    await store.commit(Update(SESSIONS, KEY, set={"expiresAt": NOW_SECONDS + 120}))
    clock.now += 60_000
    assert await store.get(SESSIONS, "session") == a_session(lasts=120)
    assert await sweep() == 0


async def test_pages_leave_no_gaps_where_items_have_ended(store: Store, clock: ManualClock) -> None:
    notes = [a_note(at=f"{n}", lasts=60 if n % 3 else 600) for n in range(10)]
    await store.commit(*(Put(AUDIT_LOGS, note) for note in notes))
    clock.now += 60_000
    found = await pages(store, Query(AUDIT_LOGS, "note", limit=2))
    assert [[note["timestamp"] for note in page] for page in found] == [["0", "3"], ["6", "9"]]


@pytest.mark.parametrize("when", [Exists(), Equals(userId="ann"), Equals()])
async def test_no_condition_finds_an_item_that_has_ended(
    store: Store, clock: ManualClock, when: Exists | Equals
) -> None:
    await _expired(store, clock)
    for write in (
        Put(SESSIONS, a_session(lasts=600), when=when),
        Update(SESSIONS, KEY, set={"expiresAt": NOW_SECONDS + 600}, when=when),
        Delete(SESSIONS, KEY, when=when),
        Check(SESSIONS, KEY, when=when),
    ):
        with pytest.raises(Conflict) as caught:
            await store.commit(write)
        assert caught.value.item is None
    assert await state(store) == {}


async def test_a_new_item_takes_the_place_of_one_that_has_ended(
    store: Store, clock: ManualClock, sweep: Sweeping
) -> None:
    await _expired(store, clock)
    await store.commit(Check(SESSIONS, KEY, when=Absent()))
    await store.commit(Put(SESSIONS, a_session(lasts=600), when=Absent()))
    assert await store.get(SESSIONS, "session") == a_session(lasts=600)
    assert await sweep() == 0
    assert await store.get(SESSIONS, "session") == a_session(lasts=600)


async def test_the_feed_connects_the_new_item_to_the_one_that_had_ended(
    store: Store, clock: ManualClock
) -> None:
    await _expired(store, clock)
    await store.commit(Put(SESSIONS, a_session(lasts=600), when=Absent()))
    changes = await feed(store)
    assert [(change.old, change.new) for change in changes] == [
        (None, a_session(lasts=60)),
        (a_session(lasts=60), a_session(lasts=600)),
    ]
    assert replayed(changes) == await state(store)


async def test_a_deletion_of_what_has_ended_is_in_the_feed_once(
    store: Store, clock: ManualClock, sweep: Sweeping
) -> None:
    await _expired(store, clock)
    await store.commit(Delete(SESSIONS, KEY, when=Absent()))
    assert await sweep() == 0
    assert replayed(await feed(store)) == {}


async def test_sweeping_removes_what_has_ended_and_tells_the_feed(
    store: Store, clock: ManualClock, sweep: Sweeping
) -> None:
    ending, staying = a_session(lasts=60), a_session(id="other", lasts=61)
    await store.commit(Put(SESSIONS, ending), Put(SESSIONS, staying), Put(AUDIT_LOGS, a_note()))
    head = await store.head()
    clock.now += 60_000
    assert await sweep() == 2
    swept = {change.table: change for change in await feed(store, head)}
    assert (swept[SESSIONS.name].old, swept[SESSIONS.name].new) == (ending, None)
    assert (swept[AUDIT_LOGS.name].old, swept[AUDIT_LOGS.name].new) == (a_note(), None)
    assert swept[AUDIT_LOGS.name].key == ("note", "2026-01-01")
    assert await sweep() == 0
    assert await scanned(store, SESSIONS) == [staying]


async def test_repeated_sweeps_remove_everything_that_has_ended(
    store: Store, clock: ManualClock, sweep: Sweeping
) -> None:
    await store.commit(*(Put(SESSIONS, a_session(id=f"{n}")) for n in range(60)))
    clock.now += 60_000
    swept = 0
    while some := await sweep():
        swept += some
    assert swept == 60
    assert replayed(await feed(store)) == {}


async def test_an_item_that_was_put_too_late_is_never_seen(store: Store, sweep: Sweeping) -> None:
    await store.commit(Put(SESSIONS, a_session(lasts=-1), when=Absent()))
    await store.commit(Put(SESSIONS, a_session(lasts=0), when=Absent()))
    assert await store.get(SESSIONS, "session") is None
    await sweep()
    assert replayed(await feed(store)) == {}
