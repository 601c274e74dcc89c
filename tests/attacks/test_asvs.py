"""What ASVS 5.0 asks of a running market, as far as no other test proves it already."""

from __future__ import annotations

import pytest

from marinemarket.accounts.records import MARKET_ID, find_user, market_account, sessions_of
from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from tests.accounts.members import CLIENT, PASSWORD, a_person, with_second_factor
from tests.builders import ManualClock
from tests.conftest import TESTS
from tests.emails import letters
from tests.web.conftest import Client

from .clients import API, bearer, log_in, staff

pytestmark = pytest.mark.anyio


async def test_a_new_market_has_no_account_that_anybody_can_sign_in_to(
    market: Market, client: Client
) -> None:
    """6.3.2, 13.2.3: only the market's own account is made by itself, and it has no password."""
    made = await market_account(market.trail, TESTS, name="MarineMarket")
    assert (made.id, made.password, made.passkeys, made.is_staff) == (MARKET_ID, None, (), False)
    for name in ("admin", "root", "sa", "market", "support"):
        for password in ("", "admin", "password", "changeme", PASSWORD):
            refused = await log_in(client, f"{name}@marinemarket.example", password)
            assert refused["status_code"] in (401, 429)


async def test_a_reset_password_still_asks_for_the_second_factor(
    market: Market, client: Client, clock: ManualClock
) -> None:
    """6.4.3."""
    ann = await a_person(market)
    await with_second_factor(market, ann, CLIENT)
    clock.now += 60_000
    await client.post(f"{API}/auth/password-reset", json={"email": ann.email})
    [letter] = await letters(market, "reset-password")
    new = {"token": letter.token, "password": "cobalt lantern drift seven"}
    reset = await client.post(f"{API}/auth/password-reset/confirmation", json=new)
    assert reset.status_code == 204
    assert "session" not in client.cookies
    asked = await log_in(client, ann.email, new["password"])
    assert "secondFactor" in asked
    assert "session" not in asked
    stands = await find_user(market.store, ann.id)
    assert stands is not None
    assert stands.mfa_enabled


async def test_every_page_of_ones_own_offers_to_sign_out(market: Market, client: Client) -> None:
    """7.4.4."""
    ann = await a_person(market)
    await log_in(client, ann.email)
    for address in (
        "/account", "/account/security", "/account/boats", "/account/messages", "/account/searches",
        "/account/leaving",
    ):  # fmt: skip
        page = await client.get(address)
        assert page.status_code == 200
        assert 'action="/account/sign-out"' in page.text, address


async def test_staff_end_the_sessions_of_an_account(market: Market, client: Client) -> None:
    """7.4.5."""
    _, manager = await staff(market, UserRole.SUPPORT)
    ann = await a_person(market)
    hers = await bearer(client, ann)
    listed = await client.get(f"{API}/admin/sessions", params={"user": ann.id}, headers=manager)
    [one] = listed.json()["results"]
    assert one["id"]
    ended = await client.delete(
        f"{API}/admin/sessions/{one['id']}", params={"user": ann.id}, headers=manager
    )
    assert ended.status_code == 204
    assert (await client.get(f"{API}/me", headers=hers)).status_code == 401
    assert (await sessions_of(market.store, ann.id)).sessions == []


@pytest.mark.parametrize(
    "address", ["/static/", "/media/", "/static", "/templates/", "/.git/config", "/%2e%2e/"]
)
async def test_no_folder_is_listed_and_trace_is_refused(client: Client, address: str) -> None:
    """13.4.3, 13.4.4."""
    answer = await client.get(address)
    assert answer.status_code in (404, 405)
    assert "Index of" not in answer.text
    assert (await client.request("TRACE", "/")).status_code in (405, 501)
