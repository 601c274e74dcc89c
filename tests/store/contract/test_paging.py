"""Pages: no item twice, none missed, and cursors that are useless for anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.store.cursors import Cursors
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS
from marinemarket.store.store import Between, Query, Store
from marinemarket.store.writes import Delete, Put, Update
from tests.store.item_builders import a_note, an_offer
from tests.store.paging import pages, scanned

pytestmark = pytest.mark.anyio

OWNER = LISTINGS.index("owner-index")
QUERY = Query(LISTINGS, "ann", OWNER, limit=2)


async def _fleet(store: Store, count: int = 6) -> None:
    """Boats 0, 1, 2 …, in pairs of the same age."""
    await store.commit(*(Put(LISTINGS, an_offer(id=f"{n}", at=n // 2)) for n in range(count)))


async def _ids(store: Store, query: Query) -> list[str]:
    """The ids on a page, sorted within each age."""
    page = await store.query(query)
    return sorted(item["id"] for item in page.items)


async def _cursor(store: Store, query: Query = QUERY) -> str:
    cursor = (await store.query(query)).next
    assert cursor is not None
    return cursor


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, [0]), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])]
)
async def test_the_last_page_says_that_it_is_the_last(
    store: Store, count: int, sizes: list[int]
) -> None:
    if count:
        await _fleet(store, count)
    assert [len(page) for page in await pages(store, QUERY)] == sizes


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
async def test_what_is_added_or_removed_meanwhile_doubles_nothing_and_loses_nothing(
    store: Store, newest_first: bool, limit: int
) -> None:
    await _fleet(store, 12)
    seen: list[str] = []
    ages: list[int] = []
    query = replace(QUERY, newest_first=newest_first, limit=limit)
    for turn in range(100):
        page = await store.query(query)
        seen += [item["id"] for item in page.items]
        ages += [item["createdAt"] for item in page.items]
        if page.next is None:
            break
        query = replace(query, after=page.next)
        # Before, at and after the current place; and the item last seen is removed.
        added = [an_offer(id=f"new{turn}-{at}", at=at) for at in (-1, 2, 3, 9)] if turn < 5 else []
        await store.commit(*(Put(LISTINGS, item) for item in added), Delete(LISTINGS, (seen[-1],)))
    stood = [f"{n}" for n in range(12)]
    assert len(seen) == len(set(seen))
    assert {*stood} <= {*seen}
    assert ages == sorted(ages, reverse=newest_first)


async def test_the_item_at_the_cursor_may_be_gone(store: Store) -> None:
    await _fleet(store)
    first = await store.query(QUERY)
    await store.commit(Delete(LISTINGS, (first.items[-1]["id"],)))
    assert await _ids(store, replace(QUERY, after=first.next)) == ["2", "3"]


async def test_a_cursor_may_be_used_again_and_with_another_limit(store: Store) -> None:
    await _fleet(store)
    again = replace(QUERY, after=await _cursor(store), limit=3)
    for _ in range(2):
        assert (await _ids(store, again))[:2] == ["2", "3"]
        assert len((await store.query(again)).items) == 3


async def test_a_change_that_leaves_the_keys_alone_leaves_the_pages_alone(store: Store) -> None:
    await _fleet(store)
    cursor = await _cursor(store)
    await store.commit(*(Update(LISTINGS, (id,), set={"price": 1}) for id in ("0", "2")))
    assert await _ids(store, replace(QUERY, after=cursor)) == ["2", "3"]


@pytest.mark.parametrize(
    "other",
    [
        replace(QUERY, partition="bob"),
        replace(QUERY, newest_first=True),
        replace(QUERY, index=LISTINGS.index("public-index"), partition="public"),
        replace(QUERY, index=LISTINGS.index("location-index"), partition="ann"),
        replace(QUERY, index=None, partition="ann"),
        replace(QUERY, between=Between(lowest=0)),
        replace(QUERY, between=Between(highest=0)),
        replace(QUERY, between=Between(without_lowest=True)),
    ],
)
async def test_a_cursor_is_of_no_use_for_another_query(store: Store, other: Query) -> None:
    await _fleet(store)
    with pytest.raises(Invalid, match="after: is not a cursor of this query"):
        await store.query(replace(other, after=await _cursor(store)))


async def test_cursors_of_scans_and_of_other_tables_are_refused(store: Store) -> None:
    await _fleet(store)
    await store.commit(*(Put(AUDIT_LOGS, a_note(id="ann", at=at)) for at in "123"))
    of_scan = (await store.scan(LISTINGS, limit=1)).next
    of_notes = await _cursor(store, Query(AUDIT_LOGS, "ann", limit=1))
    for cursor in (of_scan, of_notes):
        with pytest.raises(Invalid):
            await store.query(replace(QUERY, after=cursor))
        with pytest.raises(Invalid):
            await store.scan(AUDIT_LOGS, after=cursor)


@pytest.mark.parametrize("cursor", ["", ".", "0", "é", "\ud800", "\x00", "x" * 100_000, "a.b.c"])
async def test_a_made_up_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(Invalid, match="after"):
        await store.query(replace(QUERY, after=cursor))
    with pytest.raises(Invalid, match="after"):
        await store.scan(LISTINGS, after=cursor)


async def test_a_cursor_with_any_character_altered_is_refused(store: Store) -> None:
    await _fleet(store)
    cursor = await _cursor(store)
    # The last character of Base64 has spare bits: another may stand for the same bytes.
    for place in range(len(cursor) - 1):
        altered = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(Invalid, match="after"):
            await store.query(replace(QUERY, after=altered))
    for cut in (cursor[:-2], cursor + "AA", cursor.partition(".")[0]):
        with pytest.raises(Invalid, match="after"):
            await store.query(replace(QUERY, after=cut))


async def test_a_cursor_sealed_with_another_key_is_refused(store: Store) -> None:
    forged = Cursors("another key, just as long as ours").seal(QUERY.cursor_scope, [0, "0"])
    with pytest.raises(Invalid, match="after"):
        await store.query(replace(QUERY, after=forged))


async def test_a_scan_meets_what_stood_before_though_others_come_and_go(store: Store) -> None:
    await _fleet(store)
    first = await store.scan(LISTINGS, limit=2)
    met = [item["id"] for item in first.items]
    await store.commit(
        Put(LISTINGS, an_offer(id="00")),
        Put(LISTINGS, an_offer(id="9")),
        Delete(LISTINGS, (met[1],)),
    )
    second = await store.scan(LISTINGS, limit=9, after=first.next)
    met += [item["id"] for item in second.items]
    assert len(met) == len(set(met))
    assert {*"012345"} <= {*met} <= {*"012345", "00", "9"}
    assert len(await scanned(store, LISTINGS, limit=1)) == 7


@given(scope=st.text(), place=st.lists(st.integers(-(2**63), 2**63 - 1) | st.text(), max_size=3))
def test_a_cursor_opens_to_the_place_that_was_sealed(scope: str, place: list[int | str]) -> None:
    cursors = Cursors("a secret key of thirty-two letters")
    assert cursors.open(scope, cursors.seal(scope, place)) == place
