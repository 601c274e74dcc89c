"""Links in emails: each works once, for its own address, and only the newest one."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.accounts.records import find_user
from marinemarket.composition import Market
from tests.accounts.members import PASSWORD, a_person
from tests.builders import ManualClock
from tests.emails import letters
from tests.web.conftest import Client

from .clients import API, bearer, log_in

pytestmark = pytest.mark.anyio

NEW = "cobalt lantern drift seven"
MINUTE = 60_000


async def _ask(client: Client, email: str = "ann@example.com", **headers: str) -> None:
    answer = await client.post(f"{API}/auth/password-reset", json={"email": email}, headers=headers)
    assert answer.status_code == 202


async def _use(client: Client, token: str, password: str = NEW) -> int:
    payload = {"token": token, "password": password}
    answer = await client.post(f"{API}/auth/password-reset/confirmation", json=payload)
    return int(answer.status_code)


async def test_case_8_a_link_for_a_new_password_counts_once_also_at_once(
    market: Market, client: Client
) -> None:
    await a_person(market)
    await _ask(client)
    [letter] = await letters(market, "reset-password")
    passwords = [f"{NEW} {number}" for number in range(6)]
    codes = await asyncio.gather(*(_use(client, letter.token, one) for one in passwords))
    assert sorted(codes) == [204, 422, 422, 422, 422, 422]
    assert await _use(client, letter.token) == 422
    winner = passwords[codes.index(204)]
    assert (await log_in(client, "ann@example.com", winner))["status_code"] == 200


async def test_case_8_a_link_is_too_old_after_half_an_hour(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await a_person(market)
    await _ask(client)
    [letter] = await letters(market, "reset-password")
    clock.now += 30 * MINUTE
    assert await _use(client, letter.token) == 422


@pytest.mark.parametrize("token", ["", ".", "x", "a.b", "no-such-user.secret", "x" * 900, "é.é"])
async def test_case_8_what_was_never_sent_is_refused(client: Client, token: str) -> None:
    assert await _use(client, token) == 422


async def test_case_9_an_older_link_is_void_once_there_is_a_newer_one(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await a_person(market)
    await _ask(client)
    clock.now += 2 * MINUTE
    await _ask(client)
    old, new = await letters(market, "reset-password")
    assert await _use(client, old.token) == 422
    assert await _use(client, new.token) == 204


async def test_case_10_a_link_is_void_once_the_address_is_another(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    await _ask(client)
    [reset] = await letters(market, "reset-password")
    headers = await bearer(client, ann)
    for address in ("ann@first.example", "ann@second.example"):
        clock.now += 2 * MINUTE
        payload = {"email": address, "password": PASSWORD}
        answer = await client.put(f"{API}/me/email", json=payload, headers=headers)
        assert answer.status_code == 202
    first, second = await letters(market, "verify-email")
    address = f"{API}/auth/email-verification"
    assert (await client.post(address, json={"token": first.token})).status_code == 422
    assert (await client.post(address, json={"token": second.token})).status_code == 200
    assert (await client.post(address, json={"token": second.token})).status_code == 422
    stands = await find_user(market.store, ann.id)
    assert stands is not None
    assert stands.email == "ann@second.example"
    assert await _use(client, reset.token) == 422, "it was sent to the address that was"


async def test_case_11_a_forged_host_is_in_no_link(market: Market, client: Client) -> None:
    await a_person(market)
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    await _ask(client, **forged)
    [letter] = await letters(market, "reset-password")
    assert letter.values["link"].startswith("/account/reset/new?token=")
    await market.delivery().run_once()
    [path] = market.settings.emails_folder.glob("*.eml")
    assert "evil" not in path.read_text()
    assert market.settings.public_url in path.read_text()


async def test_a_link_shows_a_page_and_only_its_button_uses_it_up(
    market: Market, client: Client
) -> None:
    await a_person(market)
    await _ask(client)
    [letter] = await letters(market, "reset-password")
    for _ in range(3):
        page = await client.get(letter.values["link"])
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "same-origin"
    assert await _use(client, letter.token) == 204
