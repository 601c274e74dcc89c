"""Guessing passwords and codes, and finding out who has an account."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import count

import pytest
from anyio.lowlevel import checkpoint

from marinemarket.accounts import accounts
from marinemarket.accounts.passwords import Passwords
from marinemarket.accounts.records import attempts_for, find_user
from marinemarket.accounts.user import User
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.clock import iso
from marinemarket.composition import Market
from tests.accounts.members import CLIENT, PASSWORD, a_person, with_second_factor
from tests.builders import NOW, ManualClock
from tests.emails import letters
from tests.web.conftest import Client

from .clients import API, log_in

pytestmark = pytest.mark.anyio

NEW = "cobalt lantern drift seven"


async def _stands(market: Market, user: User) -> User:
    found = await find_user(market.store, user.id)
    assert found is not None
    return found


async def test_case_1_known_and_unknown_addresses_cost_the_same_work(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same hashing and the same number of commits: what takes time is alike."""
    await a_person(market)
    done: Counter[str] = Counter()
    running = Passwords._run

    async def counted_hashing(self: Passwords, work: object, *given: str) -> object:
        done["hashings"] += 1
        return await running(self, work, *given)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(Passwords, "_run", counted_hashing)
    seen = []
    for email in ("ann@example.com", "nobody@example.com"):
        done.clear()
        entries = len(await _failures(market))
        answer = await client.post(f"{API}/auth/login", json={"email": email, "password": "wrong"})
        problem = {k: v for k, v in answer.json().items() if k not in ("instance", "requestId")}
        seen.append(
            (answer.status_code, problem, done["hashings"], len(await _failures(market)) - entries)
        )
    assert seen[0] == seen[1]
    assert seen[0][2:] == (1, 1)


async def _failures(market: Market) -> list[object]:
    return list((await entries_by_action(market.store, Action.LOGIN_FAILED)).entries)


