"""A damaged boat: its page says so, and every other page goes on without it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from marinemarket.composition import Market
from marinemarket.listings.records import add_listing
from tests.builders import a_listing
from tests.conftest import TESTS

from .conftest import Client
from .visitors import signed_in

pytestmark = pytest.mark.anyio


def damage(market: Market, id: str) -> None:
    with closing(sqlite3.connect(market.settings.database)) as connection, connection:
        connection.execute(
            "UPDATE \"boat-listings\" SET item = replace(item, 'sloop', 'sloop!') WHERE p = ?",
            (id,),
        )


async def test_its_own_page_is_an_error_in_words_and_the_results_leave_it_out(
    market: Market, client: Client
) -> None:
    one, other = a_listing(name="one", title="A sloop"), a_listing(name="two", title="A ketch")
    for boat in (one, other):
        await add_listing(market.trail, TESTS, boat)
    damage(market, one.id)
    page = await client.get(f"/boats/{one.id}")
    assert page.status_code == 500
    assert "Its stored data is damaged" in page.text
    assert "sloop!" not in page.text
    answer = await client.get(f"/api/v1/listings/{one.id}")
    assert (answer.status_code, answer.json()["title"]) == (500, "This cannot be shown")
    me = await signed_in(market)
    mine = await client.get("/api/v1/me/listings", headers=me)
    assert [boat["id"] for boat in mine.json()["results"] if boat["id"] == one.id] == []
    assert other.id in mine.text
    assert client.app.state.market.store.damaged == 1
