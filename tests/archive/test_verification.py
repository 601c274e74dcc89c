"""Verification finds any damaged file; an interrupted backup leaves a sound archive."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pyrage import x25519

from marinemarket.archive.archive import HEAD, Archive
from marinemarket.archive.file_format import Seal
from marinemarket.archive.retention import delete_expired
from marinemarket.archive.storage import FolderStorage
from marinemarket.archive.verification import verify
from marinemarket.clock import DAY
from marinemarket.composition import Market
from marinemarket.errors import Invalid
from marinemarket.listings.records import add_listing
from marinemarket.store.schema import LISTINGS
from marinemarket.store.writes import Put
from tests.archive.archives import Kept, archiver_of, files_of, kept, rows_of
from tests.builders import a_listing
from tests.conftest import TESTS
from tests.servers import command, environment
from tests.store.item_builders import a_boat

pytestmark = pytest.mark.anyio

MOST_GROWTH = 12


async def _lived_in(market: Kept) -> None:
    """Three bases, and three segments between and after them."""
    for number in range(3):
        await market.archiver.take_base()
        market.clock.now += 1000
        await market.store.commit(Put(LISTINGS, a_boat(id=f"{number}")))
        await market.archive_all()


async def test_one_flipped_byte_anywhere_is_found_and_its_file_named(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await _lived_in(market)
        assert (await verify(market.archive)).is_sound
        chance = random.Random(7)
        for path in files_of(tmp_path / "archive"):
            whole = path.read_bytes()
            for at in {0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(4))}:
                flipped = bytearray(whole)
                flipped[at] ^= 1 << chance.randrange(8)
                path.write_bytes(flipped)
                found = await verify(market.archive)
                named = {problem.file for problem in found.problems}
                assert path.relative_to(tmp_path / "archive").as_posix() in named, (path, at)
            path.write_bytes(whole)
        assert (await verify(market.archive)).is_sound


class _Growing(FolderStorage):
    """An archive that grows whenever one of its files is read, by a segment or by a base copy, too."""

    def __init__(self, path: Path, market: Kept) -> None:
        super().__init__(path)
        self._market, self._reads = market, 0

    async def read(self, name: str) -> bytes:
        content, market = await super().read(name), self._market
        self._reads += 1
        if self._reads <= MOST_GROWTH:
            market.clock.now += 1000
            await market.store.commit(Put(LISTINGS, a_boat(id=f"read {self._reads}")))
            await market.archive_all()
            if self._reads % 3 == 0:
                await market.archiver.take_base()
        return content


async def test_an_archive_may_grow_while_it_is_verified(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await _lived_in(market)
        growing = _Growing(tmp_path / "archive", market)
        found = await verify(Archive(growing, market.archive.seal))
        assert found.problems == []


async def test_a_missing_doubled_renamed_or_cut_segment_is_found(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await _lived_in(market)
        for path in files_of(tmp_path / "archive" / "feed"):
            whole = path.read_bytes()
            path.unlink()
            [problem] = (await verify(market.archive)).problems
            assert problem.message == "is missing"
            path.write_bytes(whole[: len(whole) // 2])
            assert not (await verify(market.archive)).is_sound
            path.write_bytes(whole)
            number, through, sum = path.name.split("-")
            for other in (
                f"{number}-{int(through) + 1:014d}-{sum}",
                f"000000000009-{through}-{sum}",
            ):
                twin = path.with_name(other)
                twin.write_bytes(whole)
                assert not (await verify(market.archive)).is_sound
                twin.unlink()
        assert (await verify(market.archive)).is_sound


async def test_what_is_encrypted_is_read_with_its_identity_and_counted_as_unread_without(
    tmp_path: Path,
) -> None:
    own, other = x25519.Identity.generate(), x25519.Identity.generate()
    for name, identity in (("own", own), ("other", other)):
        (tmp_path / name).write_text(str(identity))
    async with kept(tmp_path, seal=Seal.of(str(own.to_public()))) as market:
        await market.store.commit(Put(LISTINGS, a_boat(id="based")))
        await _lived_in(market)
        files = {
            path.relative_to(tmp_path / "archive").as_posix()
            for path in files_of(tmp_path / "archive")
            if path.name != HEAD and path.suffix != ".json"
        }
        place = market.archive.place
        closed = await verify(market.archive)
        assert (closed.problems, closed.unread, closed.compared) == ([], len(files), 0)
        opened = await verify(Archive(place, Seal.of(identity=tmp_path / "own")))
        assert (opened.problems, opened.unread, opened.compared) == ([], 0, 2)
        wrong = await verify(Archive(place, Seal.of(identity=tmp_path / "other")))
        assert {problem.file for problem in wrong.problems} == files


async def test_retention_keeps_every_moment_of_the_window(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        history = {}
        for day in range(8):
            await market.archiver.take_base()
            market.clock.now += DAY
            await market.store.commit(Put(LISTINGS, a_boat(id=f"{day}")))
            await market.archive_all()
            history[market.clock.now] = rows_of(market.path)
            await delete_expired(market.archive, now=market.clock.now, days=3)
        assert (await verify(market.archive)).problems == []
        window = [moment for moment in history if moment >= market.clock.now - 3 * DAY]
        assert len(window) == 4
        for moment in window:
            _, rows = await market.restored(f"{moment}", moment)
            assert rows == history[moment]
        with pytest.raises(Invalid, match="is not in the archive"):
            await market.restored("too old", min(history))


async def test_a_backup_killed_at_any_time_leaves_a_sound_archive_and_the_next_one_completes(
    market: Market, tmp_path: Path
) -> None:
    place = tmp_path / "backups"
    chance = random.Random(11)
    for number in range(6):
        for boat in range(20):
            await add_listing(market.trail, TESTS, a_listing(name=f"{number} {boat}"))
        running = _backing_up(market.settings.data, place)
        deadline = time.monotonic() + chance.uniform(0.5, 2)
        while running.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait(60)
        if place.exists():
            found = await verify(Archive(FolderStorage(place), Seal()))
            assert [p for p in found.problems if "no complete base" not in p.message] == []
    code, made = command(market.settings.data, "backup", "--to", str(place))
    assert (code, len(made["windows"])) == (0, 1)
    code, found = command(market.settings.data, "verify", str(place))
    assert (code, found["problems"]) == (0, [])
    code, restored = command(
        tmp_path / "any",
        "restore",
        "--from",
        str(place),
        "--into",
        str(tmp_path / "new"),
        "--exact",
    )
    assert code == 0, restored
    assert rows_of(tmp_path / "new" / "market.sqlite3") == rows_of(market.settings.database)


def _backing_up(data: Path, place: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "marinemarket", "backup", "--to", str(place), "--json"],
        env=environment(data),
        stdout=subprocess.DEVNULL,
    )


async def test_a_folder_without_a_complete_base_offers_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / ".lock-bases").touch()
    found = await verify(Archive(FolderStorage(tmp_path), Seal()))
    assert ["no complete base" in problem.message for problem in found.problems] == [True]
    assert found.lines == []


async def test_an_archiver_that_is_cancelled_while_it_writes_leaves_no_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, held = threading.Event(), threading.Event()
    put = FolderStorage._put

    def put_when_let(folder: FolderStorage, name: str, content: bytes) -> None:
        if name.endswith(".seg"):
            begun.set()
            held.wait(60)
        put(folder, name, content)

    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await market.store.commit(Put(LISTINGS, a_boat(id="a")))
        monkeypatch.setattr(FolderStorage, "_put", put_when_let)
        archiving = asyncio.create_task(market.archive_all())
        await asyncio.to_thread(begun.wait, 60)
        archiving.cancel()
        await market.store.commit(Put(LISTINGS, a_boat(id="b")))
        following = asyncio.create_task(
            archiver_of(market.store, market.archive, market.clock).take_base()
        )
        await asyncio.sleep(0.2)
        held.set()
        await asyncio.wait({archiving, following})
        await following
        assert (await verify(market.archive)).problems == []
