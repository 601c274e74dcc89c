"""Damage to the file: every read answers what was written or an error, and repair brings it back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from marinemarket.archive.repair import Repaired, repair
from marinemarket.archive.verification import verify
from marinemarket.audit.trail import Trail
from marinemarket.clock import SECOND
from marinemarket.composition import in_newest_shape
from marinemarket.errors import DamagedItem, FeedLost, MarketError, Unavailable
from marinemarket.metrics import DAMAGED
from marinemarket.store.damage import DamageLog
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, SESSIONS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.sqlite.checksums import checked, sum_of
from marinemarket.store.sqlite.examination import examine
from marinemarket.store.sqlite.writer import stored_item
from marinemarket.store.store import Query
from marinemarket.store.writes import Delete, Put, Update
from tests.archive.archives import Kept, Rows, kept, rows_of
from tests.builders import NOW, ManualClock
from tests.store.item_builders import a_boat, a_note, a_session

pytestmark = pytest.mark.anyio

OWNER_INDEX = LISTINGS.index("owner-index")


async def boats(market: Kept, *ids: str, **overrides: object) -> None:
    for id in ids:
        market.clock.now += SECOND
        boat = a_boat(id=id, title=f"Boat {id}", createdAt=market.clock.now, **overrides)
        await market.store.commit(Put(LISTINGS, boat))


def altered(path: Path, statement: str, *values: object) -> None:
    """Alter the file behind the store's back, as a disk does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement, values)


def text_flipped(path: Path, id: str, table: str = "boat-listings") -> None:
    statement = f"UPDATE \"{table}\" SET item = replace(item, 'Boat', 'Boau') WHERE p = ?"
    altered(path, statement, id)


def trail_of(store: SqliteStore) -> Trail:
    return Trail(in_newest_shape(store), retention_days=9999, clock=ManualClock(NOW + 10**9))


async def repaired(market: Kept, *, archived: bool = True, dry_run: bool = False) -> Repaired:
    archive = market.archive if archived else None
    return await repair(market.store, trail_of, archive, dry_run=dry_run)


def without_entries(rows: Rows) -> Rows:
    """The rows but for the audit entries that a repair adds."""
    return rows | {
        AUDIT_LOGS.name: [row for row in rows[AUDIT_LOGS.name] if "system:repair" not in row]
    }


async def all_listed(store: SqliteStore) -> list[str]:
    page = await store.query(Query(LISTINGS, "owner", OWNER_INDEX))
    return [str(item["id"]) for item in page.items]


# -- Reading -----------------------------------------------------------------------------------


