"""Failed emails as staff see them, and what somebody whose emails come back is told."""

from __future__ import annotations

import re

import pytest

from marinemarket.accounts.bounces import note_refusal
from marinemarket.accounts.records import add_user, find_user
from marinemarket.accounts.user import User, UserRole
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.mail.email import Email, outgoing
from marinemarket.mail.failures import Refusal
from tests.accounts.members import a_person
from tests.builders import a_user
from tests.conftest import TESTS
from tests.emails import letters

from .conftest import Client
from .visitors import signed_in

pytestmark = pytest.mark.anyio

WHY = "5.1.1 no such <b>user</b>"


async def _bounced(market: Market, user: User) -> str:
    letter = Email("verify-email", user.email, user.id, values={"link": "/x"})
    put = await outgoing(market.accounts.vault, letter, market.clock())
    entry = TESTS.entry(Action.USER_UPDATED, "user", user.id, market.clock())
    await market.trail.commit(entry, put)
    while await market.delivery().run_once():
        pass
    why = WHY.replace("<", " ").replace(">", " ")
    assert await note_refusal(market.accounts, str(put.item["id"]), Refusal.GONE, why)
    return str(put.item["id"])


@pytest.mark.parametrize("role", [UserRole.SUPPORT, UserRole.MODERATOR, UserRole.USER])
async def test_who_manages_users_sees_what_failed_and_why(
    market: Market, client: Client, role: UserRole
) -> None:
    ann = await a_person(market)
    id = await _bounced(market, ann)
    chief = a_user(name="chief", role=role, mfa_enabled=True, mfa_secret="sealed")
    await add_user(market.trail, TESTS, chief)
    headers = await signed_in(market, chief)
    page = await client.get("/admin/emails", headers=headers)
    answer = await client.get("/api/v1/admin/emails", headers=headers)
    if role is not UserRole.SUPPORT:
        assert (page.status_code, answer.status_code) == (403, 403)
        return
    assert page.status_code == 200
    for words in ("a…@example.com", "Ann", "came back", "5.1.1 no such", "no more alerts"):
        assert words in page.text
    assert ann.email not in page.text
    assert "/admin/emails" in (await client.get("/admin", headers=headers)).text
    [found] = answer.json()["results"]
    assert (found["id"], found["userId"], found["bounced"]) == (id, ann.id, True)
    assert found["recipient"] == "a…@example.com"
    lost = await client.get("/admin/emails?after=x", headers=headers, follow_redirects=False)
    assert (lost.status_code, lost.headers["location"]) == (303, "/admin/emails")
    shown = (await client.get(f"/api/v1/admin/users/{ann.id}", headers=headers)).json()
    assert shown["emailBouncedAt"] == "2026-01-01T00:00:00.000Z"


async def test_nobody_else_may_ask(client: Client) -> None:
    assert (await client.get("/api/v1/admin/emails")).status_code == 401
    page = await client.get("/admin/emails", follow_redirects=False)
    assert page.status_code == 303
    assert (await client.post("/api/v1/me/email/confirmation")).status_code == 401


async def test_somebody_whose_emails_come_back_is_asked_to_check_the_address(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    headers = await signed_in(market, ann)
    assert (
        "Please check your email address"
        not in (await client.get("/account", headers=headers)).text
    )
    assert (await client.post("/api/v1/me/email/confirmation", headers=headers)).status_code == 409
    await _bounced(market, ann)
    page = (await client.get("/account", headers=headers)).text
    for words in (
        "Please check your email address",
        ann.email,
        "5.1.1 no such",
        'href="#email-address"',
    ):
        assert words in page
    assert re.search(r'action="/account/email/confirmation" method="post"', page)
    own = (await client.get("/api/v1/me", headers=headers)).json()
    assert own["emailBouncedAt"]

    sent = await client.post("/account/email/confirmation", headers=headers, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/account?done=confirmation")
    links = await letters(market, "verify-email")
    done = await client.post("/api/v1/auth/email-verification", json={"token": links[-1].token})
    assert done.status_code == 200
    assert (
        "Please check your email address"
        not in (await client.get("/account", headers=headers)).text
    )
    seen = await find_user(market.store, ann.id)
    assert seen is not None
    assert seen.takes_alerts

    await _bounced(market, seen)
    assert (await client.post("/api/v1/me/email/confirmation", headers=headers)).status_code in (
        202,
        409,
    )
