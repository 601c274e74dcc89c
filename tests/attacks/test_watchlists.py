"""Cases 18 and 19: other people's watchlists, and hearts pressed by another site."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.watchlist.records import watched_by
from tests.accounts.members import a_person
from tests.builders import a_listing
from tests.web.conftest import Client, offer

from .clients import API, bearer, log_in

pytestmark = pytest.mark.anyio


async def test_18_one_neither_sees_nor_changes_what_another_watches(
    market: Market, client: Client
) -> None:
    boat = a_listing()
    await offer(market, boat)
    ann, eve = await a_person(market), await a_person(market, name="eve")
    anns, eves = await bearer(client, ann), await bearer(client, eve)
    address = f"{API}/me/watchlist/{boat.id}"
    await client.put(address, json={"note": "the keel"}, headers=anns)
    before = await watched_by(market.store, ann.id)
    assert (await client.get(f"{API}/me/watchlist", headers=eves)).json() == {"results": []}
    assert (await client.delete(address, headers=eves)).status_code == 204
    note = await client.post(f"/watchlist/{boat.id}/note", data={"note": "mine"}, headers=eves)
    assert note.status_code == 404
    await client.put(address, json={"note": "eve's"}, headers=eves)
    assert await watched_by(market.store, ann.id) == before
    assert (await client.get("/watchlist", headers=eves)).text.count("the keel") == 0


async def test_19_no_other_site_presses_a_heart(market: Market, client: Client) -> None:
    boat = a_listing()
    await offer(market, boat)
    ann = await a_person(market)
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for headers in ({}, evil, {"Origin": "null"}):
        for end in ("", "/end"):
            answer = await client.post(f"/watchlist/{boat.id}{end}", data={}, headers=headers)
            assert answer.status_code == 403
    assert "watching" not in client.cookies
    await log_in(client, ann.email)
    ours = {"Sec-Fetch-Site": "same-origin"}
    for token in ({}, {"csrf_token": "f" * 64}):
        answer = await client.post(f"/watchlist/{boat.id}", data=token, headers=ours)
        assert answer.status_code == 403
    assert await watched_by(market.store, ann.id) == []


async def test_20_a_heart_leads_back_to_this_site_alone(market: Market, client: Client) -> None:
    boat = a_listing()
    await offer(market, boat)
    for following in ("//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: y"):
        answer = await client.post(
            f"/watchlist/{boat.id}",
            data={"next": following},
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=False,
        )
        assert answer.headers["location"].startswith("/watchlist")
