"""An account's whole life on every engine: each provides what signing in relies on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest

from marinemarket.accounts.accounts import Accounts
from marinemarket.accounts.erasure import ErasureJob, erase_oneself
from marinemarket.accounts.password_reset import ask_for_reset, reset_password
from marinemarket.accounts.profile import ask_for_new_email, edit_profile, send_phone_code
from marinemarket.accounts.records import find_user, find_user_by_email
from marinemarket.accounts.registration import Registration, register, verify_email
from marinemarket.accounts.second_factor import enable_second_factor, offer_second_factor
from marinemarket.accounts.sessions import Entered, SignedIn, end_all_sessions, signed_in
from marinemarket.accounts.sign_in import Challenge, finish_sign_in, sign_in
from marinemarket.accounts.staff import add_staff, assign_role
from marinemarket.accounts.user import AdminPermission, UserRole
from marinemarket.composition import PERSONAL_DATA
from marinemarket.errors import WrongCredentials
from marinemarket.store.schema import ERASURES, OUTBOX
from marinemarket.wire import decode
from tests.builders import ManualClock
from tests.conftest import TESTS
from tests.store.paging import scanned

from .members import BARE, CLIENT, PASSWORD, accounts_on

pytestmark = pytest.mark.anyio

NEW = "cobalt lantern drift seven"


@pytest.fixture(params=BARE)
async def accounts(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock, anyio_backend: str
) -> AsyncIterator[Accounts]:
    async with accounts_on(request.param, tmp_path, clock) as accounts:
        yield accounts


async def _token(accounts: Accounts, template: str) -> str:
    """The token in the latest email from a template."""
    items = [item for item in await scanned(accounts.store, OUTBOX) if item["template"] == template]
    newest = max(items, key=lambda item: str(item["createdAt"]))
    text = await accounts.vault.open(newest["sealed"], bound_to=f"letter {newest['id']}")
    link: str = decode(text)["values"]["link"]
    return link.partition("token=")[2]


async def test_an_account_works_the_same_on_every_engine(
    accounts: Accounts, clock: ManualClock
) -> None:
    registration = Registration("bob@example.com", "Bob Stay", PASSWORD, terms=True)
    await register(accounts, CLIENT, registration)
    await verify_email(accounts, CLIENT, await _token(accounts, "verify-email"))
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            await sign_in(accounts, CLIENT, "bob@example.com", "wrong")
    somebody = await sign_in(accounts, CLIENT, "BOB@example.com", PASSWORD)
    assert isinstance(somebody, Entered)

    await edit_profile(accounts, somebody, CLIENT, {"phone": "+17725550100"}, PASSWORD)
    known = await _again(accounts, somebody)
    await send_phone_code(accounts, known, CLIENT)
    offer = await offer_second_factor(accounts, known, CLIENT, PASSWORD, "Market")
    totp = pyotp.TOTP(offer.secret)
    known = await _again(accounts, somebody)
    enabled = await enable_second_factor(accounts, known, CLIENT, totp.at(clock() // 1000))
    assert await signed_in(accounts.store, somebody.secret, clock(), accounts.rules) is None

    clock.now += 60_000
    codes = (totp.at(clock() // 1000), enabled.recovery_codes[0])
    for code in codes:
        for right in (True, False):
            challenge = await sign_in(accounts, CLIENT, "bob@example.com", PASSWORD)
            assert isinstance(challenge, Challenge)
            if right:
                somebody = await finish_sign_in(accounts, CLIENT, challenge.secret, code)
                continue
            with pytest.raises(WrongCredentials):
                await finish_sign_in(accounts, CLIENT, challenge.secret, code)

    await ask_for_reset(accounts, CLIENT, "bob@example.com")
    await reset_password(accounts, CLIENT, await _token(accounts, "reset-password"), NEW)
    challenge = await sign_in(accounts, CLIENT, "bob@example.com", NEW)
    assert isinstance(challenge, Challenge)
    somebody = await finish_sign_in(accounts, CLIENT, challenge.secret, enabled.recovery_codes[1])

    clock.now += 1000
    await ask_for_new_email(accounts, somebody, CLIENT, "bob@second.example", NEW)
    await verify_email(accounts, CLIENT, await _token(accounts, "verify-email"))
    assert await find_user_by_email(accounts.store, "bob@example.com") is None
    moved = await find_user_by_email(accounts.store, "bob@second.example")
    assert moved is not None
    await assign_role(accounts, TESTS, moved, UserRole.SUPPORT, [AdminPermission.AUDIT_LOG_VIEW])
    known = await _again(accounts, somebody)
    await end_all_sessions(accounts, TESTS, known.user)
    await erase_oneself(accounts, await _again(accounts, somebody), CLIENT)
    # The address is free at once: the new account is another one.
    again, _ = await add_staff(accounts, TESTS, "bob@second.example", "Bob Again", UserRole.ADMIN)
    job = ErasureJob(accounts.trail, PERSONAL_DATA)
    while await job.run_once():
        pass
    assert await find_user(accounts.store, moved.id) is None
    assert await find_user(accounts.store, again.id) == again
    assert await scanned(accounts.store, ERASURES) == []


async def _again(accounts: Accounts, somebody: SignedIn) -> SignedIn:
    user = await find_user(accounts.store, somebody.user.id)
    assert user is not None
    return SignedIn(user, somebody.session)
