"""A whole market at once: copied while others write, loaded anew, and a feed that was cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marinemarket.errors import FeedLost, Refused
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, SESSIONS, TABLES
from marinemarket.store.sqlite import SqliteLoading, SqliteStore
from marinemarket.store.store import Snapshot
from marinemarket.store.writes import Delete, Put, Update
from tests.builders import NOW, ManualClock
from tests.store.item_builders import a_boat, a_note, a_session
from tests.store.paging import feed, replayed, state

pytestmark = pytest.mark.anyio

SECRET = "a secret key of thirty-two letters"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.sqlite3"


@pytest.fixture
async def store(path: Path, clock: ManualClock, anyio_backend: str) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, secret_key=SECRET, clock=clock)
    yield store
    await store.close()


async def _copied(snapshot: Snapshot) -> dict[str, list[Item]]:
    return {table.name: [item async for item in snapshot.items(table)] for table in TABLES}


async def test_a_snapshot_is_one_instant_whatever_is_written_meanwhile(
    store: SqliteStore, clock: ManualClock
) -> None:
    await store.commit(Put(LISTINGS, a_boat(id="a")), Put(LISTINGS, a_boat(id="b")))
    async with store.snapshot() as snapshot:
        clock.now += 1
        await store.commit(Delete(LISTINGS, ("a",)), Put(LISTINGS, a_boat(id="c")))
        assert (await _copied(snapshot))["boat-listings"] == [a_boat(id="a"), a_boat(id="b")]
        assert snapshot.position != await store.head()
        assert snapshot.moment == NOW
        assert len(await snapshot.changes(None)) == 2
        assert [change.key for change in await store.changes(snapshot.position)] == [("a",), ("c",)]


async def test_a_snapshot_names_no_moment_that_may_still_get_changes(
    store: SqliteStore, clock: ManualClock
) -> None:
    await store.commit(Put(LISTINGS, a_boat(id="a")))
    clock.now += 1000
    async with store.snapshot() as snapshot:
        assert snapshot.moment == NOW + 999


async def test_a_snapshot_has_items_whose_time_has_passed(
    store: SqliteStore, clock: ManualClock
) -> None:
    await store.commit(Put(SESSIONS, a_session(lasts=1)))
    clock.now += 5000
    assert await store.get(SESSIONS, "session") is None
    async with store.snapshot() as snapshot:
        assert (await _copied(snapshot))["boat-admin-sessions"] == [a_session(lasts=1)]


async def test_a_trimmed_feed_raises_feedlost_instead_of_leaving_a_gap(
    store: SqliteStore, clock: ManualClock
) -> None:
    positions = [await store.head()]
    for number in range(4):
        await store.commit(Put(LISTINGS, a_boat(id=f"{number}")))
        positions.append(await store.head())
        clock.now += 1000
    assert await store.trim(NOW + 2000, [positions[4], positions[1]]) == 1
    assert await store.trim(NOW + 2000, [positions[4]]) == 1
    assert await store.trim(NOW + 2000, [positions[4]]) == 0
    for lost in (None, *positions[:2]):
        with pytest.raises(FeedLost):
            await store.changes(lost)
    assert [change.key for change in await store.changes(positions[2])] == [("2",), ("3",)]


async def test_the_last_change_is_never_trimmed(store: SqliteStore, clock: ManualClock) -> None:
    await store.commit(Put(LISTINGS, a_boat(id="a")), Put(LISTINGS, a_boat(id="b")))
    head = await store.head()
    clock.now += 10**9
    assert await store.trim(clock.now, [head]) == 1
    assert await store.head() == head
    assert await store.changes(head) == []


async def test_what_the_feed_forgets_is_gone_from_the_file_and_followers_see_a_deletion(
    store: SqliteStore, path: Path
) -> None:
    note = a_note(text="Ann Sailor")
    await store.commit(Put(LISTINGS, a_boat(name="Ann Sailor")), Put(AUDIT_LOGS, note))
    await store.commit(Update(LISTINGS, ("boat",), set={"name": "Ann S. Sailor"}))
    await store.commit(Delete(LISTINGS, ("boat",)), Put(AUDIT_LOGS, a_note(text="nothing")))
    assert b"Ann S" in _bytes_of(path)
    key = AUDIT_LOGS.key_of(note)
    await store.forget([(LISTINGS, ("boat",)), (AUDIT_LOGS, key)])
    changes = await feed(store)
    assert [change.new for change in changes if change.table == LISTINGS.name] == [None] * 3
    assert replayed([c for c in changes if c.table == AUDIT_LOGS.name]) == {
        (AUDIT_LOGS.name, key): a_note(text="nothing")
    }
    await store.close()
    assert b"Ann S" not in _bytes_of(path)


def _bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def test_a_loaded_market_has_what_was_loaded_and_a_feed_that_admits_its_beginning(
    store: SqliteStore, tmp_path: Path, clock: ManualClock
) -> None:
    await store.commit(Put(LISTINGS, a_boat(id="a")), Put(SESSIONS, a_session(lasts=None)))
    loading = SqliteLoading(tmp_path / "new" / "market.sqlite3", clock=clock)
    await loading.begin()
    for table in TABLES:
        items = [item for (name, _), item in (await state(store)).items() if name == table.name]
        await loading.load(table, items)
        await loading.load(table, items)
        assert [item async for item in loading.items(table)] == items
    await loading.finish()
    new = SqliteStore(tmp_path / "new" / "market.sqlite3", secret_key=SECRET, clock=clock)
    assert await state(new) == await state(store)
    with pytest.raises(FeedLost):
        await new.changes(None)
    head = await new.head()
    assert await new.changes(head) == []
    await new.commit(Put(LISTINGS, a_boat(id="b")))
    assert [change.key for change in await new.changes(head)] == [("b",)]
    await new.close()
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["market.sqlite3"]


async def test_a_load_that_was_interrupted_begins_again_and_one_over_a_market_is_refused(
    path: Path, clock: ManualClock
) -> None:
    cut_short = SqliteLoading(path, clock=clock)
    await cut_short.begin()
    await cut_short.load(LISTINGS, [a_boat(id="left over")])
    with pytest.raises(Refused, match="another restore"):
        await SqliteLoading(path, clock=clock).begin()
    await cut_short.abandon()
    again = SqliteLoading(path, clock=clock)
    await again.begin()
    await again.load(LISTINGS, [a_boat(id="a")])
    await again.finish()
    store = SqliteStore(path, secret_key=SECRET, clock=clock)
    assert [item["id"] for item in (await state(store)).values()] == ["a"]
    await asyncio.wait_for(store.close(), 60)
    with pytest.raises(Refused, match="already holds a market"):
        await SqliteLoading(path, clock=clock).prepare()
