"""The largest item, commit and key: every engine refuses more, in the same way."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.errors import Invalid, TooLarge
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, SESSIONS
from marinemarket.store.store import Between, Query, Store
from marinemarket.store.writes import Check, Delete, Equals, Exists, Put, Update
from tests.store.item_builders import a_boat, a_note, a_session, an_offer
from tests.store.paging import answers, scanned, state

pytestmark = pytest.mark.anyio

ITEM = 400 * 1024
NAMES = len("id") + len("boat") + len("text")


def _sized(size: int, *, id: str = "boat") -> dict[str, Any]:
    """A boat of this many bytes, counting only its names and values."""
    return a_boat(id=id, text="x" * (size - NAMES + len("boat") - len(id)))


async def test_a_hundred_writes_are_one_commit(store: Store) -> None:
    await store.commit(*(Put(LISTINGS, a_boat(id=f"{number:03}")) for number in range(100)))
    assert len(await scanned(store, LISTINGS)) == 100


@pytest.mark.parametrize("count", [0, 101])
async def test_none_and_more_than_a_hundred_writes_are_refused(store: Store, count: int) -> None:
    with pytest.raises(TooLarge, match=f"not {count}"):
        await store.commit(*(Put(LISTINGS, a_boat(id=f"{number:03}")) for number in range(count)))
    assert await state(store) == {}


async def test_an_item_of_400_kb_fits_and_one_byte_more_does_not(store: Store) -> None:
    await store.commit(Put(LISTINGS, _sized(ITEM)))
    with pytest.raises(TooLarge, match=f"has {ITEM + 1} bytes"):
        await store.commit(Put(LISTINGS, _sized(ITEM + 1)))
    assert await store.get(LISTINGS, "boat") == _sized(ITEM)


async def test_bytes_are_counted_not_characters(store: Store) -> None:
    with pytest.raises(TooLarge):
        await store.commit(Put(LISTINGS, a_boat(text="é" * (ITEM // 2))))


async def test_an_update_cannot_make_an_item_too_large(store: Store) -> None:
    await store.commit(Put(LISTINGS, _sized(ITEM - 100)))
    with pytest.raises(TooLarge):
        await store.commit(
            Put(LISTINGS, a_boat(id="other")), Update(LISTINGS, ("boat",), set={"more": "x" * 100})
        )
    assert await state(store) == {("boat-listings", ("boat",)): _sized(ITEM - 100)}


async def test_four_megabytes_fit_into_a_commit_and_one_byte_more_does_not(store: Store) -> None:
    # Ten items of 400 KB, and one of 96 KB, are exactly 4 MB.
    large = [Put(LISTINGS, _sized(ITEM, id=f"b{number:03}")) for number in range(10)]
    with pytest.raises(TooLarge, match=f"of {4 * 1024 * 1024 + 1} bytes"):
        await store.commit(*large, Put(LISTINGS, _sized(96 * 1024 + 1)))
    assert await state(store) == {}
    await store.commit(*large, Put(LISTINGS, _sized(96 * 1024)))
    assert len(await state(store)) == 11


async def test_updates_count_towards_the_size_of_a_commit(store: Store) -> None:
    await store.commit(*(Put(LISTINGS, a_boat(id=f"{number:03}")) for number in range(11)))
    large = {"text": "x" * (ITEM - 100)}
    with pytest.raises(TooLarge, match="a commit of"):
        await store.commit(*(Update(LISTINGS, (f"{n:03}",), set=large) for n in range(11)))


async def test_a_hundred_items_are_got_at_once_and_no_more(store: Store) -> None:
    assert await store.get_many(LISTINGS, [(str(number),) for number in range(100)]) == [None] * 100
    with pytest.raises(TooLarge):
        await store.get_many(LISTINGS, [(str(number),) for number in range(101)])


# -- Keys --------------------------------------------------------------------------------------

NO_TEXT_KEYS: list[Any] = [1, True, None, "", "x" * 1025, "\ud800", b"boat", ["boat"]]
NO_NUMBER_KEYS: list[Any] = ["1", True, None, 2**63, -(2**63) - 1]


async def test_a_text_key_is_text_of_1_to_1024_bytes(store: Store) -> None:
    for id in NO_TEXT_KEYS:
        with pytest.raises(Invalid):
            await store.commit(Put(LISTINGS, {"id": id}))
        for write in (Delete(LISTINGS, (id,)), Check(LISTINGS, (id,), Exists())):
            with pytest.raises(Invalid, match="key: of boat-listings is: id"):
                await store.commit(write)
        with pytest.raises(Invalid):
            await store.commit(Update(LISTINGS, (id,), set={"price": 1}))
        with pytest.raises(Invalid):
            await store.get(LISTINGS, id)
        with pytest.raises(Invalid):
            await store.query(Query(LISTINGS, id))


async def test_a_number_in_an_index_is_whole_and_of_64_bits(store: Store) -> None:
    for at in NO_NUMBER_KEYS:
        with pytest.raises(Invalid, match="createdAt: must be a number to be a key"):
            await store.commit(Put(LISTINGS, an_offer(at=at)))
    await store.commit(Put(LISTINGS, an_offer()))
    for at in NO_NUMBER_KEYS:
        with pytest.raises(Invalid, match="createdAt"):
            await store.commit(Update(LISTINGS, ("boat",), set={"createdAt": at}))
    assert await scanned(store, LISTINGS) == [an_offer()]


async def test_text_in_an_index_is_text_that_is_not_empty(store: Store) -> None:
    place: Any
    for place in ("", 7, None):
        with pytest.raises(Invalid, match="locationState"):
            await store.commit(Put(LISTINGS, an_offer(place=place)))


async def test_the_ends_of_64_bits_order_as_numbers_do(store: Store) -> None:
    times = [-(2**63), -1, 0, 9, 10, 2**63 - 1]
    await store.commit(*(Put(LISTINGS, an_offer(id=f"{at}", at=at)) for at in reversed(times)))
    found = await answers(store, Query(LISTINGS, "ann", LISTINGS.index("owner-index"), limit=2))
    assert [item["createdAt"] for item in found] == times


async def test_a_key_may_hold_1024_bytes_and_any_character(store: Store) -> None:
    for id in ("é" * 512, "a\x00b", "a\nb", "'; --", "\U0001f6a4", "a/b"):
        await store.commit(Put(LISTINGS, a_boat(id=id)))
        assert await store.get(LISTINGS, id) == {"id": id}
    assert await store.get(LISTINGS, "a") is None


async def test_an_item_without_its_whole_key_is_refused(store: Store) -> None:
    with pytest.raises(Invalid, match="timestamp: is part of the key"):
        await store.commit(Put(AUDIT_LOGS, {"id": "note"}))
    for key in ((), ("note",), ("note", "2026", "more")):
        with pytest.raises(Invalid):
            await store.commit(Delete(AUDIT_LOGS, key))


async def test_the_end_of_an_item_is_a_whole_number_of_seconds(store: Store) -> None:
    for table, item in ((AUDIT_LOGS, a_note()), (SESSIONS, a_session())):
        for when in ("soon", True, 1.5, 2**63):
            with pytest.raises(Invalid, match=f"{table.ttl}"):
                await store.commit(Put(table, item | {str(table.ttl): when}))
    assert await state(store) == {}


@pytest.mark.parametrize("bound", ["2026", True, 2**63])
async def test_a_bound_is_of_the_type_of_its_sort_key(store: Store, bound: Any) -> None:
    for between in (Between(lowest=bound), Between(highest=bound)):
        with pytest.raises(Invalid, match="between"):
            await store.query(Query(LISTINGS, "ann", LISTINGS.index("owner-index"), between))


async def test_what_has_no_sort_key_has_no_bounds(store: Store) -> None:
    with pytest.raises(Invalid, match="between"):
        await store.query(Query(LISTINGS, "boat", between=Between("a", "b")))


async def test_a_condition_asks_for_values_that_can_be_stored(store: Store) -> None:
    await store.commit(Put(LISTINGS, a_boat(price=1)))
    for value in (1.0, float("nan"), {"a", "b"}, "\ud800"):
        with pytest.raises(Invalid, match="price"):
            await store.commit(Put(LISTINGS, a_boat(), when=Equals(price=value)))
