"""A disk fills up during concurrent writes, and later has room again.

A write without room is refused as a whole, with StorageFull; what was acknowledged stays and can be
read; with room again, writes succeed; nothing is half written.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from marinemarket.errors import StorageFull
from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.sqlite import SqliteStore, layout, writer
from marinemarket.store.writes import Absent, Put
from tests.store.item_builders import a_boat
from tests.store.paging import feed, replayed, scanned, state

A_MINUTE = 60
WRITERS = 4
LARGEST_TEXT = 200_000
MOST_LEFT = 3_000_000
"""Bytes that the full file system may still have free."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder with little room, and functions that take room away and free it again."""

    folder: Path
    kind: str
    fill: Callable[[], None]
    make_room: Callable[[], None]


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    for number, chance in enumerate(rounds, start=1):
        place = folder / str(number)
        place.mkdir()
        with _small_disk(place, chance) as disk:
            path = disk.folder / "market.sqlite3"
            store = SqliteStore(path, secret_key="a secret key of thirty-two letters")
            try:
                text = await _run_full_and_recover(store, disk, chance)
            finally:
                await store.close()
        yield f"{text}, on {disk.kind}"


async def _run_full_and_recover(store: SqliteStore, disk: Disk, chance: random.Random) -> str:
    await _write_pair(store, "first", chance)
    disk.fill()
    written = await asyncio.gather(
        *(_write_until_refused(store, f"writer-{name}", chance) for name in range(WRITERS))
    )
    acknowledged = {"first"}.union(*written)
    await _check(store, disk, acknowledged)
    disk.make_room()
    await asyncio.gather(*(_write_pair(store, f"later-{name}", chance) for name in range(WRITERS)))
    acknowledged |= {f"later-{name}" for name in range(WRITERS)}
    await _check(store, disk, acknowledged)
    return f"{WRITERS} writers refused, {len(acknowledged)} commits kept"


async def _write_pair(store: SqliteStore, name: str, chance: random.Random) -> None:
    """One commit of two items that belong together."""
    text = "x" * chance.randrange(LARGEST_TEXT)
    commit = store.commit(
        Put(LISTINGS, a_boat(id=name, text=text), when=Absent()),
        Put(CLAIMS, {"claim": name, "text": text}, when=Absent()),
    )
    await asyncio.wait_for(commit, A_MINUTE)


async def _write_until_refused(store: SqliteStore, name: str, chance: random.Random) -> set[str]:
    """The names of the commits before the one that did not fit."""
    written: set[str] = set()
    for number in range(1000):
        try:
            await _write_pair(store, f"{name}-{number}", chance)
        except StorageFull:
            return written
        written.add(f"{name}-{number}")
    raise AssertionError("the disk never filled up")


async def _check(store: SqliteStore, disk: Disk, acknowledged: set[str]) -> None:
    """The store holds exactly what it acknowledged, and can read all of it."""
    listings = {item["id"]: item["text"] for item in await scanned(store, LISTINGS)}
    claims = {item["claim"]: item["text"] for item in await scanned(store, CLAIMS)}
    assert listings.keys() == acknowledged
    assert listings == claims, "a commit was left by half"
    assert replayed(await feed(store)) == await state(store)
    with closing(sqlite3.connect(disk.folder / "market.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# -- Small disks -------------------------------------------------------------------------------


@contextmanager
def _small_disk(folder: Path, chance: random.Random) -> Iterator[Disk]:
    """A real file system of a few megabytes; where mounting is not allowed, a file size limit."""
    options = f"size={chance.randrange(16_384, 24_576)}k"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        with _limited_file(folder, chance) as disk:
            yield disk
        return
    filler = folder / "filler"
    try:
        room = chance.randrange(MOST_LEFT)
        yield Disk(folder, "a file system", lambda: _fill(filler, room), filler.unlink)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _fill(filler: Path, room: int) -> None:
    """Fill a file system, leaving this many bytes."""
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        file.truncate(file.tell() - room)


@contextmanager
def _limited_file(folder: Path, chance: random.Random) -> Iterator[Disk]:
    """A writer with room for a few hundred pages of 4 KB, until it gets more."""
    limit = [chance.randrange(200, 600)]
    connections: list[sqlite3.Connection] = []

    def connect(path: Path) -> sqlite3.Connection:
        connection = layout.connect(path)
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")
        connections.append(connection)
        return connection

    def make_room() -> None:
        limit[0] = 2**30
        with suppress(sqlite3.ProgrammingError):  # a closed connection is opened again anyway
            connections[-1].execute(f"PRAGMA max_page_count = {limit[0]}")

    with patch.object(writer, "connect", connect):
        yield Disk(folder, "a limited file", lambda: None, make_room)
