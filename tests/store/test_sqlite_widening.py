"""A file that was made before a table had some index is widened when it is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from marinemarket.store.schema import LISTINGS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Query
from marinemarket.store.writes import Put
from tests.builders import NOW, ManualClock
from tests.store.item_builders import a_boat, an_offer

pytestmark = pytest.mark.anyio

OWNER = LISTINGS.index("owner-index")


def narrowed(path: Path) -> None:
    """The file as code wrote it that knew nothing of listings' owners."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('DROP INDEX "boat-listings/owner-index"')
        for column in ("owner-index/p", "owner-index/s"):
            connection.execute(f'ALTER TABLE "boat-listings" DROP COLUMN "{column}"')
        connection.commit()


async def of_ann(store: SqliteStore) -> list[str]:
    return [item["id"] for item in (await store.query(Query(LISTINGS, "ann", OWNER))).items]


async def test_a_new_index_finds_what_was_there_before_it(
    tmp_path: Path, clock: ManualClock, anyio_backend: str
) -> None:
    path = tmp_path / "market.sqlite3"
    store = SqliteStore(path, secret_key="a secret key", clock=clock)
    half = a_boat(id="half", ownerId="ann")  # in no index by its owner: it lacks the other half
    await store.commit(Put(LISTINGS, an_offer(id="old", at=NOW - 1)), Put(LISTINGS, half))
    await store.close()
    narrowed(path)

    for opened in ("first", "again"):
        store = SqliteStore(path, secret_key="a secret key", clock=clock)
        assert await of_ann(store) == (["old"] if opened == "first" else ["old", "new"])
        await store.commit(Put(LISTINGS, an_offer(id="new", at=NOW)))
        assert await of_ann(store) == ["old", "new"]
        assert await store.get(LISTINGS, "old") == an_offer(id="old", at=NOW - 1)
        await store.close()
