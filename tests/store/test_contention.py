"""Concurrent commits in one process: one wins, the others are told, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marinemarket.errors import Conflict
from marinemarket.store.schema import CLAIMS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.writes import Absent, Equals, Put, Update
from tests.store.paging import feed
from tests.store.processes.writing import COUNTER, add_one

pytestmark = pytest.mark.anyio

A_MINUTE = 60


@pytest.fixture
async def stores(tmp_path: Path, anyio_backend: str) -> AsyncIterator[list[SqliteStore]]:
    """Three stores on one file, as three processes would have them."""
    path = tmp_path / "market.sqlite3"
    stores = [SqliteStore(path, secret_key="a secret key") for _ in range(3)]
    yield stores
    for store in stores:
        await store.close()


async def test_of_many_who_claim_one_thing_exactly_one_has_it(stores: list[SqliteStore]) -> None:
    claims = [
        stores[n % 3].commit(Put(CLAIMS, {"claim": "berth", "owner": n}, when=Absent()))
        for n in range(60)
    ]
    outcomes = await asyncio.wait_for(asyncio.gather(*claims, return_exceptions=True), A_MINUTE)
    assert outcomes.count(None) == 1
    winner = outcomes.index(None)
    lost = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(lost) == 59
    assert all(conflict.item == {"claim": "berth", "owner": winner} for conflict in lost)
    assert await stores[0].get(CLAIMS, "berth") == {"claim": "berth", "owner": winner}


async def test_no_update_upon_a_version_is_lost(stores: list[SqliteStore]) -> None:
    await stores[0].commit(Put(CLAIMS, {"claim": COUNTER, "count": 0}))
    await asyncio.wait_for(asyncio.gather(*(add_one(stores[n % 3]) for n in range(45))), A_MINUTE)
    counts = [(change.new or {})["count"] for change in await feed(stores[0])]
    assert counts == list(range(46))


async def test_two_claims_crosswise_end_with_one_winner_of_both(stores: list[SqliteStore]) -> None:
    def both(first: str, second: str, owner: str) -> list[Put]:
        return [Put(CLAIMS, {"claim": c, "owner": owner}, when=Absent()) for c in (first, second)]

    outcomes = await asyncio.wait_for(
        asyncio.gather(
            stores[0].commit(*both("bow", "stern", "ann")),
            stores[1].commit(*both("stern", "bow", "bob")),
            return_exceptions=True,
        ),
        A_MINUTE,
    )
    assert outcomes.count(None) == 1
    bow, stern = await stores[2].get_many(CLAIMS, [("bow",), ("stern",)])
    assert bow is not None
    assert stern is not None
    assert bow["owner"] == stern["owner"] == ("ann", "bob")[outcomes.index(None)]


async def test_a_conflict_shows_the_version_to_try_again_upon(stores: list[SqliteStore]) -> None:
    await stores[0].commit(Put(CLAIMS, {"claim": COUNTER, "count": 7}))
    with pytest.raises(Conflict) as caught:
        await stores[1].commit(Update(CLAIMS, (COUNTER,), set={"count": 1}, when=Equals(count=0)))
    shown = (caught.value.item or {})["count"]
    await stores[1].commit(
        Update(CLAIMS, (COUNTER,), set={"count": shown + 1}, when=Equals(count=shown))
    )
    assert await stores[2].get(CLAIMS, COUNTER) == {"claim": COUNTER, "count": 8}