async def test_case_1_no_answer_comes_before_the_others(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work seems to take 0.1 s; each answer must have slept for the rest."""
    ticks, slept = count(0.0, 0.1), list[float]()

    async def sleep(seconds: float) -> None:
        await checkpoint()
        slept.append(seconds)

    monkeypatch.setattr(accounts, "current_time", lambda: next(ticks))
    monkeypatch.setattr(accounts, "sleep", sleep)
    await a_person(market)
    for path, text in (
        ("login", {"email": "nobody@example.com", "password": "wrong"}),
        ("password-reset", {"email": "nobody@example.com"}),
        ("password-reset", {"email": "ann@example.com"}),
    ):
        await client.post(f"{API}/auth/{path}", json=text)
    assert slept == [pytest.approx(accounts.SAME_TIME_SECONDS - 0.1)] * 3


async def test_case_2_registering_and_resetting_answer_alike(
    market: Market, client: Client
) -> None:
    await a_person(market)
    answers = []
    for email in ("ann@example.com", "nobody@example.com"):
        payload = {"email": email, "name": "Somebody Else", "password": PASSWORD, "terms": True}
        answers.append(await client.post(f"{API}/auth/register", json=payload))
    answers += [
        await client.post(f"{API}/auth/password-reset", json={"email": email})
        for email in ("ann@example.com", "stranger@example.com")
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, '{"sent":true}')}
    told = {(letter.template, letter.to) for letter in await letters(market)}
    assert told == {
        ("already-registered", "ann@example.com"),
        ("verify-email", "nobody@example.com"),
        ("reset-password", "ann@example.com"),
    }


async def test_case_3_who_is_locked_out_on_purpose_comes_back_by_reset_and_the_lock_ends(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    for _ in range(5):
        assert (await log_in(client, ann.email, "wrong"))["status_code"] == 401
    assert (await log_in(client, ann.email))["status_code"] == 401
    assert (await _stands(market, ann)).locked_until == iso(NOW + 30 * 60_000)
    [told] = await letters(market, "account-locked")
    assert told.to == ann.email
    assert len((await entries_by_action(market.store, Action.ACCOUNT_LOCKED)).entries) == 1

    await client.post(f"{API}/auth/password-reset", json={"email": ann.email})
    [letter] = await letters(market, "reset-password")
    payload = {"token": letter.token, "password": NEW}
    await client.post(f"{API}/auth/password-reset/confirmation", json=payload)
    assert (await log_in(client, ann.email, NEW))["status_code"] == 200

    for _ in range(5):
        await log_in(client, ann.email, "wrong")
    clock.now += 30 * 60_000 - 1
    assert (await log_in(client, ann.email, NEW))["status_code"] == 401
    clock.now += 1
    assert (await log_in(client, ann.email, NEW))["status_code"] == 200


async def test_case_4_of_a_hundred_guesses_at_once_five_are_judged(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    answers = await asyncio.gather(*(log_in(client, ann.email, f"wrong {n}") for n in range(100)))
    assert {answer["status_code"] for answer in answers} == {401}
    after, reasons = None, Counter[str]()
    while True:
        page = await attempts_for(market.store, ann.email, since=0, limit=100, after=after)
        reasons.update(attempt.failure_reason or "" for attempt in page.attempts)
        after = page.next
        if after is None:
            break
    assert reasons == {"wrong password": 5, "locked": 95}
    stands = await _stands(market, ann)
    assert (stands.login_attempts, stands.locked_until) == (5, iso(NOW + 30 * 60_000))
    assert (await log_in(client, ann.email))["status_code"] == 401


async def test_case_4_an_address_without_an_account_is_locked_alike(
    market: Market, client: Client
) -> None:
    await asyncio.gather(*(log_in(client, "nobody@example.com", f"{n}") for n in range(20)))
    page = await attempts_for(market.store, "nobody@example.com", since=0, limit=100)
    reasons = Counter(attempt.failure_reason for attempt in page.attempts)
    assert reasons == {"wrong password": 5, "locked": 15}


async def test_case_4_wrong_guesses_are_forgotten_after_a_quarter_of_an_hour(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    for _ in range(4):
        await log_in(client, ann.email, "wrong")
    clock.now += 15 * 60_000
    for _ in range(4):
        await log_in(client, ann.email, "wrong")
    assert (await log_in(client, ann.email))["status_code"] == 200
    assert (await _stands(market, ann)).login_attempts == 0


async def test_case_4_a_right_password_buys_no_guesses_at_the_code(
    market: Market, client: Client, clock: ManualClock
) -> None:
    """Whoever knows the password has as few tries at the second factor as at the password."""
    ann = await a_person(market)
    await with_second_factor(market, ann, CLIENT)
    clock.now += 60_000
    codes = []
    for number in range(7):
        asked = await log_in(client, ann.email)
        if asked["status_code"] != 200:
            codes.append(asked["status_code"])
            continue
        step = {"challenge": asked["secondFactor"]["challenge"], "code": f"{number:06d}"}
        answer = await client.post(f"{API}/auth/login/second-factor", json=step)
        codes.append(answer.status_code)
    assert codes == [401] * 7
    assert (await _stands(market, ann)).locked_until is not None
    asked = await log_in(client, ann.email)
    assert asked["status_code"] == 401


async def test_case_6_a_code_is_accepted_once(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    _, totp, _ = await with_second_factor(market, ann, CLIENT)
    clock.now += 60_000
    code = totp.at(clock() // 1000)
    challenges = [(await log_in(client, ann.email))["secondFactor"]["challenge"] for _ in range(4)]
    answers = await asyncio.gather(
        *(
            client.post(f"{API}/auth/login/second-factor", json={"challenge": one, "code": code})
            for one in challenges
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    clock.now += 5 * 60_000
    challenge = (await log_in(client, ann.email))["secondFactor"]["challenge"]
    earlier = totp.at(clock() // 1000 - 60)
    step = {"challenge": challenge, "code": earlier}
    late = await client.post(f"{API}/auth/login/second-factor", json=step)
    assert late.status_code == 401, "two steps old"


async def test_case_7_without_the_second_step_nobody_is_signed_in(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await with_second_factor(market, ann, CLIENT)
    asked = await log_in(client, ann.email)
    assert "session" not in asked
    assert "session" not in client.cookies
    for secret in (asked["secondFactor"]["challenge"], "", "null"):
        headers = {"Authorization": f"Bearer {secret}"}
        assert (await client.get(f"{API}/me", headers=headers)).status_code == 401
    for code in ("", "0", "000000 ", "null", "０００００００", "-1"):
        step = {"challenge": "made up", "code": code}
        answer = await client.post(f"{API}/auth/login/second-factor", json=step)
        assert answer.status_code == 401
