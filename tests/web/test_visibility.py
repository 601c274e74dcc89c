"""Which fields of a listing the public, its owner and staff see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserRole
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.listings.listing import Listing
from marinemarket.store.schema import AUDIT_LOGS
from marinemarket.store.store import Query
from tests.builders import NOW, a_listing, a_user
from tests.conftest import TESTS

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

PHOTO = {
    "id": "a" * 32, "width": 1600, "height": 1067, "tint": "#336699", "print": "0123456789abcdef",
    "caption": "Under way",
}  # fmt: skip
SALE = {"at": NOW, "price": 11_111_111}
SECRETS = ("0123456789abcdef", "fffingerprint", "11111111", "the reason", "ABC12345D404")


def a_full_listing(**overrides: Any) -> Listing:
    return a_listing(
        **{
            "photos": [PHOTO],
            "source": {"name": "csv", "reference": "row-7", "fingerprint": "fffingerprint"},
            "sale": SALE,
            "moderation": {"state": "approved", "reason": "the reason"},
            "boat": {"hin": "ABC12345D404"},
        }
        | overrides
    )


async def test_the_public_sees_what_is_listed_and_nothing_else(
    market: Market, client: Client
) -> None:
    boat = a_full_listing()
    await offer(market, boat, a_listing(name="other"))
    alone = await client.get(f"/api/v1/listings/{boat.id}")
    found = await client.get("/api/v1/listings")
    posted = await client.post("/api/v1/search", json={})
    similar = await client.get(f"/api/v1/listings/{a_listing(name='other').id}/similar")
    for answer in (alone, found, posted, similar):
        assert boat.id in answer.text
        for secret in SECRETS:
            assert secret not in answer.text, (secret, answer.url)
    seen = alone.json()
    assert "sale" not in seen
    assert seen["moderation"] == {"state": "approved"}
    assert seen["source"] == {"name": "csv", "reference": "row-7"}
    assert seen["photos"] == [{name: PHOTO[name] for name in PHOTO if name != "print"}]
    assert seen["boatDetails"]["hin"] == "ABC•••••D404"


async def test_a_field_that_nobody_listed_stays_hidden(market: Market, client: Client) -> None:
    """Every field of a listing that is filled, against those that the public may see."""
    boat = a_full_listing(confirmedAt=NOW, originalPrice={"amount": 1, "currency": "EUR"}, views=3)
    await offer(market, boat)
    seen = (await client.get(f"/api/v1/listings/{boat.id}")).json()
    assert set(boat.to_wire()) - set(seen) == {"sale", "views"}


async def test_owners_and_staff_see_theirs_however_it_stands(
    market: Market, client: Client
) -> None:
    boat = a_full_listing(status="sold", moderation={"state": "rejected", "reason": "the reason"})
    await offer(market, boat)
    address = f"/api/v1/listings/{boat.id}"
    assert (await client.get(address)).status_code == 404

    own = (await client.get(address, headers=await signed_in(market))).json()
    assert own["moderation"] == {"state": "rejected", "reason": "the reason"}
    assert own["sale"] == SALE
    assert own["boatDetails"]["hin"] == "ABC12345D404"

    bystander, moderator = a_user(name="bystander"), a_moderator()
    for user in (bystander, moderator):
        await add_user(market.trail, TESTS, user)
    assert (
        await client.get(address, headers=await signed_in(market, bystander))
    ).status_code == 404
    answer = await client.get(address, headers=await signed_in(market, moderator))
    assert answer.json()["moderation"]["reason"] == "the reason"
    assert answer.json()["sale"] == {"at": NOW}
    assert answer.headers["cache-control"] == "private, no-cache"
    assert await looked_at(market) == [boat.id]


async def test_staff_without_a_second_factor_see_what_everybody_sees(
    market: Market, client: Client
) -> None:
    boat = a_full_listing(status="inactive")
    await offer(market, boat)
    careless = a_moderator(mfa_enabled=False, mfa_secret=None)
    await add_user(market.trail, TESTS, careless)
    headers = await signed_in(market, careless)
    assert (await client.get(f"/api/v1/listings/{boat.id}", headers=headers)).status_code == 404
    assert await looked_at(market) == []


def a_moderator(**overrides: Any) -> Any:
    factor = {"mfa_secret": "sealed", "mfa_enabled": True}
    return a_user(name="moderator", **{"role": UserRole.MODERATOR, **factor, **overrides})


async def looked_at(market: Market) -> list[str]:
    index = AUDIT_LOGS.index("action-index")
    page = await market.store.query(Query(AUDIT_LOGS, Action.ADMIN_ACCESS.value, index))
    return [json.loads(json.dumps(item))["resourceId"] for item in page.items]
