"""Comparing boats: the page's address is the comparison."""

from __future__ import annotations

import re

import pytest

from marinemarket.composition import Market
from tests.builders import a_listing, uuid_of

from .conftest import Client, offer

pytestmark = pytest.mark.anyio


def _row(page: str, label: str) -> list[str]:
    found = re.search(rf'<tr[^>]*>\s*<th scope="row">{label}.*?</tr>', page, re.DOTALL)
    assert found, label
    cells = re.findall(r"<td>(.*?)</td>", found[0], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


async def test_differences_and_whoever_is_first_are_told_in_words(
    market: Market, client: Client
) -> None:
    one = a_listing(name="one", title="The first one", boat={"hours": 900, "cabins": 2})
    other = a_listing(
        name="other", price=9_900_000, boat={"year": 2001, "hours": 1500, "length": 40}
    )
    await offer(market, one, other)
    page = (await client.get(f"/compare?boat={one.id}&boat={other.id}")).text
    assert _row(page, "Price") == ["$120,000", "$99,000 lowest price"]
    assert _row(page, "Year") == ["2010 newest", "2001"]
    assert _row(page, "Engine hours") == ["900 fewest hours", "1,500"]
    assert _row(page, "Cabins") == ["2", "not given"]
    assert _row(page, "Length") == ["40 ft (12.19 m)", "40 ft (12.19 m)"]
    differing = re.findall(r'<tr class="differs">\s*<th scope="row">([\w ]+)', page)
    assert {"Price", "Year", "Engine hours", "Cabins"} <= set(differing)
    assert not {"Length", "Maker", "Hull"} & set(differing)
    metric = (await client.get(f"/compare?boat={one.id}&boat={other.id}&unit=m")).text
    assert _row(metric, "Length")[0] == "12.19 m (40 ft)"


async def test_what_is_gone_or_too_much_is_reported(market: Market, client: Client) -> None:
    boats = [a_listing(name=f"boat {n}", title=f"Boat number {n}") for n in range(5)]
    sold = a_listing(name="sold", title="The sold one", status="sold")
    hidden = a_listing(name="hidden", title="Secret", moderation={"state": "rejected"})
    await offer(market, *boats, sold, hidden)
    ids = "&".join(f"boat={boat.id}" for boat in boats)
    page = (await client.get(f"/compare?{ids}")).text
    assert page.count("compared-title") == 4
    assert "up to four boats" in page
    asked = f"/compare?boat={sold.id}&boat={hidden.id}&boat={uuid_of('gone')}&boat=<x>"
    answer = await client.get(asked)
    assert answer.status_code == 200
    assert "The sold one was sold." in answer.text
    assert answer.text.count("One of these boats is no longer for sale.") == 2
    assert "Secret" not in answer.text
    assert "No boats to compare" in answer.text


async def test_boats_seen_lately_are_only_those_still_offered(
    market: Market, client: Client
) -> None:
    one, sold = a_listing(name="one"), a_listing(name="sold", status="sold")
    await offer(market, one, sold)
    answer = await client.get(f"/boats/seen?boat={sold.id}&boat={one.id}&boat=nonsense")
    assert answer.headers["cache-control"] == "private, no-store"
    assert re.findall(r'data-boat="([\w-]+)"', answer.text) == [one.id]
