"""Importing a broker's file as an API client does: proposed, then sent with its mapping."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from httpx import Response

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import SellerKind
from marinemarket.composition import Market
from marinemarket.privacy.pages import every_item
from marinemarket.store.schema import IMPORTS
from marinemarket.store.store import Query
from tests.builders import a_user
from tests.conftest import TESTS

from .conftest import Client
from .visitors import signed_in

pytestmark = pytest.mark.anyio

BOATS = (
    b"Stock No;Make;LOA;Kind;Lies in;Ask;Owner Phone\n"
    b"A1;Dehler;10,20;Sailboat;Kiel, Germany;35.000 EUR;555 1\n"
    b"A2;Dehler;long;Sailboat;Kiel, Germany;20.000 EUR;555 2\n"
)


async def test_a_file_is_proposed_and_imported_by_its_mapping_and_by_that_again(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    assert (await _send(client, me, "/proposal")).status_code == 409
    broker = a_user(name="broker", seller_kind=SellerKind.BROKER, trade_name="Boats Ltd")
    await add_user(market.trail, TESTS, broker)
    headers = await signed_in(market, broker)
    proposal = (await _send(client, headers, "/proposal")).json()
    assert proposal["format"] is None
    assert [one["field"] for one in proposal["columns"]] == [
        "reference", "maker", "loa", "type", "place", "price", None,
    ]  # fmt: skip
    assert [one["name"] for one in proposal["questions"]] == ["lengthUnit"]
    refused = await _send(client, headers)
    assert refused.status_code == 422
    assert "send a mapping" in refused.json()["errors"][0]["message"]
    text = proposal["mapping"].replace('lengthUnit = "ft"', 'lengthUnit = "m"')
    started = await _send(client, headers, mapping=text, key="one")
    assert started.status_code == 202
    again = await _send(client, headers, mapping=text, key="one")
    assert again.json() == started.json()
    # Kept for the next file with this header.
    assert (await _send(client, headers)).status_code == 202
    kept = [part async for part in _parts(market, broker.id)]
    assert len([part for part in kept if part.startswith("columns.")]) == 1
    wrong = await _send(client, headers, mapping='[columns]\n"Nothing" = "title"\n')
    assert {error["field"] for error in wrong.json()["errors"]} >= {"Nothing", "type"}


async def _parts(market: Market, owner_id: str) -> AsyncIterator[str]:
    async for item in every_item(market.store, Query(IMPORTS, owner_id)):
        yield str(item["part"])


async def _send(
    client: Client, headers: dict[str, str], where: str = "", *, mapping: str = "", key: str = ""
) -> Response:
    named = {"Idempotency-Key": key} if key else {}
    return await client.post(
        f"/api/v1/me/imports{where}",
        files={"file": ("boats.csv", BOATS, "text/csv")},
        data={"mapping": mapping} if mapping else {},
        headers=headers | named,
    )
