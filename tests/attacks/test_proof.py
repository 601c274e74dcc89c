"""Proving again who one is: which changes ask for it, what counts, and who may guess how often."""

from __future__ import annotations

import asyncio
from math import log2
from typing import Any, cast

import pytest

from marinemarket.accounts.records import find_user
from marinemarket.accounts.second_factor import _ALPHABET
from marinemarket.accounts.user import UserRole
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from tests.accounts.members import CLIENT, PASSWORD, a_person, with_second_factor
from tests.accounts.soft_passkey import SoftPasskey
from tests.builders import ManualClock
from tests.emails import letters
from tests.web.conftest import Client

from .clients import API, bearer, form_token, log_in, staff
from .conftest import Reached

pytestmark = pytest.mark.anyio

SITE = "https://boats.example"
NEW = "cobalt lantern drift seven"
MINUTE = 60_000
Header = dict[str, str]


async def _ask(
    client: Client, method: str, path: str, headers: Header, body: dict[str, Any] | None = None
) -> int:
    answer = await client.request(method, f"{API}{path}", headers=headers, json=body)
    return answer.status_code


async def _proved(client: Client, headers: Header, **proof: Any) -> Header:
    """The header of the session that replaces one in which somebody proved who they are."""
    answer = await client.post(f"{API}/me/proof", headers=headers, json=proof)
    assert answer.status_code == 200, answer.text
    assert await _ask(client, "GET", "/me", headers) == 401, "the old secret is nothing any more"
    return {"Authorization": f"Bearer {answer.json()['session']['token']}"}


async def _sensitive(client: Client, headers: Header, **proof: str) -> list[int]:
    """What the changes answer that a thief would like to make; the last ends every session."""
    listed = (await client.get(f"{API}/me/sessions", headers=headers)).json()["results"]
    other = next(one["id"] for one in listed if not one["current"])
    return [
        await _ask(client, "PATCH", "/me", headers, {"phone": "+17725550100", **proof}),
        await _ask(client, "PUT", "/me/email", headers, {"email": "ann@new.example", **proof}),
        await _ask(client, "DELETE", f"/me/sessions/{other}", headers, proof or None),
        await _ask(client, "DELETE", "/me/sessions", headers, proof or None),
    ]


@pytest.mark.parametrize("role", [UserRole.USER, UserRole.SUPPORT])
async def test_asvs_7_5_1_and_7_5_2_changes_to_phone_email_and_sessions_ask_for_the_password(
    market: Market, client: Client, clock: ManualClock, role: UserRole
) -> None:
    ann = await a_person(market, role=role)
    await bearer(client, ann)
    clock.now += 1
    headers = await bearer(client, ann)
    assert await _sensitive(client, headers) == [422] * 4
    assert await _sensitive(client, headers, password="wrong") == [422] * 4
    stands = await find_user(market.store, ann.id)
    assert stands is not None
    assert (stands.phone, stands.pending_email) == (None, None)
    assert await _sensitive(client, headers, password=PASSWORD) == [200, 202, 204, 204]
    assert await _ask(client, "GET", "/me", headers) == 401


