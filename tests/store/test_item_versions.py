"""Items of every version are read alike, and two versions of the code work side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.audit.operational import Operational
from marinemarket.audit.trail import Trail
from marinemarket.errors import Conflict, Invalid, Refused, Unavailable
from marinemarket.store.item_versions import SHAPES, Evolution, ItemVersions
from marinemarket.store.items import Item
from marinemarket.store.schema import CLAIMS, LISTINGS, TABLES
from marinemarket.store.store import Query
from marinemarket.store.versioned_store import VersionedStore
from marinemarket.store.writes import Absent, Check, Delete, Equals, Put, Update, Write
from tests.builders import ManualClock
from tests.store.evolution import HISTORY, opened, shapes
from tests.store.item_builders import a_boat, an_offer
from tests.store.paging import answers, feed, replayed, scanned, state

pytestmark = pytest.mark.anyio

A_MINUTE = 60

Opening = Callable[[int], VersionedStore]

BOAT = an_offer(maker="Hallberg", model="Rassy 36", price=5)
AGES: dict[int, Item] = {
    0: an_offer(title="Hallberg Rassy 36", price=5),
    1: an_offer(title="Hallberg Rassy 36", price=5, shape=1),
    2: an_offer(name="Hallberg Rassy 36", price=5, shape=2),
    3: an_offer(maker="Hallberg", model="Rassy 36", price=5, shape=3),
}


@pytest.fixture
async def version(tmp_path: Path, clock: ManualClock, anyio_backend: str) -> AsyncIterator[Opening]:
    """Opens one file as some version of the code does."""
    async with AsyncExitStack() as stack:

        def opening(version: int) -> VersionedStore:
            store = opened(tmp_path / "market.sqlite3", version, clock=clock)
            stack.push_async_callback(store.close)
            return store

        yield opening


async def _stored(store: VersionedStore) -> Item | None:
    return await store.engine.get(LISTINGS, "boat")


# -- Reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("age", AGES)
async def test_items_of_all_ages_are_read_alike(version: Opening, age: int) -> None:
    store = version(3)
    await store.engine.commit(Put(LISTINGS, AGES[age]))
    assert await store.get(LISTINGS, "boat") == BOAT
    assert await store.get_many(LISTINGS, [("boat",), ("other",)]) == [BOAT, None]
    assert await answers(store, Query(LISTINGS, "ann", LISTINGS.index("owner-index"))) == [BOAT]
    assert await scanned(store, LISTINGS) == [BOAT]
    (change,) = await feed(store)
    assert (change.old, change.new) == (None, BOAT)
    with pytest.raises(Conflict) as caught:
        await store.commit(Put(LISTINGS, BOAT, when=Absent()))
    assert caught.value.item == BOAT


async def test_what_only_later_code_can_read_is_refused_not_guessed(version: Opening) -> None:
    later, earlier = version(3), version(2)
    await later.engine.commit(Put(LISTINGS, AGES[3]))
    for reading in (
        earlier.get(LISTINGS, "boat"),
        earlier.scan(LISTINGS),
        earlier.changes(None),
        earlier.commit(Update(LISTINGS, ("boat",), set={"price": 6})),
    ):
        with pytest.raises(Unavailable, match="boat-listings has items of version 3"):
            await reading
    assert await _stored(later) == AGES[3]


async def test_code_does_not_start_where_later_shapes_are_in_force(version: Opening) -> None:
    await version(3).in_force.begin()
    with pytest.raises(Unavailable, match="knows versions up to 2"):
        await version(2).in_force.begin()
    with pytest.raises(Unavailable, match="run the newer MarineMarket"):
        await version(2).commit(Put(LISTINGS, a_boat()))


# -- The active version ------------------------------------------------------------------------


async def test_a_new_market_begins_with_the_newest_shapes(version: Opening) -> None:
    store = version(3)
    await store.in_force.begin()
    await store.commit(Put(LISTINGS, BOAT))
    assert await _stored(store) == AGES[3]


@pytest.mark.parametrize("table", [LISTINGS, CLAIMS])
async def test_a_market_that_holds_something_keeps_its_shapes(version: Opening, table: Any) -> None:
    store = version(3)
    await store.engine.commit(Put(table, {table.partition.name: "old"}))
    await store.in_force.begin()
    await store.commit(Put(LISTINGS, BOAT))
    assert await _stored(store) == AGES[0]
    assert await store.get(LISTINGS, "boat") == BOAT


async def test_of_two_first_starts_one_records_the_shapes(version: Opening) -> None:
    stores = [version(3) for _ in range(4)]
    await asyncio.gather(*(store.in_force.begin() for store in stores))
    assert [await store.in_force.of(LISTINGS) for store in stores] == [3] * 4
    assert len(await feed(stores[0])) == 1


async def test_old_and_new_code_work_on_one_item_by_turns(version: Opening) -> None:
    """Version 2 is active: what the newer code writes, the older code reads and changes."""
    older, newer = version(2), version(3)
    await older.in_force.begin()
    await newer.in_force.begin()
    await newer.commit(Put(LISTINGS, BOAT, when=Absent()))
    assert await older.get(LISTINGS, "boat") == an_offer(name="Hallberg Rassy 36", price=5)
    await older.commit(Update(LISTINGS, ("boat",), set={"name": "Contest 36"}))
    await newer.commit(Update(LISTINGS, ("boat",), set={"model": "38"}, when=Equals(model="36")))
    await newer.commit(Update(LISTINGS, ("boat",), set={"price": 6}))
    await older.commit(Update(LISTINGS, ("boat",), set={"price": 7}, when=Equals(price=6)))
    assert await older.get(LISTINGS, "boat") == an_offer(name="Contest 38", price=7)
    assert await newer.get(LISTINGS, "boat") == an_offer(maker="Contest", model="38", price=7)
    assert replayed(await feed(newer)) == await state(newer)


# -- Writing to items of other versions ---------------------------------------------------------

ON_MAKER: dict[str, tuple[Write, Item | None]] = {
    "put": (Put(LISTINGS, a_boat(maker="X"), when=Equals(model="Rassy 36")), a_boat(maker="X")),
    "update": (
        Update(LISTINGS, ("boat",), set={"maker": "HR"}, remove=("model",), when=Equals(name=None)),
        {name: value for name, value in BOAT.items() if name != "model"} | {"maker": "HR"},
    ),
    "update of the rest": (Update(LISTINGS, ("boat",), set={"price": 6}), BOAT | {"price": 6}),
    "delete": (Delete(LISTINGS, ("boat",), when=Equals(maker="Hallberg", price=5)), None),
    "check": (Check(LISTINGS, ("boat",), when=Equals(maker="Hallberg", title=None)), BOAT),
}


@pytest.mark.parametrize("kind", ON_MAKER)
@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("in_force", [0, 3])
async def test_a_write_in_todays_terms_is_right_for_items_of_every_age(
    version: Opening, age: int, in_force: int, kind: str
) -> None:
    store = version(3)
    if in_force:
        await store.in_force.begin()
    await store.engine.commit(Put(LISTINGS, AGES[age]))
    write, expected = ON_MAKER[kind]
    await store.commit(write, Put(CLAIMS, {"claim": "done"}))
    assert await store.get(LISTINGS, "boat") == expected
    assert await store.get(CLAIMS, "done") == {"claim": "done"}


@pytest.mark.parametrize("when", [Equals(maker="Contest"), Equals(model=None), Equals(price=4)])
@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("in_force", [0, 3])
async def test_a_lost_condition_shows_what_stands_in_todays_terms(
    version: Opening, age: int, in_force: int, when: Equals
) -> None:
    store = version(3)
    if in_force:
        await store.in_force.begin()
    await store.engine.commit(Put(LISTINGS, AGES[age]))
    for write in (
        Put(LISTINGS, a_boat(), when=when),
        Update(LISTINGS, ("boat",), set={"maker": "X"}, when=when),
        Delete(LISTINGS, ("boat",), when=when),
    ):
        with pytest.raises(Conflict) as caught:
            await store.commit(Put(CLAIMS, {"claim": "done"}), write)
        lost = caught.value
        assert (lost.table, lost.key, lost.item) == ("boat-listings", ("boat",), BOAT)
    assert await _stored(store) == AGES[age]
    assert await store.get(CLAIMS, "done") is None


@pytest.mark.parametrize("age", AGES)
async def test_a_reason_is_told_of_what_stands_in_todays_terms(version: Opening, age: int) -> None:
    store = version(3)
    await store.engine.commit(Put(LISTINGS, AGES[age]))

    def price(item: Item | None) -> Refused:
        return Refused(f"{item['maker']} costs {item['price']}" if item else "gone")

    lost = Update(LISTINGS, ("boat",), set={"price": 6}, when=Equals(price=4), otherwise=price)
    trail = Trail(store, retention_days=1)
    with pytest.raises(Refused, match="Hallberg costs 5"):
        await trail.commit_operational(Operational.CHALLENGE, Put(CLAIMS, {"claim": "a"}), lost)


async def test_many_items_of_other_shapes_are_changed_in_one_commit(version: Opening) -> None:
    store = version(3)
    await store.in_force.begin()
    old = [AGES[age] | {"id": f"{number:03}"} for number in range(25) for age in (0, 1)][:50]
    names = [f"{number:03}" for number in range(50)]
    await store.engine.commit(
        *(Put(LISTINGS, o | {"id": n}) for o, n in zip(old, names, strict=True))
    )
    await store.commit(*(Update(LISTINGS, (name,), set={"maker": "X"}) for name in names))
    assert {item["maker"] for item in await scanned(store, LISTINGS)} == {"X"}


async def test_code_that_does_not_know_yet_what_is_in_force_harms_nothing(
    version: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = version(3), version(3)
    await slow.engine.commit(Put(LISTINGS, AGES[0]))
    await slow.in_force.read()
    monkeypatch.setattr(slow.in_force, "known_for", A_MINUTE * 60)
    await quick.in_force.raise_all()
    await quick.commit(Update(LISTINGS, ("boat",), set={"model": "Rassy 38"}))
    await slow.commit(Update(LISTINGS, ("boat",), set={"maker": "HR"}))
    assert await _stored(quick) == AGES[3] | {"maker": "HR", "model": "Rassy 38"}
    await slow.commit(Put(LISTINGS, BOAT))
    assert await _stored(quick) == AGES[0]
    assert await quick.get(LISTINGS, "boat") == BOAT


async def test_the_stamp_is_nobodys_to_write_or_to_ask_for(version: Opening) -> None:
    store = version(3)
    await store.commit(Put(LISTINGS, BOAT))
    for write in (
        Put(LISTINGS, BOAT | {"shape": 9}),
        Update(LISTINGS, ("boat",), set={"shape": 9}),
        Update(LISTINGS, ("boat",), remove=("shape",)),
        Check(LISTINGS, ("boat",), when=Equals(shape=None)),
    ):
        with pytest.raises(Invalid, match="shape"):
            await store.commit(write)


# -- Declaring ---------------------------------------------------------------------------------

words = st.text("ab é船", max_size=6)
boats = st.one_of(
    st.fixed_dictionaries({"price": st.integers()}),
    words.map(lambda text: {"title": text, "price": 5}),
)


@given(boats, st.integers(0, 3), st.integers(0, 3))
def test_there_and_back_an_item_is_what_it_was(boat: Item, start: int, end: int) -> None:
    known = shapes(3)
    old = known.reshaped(LISTINGS, a_boat(**boat), start)
    there = known.reshaped(LISTINGS, old, end)
    assert known.reshaped(LISTINGS, there, start) == old
    assert known.read(LISTINGS, there) == known.read(LISTINGS, old)


def test_shapes_are_counted_without_a_gap_and_leave_keys_alone() -> None:
    with pytest.raises(ValueError, match="no version 1"):
        ItemVersions([Evolution(LISTINGS, 2)])
    with pytest.raises(ValueError, match="no version 2"):
        ItemVersions([HISTORY[0], HISTORY[0]])
    for name in ("id", "shape"):
        with pytest.raises(ValueError, match="a key never evolves"):
            Evolution(LISTINGS, 1, (name,))


def test_every_table_but_the_markets_own_has_a_shape() -> None:
    assert [table.name for table in TABLES if not SHAPES.newest(table)] == ["boat-market"]
