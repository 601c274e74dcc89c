"""What SQLite keeps beyond the contract: its order of commits, of equals, and its sweeping."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marinemarket.store.schema import CLAIMS, LISTINGS, SESSIONS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Query
from marinemarket.store.writes import Put, Update
from tests.builders import NOW, ManualClock
from tests.store.item_builders import a_boat, a_session, an_offer
from tests.store.paging import answers, feed, replayed

pytestmark = pytest.mark.anyio

OWNER = LISTINGS.index("owner-index")


@pytest.fixture
async def store(
    tmp_path: Path, clock: ManualClock, anyio_backend: str
) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "market.sqlite3", secret_key="a secret key", clock=clock)
    yield store
    await store.close()


async def test_the_changes_of_a_commit_stand_together_and_in_order_of_commits(
    store: SqliteStore,
) -> None:
    await store.commit(Put(LISTINGS, a_boat(id="a")), Put(CLAIMS, {"claim": "a"}))
    await store.commit(Put(LISTINGS, a_boat(id="b")), Put(CLAIMS, {"claim": "b"}))
    assert [change.key[0] for change in await feed(store)] == ["a", "a", "b", "b"]


async def test_what_changes_nothing_leaves_the_head_where_it_is(store: SqliteStore) -> None:
    await store.commit(Put(LISTINGS, a_boat(price=5)))
    head = await store.head()
    await store.commit(Put(LISTINGS, {"price": 5, "id": "boat"}))
    assert await store.head() == head


async def test_changes_have_the_time_of_the_stores_clock(
    store: SqliteStore, clock: ManualClock
) -> None:
    await store.commit(Put(SESSIONS, a_session(lasts=60)))
    clock.now += 1
    await store.commit(Update(SESSIONS, ("session",), set={"userId": "bob"}))
    clock.now += 60_000
    assert await store.sweep() == 1
    assert [change.at for change in await feed(store)] == [NOW, NOW + 1, NOW + 60_001]


async def test_items_that_sort_alike_come_by_their_key(store: SqliteStore) -> None:
    placed = [("d", 1), ("b", 2), ("c", 2), ("a", 3), ("A", 2), ("é", 2)]
    await store.commit(*(Put(LISTINGS, an_offer(id=id, at=at)) for id, at in placed))
    query = Query(LISTINGS, "ann", OWNER)
    assert [item["id"] for item in await answers(store, query)] == ["d", "A", "b", "c", "é", "a"]


async def test_newest_first_is_the_exact_reverse(store: SqliteStore) -> None:
    await store.commit(*(Put(LISTINGS, an_offer(id=f"{n}", at=n // 3)) for n in range(10)))
    newest = await answers(store, Query(LISTINGS, "ann", OWNER, newest_first=True))
    assert [item["id"] for item in newest] == [f"{n}" for n in reversed(range(10))]


async def test_one_sweep_takes_a_few_hundred_and_the_next_the_rest(
    store: SqliteStore, clock: ManualClock
) -> None:
    for batch in range(6):
        await store.commit(*(Put(SESSIONS, a_session(id=f"{batch}-{n}")) for n in range(100)))
    clock.now += 60_000
    assert [await store.sweep(), await store.sweep(), await store.sweep()] == [500, 100, 0]
    assert replayed(await feed(store)) == {}
