"""Account takeover: gaining access, keeping it, or locking out the owner."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.accounts.email_claims import hashed_key
from marinemarket.accounts.erasure import ErasureJob, erase
from marinemarket.accounts.password_reset import ask_for_reset, reset_password
from marinemarket.accounts.passwords import Passwords
from marinemarket.accounts.profile import edit_profile
from marinemarket.accounts.records import find_user, find_user_by_email
from marinemarket.accounts.registration import verify_email
from marinemarket.accounts.second_factor import clear_second_factor
from marinemarket.accounts.sessions import Entered
from marinemarket.accounts.sign_in import Challenge, finish_sign_in, sign_in
from marinemarket.accounts.staff import add_staff
from marinemarket.accounts.user import Passkey, User, UserRole, UserStatus
from marinemarket.audit.actions import Action
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Invalid, NotSignedIn, Unavailable, WrongCredentials
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, LOGIN_ATTEMPTS, USERS
from marinemarket.store.writes import Update
from tests.accounts.members import CLIENT, PASSWORD, a_person, entered, with_second_factor
from tests.builders import ManualClock
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned
from tests.web.conftest import Client

from .clients import API, bearer, log_in, staff

pytestmark = pytest.mark.anyio

NEW = "cobalt lantern drift seven"
THIEFS = "meadow piston orbit eleven"


async def _register(client: Client, email: str, password: str) -> None:
    payload = {"email": email, "name": "Somebody", "password": password, "terms": True}
    assert (await client.post(f"{API}/auth/register", json=payload)).status_code == 202


async def _choose(client: Client, token: str, password: str) -> int:
    payload = {"token": token, "password": password}
    answer = await client.post(f"{API}/auth/password-reset/confirmation", json=payload)
    return int(answer.status_code)


async def _stands(market: Market, user: User) -> User:
    found = await find_user(market.store, user.id)
    assert found is not None
    return found


async def test_nobody_registers_over_an_invited_member_of_staff(
    market: Market, client: Client
) -> None:
    chief, link = await add_staff(
        market.accounts, TESTS, "chief@example.com", "Chief", UserRole.SUPER_ADMIN
    )
    await _register(client, "chief@example.com", THIEFS)
    assert await letters(market) == []
    assert await _stands(market, chief) == chief
    assert (await log_in(client, "chief@example.com", THIEFS))["status_code"] == 401
    assert await _choose(client, link.partition("token=")[2], NEW) == 204
    assert (await log_in(client, "chief@example.com", NEW))["status_code"] == 200


async def test_an_invitation_that_expired_is_renewed_by_whoever_reads_the_mail(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await add_staff(market.accounts, TESTS, "chief@example.com", "Chief", UserRole.ADMIN)
    clock.now += 4 * 86_400_000
    await client.post(f"{API}/auth/password-reset", json={"email": "chief@example.com"})
    [letter] = await letters(market, "reset-password")
    assert await _choose(client, letter.token, NEW) == 204


async def test_of_two_who_open_one_account_whoever_reads_its_mail_has_it(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await _register(client, "vera@example.com", PASSWORD)
    clock.now += 61_000
    await _register(client, "vera@example.com", THIEFS)
    [first] = await letters(market, "verify-email")
    answer = await client.post(f"{API}/auth/email-verification", json={"token": first.token})
    assert answer.status_code == 422
    [second] = await letters(market, "choose-password")
    assert await _choose(client, second.token, NEW) == 204
    for password, status in ((PASSWORD, 401), (THIEFS, 401), (NEW, 200)):
        assert (await log_in(client, "vera@example.com", password))["status_code"] == status


async def test_registering_and_then_signing_in_tells_nothing(
    market: Market, client: Client
) -> None:
    await a_person(market)
    told = []
    for email in ("ann@example.com", "nobody@example.com"):
        await _register(client, email, THIEFS)
        answer = await log_in(client, email, THIEFS)
        told.append({name: answer[name] for name in ("status_code", "title", "detail")})
    assert told[0] == told[1]


@pytest.mark.parametrize("way", ["reset", "change", "ban"])
async def test_a_move_to_another_address_does_not_outlive_what_its_owner_does(
    market: Market, client: Client, clock: ManualClock, way: str
) -> None:
    ann = await a_person(market)
    headers = await bearer(client, ann)
    payload = {"email": "thief@evil.example", "password": PASSWORD}
    await client.put(f"{API}/me/email", json=payload, headers=headers)
    [letter] = await letters(market, "verify-email")
    clock.now += 1000
    if way == "reset":
        await client.post(f"{API}/auth/password-reset", json={"email": ann.email})
        [reset] = await letters(market, "reset-password")
        assert await _choose(client, reset.token, NEW) == 204
    elif way == "change":
        change = {"password": PASSWORD, "newPassword": NEW}
        await client.put(f"{API}/me/password", json=change, headers=headers)
    else:
        _, support = await staff(market, UserRole.SUPPORT)
        banned = {"status": "banned", "reason": "stolen"}
        await client.put(f"{API}/admin/users/{ann.id}/status", json=banned, headers=support)
    answer = await client.post(f"{API}/auth/email-verification", json={"token": letter.token})
    assert answer.status_code == 422
    assert (await _stands(market, ann)).email == "ann@example.com"


async def test_a_session_alone_adds_no_second_factor_and_no_passkey(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    headers = await bearer(client, ann)
    for text in ({}, {"password": "wrong"}):
        answer = await client.post(f"{API}/me/second-factor", json=text, headers=headers)
        assert answer.status_code == 422
    assert (await _stands(market, ann)).mfa_secret is None
    answer = await client.post(
        f"{API}/auth/passkeys/options", json={"password": "wrong"}, headers=headers
    )
    assert answer.status_code in (409, 422)


async def test_whoever_has_a_passkey_alone_gets_in_by_a_recovery_code(market: Market) -> None:
    ann = await a_person(market)
    _, _, codes = await with_second_factor(market, ann)
    key = Passkey(id="a", public_key="b", name="Phone", created_at=ann.created_at)
    entry = TESTS.entry(Action.USER_UPDATED, "user", ann.id, market.clock())
    values = {"mfaEnabled": False, "passkeys": [key.to_wire()]}  # as if there were no other
    await market.trail.commit(entry, Update(USERS, (ann.id,), set=values))
    asked = await sign_in(market.accounts, CLIENT, ann.email, PASSWORD)
    assert isinstance(asked, Challenge)
    assert asked.methods == ("recovery-code", "passkey")
    somebody = await finish_sign_in(market.accounts, CLIENT, asked.secret, codes[0])
    assert somebody.user.id == ann.id


async def test_an_operator_takes_a_lost_second_factor_away(market: Market) -> None:
    ann = await a_person(market)
    somebody, _, _ = await with_second_factor(market, ann)
    await clear_second_factor(market.accounts, TESTS, somebody.user)
    stands = await _stands(market, ann)
    assert (stands.mfa_enabled, stands.mfa_secret, stands.recovery_codes) == (False, None, ())
    assert (await letters(market, "second-factor-changed"))[-1].to == ann.email
    assert (await entered(market, ann)).user.id == ann.id


async def test_a_half_done_sign_in_ends_with_the_password_it_began_with(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    _, totp, _ = await with_second_factor(market, ann)
    clock.now += 60_000
    challenge = (await log_in(client, ann.email))["secondFactor"]["challenge"]
    await client.post(f"{API}/auth/password-reset", json={"email": ann.email})
    [reset] = await letters(market, "reset-password")
    assert await _choose(client, reset.token, NEW) == 204
    step = {"challenge": challenge, "code": totp.at(clock() // 1000)}
    answer = await client.post(f"{API}/auth/login/second-factor", json=step)
    assert answer.status_code == 401


async def test_a_reset_opens_a_door_that_is_locked_while_it_is_made(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await a_person(market)
    for _ in range(4):
        with pytest.raises(WrongCredentials):
            await sign_in(market.accounts, CLIENT, ann.email, "wrong")
    await ask_for_reset(market.accounts, CLIENT, ann.email)
    [reset] = await letters(market, "reset-password")
    judging, go_on = asyncio.Event(), asyncio.Event()
    really = Passwords.is_right

    async def slowly(self: Passwords, password: str, kept: str | None) -> bool:
        if password == "the fifth":
            judging.set()
            await go_on.wait()
        return await really(self, password, kept)

    monkeypatch.setattr(Passwords, "is_right", slowly)
    fifth = asyncio.ensure_future(sign_in(market.accounts, CLIENT, ann.email, "the fifth"))
    async with asyncio.timeout(60):
        await judging.wait()
    await reset_password(market.accounts, CLIENT, reset.token, NEW)
    go_on.set()
    with pytest.raises(WrongCredentials):
        await fifth
    assert (await _stands(market, ann)).locked_until is None
    assert isinstance(await sign_in(market.accounts, CLIENT, ann.email, NEW), Entered)


async def test_a_guess_that_could_not_be_judged_was_none(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await a_person(market)

    async def busy(self: Passwords, password: str, kept: str | None) -> bool:
        raise Unavailable("too many people are signing in")

    with monkeypatch.context() as patched:
        patched.setattr(Passwords, "is_right", busy)
        for _ in range(8):
            with pytest.raises(Unavailable):
                await sign_in(market.accounts, CLIENT, ann.email, PASSWORD)
    assert (await _stands(market, ann)).login_attempts == 0
    await entered(market, ann)


async def test_a_flood_of_requests_leaves_the_owner_a_link_that_holds(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    for _ in range(40):
        await ask_for_reset(market.accounts, CLIENT, ann.email)
        clock.now += 10_000
    sent = await letters(market, "reset-password")
    assert len(sent) == 3
    assert await _choose(client, sent[-1].token, NEW) == 204
    for _ in range(200):
        await ask_for_reset(market.accounts, CLIENT, ann.email)
        clock.now += 5 * 60_000
    assert len(await letters(market, "reset-password")) <= 20, "in a day"


async def test_whoever_is_erased_meanwhile_makes_no_request_spin(market: Market) -> None:
    ann = await a_person(market)
    somebody = await entered(market, ann)
    await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
    async with asyncio.timeout(60):
        with pytest.raises(NotSignedIn):
            await edit_profile(market.accounts, somebody, CLIENT, {"name": "Ann Still"})
        with pytest.raises(WrongCredentials):
            await sign_in(market.accounts, CLIENT, ann.email, PASSWORD)


async def test_an_erased_person_leaves_no_address_behind(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    await log_in(client, ann.email, "wrong")
    headers = await bearer(client, ann)
    payload = {"email": "ann@second.example", "password": PASSWORD}
    await client.put(f"{API}/me/email", json=payload, headers=headers)
    [letter] = await letters(market, "verify-email")
    await client.post(f"{API}/auth/email-verification", json={"token": letter.token})
    await log_in(client, "ann@second.example", "wrong")
    payload = {"email": "ann@third.example", "password": PASSWORD}
    await client.put(f"{API}/me/email", json=payload, headers=headers)
    *_, last = await letters(market, "verify-email")
    await client.request("DELETE", f"{API}/me", json={"password": PASSWORD}, headers=headers)
    await ErasureJob(market.trail, PERSONAL_DATA).run(ann.id)
    assert await find_user(market.store, ann.id) is None
    with pytest.raises(Invalid):
        await verify_email(market.accounts, CLIENT, last.token)
    assert await scanned(market.store, LOGIN_ATTEMPTS) == []
    kept = str(await scanned(market.store, AUDIT_LOGS)) + str(await scanned(market.store, CLAIMS))
    for trace in (
        "ann@",
        "second.example",
        str((await hashed_key(market.store, "ann@third.example"))[0]),
        CLIENT.ip_address,
    ):
        assert trace not in kept
    assert await find_user_by_email(market.store, "ann@second.example") is None


@pytest.mark.parametrize("wanted", ["//[", "http://[", "//a℀b"])
async def test_addresses_that_are_none_lead_home(client: Client, wanted: str) -> None:
    shown = await client.get(
        "/account/sign-in", params={"next": wanted.encode("utf-8", "replace").decode()}
    )
    assert shown.status_code == 200
    assert 'name="next" value="/account"' in shown.text


async def test_odd_asks_of_staff_are_refused_and_not_broken(market: Market, client: Client) -> None:
    chief, _ = await staff(market, UserRole.SUPER_ADMIN)
    _, support = await staff(market, UserRole.SUPPORT)
    for odd in ("%00", "%0a", "%20", "%E2%80%AE"):
        answer = await client.delete(f"{API}/admin/sessions/{odd}?user={chief.id}", headers=support)
        assert answer.status_code == 403
    _, admin = await staff(market, UserRole.ADMIN)
    late = "9999-12-31T23:59:59-12:00"
    answer = await client.get(
        f"{API}/admin/login-attempts", params={"email": "x", "since": late}, headers=admin
    )
    assert answer.status_code == 422


async def test_nobody_is_let_in_who_has_not_confirmed_their_address(
    market: Market, client: Client
) -> None:
    _, support = await staff(market, UserRole.SUPPORT)
    await _register(client, "vera@example.com", PASSWORD)
    vera = await find_user_by_email(market.store, "vera@example.com")
    assert vera is not None
    address = f"{API}/admin/users/{vera.id}/status"
    for status, code in (("suspended", 200), ("active", 409)):
        payload = {"status": status, "reason": "looking into it"}
        assert (await client.put(address, json=payload, headers=support)).status_code == code
    assert (await _stands(market, vera)).status is UserStatus.SUSPENDED


async def test_a_form_in_an_unknown_encoding_is_a_bad_request(client: Client) -> None:
    body = (
        '--x\r\nContent-Disposition: form-data; name="email"\r\n'
        "Content-Type: text/plain; charset=utf-99\r\n\r\nann\r\n--x--\r\n"
    )
    answer = await client.post(
        "/account/reset",
        content=body.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 400
