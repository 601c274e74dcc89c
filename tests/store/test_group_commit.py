"""Many commits in one disk write: each has its own outcome, and no caller is forgotten."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from marinemarket.errors import Conflict, FeedLost, TooLarge, Unavailable
from marinemarket.store.items import Item
from marinemarket.store.schema import LISTINGS
from marinemarket.store.sqlite import SqliteStore, layout, writer
from marinemarket.store.sqlite.writer import GroupWriter
from marinemarket.store.writes import Absent, Exists, Put, Update
from tests.builders import NOW, ManualClock
from tests.store.file_locks import locked
from tests.store.item_builders import a_boat
from tests.store.paging import feed, replayed, scanned, state

pytestmark = pytest.mark.anyio

A_MINUTE = 60


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.sqlite3"


@pytest.fixture
async def store(path: Path, clock: ManualClock, anyio_backend: str) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, secret_key="a secret key", clock=clock)
    yield store
    await store.close()


def _put(id: str) -> Put:
    return Put(LISTINGS, a_boat(id=id), when=Absent())


async def _ids(store: SqliteStore) -> list[str]:
    return [item["id"] for item in await scanned(store, LISTINGS)]


def _stored(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute('SELECT p FROM "boat-listings" ORDER BY p').fetchall()
    return [id for (id,) in rows]


def _begun(writing: GroupWriter, id: str) -> Future[int]:
    """A commit that the writer has started alone, so that the following ones form a later group."""
    begun = writing.submit((_put(id),))
    deadline = time.monotonic() + A_MINUTE
    while not begun.running():
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return begun


class Broken(Exists):
    """A condition that fails unexpectedly."""

    def holds(self, item: Item | None) -> bool:
        raise RuntimeError("a bug")


async def test_a_commit_that_fails_takes_none_of_its_group_with_it(
    store: SqliteStore, path: Path
) -> None:
    full = a_boat(id="full", text="x" * (400 * 1024 - 20))
    await store.commit(_put("taken"), Put(LISTINGS, full))
    with locked(path):
        asked = [
            asyncio.create_task(commit)
            for commit in (
                store.commit(_put("first")),
                store.commit(_put("a"), _put("taken")),
                store.commit(_put("b"), Put(LISTINGS, a_boat(id="x"), when=Broken())),
                store.commit(_put("c"), Update(LISTINGS, ("full",), set={"more": "x" * 20})),
                store.commit(_put("last")),
            )
        ]
        await asyncio.sleep(0)
    outcomes = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), A_MINUTE)
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [type(None), Conflict, Unavailable, TooLarge, type(None)]
    assert await _ids(store) == ["first", "full", "last", "taken"]
    assert replayed(await feed(store)) == await state(store)


async def test_a_commit_sees_those_of_its_group_that_came_before(
    store: SqliteStore, path: Path
) -> None:
    with locked(path):
        asked = [asyncio.create_task(store.commit(_put("one"))) for _ in range(3)]
        await asyncio.sleep(0)
    outcomes = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), A_MINUTE)
    assert outcomes[0] is None
    assert [isinstance(outcome, Conflict) for outcome in outcomes[1:]] == [True, True]


async def test_a_thousand_commits_at_once_all_happen_in_the_order_asked(store: SqliteStore) -> None:
    ids = [f"{number:04}" for number in range(1000)]
    await asyncio.wait_for(asyncio.gather(*(store.commit(_put(id)) for id in ids)), A_MINUTE)
    assert [change.key[0] for change in await feed(store)] == ids


def test_who_gives_up_while_waiting_stops_nobody_else(path: Path, clock: ManualClock) -> None:
    layout.prepare(path)
    writing = GroupWriter(path, clock)
    with locked(path):
        begun = _begun(writing, "begun")
        queued, other = writing.submit((_put("queued"),)), writing.submit((_put("other"),))
        assert not begun.cancel()
        assert queued.cancel()
    assert begun.result(A_MINUTE) == 1
    assert other.result(A_MINUTE) == 1
    assert writing.submit((_put("later"),)).result(A_MINUTE) == 1
    writing.close()
    assert _stored(path) == ["begun", "later", "other"]


async def test_a_request_that_is_cancelled_leaves_the_store_working(
    store: SqliteStore, path: Path
) -> None:
    with locked(path):
        asked = [asyncio.create_task(store.commit(_put(f"{number}"))) for number in range(20)]
        await asyncio.sleep(0.01)
        for task in asked[::2]:
            task.cancel()
        await asyncio.sleep(0)
    await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), A_MINUTE)
    assert [task.cancelled() for task in asked] == [True, False] * 10
    await asyncio.wait_for(store.commit(_put("later")), A_MINUTE)
    assert {f"{number}" for number in range(1, 20, 2)} | {"later"} <= set(await _ids(store))


def test_closing_finishes_what_was_asked_before(path: Path, clock: ManualClock) -> None:
    layout.prepare(path)
    writing = GroupWriter(path, clock)
    with locked(path):
        asked = [_begun(writing, "00")]
        asked += [writing.submit((_put(f"{number:02}"),)) for number in range(1, 20)]
        ending = threading.Thread(target=writing.close)
        ending.start()
    assert [commit.result(A_MINUTE) for commit in asked] == [1] * 20
    ending.join(A_MINUTE)
    assert _stored(path) == [f"{number:02}" for number in range(20)]


async def test_a_closed_store_says_so_and_may_be_closed_again(store: SqliteStore) -> None:
    await store.commit(_put("a"))
    await store.close()
    await store.close()
    with pytest.raises(Unavailable, match="closed"):
        await store.commit(_put("b"))
    with pytest.raises(Unavailable, match="closed"):
        await store.get(LISTINGS, "a")
    with pytest.raises(Unavailable, match="closed"):
        await store.changes(None)


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(path: Path) -> None:
    # Only a power cut could show this, not killing the process: so check the options in use.
    layout.prepare(path)
    with closing(layout.connect(path)) as connection:
        full = 2
        assert connection.execute("PRAGMA synchronous").fetchone() == (full,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_a_connection_that_fails_is_replaced(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(path: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    with monkeypatch.context() as patch:
        patch.setattr(writer, "connect", away)
        for _ in range(2):
            with pytest.raises(Unavailable, match="unable to open"):
                await asyncio.wait_for(store.commit(_put("a")), A_MINUTE)
    await asyncio.wait_for(store.commit(_put("a")), A_MINUTE)
    assert await _ids(store) == ["a"]


async def test_a_file_put_back_to_an_earlier_state_loses_who_had_followed_further(
    path: Path, tmp_path: Path, clock: ManualClock
) -> None:
    store = SqliteStore(path, secret_key="a secret key", clock=clock)
    await store.commit(_put("a"))
    kept = await store.head()
    with closing(sqlite3.connect(path)) as live:
        live.execute("VACUUM INTO ?", (str(tmp_path / "earlier.sqlite3"),))
    await store.commit(_put("b"))
    too_far = await store.head()
    await store.close()
    earlier = SqliteStore(tmp_path / "earlier.sqlite3", secret_key="a secret key", clock=clock)
    assert await earlier.changes(kept) == []
    with pytest.raises(FeedLost):
        await earlier.changes(too_far)
    assert not earlier.has_passed(too_far, kept)
    await earlier.close()


def test_a_file_that_is_no_market_is_not_opened(path: Path) -> None:
    path.write_text("This is no database, whatever its name says. " * 100)
    with pytest.raises(Unavailable, match="not a database"):
        SqliteStore(path, secret_key="a secret key")
    assert path.read_text().startswith("This is no database")


async def test_the_feeds_times_never_go_back_though_the_clock_does(tmp_path: Path) -> None:
    clock = ManualClock()
    store = SqliteStore(tmp_path / "market.sqlite3", secret_key="a secret key", clock=clock)
    await store.commit(Put(LISTINGS, a_boat(n=1)))
    clock.now -= 86_400_000
    await store.commit(Put(LISTINGS, a_boat(n=2)))
    clock.now += 86_400_001
    await store.commit(Put(LISTINGS, a_boat(n=3)))
    assert [change.at for change in await store.changes(None)] == [NOW, NOW, NOW + 1]
    await store.close()