async def test_a_damaged_item_is_an_error_and_the_others_are_answered(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a", "b", "c", ownerId="owner")
        text_flipped(market.path, "b")
        with pytest.raises(DamagedItem) as caught:
            await market.store.get(LISTINGS, "b")
        assert (caught.value.table, caught.value.key) == ("boat-listings", ("b",))
        assert "b" not in str(caught.value).split()
        assert await all_listed(market.store) == ["a", "c"]
        scanned = await market.store.scan(LISTINGS)
        assert [item["id"] for item in scanned.items] == ["a", "c"]
        read = await market.store.get_many(LISTINGS, [("a",), ("b",), ("c",)])
        assert [item and item["id"] for item in read] == ["a", None, "c"]
        async with market.store.snapshot() as snapshot:
            assert [item["id"] async for item in snapshot.items(LISTINGS)] == ["a", "c"]


async def test_pages_lead_past_a_damaged_item(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, *"abcdef", ownerId="owner")
        for id in "bcf":
            text_flipped(market.path, id)
        found, after = [], None
        while True:
            page = await market.store.query(
                Query(LISTINGS, "owner", OWNER_INDEX, limit=1, after=after)
            )
            found += [item["id"] for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == ["a", "d", "e"]


async def test_damage_is_counted_and_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = DAMAGED.labels("boat-listings")._value.get()
    async with kept(tmp_path) as market:
        await boats(market, "a", "b", ownerId="owner")
        text_flipped(market.path, "b")
        for _ in range(3):
            await all_listed(market.store)
            with pytest.raises(DamagedItem):
                await market.store.get(LISTINGS, "b")
        assert len(market.store.damage) == 1
    assert DAMAGED.labels("boat-listings")._value.get() - before == 1
    [line] = [one.getMessage() for one in caplog.records if "damaged" in one.getMessage()]
    assert "boat-listings ('b',) is damaged" in line


async def test_nothing_writes_over_a_damaged_item(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a", "b")
        text_flipped(market.path, "b")
        for write in (
            Update(LISTINGS, ("b",), set={"price": 1}),
            Put(LISTINGS, a_boat(id="b")),
            Delete(LISTINGS, ("b",)),
        ):
            with pytest.raises(DamagedItem):
                await market.store.commit(write, Put(LISTINGS, a_boat(id="c")))
        assert await market.store.get(LISTINGS, "c") is None
        await market.store.commit(Update(LISTINGS, ("a",), set={"price": 1}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE \"boat-listings\" SET p = 'x' WHERE p = 'b'",
        "UPDATE \"boat-listings\" SET sum = sum + 1 WHERE p = 'b'",
        "UPDATE \"boat-listings\" SET item = substr(item, 2) WHERE p = 'b'",
        "UPDATE \"boat-listings\" SET item = CAST(x'ff7b7d' AS TEXT), sum = NULL WHERE p = 'b'",
        'UPDATE "boat-listings" SET item = (SELECT item FROM "boat-listings" WHERE p = \'a\'), '
        "sum = (SELECT sum FROM \"boat-listings\" WHERE p = 'a') WHERE p = 'b'",
    ],
    ids=["its key", "its checksum", "its beginning", "no UTF-8", "another item"],
)
async def test_whatever_of_a_row_is_damaged_is_found_and_repaired(
    tmp_path: Path, statement: str
) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await boats(market, "a", "b", "c")
        await market.archive_all()
        before = rows_of(market.path)
        altered(market.path, statement)
        with pytest.raises(DamagedItem):
            await market.store.get(LISTINGS, "b")
        await repaired(market)
        assert without_entries(rows_of(market.path)) == before
        assert (await market.store.get(LISTINGS, "b") or {})["title"] == "Boat b"
        assert examine(market.path).is_sound


async def test_what_is_listed_wrongly_is_not_shown_there(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a", "b", ownerId="owner")
        await boats(market, "c", ownerId="another")
        altered(
            market.path, "UPDATE \"boat-listings\" SET \"owner-index/p\" = 'owner' WHERE p = 'c'"
        )
        assert await all_listed(market.store) == ["a", "b"]
        assert [*examine(market.path).damaged] == [("boat-listings", ("c",))]
        await repaired(market, archived=False)
        assert examine(market.path).is_sound


async def test_a_wrong_end_neither_removes_nor_shows_an_item(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.store.commit(Put(SESSIONS, a_session(id="one", lasts=100)))
        altered(market.path, 'UPDATE "boat-admin-sessions" SET expires = 1')
        assert await market.store.sweep() == 0
        assert await market.store.get(SESSIONS, "one")
        altered(market.path, 'UPDATE "boat-admin-sessions" SET expires = 99999999999')
        market.clock.now += 101 * SECOND
        assert (await market.store.scan(SESSIONS)).items == []


async def test_a_damaged_change_makes_followers_start_again(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await boats(market, *"abc")
        altered(
            market.path, "UPDATE feed SET new = replace(new, 'Boat', 'Boau') WHERE position = 2"
        )
        [first] = await market.store.changes(None)
        assert first.key == ("a",)
        with pytest.raises(FeedLost):
            await market.store.changes(first.position)
        await market.archive_all()
        assert (await verify(market.archive)).is_sound
        assert (await market.restored("now"))[1] == rows_of(market.path)
        assert (await repaired(market)).found.feed == [2]
        assert examine(market.path).is_sound


async def test_a_missing_change_makes_followers_start_again(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, *"abc")
        altered(market.path, "DELETE FROM feed WHERE position = 2")
        [first] = await market.store.changes(None)
        with pytest.raises(FeedLost):
            await market.store.changes(first.position)


# -- Files without checksums -------------------------------------------------------------------


async def test_a_file_of_an_earlier_version_goes_on_and_gains_checksums(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a", "b")
    altered(market.path, 'UPDATE "boat-listings" SET sum = NULL')
    altered(market.path, "UPDATE feed SET sum = NULL")
    async with kept(tmp_path) as market:
        assert await market.store.get(LISTINGS, "a")
        assert len(await market.store.changes(None)) == 2
        assert examine(market.path).without_sum == 2
        await market.store.commit(Update(LISTINGS, ("a",), set={"price": 1}))
        assert examine(market.path).without_sum == 1
        while await market.store.add_sums():
            pass
        assert examine(market.path).without_sum == 0
        text_flipped(market.path, "b")
        with pytest.raises(DamagedItem):
            await market.store.get(LISTINGS, "b")


def test_a_checksum_belongs_to_its_table() -> None:
    text = b'{"id":"a"}'
    assert checked(LISTINGS, ("a",), text, sum_of(LISTINGS, ("a",), text)) == {"id": "a"}
    with pytest.raises(DamagedItem):
        checked(LISTINGS, ("a",), text, sum_of(SESSIONS, ("a",), text))


def test_an_item_that_was_repaired_is_no_longer_counted() -> None:
    log = DamageLog()
    log.note(DamagedItem("boat-listings", ("a",), "its checksum is wrong"))
    assert len(log) == 1
    log.forget("boat-listings", ("a",))
    assert len(log) == 0


# -- Repair ------------------------------------------------------------------------------------


async def test_an_item_comes_back_from_the_base_the_segments_and_the_feed(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "based", "archived", "in the feed")
        await market.archiver.take_base()
        await boats(market, "archived", "in the feed", price=2)
        await market.archive_all()
        await boats(market, "in the feed", price=3)
        before = rows_of(market.path)
        for id in ("based", "archived", "in the feed"):
            text_flipped(market.path, id)
        plan = await repaired(market, dry_run=True)
        assert (len(plan.repaired), plan.unrepaired) == (3, [])
        assert rows_of(market.path) != before
        done = await repaired(market)
        assert sorted(key for _, (key,) in done.repaired) == ["archived", "based", "in the feed"]
        assert without_entries(rows_of(market.path)) == before
        entries = [row for row in rows_of(market.path)[AUDIT_LOGS.name] if "system:repair" in row]
        assert len(entries) == 3
        await market.archive_all()
        assert (await market.restored("now"))[1] == rows_of(market.path)


async def test_nothing_older_than_is_proved_comes_back(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a", "b", price=1)
        await market.archiver.take_base()
        await boats(market, "a", "b", price=2)
        altered(
            market.path, "UPDATE feed SET new = replace(new, 'Boat', 'Boau') WHERE position = 3"
        )
        text_flipped(market.path, "a")
        text_flipped(market.path, "b")
        done = await repaired(market)
        assert done.unrepaired == [("boat-listings", ("a",))]
        assert done.repaired == [("boat-listings", ("b",))]
        assert (await market.store.get(LISTINGS, "b") or {})["price"] == 2
        with pytest.raises(DamagedItem):
            await market.store.get(LISTINGS, "a")


async def test_a_market_without_an_archive_is_repaired_from_its_feed(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a", "b")
        before = rows_of(market.path)
        text_flipped(market.path, "a")
        await repaired(market, archived=False)
        assert without_entries(rows_of(market.path)) == before


async def test_a_table_whose_root_is_destroyed_is_rebuilt(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await market.archiver.take_base()
        await boats(market, *"abc", ownerId="owner")
        await market.archive_all()
        await boats(market, *"de", ownerId="owner")
        before = rows_of(market.path)
    with closing(sqlite3.connect(market.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        asked = "SELECT rootpage FROM sqlite_schema WHERE name = 'boat-listings'"
        root = connection.execute(asked).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with market.path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(random.Random(1).randbytes(size))
    async with kept(tmp_path) as market:
        with pytest.raises(Unavailable, match="marinemarket repair"):
            await all_listed(market.store)
        assert (await repaired(market)).is_rebuilt
        assert without_entries(rows_of(market.path)) == before
        assert await all_listed(market.store) == [*"abcde"]
        assert examine(market.path).is_sound
        await boats(market, "f", ownerId="owner")


async def test_what_only_the_rebuilt_file_lacks_is_kept_aside(tmp_path: Path) -> None:
    async with kept(tmp_path) as market:
        await boats(market, *"abc", ownerId="owner")
        await market.store.trim(market.clock.now + 1, [await market.store.head()])
        altered(
            market.path, "UPDATE \"boat-listings\" SET p = 'x', item = 'y', sum = 1 WHERE p = 'b'"
        )
        done = await repaired(market, archived=False)
        assert (done.is_rebuilt, done.found.lost) == (True, 1)
        assert done.kept is not None
        assert done.kept.exists()
        assert await all_listed(market.store) == ["a", "c"]


# -- Any bit -----------------------------------------------------------------------------------


async def _every_answer(store: SqliteStore, truth: dict[str, Item]) -> int:
    """Ask for everything; returns how many questions ended in an error. Nothing else may differ."""
    errors = 0
    for id, item in truth.items():
        try:
            assert await store.get(LISTINGS, id) == item
        except MarketError:
            errors += 1
    try:
        listed = Query(LISTINGS, "owner", OWNER_INDEX, limit=100)
        for item in (await store.query(listed)).items:
            assert item == truth[item["id"]]
    except MarketError:
        errors += 1
    try:
        for item in (await store.scan(LISTINGS, limit=100)).items:
            assert item == truth[item["id"]]
    except MarketError:
        errors += 1
    try:
        for change in await store.changes(None, limit=1000):
            if change.table == LISTINGS.name and change.new is not None:
                assert change.new["title"] == truth[str(change.key[0])]["title"]
    except MarketError:
        errors += 1
    return errors


@pytest.fixture(scope="module")
def sound_market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed market of a hundred boats, with its archive."""
    return tmp_path_factory.mktemp("sound")


@pytest.mark.parametrize("seed", range(40))
async def test_whatever_bits_flip_no_read_answers_anything_else(
    sound_market: Path, tmp_path: Path, seed: int
) -> None:
    if not (sound_market / "market.sqlite3").exists():
        async with kept(sound_market) as market:
            await market.archiver.take_base()
            await boats(market, *(f"{number:03}" for number in range(60)), ownerId="owner")
            await market.store.commit(Put(AUDIT_LOGS, a_note(id="note")))
            await market.archive_all()
    shutil.copytree(sound_market, tmp_path, dirs_exist_ok=True)
    before = rows_of(tmp_path / "market.sqlite3")
    truth: dict[str, Item] = {}
    async with kept(tmp_path) as market:
        for item in (await market.store.scan(LISTINGS, limit=100)).items:
            truth[item["id"]] = item
    _flip(market.path, random.Random(seed), how_many=1 + seed % 4)
    try:
        async with kept(tmp_path) as market:
            market.clock.now += 10**6
            errors = await _every_answer(market.store, truth)
            done = await repaired(market)
            assert errors == 0 or not done.found.is_sound
            assert without_entries(rows_of(market.path)) == before
            # A feed that was cut no longer tells from the beginning, and says so.
            is_cut = bool(done.found.feed) and not done.is_rebuilt
            assert await _every_answer(market.store, truth) == is_cut
            assert examine(market.path).is_sound
    except Unavailable:
        # Not even opened: only a restore helps, and every page says so.
        pytest.skip("the file cannot be opened at all")


def _flip(path: Path, chance: random.Random, how_many: int) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(how_many):
        place = chance.randrange(100, len(content))
        content[place] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


class _Late:
    """A connection whose first look at an item by its key comes before that was written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._is_first = connection, True

    def execute(self, statement: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        is_first, self._is_first = self._is_first, False
        return self._connection.execute(statement, ("nothing",) if is_first else values)


async def test_an_item_written_while_it_is_looked_for_is_not_taken_for_damaged(
    tmp_path: Path,
) -> None:
    async with kept(tmp_path) as market:
        await boats(market, "a")
        with closing(sqlite3.connect(market.path)) as connection:
            late = cast(sqlite3.Connection, _Late(connection))
            _text, item = stored_item(late, LISTINGS, ("a",))
    assert item is not None
    assert item["title"] == "Boat a"
