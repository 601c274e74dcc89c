"""The pages ask for the password again, and for five minutes after a proof they do not."""

from __future__ import annotations

import pytest

from marinemarket.accounts.records import find_user, sessions_of
from marinemarket.composition import Market
from tests.accounts.members import CLIENT, PASSWORD, a_person, with_second_factor
from tests.attacks.clients import form_token, log_in
from tests.builders import ManualClock

from .conftest import Client

pytestmark = pytest.mark.anyio


async def test_devices_are_signed_out_with_the_password_alone(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    await log_in(client, ann.email)
    client.cookies.clear()
    clock.now += 1
    await log_in(client, ann.email)
    token = {"csrf_token": await form_token(client, "/account/security")}
    listed = (await client.get("/api/v1/me/sessions")).json()["results"]
    other = next(one["id"] for one in listed if not one["current"])
    for address in (f"/account/sessions/{other}/end", "/account/sessions/end"):
        refused = await client.post(address, data=token)
        assert refused.status_code == 422
        assert "must be entered again" in refused.text.lower()
    assert len((await sessions_of(market.store, ann.id)).sessions) == 2
    form = token | {"password": PASSWORD}
    done = await client.post(f"/account/sessions/{other}/end", data=form, follow_redirects=False)
    assert done.headers["location"] == "/account/security?done=session"
    done = await client.post("/account/sessions/end", data=form, follow_redirects=False)
    assert done.headers["location"] == "/account/sign-in?done=out"


async def test_another_phone_number_needs_the_password_and_another_name_does_not(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await log_in(client, ann.email)
    form = {"csrf_token": await form_token(client, "/account"), "name": "Ann Reef"}
    answer = await client.post("/account/profile", data=form, follow_redirects=False)
    assert answer.status_code == 303
    form["phone"] = "+1 772 555 0100"
    refused = await client.post("/account/profile", data=form, follow_redirects=False)
    assert refused.status_code == 422
    assert 'value="+1 772 555 0100"' in refused.text
    form["password"] = PASSWORD
    answer = await client.post("/account/profile", data=form, follow_redirects=False)
    assert answer.status_code == 303
    stands = await find_user(market.store, ann.id)
    assert stands is not None
    assert (stands.name, stands.phone) == ("Ann Reef", "+17725550100")


async def test_after_a_code_no_form_asks_for_the_password(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    entered, totp, _ = await with_second_factor(market, ann, CLIENT)
    client.cookies.set("session", entered.secret)
    clock.now += 60_000
    page = (await client.get("/account/security")).text
    assert 'action="/account/proof"' in page
    assert 'id="sessions-password"' in page
    form = {"csrf_token": await form_token(client, "/account/security"), "code": "000000"}
    assert (await client.post("/account/proof", data=form)).status_code == 422
    form["code"] = totp.at(clock() // 1000)
    page = (await client.post("/account/proof", data=form)).text
    assert "For five minutes" in page
    assert 'id="sessions-password"' not in page
    assert 'id="old"' in page, "the password itself is changed with the old one"
    form = {"csrf_token": await form_token(client, "/account/security")}
    done = await client.post("/account/sessions/end", data=form, follow_redirects=False)
    assert done.headers["location"] == "/account/sign-in?done=out"
