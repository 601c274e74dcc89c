"""Migration: everything reaches the newest version, whoever kills it, and whoever writes meanwhile."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from marinemarket.errors import Unavailable
from marinemarket.store.items import Item, Key
from marinemarket.store.migration import AT_ONCE, Migration, migrate
from marinemarket.store.schema import LISTINGS, MARKET
from marinemarket.store.versioned_store import VersionedStore
from marinemarket.store.writes import Delete, Equals, Put, Update, Write
from tests.servers import command
from tests.store.evolution import opened
from tests.store.item_builders import a_boat
from tests.store.paging import feed, scanned

pytestmark = pytest.mark.anyio

A_MINUTE = 60
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.sqlite3"


@pytest.fixture
async def store(path: Path, anyio_backend: str) -> AsyncIterator[VersionedStore]:
    store = opened(path, 3)
    yield store
    await store.close()


def _old(number: int) -> Item:
    stamp = {"shape": 1} if number % 2 else {}
    return a_boat(id=f"{number:05}", title=f"Contest {number}", count=0) | stamp


def _new(number: int, **overrides: object) -> Item:
    return a_boat(id=f"{number:05}", maker="Contest", model=f"{number}", count=0) | overrides


async def _fill(store: VersionedStore, count: int) -> None:
    boats = [Put(LISTINGS, _old(number)) for number in range(count)]
    for first in range(0, count, 100):
        await store.engine.commit(*boats[first : first + 100])


async def _ages(store: VersionedStore) -> set[int]:
    return {item.get("shape", 0) for item in await scanned(store.engine, LISTINGS)}


def _listings(done: list[Migration]) -> Migration:
    return next(migration for migration in done if migration.table == LISTINGS.name)


def _process(path: Path) -> subprocess.Popen[str]:
    module = [sys.executable, "-m", "tests.store.processes.migrating", str(path)]
    return subprocess.Popen(module, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _kill_within(path: Path) -> None:
    """Start a migration that is killed between two steps."""
    with _process(path) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()


def _run(path: Path) -> int:
    with _process(path) as process:
        process.communicate(timeout=A_MINUTE)
        return process.returncode


async def test_every_item_comes_to_the_newest_shape_once(store: VersionedStore) -> None:
    await _fill(store, 250)
    done = _listings(await migrate(store))
    assert (done.read, done.upgraded, done.done) == (250, 250, True)
    assert await _ages(store) == {3}
    assert await scanned(store, LISTINGS) == [_new(number) for number in range(250)]
    head = await store.head()
    assert _listings(await migrate(store)) == done
    assert await store.head() == head


async def test_readers_of_the_feed_see_that_nothing_changed(store: VersionedStore) -> None:
    await _fill(store, 3)
    head = await store.head()
    await migrate(store)
    changes = [change for change in await feed(store, head) if change.table == LISTINGS.name]
    assert [change.new for change in changes] == [_new(number) for number in range(3)]
    assert all(change.old == change.new for change in changes)


async def test_a_migration_that_was_interrupted_goes_on_where_it_stopped(
    store: VersionedStore,
) -> None:
    await _fill(store, 3 * AT_ONCE)

    def interrupt(step: Migration) -> None:
        if step.read == AT_ONCE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await migrate(store, interrupt)
    assert await _ages(store) == {0, 1, 3}
    steps: list[int] = []
    done = _listings(await migrate(store, lambda step: steps.append(step.read)))
    assert steps[:2] == [2 * AT_ONCE, 3 * AT_ONCE]
    assert (done.read, done.upgraded) == (3 * AT_ONCE, 3 * AT_ONCE)
    assert await _ages(store) == {3}


async def test_a_killed_migration_is_run_again_until_it_is_through(
    store: VersionedStore, path: Path
) -> None:
    await _fill(store, 5 * AT_ONCE)
    for _ in range(3):
        await asyncio.to_thread(_kill_within, path)
    assert 3 in await _ages(store)
    assert await asyncio.to_thread(_run, path) == 0
    assert await scanned(store, LISTINGS) == [_new(number) for number in range(5 * AT_ONCE)]
    assert await _ages(store) == {3}


async def _count(store: VersionedStore, key: Key, rounds: int) -> None:
    """Add one this many times, each time to the current value, which nobody else changes."""
    for count in range(rounds):
        await store.commit(
            Update(LISTINGS, key, set={"count": count + 1}, when=Equals(count=count))
        )


async def test_nothing_that_is_written_meanwhile_is_lost(store: VersionedStore, path: Path) -> None:
    """While items are upgraded, others count up, rename, delete and create boats."""
    boats, rounds = 2 * AT_ONCE, 4
    await _fill(store, boats)
    other = opened(path, 3)
    key = [(f"{number:05}",) for number in range(boats)]

    async def one_by_one(*writes: Write) -> None:
        for write in writes:
            await other.commit(write)

    renaming = [Update(LISTINGS, key[n], set={"maker": "Etap"}) for n in range(0, boats, 4)]
    deleting = [Delete(LISTINGS, key[n]) for n in range(1, boats, 4)]
    adding = [Put(LISTINGS, _new(n)) for n in range(boats, boats + 20)]
    counting = (_count(other, key[n], rounds) for n in range(2, boats, 4))
    changing = (one_by_one(*writes) for writes in (renaming, deleting, adding))
    await asyncio.wait_for(asyncio.gather(migrate(store), *changing, *counting), 2 * A_MINUTE)
    await other.close()
    expected: dict[int, Callable[[int], Item]] = {
        0: lambda number: _new(number, maker="Etap"),
        2: lambda number: _new(number, count=rounds),
        3: _new,
    }
    left = [expected[n % 4](n) for n in range(boats) if n % 4 != 1]
    assert await scanned(store, LISTINGS) == left + [_new(n) for n in range(boats, boats + 20)]
    assert await _ages(store) == {3}


async def test_an_old_update_that_came_between_is_kept(
    store: VersionedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old code adds a word and renames just after an item was read for upgrading."""
    await _fill(store, 1)
    engine, scan = store.engine, store.engine.scan

    async def scan_then_lose(*asked: Any, **named: Any) -> object:
        page = await scan(*asked, **named)
        if page.items and page.items[0]["id"] == "00000":
            word = {"title": "Etap 22", "word": "new"}
            await engine.commit(Update(LISTINGS, ("00000",), set=word))
        return page

    monkeypatch.setattr(engine, "scan", scan_then_lose)
    await migrate(store)
    assert await store.get(LISTINGS, "00000") == a_boat(
        id="00000", maker="Etap", model="22", count=0, word="new"
    )


async def test_where_later_code_has_migrated_earlier_code_does_not(
    store: VersionedStore, path: Path
) -> None:
    await migrate(store)
    earlier = opened(path, 2)
    with pytest.raises(Unavailable, match="run the newer MarineMarket"):
        await migrate(earlier)
    await earlier.close()


async def test_progress_that_another_key_sealed_begins_the_table_again(
    store: VersionedStore,
) -> None:
    await _fill(store, 10)
    note = {"table": LISTINGS.name, "to": 3, "read": 9, "upgraded": 0, "done": False}
    name = f"migration of {LISTINGS.name}"
    await store.engine.commit(Put(MARKET, {"name": name, "after": "of another key", **note}))
    assert _listings(await migrate(store)).read == 10
    assert await _ages(store) == {3}


def test_the_command_says_what_was_done(tmp_path: Path) -> None:
    command(tmp_path, "tables", "create")
    code, text = command(tmp_path, "migrate")
    assert (code, text["upgraded"]) == (0, 0)
    assert {"table": "boat-users", "shape": 1, "read": 0, "upgraded": 0} in text["tables"]
