"""The watchlist over the API and on pages without JavaScript, before and after sign-in."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.listings.listing import Listing, Status
from marinemarket.listings.records import next_version, replace_listing
from marinemarket.web.pages import watchlist as pages
from tests.accounts.members import a_person
from tests.attacks.clients import form_token, log_in
from tests.builders import a_listing, uuid_of
from tests.conftest import TESTS

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

WATCHLIST = "/api/v1/me/watchlist"
OURS = {"Origin": "http://testserver.local", "Sec-Fetch-Site": "same-origin"}


async def _two(market: Market) -> tuple[Listing, Listing]:
    one, other = a_listing(name="one", title="The first one"), a_listing(name="other")
    await offer(market, one, other)
    return one, other


async def _press(client: Client, boat: Listing, end: str = "", **overrides: str) -> int:
    answer = await client.post(
        f"/watchlist/{boat.id}{end}",
        data=overrides or {"next": "/boats?q=one"},
        headers=OURS,
        follow_redirects=False,
    )
    return int(answer.status_code)


async def test_boats_are_put_listed_noted_and_deleted(market: Market, client: Client) -> None:
    one, other = await _two(market)
    headers = await signed_in(market)
    for boat in (one, other, one):
        answer = await client.put(f"{WATCHLIST}/{boat.id}", headers=headers)
        assert answer.status_code == 200
        assert answer.json()["price"] == 12_000_000
    noted = await client.put(
        f"{WATCHLIST}/{one.id}", json={"note": "See her in May"}, headers=headers
    )
    assert noted.json()["note"] == "See her in May"
    answer = await client.get(WATCHLIST, headers=headers)
    assert answer.headers["cache-control"] == "private, no-store"
    listed = answer.json()["results"]
    assert [boat["listingId"] for boat in listed] == [other.id, one.id]
    assert listed[1] == {
        "listingId": one.id, "at": "2026-01-01T00:00:00.000Z", "price": 12_000_000,
        "note": "See her in May", "became": "offered", "currentPrice": 12_000_000,
    }  # fmt: skip
    for _ in range(2):
        assert (await client.delete(f"{WATCHLIST}/{one.id}", headers=headers)).status_code == 204
    assert len((await client.get(WATCHLIST, headers=headers)).json()["results"]) == 1
    missing = await client.put(f"{WATCHLIST}/{uuid_of('gone')}", headers=headers)
    assert missing.status_code == 404
    wrong = await client.put(f"{WATCHLIST}/{one.id}", json={"userId": "x"}, headers=headers)
    assert wrong.status_code == 422
    assert (await client.get(WATCHLIST)).status_code == 401


async def test_a_visitors_hearts_are_remembered_by_the_browser_alone(
    market: Market, client: Client
) -> None:
    one, other = await _two(market)
    fresh = await client.get("/boats")
    assert "set-cookie" not in fresh.headers
    assert fresh.headers["cache-control"] == "private, no-cache"
    assert "cookie" in fresh.headers["vary"].lower()
    answer = await client.post(
        f"/watchlist/{one.id}", data={"next": "/boats?q=one"}, headers=OURS, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/boats?q=one#boat-{one.id}")
    text = answer.headers["set-cookie"]
    assert text.startswith(f"watching={one.id};")
    assert "HttpOnly" in text
    page = (await client.get("/boats")).text
    assert page.count('aria-pressed="true"') == 1
    assert f'formaction="/watchlist/{one.id}/end"' in page
    listed = await client.get("/watchlist")
    assert listed.headers["cache-control"] == "private, no-cache"
    assert "The first one" in listed.text
    assert "saved only in this browser" in listed.text
    assert await _press(client, one, "/end") == 303
    assert "No boats yet" in (await client.get("/watchlist")).text
    assert await _press(client, other) == 303
    for id in (uuid_of("gone"), "..", "x%0d%0aSet-Cookie:a=b"):
        bad = await client.post(
            f"/watchlist/{id}", data={"next": "/"}, headers=OURS, follow_redirects=False
        )
        assert bad.status_code in (404, 405)


async def test_a_browser_remembers_fifty_and_says_so(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BEFORE_SIGNING_IN", 1)
    one, other = await _two(market)
    assert await _press(client, one) == 303
    assert await _press(client, other) == 409
    client.cookies.set("watching", "nonsense.%00.." + "x" * 9000)
    assert (await client.get("/watchlist")).status_code == 200
    assert (await client.get("/boats")).status_code == 200


async def test_signing_in_takes_the_boats_along(market: Market, client: Client) -> None:
    one, other = await _two(market)
    ann = await a_person(market)
    await _press(client, one)
    token = await form_token(client, "/account/sign-in")
    payload = {"email": ann.email, "password": "tidal rudder walnut forty", "csrf_token": token}
    answer = await client.post(
        "/account/sign-in", data=payload | {"next": "/watchlist"}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert "watching" not in client.cookies
    page = (await client.get("/watchlist")).text
    assert "The first one" in page
    assert "saved only in this browser" not in page
    client.cookies.delete("session")
    await _press(client, other)
    await log_in(client, ann.email)
    assert len((await client.get(WATCHLIST)).json()["results"]) == 2


async def test_the_page_tells_what_changed_since(market: Market, client: Client) -> None:
    one, other = await _two(market)
    headers = await signed_in(market)
    for boat in (one, other):
        await client.put(f"{WATCHLIST}/{boat.id}", headers=headers)
    cheaper = one.changed(price=11_000_000, updated_at=next_version(one, market.clock()))
    await replace_listing(market.trail, TESTS, one, cheaper)
    sold = other.changed(status=Status.SOLD, updated_at=next_version(other, market.clock()))
    await replace_listing(market.trail, TESTS, other, sold)
    page = (await client.get("/watchlist", headers=headers)).text
    assert "$10,000 less since you saved it" in page
    assert '<strong class="fate">Sold</strong>' in page
    noted = await client.post(
        f"/watchlist/{one.id}/note",
        data={"note": 'A keel & "sails"'},
        headers=headers,
        follow_redirects=False,
    )
    assert noted.status_code == 303
    page = (await client.get("/watchlist", headers=headers)).text
    assert 'value="A keel &amp; &#34;sails&#34;"' in page
    off = await client.post(
        f"/watchlist/{one.id}/end",
        data={"next": "/watchlist"},
        headers=headers,
        follow_redirects=False,
    )
    after = await client.get(off.headers["location"], headers=headers)
    assert "The first one has been removed from your watchlist." in after.text
    assert "Undo" in after.text
