"""A clock that is wrong for a moment and then right: nobody is locked out, nothing lasts longer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pyotp
import pytest

from marinemarket.accounts.accounts import Accounts
from marinemarket.accounts.bounces import note_refusal
from marinemarket.accounts.login_throttle import count_attempt
from marinemarket.accounts.passkeys import (
    RelyingParty,
    add_passkey,
    ask_for_passkey,
    offer_passkey,
    sign_in_with_passkey,
)
from marinemarket.accounts.password_reset import ask_for_reset, change_password, reset_password
from marinemarket.accounts.profile import edit_profile, send_phone_code, verify_phone
from marinemarket.accounts.records import add_user, find_user, find_user_by_email, note_activity
from marinemarket.accounts.registration import Registration, register, verify_email
from marinemarket.accounts.second_factor import enable_second_factor, offer_second_factor
from marinemarket.accounts.sessions import Entered, SignedIn, end_all_sessions, signed_in
from marinemarket.accounts.sign_in import Challenge, finish_sign_in, sign_in
from marinemarket.accounts.user import User
from marinemarket.clock import DAY, HOUR, MINUTE, SECOND, from_iso
from marinemarket.errors import Invalid, WrongCredentials
from marinemarket.mail.delivery import Delivery, Sender
from marinemarket.mail.email import Email, outgoing
from marinemarket.mail.return_path import ReturnPath
from marinemarket.mail.transports import FolderTransport
from marinemarket.store.schema import LISTINGS, OUTBOX
from marinemarket.store.writes import Put
from marinemarket.wire import decode
from tests.accounts.members import BARE, CLIENT, PASSWORD, accounts_on, hashed
from tests.accounts.soft_passkey import SoftPasskey
from tests.builders import ManualClock, a_user
from tests.conftest import TESTS
from tests.store.item_builders import a_boat
from tests.store.paging import scanned

pytestmark = pytest.mark.anyio

AHEAD = [2 * HOUR, 40 * DAY]
BACK = [2 * HOUR, DAY]
NEW = "cobalt lantern drift seven"
SITE = RelyingParty("localhost", "http://localhost", "Market")


@pytest.fixture(params=BARE)
async def accounts(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock, anyio_backend: str
) -> AsyncIterator[Accounts]:
    async with accounts_on(request.param, tmp_path, clock) as accounts:
        yield accounts


@pytest.fixture(params=AHEAD, ids=["two hours", "forty days"])
def ahead(request: pytest.FixtureRequest) -> int:
    milliseconds: int = request.param
    return milliseconds


async def a_change_ahead(accounts: Accounts, clock: ManualClock, ahead: int) -> None:
    """One change while the clock is ahead; then it is right again."""
    clock.now += ahead
    await accounts.store.commit(Put(LISTINGS, a_boat(id="written ahead")))
    clock.now -= ahead


async def ann(accounts: Accounts) -> User:
    user = a_user(name="ann", password=hashed(), email_verified=True, phone="+17725550100")
    await add_user(accounts.trail, TESTS, user)
    return user


async def with_password(accounts: Accounts, password: str = PASSWORD) -> Entered:
    outcome = await sign_in(accounts, CLIENT, "ann@example.com", password)
    assert isinstance(outcome, Entered)
    return outcome


async def again(accounts: Accounts, somebody: SignedIn) -> SignedIn:
    user = await find_user(accounts.store, somebody.user.id)
    assert user is not None
    return SignedIn(user, somebody.session)


async def enrolled(
    accounts: Accounts, clock: ManualClock
) -> tuple[Entered, pyotp.TOTP, tuple[str, ...]]:
    somebody = await with_password(accounts)
    offer = await offer_second_factor(accounts, somebody, CLIENT, PASSWORD, "Market")
    totp = pyotp.TOTP(offer.secret)
    code = totp.at(clock() // 1000)
    enabled = await enable_second_factor(accounts, await again(accounts, somebody), CLIENT, code)
    clock.now += MINUTE
    return enabled.entered, totp, enabled.recovery_codes


async def with_code(accounts: Accounts, code: str) -> Entered:
    challenge = await sign_in(accounts, CLIENT, "ann@example.com", PASSWORD)
    assert isinstance(challenge, Challenge)
    return await finish_sign_in(accounts, CLIENT, challenge.secret, code)


async def token_of(accounts: Accounts, template: str) -> str:
    """The secret in the only waiting email from a template."""
    [item] = [one for one in await scanned(accounts.store, OUTBOX) if one["template"] == template]
    text = await accounts.vault.open(item["sealed"], bound_to=f"letter {item['id']}")
    values = decode(text)["values"]
    link: str = values.get("link") or values["code"]
    return link.rpartition("token=")[2]


async def is_live(accounts: Accounts, somebody: Entered, clock: ManualClock) -> bool:
    return await signed_in(accounts.store, somebody.secret, clock(), accounts.rules) is not None


# -- The clock was ahead for a moment ----------------------------------------------------------


async def test_everyone_with_a_second_factor_signs_in(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    await ann(accounts)
    _, totp, codes = await enrolled(accounts, clock)
    await a_change_ahead(accounts, clock, ahead)
    await with_code(accounts, codes[0])
    await with_code(accounts, totp.at(clock() // 1000))


async def test_a_code_accepted_ahead_refuses_only_itself(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    await ann(accounts)
    _, totp, _ = await enrolled(accounts, clock)
    before = totp.at(clock() // 1000)
    await with_code(accounts, before)
    clock.now += ahead
    future = totp.at(clock() // 1000)
    await with_code(accounts, future)
    clock.now -= ahead
    with pytest.raises(WrongCredentials):
        await with_code(accounts, before)
    clock.now += MINUTE
    code = totp.at(clock() // 1000)
    await with_code(accounts, code)
    with pytest.raises(WrongCredentials):
        await with_code(accounts, code)
    clock.now += ahead - MINUTE
    with pytest.raises(WrongCredentials):
        await with_code(accounts, future)


async def test_a_passkey_signs_in(accounts: Accounts, clock: ManualClock, ahead: int) -> None:
    await ann(accounts)
    somebody = await with_password(accounts)
    key = SoftPasskey("localhost", "http://localhost")
    offered = await offer_passkey(accounts, somebody, CLIENT, SITE, PASSWORD)
    await a_change_ahead(accounts, clock, ahead)
    made = key.made(offered)
    await add_passkey(accounts, await again(accounts, somebody), CLIENT, SITE, made, "Phone")
    await a_change_ahead(accounts, clock, ahead)
    used = key.used(await ask_for_passkey(accounts, SITE))
    await sign_in_with_passkey(accounts, CLIENT, SITE, used)
    with pytest.raises(WrongCredentials):
        await sign_in_with_passkey(accounts, CLIENT, SITE, used)


async def test_links_and_codes_sent_before_and_after_are_as_good_as_ever(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    registration = Registration("bob@example.com", "Bob Stay", PASSWORD, terms=True)
    await register(accounts, CLIENT, registration)
    await ann(accounts)
    somebody = await with_password(accounts)
    await send_phone_code(accounts, somebody, CLIENT)
    await ask_for_reset(accounts, CLIENT, "ann@example.com")
    await a_change_ahead(accounts, clock, ahead)
    await verify_email(accounts, CLIENT, await token_of(accounts, "verify-email"))
    code = await token_of(accounts, "phone-code")
    assert (await verify_phone(accounts, await again(accounts, somebody), CLIENT, code)).phone


@pytest.mark.parametrize("template", ["reset-password", "verify-email"])
async def test_a_link_sent_ahead_lasts_no_longer(
    accounts: Accounts, clock: ManualClock, ahead: int, template: str
) -> None:
    await ann(accounts)
    clock.now += ahead
    if template == "reset-password":
        await ask_for_reset(accounts, CLIENT, "ann@example.com")
    else:
        registration = Registration("bob@example.com", "Bob Stay", PASSWORD, terms=True)
        await register(accounts, CLIENT, registration)
    clock.now -= ahead
    token = await token_of(accounts, template)
    with pytest.raises(Invalid):
        await (
            reset_password(accounts, CLIENT, token, NEW)
            if template == "reset-password"
            else verify_email(accounts, CLIENT, token)
        )


async def test_whoever_asked_ahead_is_written_to_again_at_once(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    await ann(accounts)
    clock.now += ahead
    for _ in range(3):
        await ask_for_reset(accounts, CLIENT, "ann@example.com")
    clock.now -= ahead
    sent = len(await scanned(accounts.store, OUTBOX))
    await ask_for_reset(accounts, CLIENT, "ann@example.com")
    assert len(await scanned(accounts.store, OUTBOX)) == sent + 1


async def test_a_lock_set_ahead_lasts_its_time_from_now(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    user = await ann(accounts)
    clock.now += ahead
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await sign_in(accounts, CLIENT, user.email, "wrong")
    clock.now -= ahead
    with pytest.raises(WrongCredentials):
        await sign_in(accounts, CLIENT, user.email, PASSWORD)
    clock.now += accounts.rules.locked_for - SECOND
    with pytest.raises(WrongCredentials):
        await sign_in(accounts, CLIENT, user.email, PASSWORD)
    clock.now += 2 * SECOND
    await with_password(accounts)


async def test_guesses_counted_ahead_are_forgotten_in_their_time(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    for email in ("ann@example.com", "nobody@example.com"):
        user = await ann(accounts) if email.startswith("ann") else None
        clock.now += ahead
        for _ in range(4):
            assert await count_attempt(accounts, user, email)
        clock.now -= ahead
        assert await count_attempt(accounts, user, email)
        assert await count_attempt(accounts, user, email) is None
        clock.now += accounts.rules.tries_within
        assert await count_attempt(accounts, user, email)


async def test_a_session_goes_on(accounts: Accounts, clock: ManualClock, ahead: int) -> None:
    await ann(accounts)
    somebody = await with_password(accounts)
    clock.now += ahead
    await note_activity(accounts.trail, somebody.session)
    clock.now -= ahead
    assert await is_live(accounts, somebody, clock)


async def test_a_session_noted_ahead_is_put_right_by_its_next_use(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    await ann(accounts)
    somebody = await with_password(accounts)
    clock.now += ahead
    await note_activity(accounts.trail, somebody.session)
    clock.now -= ahead
    known = await signed_in(accounts.store, somebody.secret, clock(), accounts.rules)
    assert known is not None
    await note_activity(accounts.trail, known.session)
    known = await signed_in(accounts.store, somebody.secret, clock(), accounts.rules)
    assert known is not None
    assert from_iso(known.session.last_activity) == clock()


async def test_a_session_begun_ahead_does_not_count_and_ends_with_the_next_sign_in(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    await ann(accounts)
    clock.now += ahead
    future = await with_password(accounts)
    clock.now -= ahead
    assert not await is_live(accounts, future, clock)
    somebody = await with_password(accounts)
    assert await is_live(accounts, somebody, clock)
    clock.now += ahead
    assert not await is_live(accounts, future, clock)


async def test_after_a_password_was_changed_ahead_people_sign_in_and_out(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    await ann(accounts)
    clock.now += ahead
    somebody = await with_password(accounts)
    await change_password(accounts, somebody, CLIENT, PASSWORD, NEW)
    clock.now -= ahead
    first, second = [await with_password(accounts, NEW) for _ in range(2)]
    assert await is_live(accounts, first, clock)
    assert await is_live(accounts, second, clock)
    lasts = from_iso(first.session.expires_at) - clock()
    assert lasts == accounts.rules.session_lasts
    await end_all_sessions(accounts, TESTS, first.user)
    assert not await is_live(accounts, first, clock)
    assert not await is_live(accounts, second, clock)
    assert await is_live(accounts, await with_password(accounts, NEW), clock)


async def test_ending_all_sessions_ends_one_begun_ahead(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    user = await ann(accounts)
    clock.now += ahead
    future = await with_password(accounts)
    clock.now -= ahead
    await end_all_sessions(accounts, TESTS, user)
    clock.now += ahead
    assert not await is_live(accounts, future, clock)


async def test_a_version_rises_whatever_the_clock_does(
    accounts: Accounts, clock: ManualClock, ahead: int
) -> None:
    user, versions = await ann(accounts), []
    somebody = await with_password(accounts)
    for step, name in ((ahead, "Ann One"), (-ahead, "Ann Two"), (-DAY, "Ann Three")):
        clock.now += step
        known = await again(accounts, somebody)
        await edit_profile(accounts, known, CLIENT, {"name": name})
        changed = await find_user(accounts.store, user.id)
        assert changed is not None
        versions.append(changed.updated_at)
    assert versions == sorted({*versions})


def delivery(accounts: Accounts, folder: Path) -> Delivery:
    sender = Sender("Market", "post@example.com", accounts.links, "Market")
    mail = FolderTransport(folder)
    return Delivery(
        accounts.trail,
        accounts.vault,
        sender,
        {"mail": mail, "sms": mail},
        return_path=ReturnPath(None, "k" * 40),
        refused=partial(note_refusal, accounts),
    )


async def test_mail_goes_out_at_once_and_once(
    accounts: Accounts, clock: ManualClock, ahead: int, tmp_path: Path
) -> None:
    async def send(to: str) -> None:
        email = Email(
            "password-changed", to, values={"name": "Ann", "when": "2026-01-01T00:00:00.000Z"}
        )
        await accounts.store.commit(await outgoing(accounts.vault, email, clock()))

    await send("before@example.com")
    clock.now += ahead
    await send("ahead@example.com")
    clock.now -= ahead
    await send("after@example.com")
    post = delivery(accounts, tmp_path / "emails")
    assert await post.run_once() == 3
    assert await post.run_once() == 0
    clock.now += ahead
    assert await post.run_once() == 0


# -- The clock is put back ---------------------------------------------------------------------


@pytest.mark.parametrize("back", BACK, ids=["two hours", "a day"])
async def test_with_the_clock_put_back_locks_hold_codes_count_once_and_people_sign_in(
    accounts: Accounts, clock: ManualClock, back: int
) -> None:
    user = await ann(accounts)
    _, totp, codes = await enrolled(accounts, clock)
    before = totp.at(clock() // 1000)
    await with_code(accounts, before)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await sign_in(accounts, CLIENT, user.email, "wrong")
    clock.now -= back
    with pytest.raises(WrongCredentials):
        await sign_in(accounts, CLIENT, user.email, PASSWORD)
    clock.now += accounts.rules.locked_for + SECOND
    await with_code(accounts, codes[0])
    await with_code(accounts, totp.at(clock() // 1000))
    await ask_for_reset(accounts, CLIENT, "ann@example.com")
    await reset_password(accounts, CLIENT, await token_of(accounts, "reset-password"), NEW)
    found = await find_user_by_email(accounts.store, "ann@example.com")
    assert found is not None
    assert found.updated_at > user.updated_at


async def test_a_code_of_yesterday_is_not_accepted_again_by_a_clock_put_back(
    accounts: Accounts, clock: ManualClock
) -> None:
    await ann(accounts)
    _, totp, _ = await enrolled(accounts, clock)
    code = totp.at(clock() // 1000)
    await with_code(accounts, code)
    clock.now += DAY
    await with_code(accounts, totp.at(clock() // 1000))
    clock.now -= DAY
    with pytest.raises(WrongCredentials):
        await with_code(accounts, code)
