"""Any moment is restored as it stood, to the last bit."""

from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import x25519

from marinemarket.archive.file_format import Seal
from marinemarket.archive.restore import restore
from marinemarket.archive.verification import verify
from marinemarket.clock import iso
from marinemarket.errors import Damaged, FeedLost, Invalid, Refused
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, SESSIONS
from marinemarket.store.sqlite import SqliteLoading
from marinemarket.store.writes import Delete, Put, Write
from tests.archive.archives import Kept, archiver_of, files_of, kept, rows_of
from tests.builders import NOW, ManualClock
from tests.store.item_builders import a_boat, a_note, a_session

pytestmark = pytest.mark.anyio


async def _put(market: Kept, id: str, **overrides: object) -> None:
    await market.store.commit(Put(LISTINGS, a_boat(id=id, **overrides)))


async def test_each_moment_between_two_bases_comes_back(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        history = {}
        for number in range(6):
            if number in {1, 4}:
                await market.archiver.take_base()
            market.clock.now += 1000
            await _put(market, "a", price=number)
            await _put(market, f"{number}")
            history[market.clock.now] = rows_of(market.path)
        await market.archive_all()
        [line] = await market.archive.lines()
        assert (line.start, line.end) == (NOW + 1000, NOW + 6000)
        for moment in list(history)[1:]:
            _, rows = await market.restored(f"at {moment}", moment)
            assert rows == history[moment]
        _, rows = await market.restored("the last")
        assert rows == history[NOW + 6000]


async def test_a_moment_outside_is_refused_naming_the_window(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        market.clock.now += 1000
        await market.archiver.take_base()
        market.clock.now += 1000
        await _put(market, "a")
        await market.archive_all()
        for moment in (NOW, NOW + 2001):
            with pytest.raises(Invalid, match=f"{iso(NOW + 999)} to {iso(NOW + 2000)}"):
                await market.restored(f"{moment}", moment)


async def test_what_had_expired_and_was_not_swept_comes_back_as_it_stood(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.store.commit(Put(SESSIONS, a_session(id="based", lasts=1)))
        market.clock.now += 5000
        await market.archiver.take_base()
        await market.store.commit(Put(AUDIT_LOGS, a_note(id="replayed", lasts=6)))
        market.clock.now += 5000
        await _put(market, "last")
        await market.archive_all()
        before = rows_of(market.path)
        assert len(before["boat-admin-sessions"] + before["boat-audit-logs"]) == 2
        await market.store.sweep()
        market.clock.now += 1
        await _put(market, "after the sweep")
        await market.archive_all()
        _, rows = await market.restored("before", market.clock.now - 2)
        assert rows != before  # the sweep got the time of the change before it
        _, rows = await market.restored("expired", NOW + 5000)
        assert rows["boat-admin-sessions"] == before["boat-admin-sessions"]


async def test_a_store_whose_feed_moved_on_leaves_a_gap_that_no_moment_is_restored_from(
    tmp_path: Path,
) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await _put(market, "a")
        await market.archive_all()
        market.clock.now += 1000
        await _put(market, "lost from the feed")
        await _put(market, "the last")
        market.clock.now += 1000
        assert await market.store.trim(market.clock.now, [await market.store.head()]) > 0
        with pytest.raises(FeedLost):
            await market.store.changes(await market.archiver.archived())
        await market.archive_all()
        lines = await market.archive.lines()
        assert [(line.start, line.end) for line in lines] == [
            (NOW - 1, NOW),
            (NOW + 1999, NOW + 1999),
        ]
        with pytest.raises(Invalid, match="is not in the archive"):
            await market.restored("gap", NOW + 1000)
        await _put(market, "further")
        await market.archive_all()
        _, rows = await market.restored("after the gap")
        assert rows == rows_of(market.path)
        assert (await verify(market.archive)).is_sound


async def test_several_archivers_of_one_folder_write_one_chain(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        other = archiver_of(market.store, market.archive, market.clock)
        for number in range(6):
            market.clock.now += 1000
            await _put(market, f"{number}")
            if number % 2:
                await other.take_base()
            else:
                await market.archive_all()
        await market.archive_all()
        found = await verify(market.archive)
        assert (found.problems, found.compared) == ([], 3)
        [line] = found.lines
        assert len(line.segments) == 6


async def test_a_moved_market_comes_back_byte_for_byte(tmp_path: Path) -> None:
    async with kept(tmp_path / "one") as market:
        await _put(market, "ü", text='line\u2028 \u0000 "quoted"', empty="", none=None, list=[])
        await market.store.commit(Put(SESSIONS, a_session()), Put(AUDIT_LOGS, a_note(at="é")))
        await market.archiver.take_base()
        there, moved = await market.restored("there")
        assert moved == rows_of(market.path)
        assert there.items == 3


async def test_an_interrupted_restore_begins_again_and_a_market_is_never_replaced(
    tmp_path: Path,
) -> None:
    async with kept(tmp_path) as market:
        await _put(market, "a")
        base = await market.archiver.take_base()
        part = market.folder / "archive" / base.manifest.parts[0].name
        whole = part.read_bytes()
        part.write_bytes(whole[:-3])
        with pytest.raises(Damaged, match="was altered"):
            await market.restored("new")
        assert not (tmp_path / "new" / "market.sqlite3").exists()
        part.write_bytes(whole)
        assert (await market.restored("new"))[1] == rows_of(market.path)
        with pytest.raises(Refused, match="already holds a market"):
            await market.restored("new")


async def test_twenty_moments_of_a_load_equal_the_history(tmp_path: Path) -> None:
    """Concurrent creates, edits and deletes, while base copies are taken."""
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        chance = random.Random(3)
        history = {}

        async def load() -> None:
            for _ in range(60):
                market.clock.now += chance.choice([0, 1, 700])
                await asyncio.gather(*(market.store.commit(*_some(chance)) for _ in range(4)))
                # More changes may follow in the same millisecond: the last one counts.
                history[market.clock.now] = rows_of(market.path)

        async def back_up() -> None:
            for _ in range(4):
                await market.archiver.take_base()
                await asyncio.sleep(0.05)

        await asyncio.gather(load(), back_up())
        await market.archive_all()
        assert (await verify(market.archive)).problems == []
        for number, moment in enumerate(chance.sample(sorted(history), 20)):
            _, rows = await market.restored(f"{number}", moment)
            assert rows == history[moment]


def _some(chance: random.Random) -> list[Write]:
    ids = chance.sample([f"{number}" for number in range(30)], 3)
    return [
        Delete(LISTINGS, (id,))
        if chance.random() < 0.3
        else Put(LISTINGS, a_boat(id=id, price=chance.randrange(1000)))
        for id in ids
    ]


_Step = tuple[str, str, int]
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "delete", "base", "archive", "restart"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([0, 1, 1000]),
    ),
    max_size=25,
)


@settings(max_examples=25)
@given(steps=_STEPS, at=st.floats(0, 1))
def test_any_history_restored_to_any_moment_equals_a_model(steps: list[_Step], at: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_live_through(Path(folder), steps, at))


async def _live_through(folder: Path, steps: list[_Step], at: float) -> None:
    async with kept(folder) as market:
        await market.archiver.take_base()
        model: dict[str, int] = {}
        history: dict[int, dict[str, int]] = {market.clock.now: {}}
        for number, (doing, id, passing) in enumerate(steps):
            market.clock.now += passing
            if doing == "put":
                model[id] = number
                await _put(market, id, price=number)
            elif doing == "delete":
                model.pop(id, None)
                await market.store.commit(Delete(LISTINGS, (id,)))
            elif doing == "base":
                await market.archiver.take_base()
            elif doing == "archive":
                await market.archive_all()
            else:
                market.archiver.close()
            history[market.clock.now] = dict(model)
        await market.archive_all()
        assert (await verify(market.archive)).problems == []
        [line] = await market.archive.lines()
        moment = line.start + int((line.end - line.start) * at)
        _, rows = await market.restored("restored", moment)
        then = max((time for time in history if time <= moment), default=None)
        expected = {} if then is None else history[then]
        assert rows["boat-listings"] == [
            f'{{"id":"{id}","price":{price}}}' for id, price in sorted(expected.items())
        ]


async def test_an_encrypted_archive_needs_its_identity_to_be_read_and_none_to_be_written(
    tmp_path: Path,
) -> None:
    identity = x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# a comment\n{identity}\n")
    sealing = Seal.of(str(identity.to_public()))
    async with kept(tmp_path, seal=sealing) as market:
        await _put(market, "a", name="Ann Sailor")
        await market.archiver.take_base()
        await _put(market, "b", name="Ann Sailor")
        market.archiver.close()
        await market.archive_all()
        stored = b"".join(path.read_bytes() for path in files_of(tmp_path / "archive"))
        assert b"Ann" not in stored
        found = await verify(market.archive)
        assert (found.is_sound, found.unread) == (True, 2)
        with pytest.raises(Invalid, match="--identity"):
            await market.restored("closed")
        opening = Seal.of(identity=tmp_path / "key")
        _, rows = await market.restored("open", seal=opening)
        assert rows == rows_of(market.path)
        other = tmp_path / "other key"
        other.write_text(str(x25519.Identity.generate()))
        with pytest.raises(Invalid, match="does not open with this identity"):
            await market.restored("other", seal=Seal.of(identity=other))


async def test_a_restore_tells_how_far_it_is(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await _put(market, "a")
        await market.store.commit(Put(SESSIONS, a_session()))
        await market.archiver.take_base()
        await _put(market, "b")
        await market.archive_all()
        told: list[tuple[str, int]] = []
        loading = SqliteLoading(tmp_path / "new" / "market.sqlite3", clock=market.clock)
        await restore(
            market.archive, loading, progress=lambda doing, done: told.append((doing, done))
        )
        await loading.finish()
        assert told == [
            ("Reading the base", 1),
            ("Reading the base", 2),
            ("Replaying changes", 0),
            ("Loading", 2),
            ("Loading", 3),
        ]


async def test_an_archive_waits_for_changes_to_grow_old(tmp_path: Path) -> None:
    clock = ManualClock()
    async with kept(tmp_path, clock=clock, seconds=10) as market:
        await market.archiver.take_base()
        await _put(market, "a")
        clock.now += 9_999
        await market.archive_all()
        assert await market.archive.segments() == []
        clock.now += 1
        await market.archive_all()
        assert len(await market.archive.segments()) == 1
