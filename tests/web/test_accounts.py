"""Accounts over the API, from programs and from browsers."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from marinemarket.accounts.records import find_user_by_email
from marinemarket.accounts.user import UserStatus
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.parts.erasures import erasure_job
from tests.accounts.members import PASSWORD, a_person
from tests.builders import ManualClock
from tests.emails import letters

from .conftest import Client

pytestmark = pytest.mark.anyio

API = "/api/v1"
NEW = {"email": "bob@example.com", "name": "Bob Stay", "password": PASSWORD, "terms": True}


async def _signed_in(client: Client, email: str = "ann@example.com") -> dict[str, Any]:
    answer = await client.post(f"{API}/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_from_registering_to_signing_out(
    market: Market, client: Client, clock: ManualClock
) -> None:
    answer = await client.post(f"{API}/auth/register", json=NEW)
    assert (answer.status_code, answer.json()) == (202, {"sent": True})
    [letter] = await letters(market)
    assert (letter.template, letter.to) == ("verify-email", "bob@example.com")

    clock.now += 1
    credentials = {"email": "BOB@example.com", "password": PASSWORD}
    refused = await client.post(f"{API}/auth/login", json=credentials)
    assert refused.status_code == 401
    assert "use the link in your mail first" in refused.json()["detail"]

    [*_, letter] = await letters(market, "verify-email")
    confirmed = await client.post(f"{API}/auth/email-verification", json={"token": letter.token})
    assert confirmed.json() == {"email": "bob@example.com", "status": "active"}

    answer = await client.post(f"{API}/auth/login", json=credentials)
    token = answer.json()["session"]["token"]
    assert answer.cookies["session"] == token
    client.cookies.clear()
    bearer = {"Authorization": f"Bearer {token}"}
    me = await client.get(f"{API}/me", headers=bearer)
    assert (me.json()["name"], me.json()["role"]) == ("Bob Stay", "user")
    assert (await client.post(f"{API}/auth/logout", headers=bearer)).status_code == 204
    assert (await client.get(f"{API}/me", headers=bearer)).status_code == 401


async def test_every_broken_rule_of_a_registration_is_told_at_once(client: Client) -> None:
    payload = {"email": "no address", "name": "x", "password": "short", "terms": False}
    answer = await client.post(f"{API}/auth/register", json=payload)
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"email", "name", "password", "terms"}


async def test_a_write_by_cookie_needs_the_token_of_the_session(
    market: Market, client: Client
) -> None:
    await a_person(market)
    document = await _signed_in(client)
    payload = {"name": "Ann Other"}
    assert (await client.patch(f"{API}/me", json=payload)).status_code == 403
    for token in ("", "x", "0" * 64):
        headers = {"X-CSRF-Token": token}
        assert (await client.patch(f"{API}/me", json=payload, headers=headers)).status_code == 403
    token = document["csrfToken"]
    assert (await client.get(f"{API}/me")).json()["csrfToken"] == token
    changed = await client.patch(f"{API}/me", json=payload, headers={"X-CSRF-Token": token})
    assert (changed.status_code, changed.json()["name"]) == (200, "Ann Other")


async def test_a_second_factor_from_turning_it_on_to_signing_in_with_it(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await a_person(market)
    headers = {"X-CSRF-Token": (await _signed_in(client))["csrfToken"]}
    offer = (
        await client.post(f"{API}/me/second-factor", json={"password": PASSWORD}, headers=headers)
    ).json()
    assert offer["picture"].startswith("<svg")
    totp = pyotp.TOTP(offer["secret"])
    wrong = await client.post(f"{API}/me/second-factor", json={"code": "000000"}, headers=headers)
    assert wrong.status_code == 422
    code = totp.at(clock() // 1000)
    answer = await client.post(f"{API}/me/second-factor", json={"code": code}, headers=headers)
    assert len(answer.json()["recoveryCodes"]) == 10
    spare = answer.json()["recoveryCodes"][0]

    client.cookies.clear()
    clock.now += 60_000
    asked = (await _signed_in(client))["secondFactor"]
    assert asked["methods"] == ["code", "recovery-code"]
    step = {"challenge": asked["challenge"], "code": totp.at(clock() // 1000)}
    answer = await client.post(f"{API}/auth/login/second-factor", json=step)
    assert answer.status_code == 200
    again = await client.post(f"{API}/auth/login/second-factor", json=step)
    assert again.status_code == 401

    client.cookies.clear()
    asked = (await _signed_in(client))["secondFactor"]
    step = {"challenge": asked["challenge"], "code": spare.lower()}
    assert (await client.post(f"{API}/auth/login/second-factor", json=step)).status_code == 200
    asked = (await _signed_in(client))["secondFactor"]
    step = {"challenge": asked["challenge"], "code": spare}
    assert (await client.post(f"{API}/auth/login/second-factor", json=step)).status_code == 401


async def test_a_forgotten_password_is_replaced_and_every_session_ends(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await a_person(market)
    token = (await _signed_in(client))["session"]["token"]
    client.cookies.clear()
    for email in ("ann@example.com", "nobody@example.com"):
        answer = await client.post(f"{API}/auth/password-reset", json={"email": email})
        assert (answer.status_code, answer.json()) == (202, {"sent": True})
    [letter] = await letters(market, "reset-password")
    clock.now += 1000
    payload = {"token": letter.token, "password": "cobalt lantern drift seven"}
    confirmed = await client.post(f"{API}/auth/password-reset/confirmation", json=payload)
    assert confirmed.status_code == 204
    assert (
        await client.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    ).status_code == 401
    again = await client.post(f"{API}/auth/password-reset/confirmation", json=payload)
    assert again.status_code == 422
    new = {"email": "ann@example.com", "password": payload["password"]}
    assert (await client.post(f"{API}/auth/login", json=new)).status_code == 200


async def test_another_address_counts_once_it_is_confirmed(market: Market, client: Client) -> None:
    await a_person(market)
    headers = {"X-CSRF-Token": (await _signed_in(client))["csrfToken"]}
    payload = {"email": "ann@elsewhere.example", "password": PASSWORD}
    assert (await client.put(f"{API}/me/email", json=payload, headers=headers)).status_code == 202
    assert await find_user_by_email(market.store, "ann@elsewhere.example") is None
    [letter] = await letters(market, "verify-email")
    assert letter.to == "ann@elsewhere.example"
    await client.post(f"{API}/auth/email-verification", json={"token": letter.token})
    moved = await find_user_by_email(market.store, "ann@elsewhere.example")
    assert moved is not None
    assert (moved.status, moved.pending_email) == (UserStatus.ACTIVE, None)
    assert await find_user_by_email(market.store, "ann@example.com") is None
    [told] = await letters(market, "email-changed")
    assert (told.to, told.values["address"]) == ("ann@example.com", "a…@elsewhere.example")


async def test_a_phone_is_confirmed_by_a_code_with_five_tries(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await a_person(market)
    headers = {"X-CSRF-Token": (await _signed_in(client))["csrfToken"]}
    phone = {"phone": "+1 772 555 0100", "password": PASSWORD}
    await client.patch(f"{API}/me", json=phone, headers=headers)
    codes = [
        (await client.post(f"{API}/me/phone/code", headers=headers)).status_code for _ in range(4)
    ]
    assert codes == [202, 202, 202, 409]
    clock.now += 15 * 60_000
    assert (await client.post(f"{API}/me/phone/code", headers=headers)).status_code == 202
    *_, sms = await letters(market, "phone-code")
    code = sms.values["code"]
    wrong = {"code": "000000" if code != "000000" else "000001"}
    address = f"{API}/me/phone/verification"
    assert (await client.post(address, json=wrong, headers=headers)).status_code == 422
    answer = await client.post(address, json={"code": code}, headers=headers)
    assert (answer.status_code, answer.json()["phoneVerified"]) == (200, True)


async def test_sessions_are_listed_and_ended_one_by_one_or_all(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await a_person(market)
    first = (await _signed_in(client))["session"]["token"]
    client.cookies.clear()
    clock.now += 1
    document = await _signed_in(client)
    headers = {"X-CSRF-Token": document["csrfToken"]}
    listed = (await client.get(f"{API}/me/sessions")).json()["results"]
    assert [one["current"] for one in listed] == [True, False]
    proof, other = {"password": PASSWORD}, f"{API}/me/sessions/{listed[1]['id']}"
    assert (await client.delete(other, headers=headers)).status_code == 422
    ended = await client.request("DELETE", other, json=proof, headers=headers)
    assert ended.status_code == 204
    bearer = {"Authorization": f"Bearer {first}"}
    assert (await client.get(f"{API}/me", headers=bearer)).status_code == 401
    everywhere = f"{API}/me/sessions"
    assert (await client.delete(everywhere, headers=headers)).status_code == 422
    gone = await client.request("DELETE", everywhere, json=proof, headers=headers)
    assert gone.status_code == 204
    bearer = {"Authorization": f"Bearer {document['session']['token']}"}
    assert (await client.get(f"{API}/me", headers=bearer)).status_code == 401


async def test_somebody_takes_their_data_away_and_leaves(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    headers = {"X-CSRF-Token": (await _signed_in(client))["csrfToken"]}
    clock.now += 1
    data = (await client.get(f"{API}/me/export")).json()
    assert data["account"]["email"] == "ann@example.com"
    assert [attempt["success"] for attempt in data["signInAttempts"]] == [True]
    assert data["actions"][0]["action"] == "DATA_EXPORTED"
    wrong = await client.request("DELETE", f"{API}/me", json={"password": "no"}, headers=headers)
    assert wrong.status_code == 422
    gone = await client.request("DELETE", f"{API}/me", json={"password": PASSWORD}, headers=headers)
    assert gone.status_code == 200
    assert await find_user_by_email(market.store, ann.email) is None
    again = {"email": ann.email, "password": PASSWORD}
    assert (await client.post(f"{API}/auth/login", json=again)).status_code == 401
    while await erasure_job(market).run_once():
        clock.now += 5000
    [bye] = await letters(market, "goodbye")
    assert bye.to == ann.email
    assert len((await entries_by_action(market.store, Action.USER_DELETED)).entries) == 1


async def test_consents_are_given_and_withdrawn_with_version_and_time(
    market: Market, client: Client
) -> None:
    await a_person(market)
    headers = {"X-CSRF-Token": (await _signed_in(client))["csrfToken"]}
    given = await client.patch(f"{API}/me", json={"consents": {"news": True}}, headers=headers)
    terms, news = given.json()["consents"]
    assert terms["to"] == "terms"
    assert news == {"to": "news", "version": "2026-11", "at": "2026-01-01T00:00:00.000Z"}
    gone = await client.patch(f"{API}/me", json={"consents": {"news": False}}, headers=headers)
    assert gone.json()["consents"] == [terms]
    choices: tuple[object, ...] = ({"terms": False}, {"all": True}, {"news": 1}, [])
    for unfit in choices:
        answer = await client.patch(f"{API}/me", json={"consents": unfit}, headers=headers)
        assert answer.status_code == 422
    actions = [Action.CONSENT_GIVEN, Action.CONSENT_WITHDRAWN]
    pages = [await entries_by_action(market.store, action) for action in actions]
    assert [len(page.entries) for page in pages] == [1, 1]