async def test_a_proof_counts_for_five_minutes_in_its_own_session_alone(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    elsewhere = await bearer(client, ann)
    clock.now += 1
    headers = await bearer(client, ann)
    headers = await _proved(client, headers, password=PASSWORD)
    assert len((await entries_by_action(market.store, Action.IDENTITY_CONFIRMED)).entries) == 1
    assert await _ask(client, "PATCH", "/me", elsewhere, {"phone": "+17725550100"}) == 422
    clock.now += 5 * MINUTE - 1
    assert await _ask(client, "PATCH", "/me", headers, {"phone": "+17725550100"}) == 200
    clock.now += 1
    assert await _ask(client, "PATCH", "/me", headers, {"phone": None}) == 422
    change = {"password": "", "newPassword": NEW}
    headers = await _proved(client, headers, password=PASSWORD)
    assert await _ask(client, "PUT", "/me/password", headers, change) == 422, "always the old one"


async def test_a_code_of_the_second_factor_is_a_proof_once(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    entered, totp, codes = await with_second_factor(market, ann, CLIENT)
    headers = {"Authorization": f"Bearer {entered.secret}"}
    clock.now += MINUTE
    code = totp.at(clock() // 1000)
    assert await _ask(client, "POST", "/me/proof", headers, {"code": "000000"}) == 422
    headers = await _proved(client, headers, code=code)
    assert await _ask(client, "POST", "/me/proof", headers, {"code": code}) == 422
    headers = await _proved(client, headers, code=codes[0])
    assert await _ask(client, "POST", "/me/proof", headers, {"code": codes[0]}) == 422
    assert await _ask(client, "DELETE", "/me/sessions", headers) == 204


async def test_a_passkey_is_a_proof_for_the_session_that_asked(
    market: Market, reached: Reached
) -> None:
    """People who sign in by passkey need not know their password to sign out a lost device."""
    async with reached(public_url=SITE) as client:
        await _prove_by_passkey(market, cast(Client, client))


async def _prove_by_passkey(market: Market, client: Client) -> None:
    ann, eve = await a_person(market), await a_person(market, name="eve")
    keys = {}
    heads = {}
    for user in (ann, eve):
        heads[user.id], keys[user.id] = await _with_passkey(client, await bearer(client, user))
    headers, key = heads[ann.id], keys[ann.id]
    begun = await client.post(f"{API}/me/proof/options", headers=headers)
    assert begun.status_code == 200, begun.text
    asked = begun.json()
    assert [one["id"] for one in asked["allowCredentials"]] == [key.used(asked)["id"]]
    foreign = {"credential": keys[eve.id].used(asked)}
    assert await _ask(client, "POST", "/me/proof", headers, foreign) == 422
    login = (await client.post(f"{API}/auth/passkeys/login/options")).json()
    assert await _ask(client, "POST", "/me/proof", headers, {"credential": key.used(login)}) == 422
    right = {"credential": key.used(asked)}
    assert await _ask(client, "POST", "/auth/passkeys/login", {}, right) == 401, "asked for a proof"
    headers = await _proved(client, headers, **right)
    assert await _ask(client, "POST", "/me/proof", headers, right) == 422, "answered once"
    assert await _ask(client, "DELETE", "/me/sessions", headers) == 204


async def _with_passkey(client: Client, headers: Header) -> tuple[Header, SoftPasskey]:
    key = SoftPasskey("boats.example", SITE, name=headers["Authorization"])
    body = {"password": PASSWORD}
    options = await client.post(f"{API}/auth/passkeys/options", headers=headers, json=body)
    assert options.status_code == 200, options.text
    made = {"credential": key.made(options.json()), "name": "Key"}
    answer = await client.post(f"{API}/auth/passkeys", headers=headers, json=made)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['session']['token']}"}, key


async def test_case_49_guesses_from_elsewhere_do_not_stop_who_is_signed_in(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    headers = await bearer(client, ann)
    for _ in range(6):
        assert (await log_in(client, ann.email, "wrong"))["status_code"] == 401
    assert (await log_in(client, ann.email))["status_code"] == 401, "strangers stay locked out"
    headers = await _proved(client, headers, password=PASSWORD)
    change = {"password": PASSWORD, "newPassword": NEW}
    assert await _ask(client, "PUT", "/me/password", headers, change) == 200


async def test_case_49_a_stolen_session_has_five_guesses_however_long_it_waits(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    stolen, own = await bearer(client, ann), await bearer(client, ann)
    for day in range(12):
        change = {"password": f"guess {day}", "newPassword": NEW}
        assert await _ask(client, "PUT", "/me/password", stolen, change) == 422
        clock.now += 24 * 60 * MINUTE
        assert await _ask(client, "GET", "/me", stolen) == 200
    right = {"password": PASSWORD}
    assert await _ask(client, "POST", "/me/proof", stolen, right) == 422, "it would be the sixth"
    [told] = await letters(market, "second-factor-changed")
    assert told.to == ann.email
    assert "too often" in told.values["what"]
    assert await _ask(client, "POST", "/me/proof", own, right) == 200
    assert (await log_in(client, ann.email))["status_code"] == 200


async def test_case_4_of_twenty_guesses_at_once_in_a_session_five_are_judged(
    market: Market, client: Client
) -> None:
    headers = await bearer(client, await a_person(market))
    guesses = [{"password": PASSWORD if number == 19 else "wrong"} for number in range(20)]
    await asyncio.gather(*(_ask(client, "POST", "/me/proof", headers, one) for one in guesses[:19]))
    assert await _ask(client, "POST", "/me/proof", headers, guesses[19]) == 422
    failed = (await entries_by_action(market.store, Action.LOGIN_FAILED)).entries
    reasons = [entry.details["reason"] for entry in failed]
    assert (reasons.count("wrong password"), reasons.count("locked")) == (5, 15)


async def test_a_right_password_takes_back_the_wrong_ones(market: Market, client: Client) -> None:
    headers = await bearer(client, await a_person(market))
    for _ in range(3):
        for _ in range(4):
            assert await _ask(client, "POST", "/me/proof", headers, {"password": "wrong"}) == 422
        change = {"email": "ann@new.example", "password": PASSWORD}
        assert await _ask(client, "PUT", "/me/email", headers, change) == 202


async def test_signing_out_here_needs_no_proof(market: Market, client: Client) -> None:
    _, headers = await staff(market, UserRole.ADMIN)
    [one] = (await client.get(f"{API}/me/sessions", headers=headers)).json()["results"]
    assert await _ask(client, "DELETE", f"/me/sessions/{one['id']}", headers) == 204
    assert await _ask(client, "GET", "/me", headers) == 401


async def test_a_phone_number_in_another_spelling_is_the_same_and_asks_for_nothing(
    market: Market, client: Client
) -> None:
    headers = await bearer(client, await a_person(market, phone="+17725550100"))
    assert await _ask(client, "PATCH", "/me", headers, {"phone": "+1 (772) 555-0100"}) == 200
    for other in ("+17725550101", None):
        assert await _ask(client, "PATCH", "/me", headers, {"phone": other}) == 422


async def test_asvs_3_3_4_no_script_reads_the_secret_that_its_cookie_keeps_from_it(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    body = {"email": ann.email, "password": PASSWORD}
    from_page = {"Sec-Fetch-Site": "same-origin"}
    answer = await client.post(f"{API}/auth/login", json=body, headers=from_page)
    assert "token" not in answer.json()["session"]
    assert answer.cookies["session"] not in answer.text
    assert "HttpOnly" in answer.headers["set-cookie"]
    client.cookies.clear()
    answer = await client.post(f"{API}/auth/login", json=body)
    assert answer.json()["session"]["token"] == answer.cookies["session"], "a program's"


async def test_asvs_14_3_1_a_browser_that_is_signed_out_keeps_nothing(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    for address in ("/account/sign-out", "/account/sessions/end", "/account/leaving"):
        await log_in(client, ann.email)
        form = {"csrf_token": await form_token(client, "/account"), "password": PASSWORD}
        answer = await client.post(address, data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["clear-site-data"]) == (
            303,
            '"cache", "storage"',
        )
        client.cookies.clear()


async def test_asvs_6_5_2_a_recovery_code_is_too_long_to_be_guessed_from_its_hash(
    market: Market,
) -> None:
    _, _, codes = await with_second_factor(market, await a_person(market), CLIENT)
    assert {len(code.replace("-", "")) for code in codes} == {24}
    assert len(set(codes)) == 10
    assert 24 * log2(len(_ALPHABET)) >= 112
