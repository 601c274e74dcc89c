"""Concurrent commits, in one store and in several on one market: one wins, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from marinemarket.accounts.records import add_user, find_user_by_email
from marinemarket.audit.entry import Actor
from marinemarket.audit.trail import Trail
from marinemarket.errors import Conflict, Invalid, Unavailable
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, USERS
from marinemarket.store.store import Store
from marinemarket.store.writes import Absent, Equals, Put, Update
from tests.builders import ManualClock, a_user
from tests.store.engines import Opening
from tests.store.paging import feed, scanned

pytestmark = pytest.mark.anyio

COUNTERS = ("bow", "stern")
TURNS = 4


@pytest.fixture
async def stores(
    opening: Opening, tmp_path: Path, clock: ManualClock, anyio_backend: str
) -> AsyncIterator[list[Store]]:
    """Two stores on one market, as two processes would have them."""
    async with AsyncExitStack() as stack:
        folder = tmp_path / "market"
        yield [await stack.enter_async_context(opening(folder, clock)) for _ in range(2)]


async def _add_one(store: Store, counter: str) -> int:
    """Increment the counter, retrying until it succeeds; returns this caller's count."""
    while True:
        count = (await store.get(CLAIMS, counter) or {})["count"]
        change = Update(CLAIMS, (counter,), set={"count": count + 1}, when=Equals(count=count))
        try:
            await store.commit(change)
        except (Conflict, Unavailable):  # neither has written anything
            continue
        return int(count) + 1


async def test_each_version_has_one_winner_and_no_acknowledged_edit_is_lost(
    stores: list[Store],
) -> None:
    await stores[0].commit(Put(CLAIMS, {"claim": "bow", "count": 0}))
    made = await asyncio.gather(*(_add_one(stores[n % 2], "bow") for n in range(16)))
    assert sorted(made) == [*range(1, 17)]
    counts = [(change.new or {})["count"] for change in await feed(stores[1])]
    assert counts == [*range(17)]


async def test_of_fifty_who_register_one_address_at_once_exactly_one_has_it(
    stores: list[Store], clock: ManualClock
) -> None:
    trails = [Trail(store, retention_days=1, clock=clock) for store in stores]

    async def register(n: int) -> str | None:
        user = a_user(name=f"person{n}", email="ann@example.com")
        while True:
            try:
                await add_user(trails[n % 2], Actor.system("tests"), user)
            except Unavailable:
                continue
            except Invalid:
                return None
            return user.id

    ids = [id for id in await asyncio.gather(*map(register, range(50))) if id]
    assert len(ids) == 1
    found = await find_user_by_email(stores[0], "ann@example.com")
    assert found is not None
    assert found.id == ids[0]
    assert [user["id"] for user in await scanned(stores[1], USERS)] == ids
    assert len(await scanned(stores[1], CLAIMS)) == len(await scanned(stores[1], AUDIT_LOGS)) == 1


async def test_overlapping_commits_end_as_if_made_one_after_another(stores: list[Store]) -> None:
    """Each commit moves one from one counter to another, and records that it did."""
    await stores[0].commit(*(Put(CLAIMS, {"claim": name, "count": 10}) for name in COUNTERS))

    async def move(writer: int, turn: int) -> int:
        source, target = COUNTERS if writer % 2 else COUNTERS[::-1]
        store = stores[writer % 2]
        while True:
            items = await store.get_many(CLAIMS, [(source,), (target,)])
            there, here = [(item or {})["count"] for item in items]
            try:
                await store.commit(
                    Update(CLAIMS, (source,), set={"count": there - 1}, when=Equals(count=there)),
                    Update(CLAIMS, (target,), set={"count": here + 1}, when=Equals(count=here)),
                    Put(CLAIMS, {"claim": f"{writer}-{turn}", "from": source}, when=Absent()),
                )
            except (Conflict, Unavailable):
                continue
            return turn

    async def moves(writer: int) -> None:
        for turn in range(TURNS):
            await move(writer, turn)

    await asyncio.gather(*map(moves, range(5)))
    items = {item["claim"]: item for item in await scanned(stores[1], CLAIMS)}
    left = {name: items.pop(name)["count"] for name in COUNTERS}
    taken = Counter(item["from"] for item in items.values())
    assert taken == {"bow": 2 * TURNS, "stern": 3 * TURNS}
    assert left == {"bow": 10 + TURNS, "stern": 10 - TURNS}
