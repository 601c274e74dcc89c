"""After an interrupted import is run again, the market is as if nothing had happened."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.errors import StorageFull
from marinemarket.listings.records import all_listings
from marinemarket.store.writes import Write
from tests.builders import ManualClock, a_user
from tests.conftest import TESTS
from tests.listings.samples import Desk, fleet, table
from tests.servers import command, environment, wait_for

pytestmark = pytest.mark.anyio

ROWS = [*fleet(700), *fleet(700)[:50]]


def file_in(folder: Path) -> Path:
    path = folder / "fleet.csv"
    path.write_text(table(ROWS))
    return path


async def uninterrupted(folder: Path) -> list[Any]:
    """The market after one undisturbed run."""
    async with open_market(Settings(data=folder / "quiet"), clock=ManualClock()) as market:
        await add_user(market.trail, TESTS, a_user())
        desk = Desk(market, folder)
        assert (await desk.take(ROWS)).created == len(ROWS)
        return await desk.listings()


async def goes_on(desk: Desk) -> None:
    """The next run finds some listings, adds the others, and the market is complete."""
    assert 0 < len(await desk.listings()) < len(ROWS)
    report = await desk.take(ROWS)
    assert report.unchanged > 0
    assert report.created > 0
    assert report.accepted == len(ROWS)
    assert await desk.listings() == await uninterrupted(desk.folder)


async def test_an_error_in_the_middle(desk: Desk) -> None:
    def stop(read: int, size: int) -> None:
        raise RuntimeError("the plug was pulled")

    with pytest.raises(RuntimeError):
        await desk.importer("boat24").run(file_in(desk.folder), desk.rejects, stop)
    await goes_on(desk)


async def test_a_disk_that_is_full_for_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = desk.market.store.commit
    done: list[tuple[Write, ...]] = []

    async def commit_while_there_is_room(*writes: Write) -> None:
        if len(done) >= 333:
            raise StorageFull("no room")
        await commit(*writes)
        done.append(writes)

    with monkeypatch.context() as full:
        full.setattr(desk.market.store, "commit", commit_while_there_is_room)
        with pytest.raises(StorageFull):
            await desk.importer("boat24").run(file_in(desk.folder), desk.rejects)
    await goes_on(desk)


async def test_a_cancelled_import(desk: Desk) -> None:
    some_are_in = asyncio.Event()
    run = desk.importer("boat24").run(
        file_in(desk.folder), desk.rejects, lambda read, size: some_are_in.set()
    )
    importing = asyncio.create_task(run)
    await some_are_in.wait()
    # In the middle of a batch, while its commits are under way.
    await asyncio.sleep(0)
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    await goes_on(desk)


def _imported(data: Path) -> int:
    try:
        opened = sqlite3.connect(f"file:{data}/market.sqlite3?mode=ro", uri=True)
        with closing(opened) as connection:
            (count,) = connection.execute('SELECT count(*) FROM "boat-listings"').fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(count)


def test_a_command_that_was_killed(tmp_path: Path) -> None:
    path, data = file_in(tmp_path), tmp_path / "data"
    arguments = ["import", str(path), "--format", "boat24"]
    killed = subprocess.Popen(
        [sys.executable, "-m", "marinemarket", *arguments],
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: _imported(data) > 0)
    killed.kill()
    killed.wait()
    before = _imported(data)
    assert 0 < before < len(ROWS)
    assert not (data / "imports" / "fleet-rejects.csv").exists()
    code, report = command(data, *arguments)
    assert code == 0
    assert (report["created"], report["unchanged"]) == (len(ROWS) - before, before)
    quiet = tmp_path / "quiet"
    assert command(quiet, *arguments)[0] == 0
    assert asyncio.run(timeless(data)) == asyncio.run(timeless(quiet))


async def timeless(data: Path) -> list[dict[str, Any]]:
    """A market's listings without their times."""
    async with open_market(Settings(data=data)) as market:
        return [wire async for wire in _without_times(market)]


async def _without_times(market: Market) -> Any:
    async for listing in all_listings(market.store):
        wire = listing.to_wire()
        del wire["createdAt"], wire["updatedAt"]
        for asked in wire["priceHistory"]:
            del asked["at"]
        yield wire
