"""Commits: the effect of each write and condition; all take effect, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.clock import Clock
from marinemarket.errors import Conflict, Invalid
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, LISTINGS, USERS
from marinemarket.store.store import Store
from marinemarket.store.writes import (
    Absent,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Put,
    Update,
    Write,
)
from tests.store.engines import Opening
from tests.store.item_builders import a_boat, a_note
from tests.store.paging import feed, state

pytestmark = pytest.mark.anyio

BOAT = a_boat(name="Heron", price=5, crew=["Ann", {"cook": True}], sold=False)

HOLD = [
    (BOAT, Exists()),
    (None, Absent()),
    (BOAT, Equals(price=5)),
    (BOAT, Equals(price=5, name="Heron")),
    (BOAT, Equals(sold=False)),
    (BOAT, Equals(crew=["Ann", {"cook": True}])),
    (BOAT, Equals(crew=("Ann", {"cook": True}))),
    (BOAT, Equals(buyer=None)),
    (BOAT, Equals()),
]
FAIL = [
    (None, Exists()),
    (BOAT, Absent()),
    (BOAT, Equals(price=6)),
    (BOAT, Equals(price=5, name="Egret")),
    (BOAT, Equals(sold=0)),
    (BOAT, Equals(sold=None)),
    (BOAT, Equals(price="5")),
    (BOAT, Equals(crew=["Ann", {"cook": 1}])),
    (BOAT, Equals(buyer="Bob")),
    (None, Equals(buyer=None)),
    (None, Equals()),
]


async def _given(store: Store, item: Item | None) -> None:
    if item is not None:
        await store.commit(Put(LISTINGS, item))


async def test_what_was_put_is_got(store: Store) -> None:
    await store.commit(Put(LISTINGS, BOAT))
    assert await store.get(LISTINGS, "boat") == BOAT


async def test_what_was_never_put_is_not_there(store: Store) -> None:
    assert await store.get(LISTINGS, "boat") is None


async def test_a_key_of_two_parts_needs_both(store: Store) -> None:
    await store.commit(Put(AUDIT_LOGS, a_note(id="a", at="2026-01-01")))
    assert await store.get(AUDIT_LOGS, "a", "2026-01-01") is not None
    assert await store.get(AUDIT_LOGS, "a", "2026-01-02") is None
    with pytest.raises(Invalid):
        await store.get(AUDIT_LOGS, "a")


async def test_a_commit_outlives_the_store_that_made_it(
    opening: Opening, tmp_path: Path, clock: Clock
) -> None:
    async with opening(tmp_path, clock) as first:
        await first.commit(Put(LISTINGS, BOAT))
    async with opening(tmp_path, clock) as second:
        assert await second.get(LISTINGS, "boat") == BOAT


async def test_a_commit_is_seen_by_every_open_store_at_once(
    opening: Opening, tmp_path: Path, clock: Clock
) -> None:
    async with opening(tmp_path, clock) as one, opening(tmp_path, clock) as other:
        await one.commit(Put(LISTINGS, BOAT))
        assert await other.get(LISTINGS, "boat") == BOAT


async def test_a_put_replaces_the_whole_item(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(name="Heron", price=5)))
    await store.commit(Put(LISTINGS, a_boat(name="Egret")))
    assert await store.get(LISTINGS, "boat") == {"id": "boat", "name": "Egret"}


async def test_an_update_changes_only_what_it_names(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(name="Heron", price=5, sold=False)))
    await store.commit(
        Update(LISTINGS, ("boat",), set={"price": 6, "year": 2001}, remove=("sold",))
    )
    assert await store.get(LISTINGS, "boat") == {
        "id": "boat",
        "name": "Heron",
        "price": 6,
        "year": 2001,
    }


async def test_an_update_never_makes_a_ghost(store: Store) -> None:
    with pytest.raises(Conflict) as caught:
        await store.commit(Update(LISTINGS, ("boat",), set={"price": 6}))
    lost = caught.value
    assert (lost.table, lost.key, lost.item) == ("boat-listings", ("boat",), None)
    assert await state(store) == {}


async def test_an_update_of_what_is_not_there_cannot_be_asked_for(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        await store.commit(Update(LISTINGS, ("boat",), set={"price": 6}, when=Absent()))
    assert [error.field for error in caught.value.errors] == ["when"]


@pytest.mark.parametrize("touching", [{"set": {"id": "other"}}, {"remove": ("id",)}])
async def test_an_update_cannot_touch_the_key(store: Store, touching: Item) -> None:
    await store.commit(Put(LISTINGS, BOAT))
    with pytest.raises(Invalid, match="id: is part of the key"):
        await store.commit(Update(LISTINGS, ("boat",), **touching))
    assert await store.get(LISTINGS, "boat") == BOAT


async def test_a_deleted_item_is_gone_and_may_be_deleted_again(store: Store) -> None:
    await store.commit(Put(LISTINGS, BOAT))
    await store.commit(Delete(LISTINGS, ("boat",)))
    await store.commit(Delete(LISTINGS, ("boat",)))
    assert await store.get(LISTINGS, "boat") is None


@pytest.mark.parametrize(("given", "when"), HOLD)
async def test_a_condition_that_holds_lets_the_commit_happen(
    store: Store, given: Item | None, when: Condition
) -> None:
    await _given(store, given)
    await store.commit(Check(LISTINGS, ("boat",), when=when), Put(CLAIMS, {"claim": "done"}))
    assert await store.get(CLAIMS, "done") is not None
    assert await store.get(LISTINGS, "boat") == given
    await store.commit(Put(LISTINGS, a_boat(name="Egret"), when=when))
    assert await store.get(LISTINGS, "boat") == {"id": "boat", "name": "Egret"}


@pytest.mark.parametrize(("given", "when"), FAIL)
async def test_a_condition_that_fails_stops_every_write_and_shows_what_stands(
    store: Store, given: Item | None, when: Condition
) -> None:
    await _given(store, given)
    before = await feed(store)
    writes: list[Write] = [
        Put(LISTINGS, a_boat(name="Egret"), when=when),
        Delete(LISTINGS, ("boat",), when=when),
        Check(LISTINGS, ("boat",), when=when),
    ]
    if when != Absent():
        writes.append(Update(LISTINGS, ("boat",), set={"name": "Egret"}, when=when))
    around = Put(CLAIMS, {"claim": "before"}), Put(CLAIMS, {"claim": "after"})
    for write in writes:
        with pytest.raises(Conflict) as caught:
            await store.commit(around[0], write, around[1])
        lost = caught.value
        assert (lost.table, lost.key, lost.item) == ("boat-listings", ("boat",), given)
        assert await store.get(LISTINGS, "boat") == given
        assert await store.get(CLAIMS, "before") is None
        assert await store.get(CLAIMS, "after") is None
        assert await feed(store) == before


async def test_a_conflict_names_the_first_write_that_lost(store: Store) -> None:
    await store.commit(Put(CLAIMS, {"claim": "b", "owner": "Bob"}))
    await store.commit(Put(CLAIMS, {"claim": "c", "owner": "Cid"}))
    claims = [Put(CLAIMS, {"claim": name, "owner": "Ann"}, when=Absent()) for name in "abc"]
    with pytest.raises(Conflict) as caught:
        await store.commit(*claims)
    assert caught.value.key == ("b",)
    assert caught.value.item == {"claim": "b", "owner": "Bob"}


async def test_a_commit_spans_tables(store: Store) -> None:
    await store.commit(Put(USERS, {"id": "ann"}), Put(LISTINGS, BOAT), Put(AUDIT_LOGS, a_note()))
    assert set(await state(store)) == {
        ("boat-users", ("ann",)),
        ("boat-listings", ("boat",)),
        ("boat-audit-logs", ("note", "2026-01-01")),
    }


@pytest.mark.parametrize(
    "second", [Delete(LISTINGS, ("boat",)), Check(LISTINGS, ("boat",), Absent())]
)
async def test_one_item_is_written_once_in_a_commit(store: Store, second: Delete | Check) -> None:
    with pytest.raises(Invalid, match="one item twice"):
        await store.commit(Put(LISTINGS, BOAT), second)
    assert await state(store) == {}


async def test_the_same_key_in_two_tables_is_two_items(store: Store) -> None:
    await store.commit(Put(LISTINGS, {"id": "one"}), Put(USERS, {"id": "one"}))
    assert len(await state(store)) == 2


async def test_many_are_got_in_the_order_asked(store: Store) -> None:
    await store.commit(*(Put(LISTINGS, a_boat(id=id)) for id in "abc"))
    got = await store.get_many(LISTINGS, [("c",), ("x",), ("a",), ("c",)])
    assert got == [{"id": "c"}, None, {"id": "a"}, {"id": "c"}]
    assert await store.get_many(LISTINGS, []) == []
