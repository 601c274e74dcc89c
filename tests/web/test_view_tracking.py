"""Which page views are counted, and who sees the count."""

from __future__ import annotations

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from marinemarket.listings.statistics.records import total_views
from tests.builders import a_listing, a_user
from tests.conftest import TESTS

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

SAILOR = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}


async def test_a_buyer_counts_once_and_owner_staff_and_robots_never(
    market: Market, client: Client
) -> None:
    boat = a_listing()
    await offer(market, boat)
    owner = await signed_in(market)
    moderator = a_user(name="mod", role=UserRole.MODERATOR, email_verified=True)
    await add_user(market.trail, TESTS, moderator)
    staff = await signed_in(market, moderator)
    address = f"/boats/{boat.id}/{boat.slug}"
    views = client.app.state.views
    for headers in (
        owner | SAILOR, staff | SAILOR, {"User-Agent": "Googlebot/2.1"},
        SAILOR | {"Sec-Purpose": "prefetch"},
    ):  # fmt: skip
        assert (await client.get(address, headers=headers)).status_code == 200
    await views.write()
    assert await total_views(market.store, boat.id) == 0
    client.cookies.clear()
    for _ in range(3):
        assert "Viewed" not in (await client.get(address, headers=SAILOR)).text
    await views.write()
    assert await total_views(market.store, boat.id) == 1
    assert "Viewed once" in (await client.get(address, headers=SAILOR)).text
    shown = await client.get(f"/api/v1/listings/{boat.id}", headers=owner)
    assert shown.json()["views"] == 1
    assert (await client.get(f"/api/v1/listings/{boat.id}")).headers["etag"] == shown.headers[
        "etag"
    ]


async def test_a_boat_out_of_sight_is_not_counted(market: Market, client: Client) -> None:
    boat = a_listing(status="sold")
    await offer(market, boat)
    await client.get(f"/boats/{boat.id}/{boat.slug}", headers=SAILOR)
    await client.app.state.views.write()
    assert await total_views(market.store, boat.id) == 0
