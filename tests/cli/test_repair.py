"""``marinemarket repair`` and ``check``, as an operator runs them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from marinemarket.composition import Market
from marinemarket.listings.records import add_listing
from marinemarket.store.schema import LISTINGS
from tests.builders import a_listing
from tests.conftest import TESTS
from tests.servers import command

pytestmark = pytest.mark.anyio


def damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE \"boat-listings\" SET item = replace(item, 'sloop', 'slo0p')")


async def test_a_damaged_boat_is_found_by_check_and_brought_back_by_repair(market: Market) -> None:
    boat = a_listing(title="A sloop")
    await add_listing(market.trail, TESTS, boat)
    data = market.settings.data
    assert command(data, "repair")[1]["damaged"] == []
    damage(market.settings.database)
    found = {one["name"]: one for one in command(data, "check")[1]["checks"]}
    assert (found["store"]["state"], boat.id in found["store"]["message"]) == ("failure", True)
    code, planned = command(data, "repair", "--dry-run")
    assert (code, planned["sound"], len(planned["repaired"])) == (1, False, 1)
    code, done = command(data, "repair")
    assert (code, done["sound"]) == (0, True)
    assert done["repaired"] == [{"table": "boat-listings", "key": [boat.id]}]
    assert command(data, "repair")[1]["damaged"] == []
    stored = await market.store.get(LISTINGS, boat.id)
    assert stored
    assert stored["title"] == "A sloop"


def test_a_folder_without_a_market_is_not_repaired(tmp_path: Path) -> None:
    code, answer = command(tmp_path / "nothing", "repair")
    assert (code, (tmp_path / "nothing").exists()) == (1, False)
    assert "no market" in answer["detail"]
