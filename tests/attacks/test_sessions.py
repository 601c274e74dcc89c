"""Sessions, and what each may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from marinemarket.accounts.permissions import MATRIX
from marinemarket.accounts.records import add_user, find_user
from marinemarket.accounts.user import AdminPermission, User, UserRole, UserStatus
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.listings.records import find_listing
from marinemarket.web.app import create_app
from marinemarket.web.security.access import Openness, openness_of
from tests.accounts.members import PASSWORD, a_person
from tests.builders import NOW, ManualClock, a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.web.conftest import Client, offer

from .clients import API, bearer, form_token, log_in, staff

pytestmark = pytest.mark.anyio

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _me(client: Client, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return int((await client.get(f"{API}/me", headers=headers)).status_code)


async def test_case_12_signing_in_and_gaining_rights_give_a_new_session(
    market: Market, client: Client
) -> None:
    await a_person(market)
    planted = "a-session-that-somebody-planted-in-the-browser"
    client.cookies.set("session", planted, domain="testserver.local")
    first = (await log_in(client, "ann@example.com"))["session"]["token"]
    assert first != planted
    assert client.cookies["session"] == first
    assert await _me(client, planted) == 401
    payload = {"password": PASSWORD, "newPassword": "cobalt lantern drift seven"}
    token = (await client.get(f"{API}/me")).json()["csrfToken"]
    answer = await client.put(f"{API}/me/password", json=payload, headers={"X-CSRF-Token": token})
    second = answer.json()["session"]["token"]
    assert second != first
    assert [await _me(client, first), await _me(client, second)] == [401, 200]


async def test_case_13_a_cookie_is_nothing_once_its_session_ended(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    secret = (await log_in(client, ann.email))["session"]["token"]
    token = (await client.get(f"{API}/me")).json()["csrfToken"]
    await client.post(f"{API}/auth/logout", headers={"X-CSRF-Token": token})
    assert await _me(client, secret) == 401
    client.cookies.clear()
    secret = (await log_in(client, ann.email))["session"]["token"]
    clock.now += 13 * 86_400_000
    assert await _me(client, secret) == 200
    clock.now += 14 * 86_400_000
    assert await _me(client, secret) == 401, "left idle for two weeks"


async def test_case_13_a_session_ends_after_thirty_days_however_busy(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    secret = (await log_in(client, ann.email))["session"]["token"]
    seen = []
    for _ in range(31):
        clock.now += 86_400_000
        seen.append(await _me(client, secret))
    assert seen == [200] * 29 + [401, 401]


async def test_staff_are_out_after_an_hour_idle_and_eight_hours_in_all(
    market: Market, client: Client, clock: ManualClock
) -> None:
    _, headers = await staff(market, UserRole.SUPPORT)
    secret = headers["Authorization"].removeprefix("Bearer ")
    seen = []
    for _ in range(10):
        clock.now += 59 * 60_000
        seen.append(await _me(client, secret))
    assert seen == [200] * 8 + [401, 401]
    _, headers = await staff(market, UserRole.MODERATOR)
    clock.now += 60 * 60_000 + 1000
    assert await _me(client, headers["Authorization"].removeprefix("Bearer ")) == 401


async def test_case_14_whoever_is_demoted_is_refused_at_the_next_request(
    market: Market, client: Client
) -> None:
    admin, headers = await staff(market, UserRole.ADMIN)
    _, chief = await staff(market, UserRole.SUPER_ADMIN)
    assert (await client.get(f"{API}/admin/users", headers=headers)).status_code == 200
    payload = {"role": "user", "permissions": []}
    answer = await client.put(f"{API}/admin/users/{admin.id}/role", json=payload, headers=chief)
    assert answer.status_code == 200
    assert (await client.get(f"{API}/admin/users", headers=headers)).status_code in (401, 403)


async def test_case_14_whoever_is_banned_is_out_and_their_boats_are_hidden(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    boat = a_listing(ownerId=ann.id)
    await offer(market, boat)
    headers = await bearer(client, ann)
    _, support = await staff(market, UserRole.SUPPORT)
    assert (await client.get(f"{API}/listings/{boat.id}")).status_code == 200
    payload = {"status": "banned", "reason": "sold what was not theirs"}
    address = f"{API}/admin/users/{ann.id}/status"
    assert (await client.put(address, json=payload, headers=support)).status_code == 200
    assert (await client.get(f"{API}/me", headers=headers)).status_code == 401
    assert (await client.get(f"{API}/listings/{boat.id}")).status_code == 404
    assert (await client.post(f"{API}/search", json={})).json()["results"] == []
    assert (await log_in(client, ann.email))["status_code"] == 403
    [entry] = (await entries_by_action(market.store, Action.USER_STATUS_CHANGED)).entries
    assert entry.details["changes"]["status"] == {"old": "active", "new": "banned"}
    assert entry.details["reason"] == payload["reason"]


# -- Every route, for everyone -----------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    openness: Openness


def _routes(market: Market) -> list[Asked]:
    """Every route of the application, from its declaration."""
    found = []
    for route in create_app(market.settings).routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or handler.http_methods == {"OPTIONS"}:
                continue
            openness = openness_of(handler)
            assert openness is not None
            found += [Asked(method, route.path, openness) for method in handler.http_methods]
    return found


def _address(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "0" * 8, path)


async def test_case_15_every_route_answers_each_role_as_the_matrix_says(
    market: Market, client: Client
) -> None:
    """Who asks, times every route: 401 and 403 just where the declaration says, and nowhere else."""
    await offer(market)
    people: dict[UserRole | None, dict[str, str]] = {None: {}}
    for role in UserRole:
        if role is UserRole.USER:
            people[role] = await bearer(client, await a_person(market))
        else:
            _, people[role] = await staff(market, role)
    wrong = []
    routes = [one for one in _routes(market) if one.path.startswith("/api/")]
    assert len([one for one in routes if one.openness.permission]) >= 9
    for asked in routes:
        if asked.path in ("/api/v1/auth/logout", "/api/v1/me/sessions") and asked.method != "GET":
            continue  # would end the very sessions that ask; tried above
        for who, headers in people.items():
            answer = await client.request(asked.method, _address(asked.path), headers=headers)
            if not _is_as_declared(asked.openness, who, answer.status_code):
                wrong.append((asked.method, asked.path, who, answer.status_code))
    assert wrong == []


def _is_as_declared(openness: Openness, role: UserRole | None, status: int) -> bool:
    if openness.is_open:
        return status != 403 and status < 500
    if role is None:
        return status == 401
    if openness.permission and openness.permission not in MATRIX[role]:
        return status == 403
    return status not in (401, 403) and status < 500


async def test_case_15_every_page_of_ones_own_sends_a_stranger_to_sign_in(
    market: Market, client: Client
) -> None:
    own = [one for one in _routes(market) if "/api/" not in one.path and not one.openness.is_open]
    assert len(own) > 10
    for asked in own:
        answer = await client.request(
            asked.method, _address(asked.path), follow_redirects=False, headers=FORM
        )
        assert (answer.status_code, answer.headers.get("location", "")[:16]) == (
            303,
            "/account/sign-in",
        ), asked


def test_case_15_the_matrix_is_the_ruling() -> None:
    p, r = AdminPermission, UserRole
    assert {role: set(granted) for role, granted in MATRIX.items()} == {
        r.USER: set(),
        r.SUPPORT: {p.USER_MANAGEMENT},
        r.MODERATOR: {p.CONTENT_MODERATION},
        r.ADMIN: {p.USER_MANAGEMENT, p.CONTENT_MODERATION, p.ANALYTICS_VIEW, p.AUDIT_LOG_VIEW},
        r.SUPER_ADMIN: set(AdminPermission),
    }


async def test_staff_without_a_second_factor_may_nothing(market: Market, client: Client) -> None:
    chief = await a_person(market, name="chief", role=UserRole.SUPER_ADMIN)
    headers = await bearer(client, chief)
    assert (await client.get(f"{API}/me", headers=headers)).status_code == 200
    answer = await client.get(f"{API}/admin/users", headers=headers)
    assert answer.status_code == 403
    assert "second factor" in answer.json()["detail"]


async def test_case_16_nobody_grants_above_themselves_and_the_try_is_recorded(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    admin, headers = await staff(market, UserRole.ADMIN)
    chief, chiefs = await staff(market, UserRole.SUPER_ADMIN)
    support, supports = await staff(market, UserRole.SUPPORT)
    tries: list[tuple[dict[str, str], str, dict[str, Any]]] = [
        (headers, ann.id, {"role": "super_admin"}),
        (headers, ann.id, {"role": "moderator"}),
        (headers, ann.id, {"role": "user", "permissions": ["audit_log_view"]}),
        (headers, admin.id, {"role": "super_admin"}),
        (headers, chief.id, {"role": "user"}),
        (supports, admin.id, {"role": "user"}),
        (chiefs, chief.id, {"role": "user"}),
    ]
    for who, whom, text in tries:
        before = await find_user(market.store, whom)
        answer = await client.put(f"{API}/admin/users/{whom}/role", json=text, headers=who)
        assert answer.status_code == 403, text
        assert await find_user(market.store, whom) == before
    denied = (await entries_by_action(market.store, Action.ADMIN_ACCESS_DENIED)).entries
    assert len(denied) == len(tries)
    granted = await client.put(
        f"{API}/admin/users/{ann.id}/role", json={"role": "moderator"}, headers=chiefs
    )
    assert granted.json()["permissions"] == ["content_moderation"]
    assert len((await entries_by_action(market.store, Action.PERMISSION_GRANTED)).entries) == 1
    taken = await client.put(
        f"{API}/admin/users/{ann.id}/role", json={"role": "user"}, headers=headers
    )
    assert taken.status_code == 200, "an admin may take away what admins have"
    assert support.role is UserRole.SUPPORT


async def test_case_17_what_is_not_ones_to_say_is_never_applied(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    boat = a_listing(ownerId=ann.id)
    await offer(market, boat)
    headers = await bearer(client, ann)
    for text in (
        {"role": "admin"},
        {"status": "active"},
        {"permissions": ["system_config"]},
        {"emailVerified": True},
        {"phoneVerified": True},
        {"mfaEnabled": True},
        {"updatedAt": "2030-01-01T00:00:00.000Z"},
        {"password": "x"},
        {"id": uuid_of("other")},
    ):
        answer = await client.patch(f"{API}/me", json={"name": "New", **text}, headers=headers)
        assert answer.status_code == 422, text
    stands = await find_user(market.store, ann.id)
    assert stands is not None
    assert (stands.name, stands.role) == (ann.name, UserRole.USER)
    versioned = headers | {"If-Match": f'"{NOW}"'}
    for edit in (
        {"ownerId": uuid_of("other")},
        {"moderation": {"state": "approved"}},
        {"updatedAt": 1},
        {"views": 99},
        {"sellerKind": "broker"},
    ):
        answer = await client.patch(f"{API}/listings/{boat.id}", json=edit, headers=versioned)
        assert answer.status_code == 422, edit
    assert await find_listing(market.store, boat.id) == boat
    form = {"email": "eve@example.com", "name": "Eve", "password": PASSWORD, "terms": True}
    answer = await client.post(f"{API}/auth/register", json=form | {"role": "admin"})
    assert answer.status_code == 422


async def test_case_18_what_is_somebody_elses_stays_theirs(market: Market, client: Client) -> None:
    ann, eve = await a_person(market), await a_person(market, name="eve")
    boat = a_listing(ownerId=ann.id, status="inactive")
    await offer(market, boat)
    await bearer(client, ann)
    headers = await bearer(client, eve) | {"If-Match": "*"}
    address = f"{API}/listings/{boat.id}"
    assert (await client.get(address, headers=headers)).status_code == 404
    assert (await client.patch(address, json={"price": 500}, headers=headers)).status_code == 404
    assert (await client.delete(address, headers=headers)).status_code == 404
    assert await find_listing(market.store, boat.id) == boat
    hers = (await client.get(f"{API}/me/sessions", headers=await bearer(client, ann))).json()
    for session in hers["results"]:
        answer = await client.delete(f"{API}/me/sessions/{session['id']}", headers=headers)
        assert answer.status_code == 404


# -- Other people's pages ----------------------------------------------------------------------


async def test_case_19_a_form_without_its_token_or_with_a_foreign_one_is_refused(
    market: Market, client: Client
) -> None:
    await a_person(market)
    await a_person(market, name="eve")
    foreign = await form_token(client, "/account/sign-in")
    client.cookies.clear()
    ours = await form_token(client, "/account/sign-in")
    form = {"email": "ann@example.com", "password": PASSWORD}
    for token in (None, "", "x", foreign, ours.upper()):
        sent = form if token is None else form | {"csrf_token": token}
        answer = await client.post("/account/sign-in", data=sent)
        assert answer.status_code == 403, token
        assert "session" not in client.cookies
    answer = await client.post(
        "/account/sign-in", data=form | {"csrf_token": ours}, follow_redirects=False
    )
    assert answer.status_code == 303
    before = ours
    for token in (before, foreign, ""):
        answer = await client.post("/account/sign-out", data={"csrf_token": token})
        assert answer.status_code == 403, "a token from before signing in, or of another device"
    own = await form_token(client, "/account")
    secret = client.cookies["session"]
    client.cookies.clear()
    await log_in(client, "eve@example.com")
    eves = await form_token(client, "/account")
    client.cookies.set("session", secret, domain="testserver.local")
    assert (await client.post("/account/sign-out", data={"csrf_token": eves})).status_code == 403
    done = await client.post("/account/sign-out", data={"csrf_token": own}, follow_redirects=False)
    assert done.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_case_19_a_page_of_another_site_cannot_write(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    await a_person(market)
    payload = {"email": "ann@example.com", "password": PASSWORD}
    answer = await client.post(f"{API}/auth/login", json=payload, headers=headers)
    assert answer.status_code == 403
    token = await form_token(client, "/account/sign-in")
    answer = await client.post(
        "/account/sign-in", data=payload | {"csrf_token": token}, headers=headers
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "https://evil.example/", "/%09/evil.example\t", "//evil.example/account", "http:evil.example",
        "/\t/evil.example", "evil.example", "", "///evil.example", "/..//evil.example\\",
    ],
)  # fmt: skip
async def test_case_20_nobody_is_sent_to_another_site(
    market: Market, client: Client, wanted: str
) -> None:
    await a_person(market)
    token = await form_token(client, "/account/sign-in")
    form = {"email": "ann@example.com", "password": PASSWORD, "csrf_token": token, "next": wanted}
    answer = await client.post("/account/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    shown = await client.get("/account/sign-in", params={"next": wanted}, follow_redirects=False)
    assert shown.headers["location"] == "/account"


async def test_case_20_one_is_sent_where_one_wanted_to_go(market: Market, client: Client) -> None:
    await a_person(market)
    answer = await client.get("/account/security", follow_redirects=False)
    assert answer.headers["location"] == "/account/sign-in?next=%2Faccount%2Fsecurity"
    token = await form_token(client, answer.headers["location"])
    form = {"email": "ann@example.com", "password": PASSWORD, "csrf_token": token}
    answer = await client.post(
        "/account/sign-in", data=form | {"next": "/account/security"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/account/security"


@pytest.mark.parametrize("field", ["name", "email"])
async def test_case_29_no_line_breaks_reach_a_letter(
    market: Market, client: Client, field: str
) -> None:
    payload = {"email": "bob@example.com", "name": "Bob Stay", "password": PASSWORD, "terms": True}
    payload[field] = f"{payload[field]}\r\nBcc: eve@example.com"
    answer = await client.post(f"{API}/auth/register", json=payload)
    await market.delivery().run_once()
    for path in market.settings.emails_folder.glob("*.eml"):
        head, _, _ = path.read_text().partition("\n\n")
        assert "Bcc" not in head
        assert "eve" not in head
    if field == "email":
        assert answer.status_code == 422


async def test_a_user_who_is_pending_or_suspended_has_no_session(
    market: Market, client: Client
) -> None:
    for status in (UserStatus.SUSPENDED, UserStatus.PENDING_VERIFICATION):
        user: User = a_user(name=status.value.replace("_", "-"), status=status)
        await add_user(market.trail, TESTS, user)
        assert (await log_in(client, user.email))["status_code"] == 401, "it has no password"
