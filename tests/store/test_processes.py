"""Several processes on one file, and processes that are killed in mid-work."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Position
from marinemarket.store.writes import Delete, Put
from tests.store.item_builders import a_boat
from tests.store.paging import feed, replayed, scanned, state
from tests.store.processes import following, writing
from tests.store.processes.following import copy_of, encoded, kept_position

pytestmark = pytest.mark.anyio

A_MINUTE = 60
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "market.sqlite3"


@pytest.fixture
async def store(path: Path, anyio_backend: str) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, secret_key="a secret key")
    yield store
    await store.close()


async def test_a_folder_that_is_made_for_a_market_is_its_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "made" / "market.sqlite3"
    await SqliteStore(path, secret_key="a secret key").close()
    assert path.parent.stat().st_mode & 0o777 == 0o700


def _command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """One of our processes, killed at the end if still running."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield process
        finally:
            process.kill()


async def _until(is_so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Return once something is so. Fails if the process ends before."""
    deadline = time.monotonic() + A_MINUTE
    while not is_so():
        assert process.poll() is None, "the process ended by itself"
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def _is_intact(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def _pairs(store: SqliteStore) -> set[str]:
    """The ids of the pairs that are there. Checks that none is there by half."""
    listings = {item["id"] for item in await scanned(store, LISTINGS)}
    claims = {item["claim"] for item in await scanned(store, CLAIMS)} - {writing.COUNTER}
    assert listings == claims
    return listings


async def test_two_processes_write_at_once_and_nothing_is_lost_or_doubled(
    store: SqliteStore, path: Path
) -> None:
    await store.commit(Put(CLAIMS, {"claim": writing.COUNTER, "count": 0}))
    commands = [_command(writing.__name__, path, name, 200, 40) for name in ("ann", "bob")]
    with running(commands[0]) as ann, running(commands[1]) as bob:
        acknowledged = [
            await asyncio.to_thread(process.communicate, timeout=A_MINUTE) for process in (ann, bob)
        ]
        assert (ann.returncode, bob.returncode) == (0, 0)
    ids = [id for output, _ in acknowledged for id in output.split()]
    assert sorted(ids) == sorted(f"{name}-{n}" for name in ("ann", "bob") for n in range(200))
    assert await _pairs(store) == set(ids)
    assert await store.get(CLAIMS, writing.COUNTER) == {"claim": writing.COUNTER, "count": 80}
    changes = await feed(store)
    assert len(changes) == 1 + 2 * 400 + 80
    assert replayed(changes) == await state(store)
    assert _is_intact(path)


async def test_a_market_is_first_opened_by_several_processes_at_once(path: Path) -> None:
    commands = [_command(writing.__name__, path, name, 5, 0) for name in ("ann", "bob", "cid")]
    with running(commands[0]) as ann, running(commands[1]) as bob, running(commands[2]) as cid:
        for process in (ann, bob, cid):
            await asyncio.to_thread(process.communicate, timeout=A_MINUTE)
            assert process.returncode == 0
    store = SqliteStore(path, secret_key="a secret key")
    assert len(await _pairs(store)) == 15
    assert {change.position.partition(":")[0] for change in await feed(store)} == {
        (await store.head()).partition(":")[0]
    }
    await store.close()


async def test_a_writer_that_is_killed_loses_no_acknowledged_commit_and_leaves_none_by_half(
    path: Path,
) -> None:
    acknowledged: list[str] = []
    for turn in range(3):
        with running(_command(writing.__name__, path, f"turn{turn}", 10**9, 0)) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(40 + 17 * turn)]
            process.kill()
            lines += process.stdout.readlines()
        acknowledged += [line.strip() for line in lines if line.endswith("\n")]
        assert _is_intact(path)
        store = SqliteStore(path, secret_key="a secret key")
        present = await _pairs(store)
        assert set(acknowledged) <= present
        # Beyond what it printed, it can have made only the commit it was about to print.
        assert len(present) <= len(acknowledged) + writing.AT_ONCE * (turn + 1)
        assert replayed(await feed(store)) == await state(store)
        await store.commit(Put(LISTINGS, a_boat(id="after")))
        await store.commit(Delete(LISTINGS, ("after",)))
        await store.close()
    assert len(acknowledged) == len(set(acknowledged)) >= 3 * 40


async def test_a_follower_that_is_killed_again_and_again_ends_with_the_state_of_the_store(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    command = _command(following.__name__, path, folder)
    done = asyncio.Event()
    changing = asyncio.create_task(_keep_changing(store, done))
    try:
        for _ in range(4):
            moved_on = partial(_is_not_at, folder, kept_position(folder))
            with running(command) as follower:
                await _until(moved_on, follower)
                follower.kill()
    finally:
        done.set()
        await changing
    head = await store.head()
    with running(command) as follower:
        await _until(lambda: store.has_passed(kept_position(folder), head), follower)
    held = {encoded(table, item) for (table, _), item in (await state(store)).items()}
    assert held
    assert copy_of(folder) == held


def _is_not_at(folder: Path, position: Position | None) -> bool:
    return kept_position(folder) != position


async def _keep_changing(store: SqliteStore, done: asyncio.Event) -> None:
    """Put and delete a few boats over and over, until told that it is enough."""
    chance = random.Random(7)
    number = 0
    while not done.is_set():
        number += 1
        id = f"boat-{chance.randrange(12)}"
        gone = chance.random() < 0.3
        await store.commit(
            Delete(LISTINGS, (id,)) if gone else Put(LISTINGS, a_boat(id=id, n=number))
        )
        await asyncio.sleep(0.002)
    await store.commit(Put(LISTINGS, a_boat(id="last", n=number)))
