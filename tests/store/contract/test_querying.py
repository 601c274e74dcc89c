"""Queries: which items an index lists, in which order, and within which bounds."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from marinemarket.errors import Invalid
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, SESSIONS, USERS, Index
from marinemarket.store.store import Between, Query, Store
from marinemarket.store.writes import Delete, Put, Update
from tests.store.item_builders import a_boat, a_note, a_session, an_offer
from tests.store.paging import answers, pages, scanned

pytestmark = pytest.mark.anyio

OWNER = LISTINGS.index("owner-index")
PLACE = LISTINGS.index("location-index")
PUBLIC = LISTINGS.index("public-index")


async def _put(store: Store, *items: Item) -> None:
    await store.commit(*(Put(LISTINGS, item) for item in items))


async def _ids(store: Store, query: Query) -> list[str]:
    return [item["id"] for item in await answers(store, query)]


async def test_an_index_lists_its_partition_whole_and_nothing_else(store: Store) -> None:
    ours, theirs = an_offer(id="a", place="US-FL", price=5), an_offer(id="b", place="US-FLX")
    await _put(store, ours, theirs)
    assert await answers(store, Query(LISTINGS, "US-FL", PLACE)) == [ours]
    assert await answers(store, Query(LISTINGS, "US-F", PLACE)) == []
    assert await answers(store, Query(LISTINGS, "us-fl", PLACE)) == []


@pytest.mark.parametrize("index", [OWNER, PLACE, PUBLIC], ids=lambda index: index.name)
@pytest.mark.parametrize("newest_first", [False, True])
async def test_items_come_by_sort_key_and_equals_the_same_way_each_time(
    store: Store, index: Index, newest_first: bool
) -> None:
    placed = [("d", 1), ("b", 2), ("c", 2), ("a", 3), ("A", 2), ("é", 2), ("e", 3), ("f", -1)]
    await _put(store, *(an_offer(id=id, at=at) for id, at in placed))
    partition = an_offer()[index.partition.name]
    query = Query(LISTINGS, partition, index, newest_first=newest_first)
    found = await answers(store, query)
    times = [item["createdAt"] for item in found]
    assert times == sorted(times, reverse=newest_first)
    assert sorted(item["id"] for item in found) == sorted(id for id, _ in placed)
    for limit in (1, 2, 3):
        assert await answers(store, replace(query, limit=limit)) == found


async def test_numbers_are_ordered_by_size_not_by_digits(store: Store) -> None:
    await _put(store, *(an_offer(id=f"{at}", at=at) for at in (10, 9, 100, -5)))
    assert await _ids(store, Query(LISTINGS, "ann", OWNER)) == ["-5", "9", "10", "100"]


async def test_text_is_ordered_by_its_utf_8_bytes(store: Store) -> None:
    times = ["\uffff", "Z", "a", "\U0001f6a4", "é", "a\x00", "aa"]
    await store.commit(*(Put(AUDIT_LOGS, a_note(id="n", at=at)) for at in times))
    found = [item["timestamp"] for item in await answers(store, Query(AUDIT_LOGS, "n"))]
    assert found == ["Z", "a", "a\x00", "aa", "é", "\uffff", "\U0001f6a4"]


WITHIN = [
    (Between(), [1, 2, 3, 4, 5]),
    (Between(2, 4), [2, 3, 4]),
    (Between(2, 4, without_lowest=True), [3, 4]),
    (Between(2, 4, without_highest=True), [2, 3]),
    (Between(2, 4, without_lowest=True, without_highest=True), [3]),
    (Between(lowest=4), [4, 5]),
    (Between(highest=2), [1, 2]),
    (Between(lowest=4, without_lowest=True), [5]),
    (Between(highest=2, without_highest=True), [1]),
    (Between(3, 3), [3]),
    (Between(3, 3, without_lowest=True), []),
    (Between(4, 2), []),
    (Between(without_lowest=True, without_highest=True), [1, 2, 3, 4, 5]),
]


async def test_bounds_hold_on_every_page_and_in_both_directions(store: Store) -> None:
    await _put(store, *(an_offer(id=f"{at}", at=at) for at in range(1, 6)))
    for (between, found), newest_first, limit in product(WITHIN, (False, True), (1, 50)):
        items = await answers(store, Query(LISTINGS, "ann", OWNER, between, newest_first, limit))
        assert [item["createdAt"] for item in items] == (found[::-1] if newest_first else found)


async def test_bounds_on_text_include_equal_text_and_not_what_it_begins(store: Store) -> None:
    await store.commit(*(Put(AUDIT_LOGS, a_note(at=at)) for at in ("2026", "2026-02", "2027")))
    query = Query(AUDIT_LOGS, "note", between=Between("2026", "2026-02"))
    assert [item["timestamp"] for item in await answers(store, query)] == ["2026", "2026-02"]


@pytest.mark.parametrize("missing", ["ownerId", "createdAt"])
async def test_an_index_lists_only_items_that_carry_both_its_attributes(
    store: Store, missing: str
) -> None:
    item = an_offer()
    del item[missing]
    await _put(store, item)
    assert await answers(store, Query(LISTINGS, "ann", OWNER)) == []
    assert await store.get(LISTINGS, "boat") == item


async def test_an_item_enters_and_leaves_an_index_with_its_attributes(store: Store) -> None:
    await _put(store, a_boat(createdAt=1))
    query = Query(LISTINGS, "public", PUBLIC)
    assert await _ids(store, query) == []
    await store.commit(Update(LISTINGS, ("boat",), set={"publicity": "public"}))
    assert await _ids(store, query) == ["boat"]
    await store.commit(Update(LISTINGS, ("boat",), set={"publicity": "private"}))
    assert await _ids(store, query) == []
    await store.commit(Update(LISTINGS, ("boat",), set={"publicity": "public"}))
    await store.commit(Update(LISTINGS, ("boat",), remove=("publicity",)))
    assert await _ids(store, query) == []
    await _put(store, an_offer())
    await store.commit(Delete(LISTINGS, ("boat",)))
    assert await _ids(store, query) == []


async def test_an_item_moves_with_its_sort_key(store: Store) -> None:
    await _put(store, an_offer(id="a", at=1), an_offer(id="b", at=2))
    await store.commit(Update(LISTINGS, ("a",), set={"createdAt": 3}))
    assert await _ids(store, Query(LISTINGS, "ann", OWNER)) == ["b", "a"]


async def test_an_index_of_one_attribute_lists_every_item_once(store: Store) -> None:
    users = [{"id": id, "email": "same@example.com"} for id in ("b", "a", "c")]
    await store.commit(*(Put(USERS, user) for user in users))
    found = await pages(
        store, Query(USERS, "same@example.com", USERS.index("email-index"), limit=2)
    )
    assert [len(page) for page in found] == [2, 1]
    assert sorted(user["id"] for page in found for user in page) == ["a", "b", "c"]


async def test_a_table_is_asked_by_its_own_key(store: Store) -> None:
    await _put(store, a_boat(id="a"), a_boat(id="b"))
    assert await answers(store, Query(LISTINGS, "b")) == [a_boat(id="b")]


async def test_tables_with_indexes_of_one_name_stay_apart(store: Store) -> None:
    await store.commit(Put(SESSIONS, a_session()), Put(AUDIT_LOGS, a_note()))
    of_sessions: Index = SESSIONS.index("user-index")
    assert await answers(store, Query(SESSIONS, "ann", of_sessions)) == [a_session()]


async def test_a_scan_reads_every_item_once(store: Store) -> None:
    await store.commit(
        *(Put(AUDIT_LOGS, a_note(id=id, at=at)) for id in "abc" for at in ("1", "2", "3"))
    )
    keys = [AUDIT_LOGS.key_of(item) for item in await scanned(store, AUDIT_LOGS, limit=2)]
    assert sorted(keys) == [(id, at) for id in "abc" for at in ("1", "2", "3")]
    assert await scanned(store, LISTINGS) == []


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_page_holds_at_least_one(store: Store, limit: int) -> None:
    await _put(store, an_offer(id="a"), an_offer(id="b"))
    with pytest.raises(Invalid, match="limit"):
        await store.query(Query(LISTINGS, "ann", OWNER, limit=limit))
    with pytest.raises(Invalid, match="limit"):
        await store.scan(LISTINGS, limit=limit)
    with pytest.raises(Invalid, match="limit"):
        await store.changes(None, limit=limit)
