"""The feed: every commit's changes, in order, with the items before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.clock import Clock
from marinemarket.errors import Conflict, FeedLost
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, LISTINGS
from marinemarket.store.store import Store
from marinemarket.store.writes import Absent, Check, Delete, Exists, Put, Update
from tests.store.engines import Opening
from tests.store.item_builders import a_boat, a_note
from tests.store.paging import feed, replayed, state

pytestmark = pytest.mark.anyio


async def _boats(store: Store, *ids: str) -> None:
    for id in ids:
        await store.commit(Put(LISTINGS, a_boat(id=id)))


async def test_a_new_market_has_an_empty_feed(store: Store) -> None:
    assert await store.changes(None) == []
    assert await store.changes(await store.head()) == []


async def test_a_change_tells_what_stood_before_and_after(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(price=5)))
    await store.commit(Update(LISTINGS, ("boat",), set={"price": 6}))
    await store.commit(Put(LISTINGS, a_boat(price=7)))
    await store.commit(Delete(LISTINGS, ("boat",)))
    changes = await feed(store)
    assert [(change.old, change.new) for change in changes] == [
        (None, a_boat(price=5)),
        (a_boat(price=5), a_boat(price=6)),
        (a_boat(price=6), a_boat(price=7)),
        (a_boat(price=7), None),
    ]
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    assert {(change.table, change.key) for change in changes} == {("boat-listings", ("boat",))}


async def test_a_key_of_two_parts_is_told_whole(store: Store) -> None:
    await store.commit(Put(AUDIT_LOGS, a_note(id="n", at="2026")))
    (change,) = await feed(store)
    assert (change.table, change.key) == ("boat-audit-logs", ("n", "2026"))


async def test_every_change_of_a_commit_is_told_in_order_for_each_key(store: Store) -> None:
    for n in range(5):
        await store.commit(
            Put(LISTINGS, a_boat(id="a", n=n)),
            Put(LISTINGS, a_boat(id="b", n=n)),
            Put(CLAIMS, {"claim": "a", "n": n}),
        )
    told = [(change.table, change.key[0], (change.new or {})["n"]) for change in await feed(store)]
    for table, key in ((LISTINGS, "a"), (LISTINGS, "b"), (CLAIMS, "a")):
        assert [n for name, id, n in told if (name, id) == (table.name, key)] == [*range(5)]
    assert len(told) == 15


async def test_what_changes_nothing_is_not_told(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(crew=["Ann"], price=5, sold=True)))
    head = await store.head()
    await store.commit(Put(LISTINGS, {"price": 5, "sold": True, "crew": ("Ann",), "id": "boat"}))
    await store.commit(Update(LISTINGS, ("boat",), set={"price": 5}, remove=("buyer",)))
    await store.commit(Check(LISTINGS, ("boat",), when=Exists()))
    await store.commit(Delete(LISTINGS, ("nothing",)))
    assert await feed(store, head) == []


@pytest.mark.parametrize(("old", "new"), [(1, True), (False, 0), ([1], [True]), ({}, None)])
async def test_a_change_of_type_is_a_change(store: Store, old: object, new: object) -> None:
    await store.commit(Put(LISTINGS, a_boat(value=old)))
    await store.commit(Put(LISTINGS, a_boat(value=new)))
    got = (await store.get(LISTINGS, "boat") or {})["value"]
    assert repr(got) == repr(new)
    assert len(await feed(store)) == 2


async def test_a_commit_that_failed_is_not_told(store: Store) -> None:
    await _boats(store, "a")
    head = await store.head()
    with pytest.raises(Conflict):
        await store.commit(
            Put(LISTINGS, a_boat(id="b")), Put(LISTINGS, a_boat(id="a"), when=Absent())
        )
    await _boats(store, "c")
    assert [change.key for change in await store.changes(head)] == [("c",)]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
async def test_following_in_steps_misses_and_doubles_nothing(store: Store, limit: int) -> None:
    await _boats(store, *"abcdefg")
    assert sorted(change.key[0] for change in await feed(store, limit=limit)) == list("abcdefg")
    assert len(await store.changes(None, limit=limit)) == min(limit, 7)


async def test_any_position_may_be_gone_back_to(store: Store) -> None:
    await _boats(store, *"abc")
    first, second, third = await feed(store)
    assert await store.changes(first.position) == [second, third]
    assert await store.changes(second.position) == [third]
    assert await store.changes(third.position) == []
    assert await store.changes(None) == [first, second, third]


async def test_the_head_is_the_position_of_the_last_change(store: Store) -> None:
    await _boats(store, *"ab")
    assert await store.head() == (await feed(store))[-1].position


async def test_positions_pass_one_another_in_the_order_of_the_feed(store: Store) -> None:
    beginning = await store.head()
    await _boats(store, *"abcdefghijkl")
    places = [beginning, *(change.position for change in await feed(store))]
    for number, place in enumerate(places):
        passed = [store.has_passed(place, target) for target in places]
        assert passed == [True] * (number + 1) + [False] * (len(places) - number - 1)
        assert not store.has_passed(None, place)


async def test_a_position_of_another_feed_is_lost_and_passes_nothing(
    store: Store, opening: Opening, tmp_path: Path, clock: Clock
) -> None:
    await _boats(store, "a")
    async with opening(tmp_path / "another", clock) as another:
        await _boats(another, "a")
        foreign = await another.head()
        with pytest.raises(FeedLost):
            await store.changes(foreign)
        assert not store.has_passed(foreign, await store.head())
        assert not store.has_passed(await store.head(), foreign)
        assert not store.has_passed(foreign, foreign)


@pytest.mark.parametrize("wrong", ["", ":", "0", "1:1", "²", "é:1", "\ud800", "x" * 10_000])
async def test_what_is_no_position_is_lost(store: Store, wrong: str) -> None:
    with pytest.raises(FeedLost):
        await store.changes(wrong)
    assert not store.has_passed(wrong, await store.head())


async def test_the_head_is_behind_every_change_made_before_it(store: Store) -> None:
    for n in range(3):
        await store.commit(Put(LISTINGS, a_boat(n=n)), Put(CLAIMS, {"claim": "a", "n": n}))
        assert await feed(store, await store.head()) == []


async def test_positions_live_on_when_the_market_is_opened_again(
    opening: Opening, tmp_path: Path, clock: Clock
) -> None:
    async with opening(tmp_path, clock) as first:
        await _boats(first, *"ab")
        kept = (await feed(first))[0].position
    async with opening(tmp_path, clock) as second:
        await _boats(second, "c")
        assert [change.key for change in await feed(second, kept)] == [("b",), ("c",)]


async def test_replaying_the_feed_gives_the_same_market(store: Store) -> None:
    await _boats(store, *"abc")
    await store.commit(Update(LISTINGS, ("a",), set={"price": 5}), Delete(LISTINGS, ("b",)))
    await store.commit(Put(LISTINGS, a_boat(id="b", back=True)), Put(CLAIMS, {"claim": "b"}))
    assert replayed(await feed(store)) == await state(store)
