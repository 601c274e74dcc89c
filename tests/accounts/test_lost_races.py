"""The errors that people see when their account changes between a read and the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pyotp
import pytest

from marinemarket.accounts.passkeys import (
    RelyingParty,
    add_passkey,
    ask_for_passkey,
    offer_passkey,
    remove_passkey,
    sign_in_with_passkey,
)
from marinemarket.accounts.password_reset import ask_for_reset, change_password, reset_password
from marinemarket.accounts.profile import (
    ask_for_new_email,
    edit_profile,
    send_phone_code,
    verify_phone,
)
from marinemarket.accounts.records import add_user, find_user, market_account
from marinemarket.accounts.registration import verify_email
from marinemarket.accounts.second_factor import (
    clear_second_factor,
    disable_second_factor,
    enable_second_factor,
    offer_second_factor,
)
from marinemarket.accounts.secrets import handle_of
from marinemarket.accounts.sessions import (
    Entered,
    SignedIn,
    end_all_sessions,
    new_session,
    session_put,
)
from marinemarket.accounts.sign_in import Challenge, finish_sign_in, sign_in
from marinemarket.accounts.staff import assign_role, set_role
from marinemarket.accounts.user import Passkey, User, UserRole, UserStatus
from marinemarket.audit.actions import Action
from marinemarket.audit.operational import Operational
from marinemarket.composition import Market
from marinemarket.errors import Forbidden, Invalid, MarketError, NotFound, Refused, WrongCredentials
from marinemarket.store.schema import CLAIMS, PASSING, USERS
from marinemarket.store.writes import Delete, Put, Update
from tests.builders import a_user
from tests.conftest import TESTS
from tests.contention.overtaking import overtaken
from tests.emails import letters

from .members import CLIENT, PASSWORD, a_person, entered, now, with_second_factor
from .soft_passkey import SoftPasskey

pytestmark = pytest.mark.anyio

AGAIN = "The account has just been changed; please try again."
SITE = RelyingParty("market.example", "https://market.example", "Market")
NEW_PASSWORD = "harbour lantern seventy oak"

Change = Callable[[], Awaitable[object]]


def changing(market: Market, user: User, **values: object) -> Change:
    """Somebody else's change to a user, which raises the version."""
    later = {"updatedAt": "2026-06-01T00:00:00.000Z", **values}
    return lambda: market.store.commit(Update(USERS, (user.id,), set=later))


async def told(market: Market, at: Action, change: Change, doing: Awaitable[object]) -> MarketError:
    """The error of somebody who is overtaken by a change."""
    with overtaken(market.trail, at, change), pytest.raises(MarketError) as caught:
        await doing
    return caught.value


def is_refused(error: MarketError, message: str) -> bool:
    return type(error) is Refused and str(error) == message


async def test_changing_how_one_signs_in_while_the_account_changes_must_be_repeated(
    market: Market,
) -> None:
    ann = await a_person(market)
    somebody: SignedIn = await entered(market, ann)
    accounts = market.accounts
    doings: list[tuple[Action, Callable[[SignedIn], Awaitable[object]]]] = [
        (
            Action.PASSWORD_CHANGED,
            lambda by: change_password(accounts, by, CLIENT, PASSWORD, NEW_PASSWORD),
        ),
        (
            Action.USER_UPDATED,
            lambda by: ask_for_new_email(accounts, by, CLIENT, "new@example.com", PASSWORD),
        ),
        (
            Action.USER_UPDATED,
            lambda by: offer_second_factor(accounts, by, CLIENT, PASSWORD, "Market"),
        ),
    ]
    for number, (action, doing) in enumerate(doings, start=1):
        changed = changing(market, ann, updatedAt=f"2026-06-0{number}T00:00:00.000Z")
        somebody = await now(market, somebody)
        assert is_refused(await told(market, action, changed, doing(somebody)), AGAIN), action


async def test_a_second_factor_is_not_turned_on_or_off_for_an_account_that_changes(
    market: Market,
) -> None:
    ann = await a_person(market)
    somebody: SignedIn = await entered(market, ann)
    offer = await offer_second_factor(market.accounts, somebody, CLIENT, PASSWORD, "Market")
    code = pyotp.TOTP(offer.secret).at(market.clock() // 1000)
    enabling = enable_second_factor(market.accounts, await now(market, somebody), CLIENT, code)
    assert is_refused(
        await told(market, Action.MFA_ENABLED, changing(market, ann), enabling), AGAIN
    )
    somebody = await now(market, somebody)
    enabled = await enable_second_factor(market.accounts, somebody, CLIENT, code)
    somebody = await now(market, enabled.entered)
    disabling = disable_second_factor(market.accounts, somebody, CLIENT, PASSWORD)
    changed = changing(market, ann, updatedAt="2026-06-02T00:00:00.000Z")
    assert is_refused(await told(market, Action.MFA_DISABLED, changed, disabling), AGAIN)


async def test_passkeys_of_an_account_that_changes_are_neither_added_nor_removed(
    market: Market,
) -> None:
    ann = await a_person(market)
    somebody: SignedIn = await entered(market, ann)
    key = SoftPasskey(SITE.host, SITE.origin)
    options = await offer_passkey(market.accounts, somebody, CLIENT, SITE, PASSWORD)
    adding = add_passkey(market.accounts, somebody, CLIENT, SITE, key.made(options), "Phone")
    lost = await told(market, Action.PASSKEY_ADDED, changing(market, ann), adding)
    assert is_refused(lost, "The passkey is already registered, or the account was changed.")

    somebody = await now(market, somebody)
    added = await add_passkey(market.accounts, somebody, CLIENT, SITE, key.made(options), "Phone")
    somebody = await now(market, added.entered)
    handle = handle_of(somebody.user.passkeys[0].id)
    removing = remove_passkey(market.accounts, somebody, CLIENT, handle, PASSWORD)
    changed = changing(market, ann, updatedAt="2026-06-02T00:00:00.000Z")
    assert is_refused(await told(market, Action.PASSKEY_REMOVED, changed, removing), AGAIN)


async def test_a_passkey_answers_a_challenge_once(market: Market) -> None:
    somebody: SignedIn = await entered(market, await a_person(market))
    key = SoftPasskey(SITE.host, SITE.origin)
    options = await offer_passkey(market.accounts, somebody, CLIENT, SITE, PASSWORD)
    await add_passkey(market.accounts, somebody, CLIENT, SITE, key.made(options), "Phone")
    asked = await ask_for_passkey(market.accounts, SITE)
    credential = key.used(asked)
    outcomes = await asyncio.gather(
        *(sign_in_with_passkey(market.accounts, CLIENT, SITE, credential) for _ in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Entered) for outcome in outcomes) == 1
    lost = [outcome for outcome in outcomes if isinstance(outcome, WrongCredentials)]
    assert len(lost) == 2
    assert {str(error) for error in lost} == {
        "This passkey is not known here, or was not used correctly."
    }


async def test_signing_in_while_the_account_is_being_closed_reveals_nothing(market: Market) -> None:
    ann = await a_person(market)
    closed = changing(market, ann, status=UserStatus.SUSPENDED.value)
    signing_in = sign_in(market.accounts, CLIENT, ann.email, PASSWORD)
    lost = await told(market, Action.USER_LOGIN, closed, signing_in)
    assert type(lost) is WrongCredentials
    assert str(lost).startswith("The email or the password is not right")


async def test_a_code_for_an_account_that_is_closed_meanwhile_is_wrong(market: Market) -> None:
    ann = await a_person(market)
    _, totp, _ = await with_second_factor(market, ann)
    asked = await sign_in(market.accounts, CLIENT, ann.email, PASSWORD)
    assert isinstance(asked, Challenge)
    code = totp.at(market.clock() // 1000 + 30)
    finishing = finish_sign_in(market.accounts, CLIENT, asked.secret, code)
    closed = changing(market, ann, status=UserStatus.SUSPENDED.value)
    lost = await told(market, Action.USER_LOGIN, closed, finishing)
    assert type(lost) is WrongCredentials
    assert str(lost).startswith("The code is not right")


async def test_a_password_link_is_void_once_the_account_has_changed(
    market: Market,
) -> None:
    ann = await a_person(market)
    await ask_for_reset(market.accounts, CLIENT, ann.email)
    [sent] = await letters(market, "reset-password")
    resetting = reset_password(market.accounts, CLIENT, sent.token, NEW_PASSWORD)
    lost = await told(market, Action.PASSWORD_RESET, changing(market, ann), resetting)
    assert isinstance(lost, Invalid)
    assert [(one.field, one.message) for one in lost.errors] == [
        ("token", "This link has been used, has expired, or was replaced by a newer one.")
    ]


async def test_a_new_address_may_be_taken_or_its_link_used_at_the_last_moment(
    market: Market,
) -> None:
    ann = await a_person(market)
    somebody = await entered(market, ann)
    await ask_for_new_email(market.accounts, somebody, CLIENT, "new@example.com", PASSWORD)
    [sent] = await letters(market, "verify-email")

    def used() -> Awaitable[object]:
        gone = Update(USERS, (ann.id,), remove=("emailVerificationToken",))
        return market.store.commit(gone)

    def taken() -> Awaitable[object]:
        return market.store.commit(Put(CLAIMS, {"claim": "email:new@example.com", "owner": "bob"}))

    before = await market.store.get(USERS, ann.id)
    assert before is not None
    for change, field, message in (
        (used, "token", "This link has been used, has expired, or was replaced by a newer one."),
        (taken, "email", "now belongs to another account"),
    ):
        verifying = verify_email(market.accounts, CLIENT, sent.token)
        lost = await told(market, Action.EMAIL_CHANGED, change, verifying)
        assert isinstance(lost, Invalid)
        assert [(one.field, one.message) for one in lost.errors] == [(field, message)]
        await market.store.commit(Put(USERS, before))


async def test_an_address_that_two_register_belongs_to_one(market: Market) -> None:
    ann, other = a_user(name="ann"), a_user(name="other", email="ann@example.com")
    first = partial(add_user, market.trail, TESTS, ann)
    lost = await told(market, Action.USER_CREATED, first, add_user(market.trail, TESTS, other))
    assert isinstance(lost, Invalid)
    assert str(lost) == "email: already belongs to an account"
    assert await find_user(market.store, other.id) is None


async def test_the_markets_own_account_is_made_once(market: Market) -> None:
    made = await asyncio.gather(
        *(market_account(market.trail, TESTS, name="Market") for _ in range(4))
    )
    assert len({user.id for user in made}) == 1


async def test_a_phone_code_used_twice_at_once_counts_once(market: Market) -> None:
    ann = await a_person(market, phone="+17725550100")
    somebody: SignedIn = await entered(market, ann)
    await send_phone_code(market.accounts, somebody, CLIENT)
    [sent] = await letters(market, "phone-code")
    code = sent.values["code"]
    key = (f"phone:{ann.id}",)

    def tried() -> Awaitable[object]:
        return market.store.commit(Update(PASSING, key, set={"left": 4}))

    with overtaken(market.trail, PASSING, tried), pytest.raises(Invalid) as caught:
        await verify_phone(market.accounts, somebody, CLIENT, code)
    assert str(caught.value) == "code: is wrong or has expired"
    verifying = verify_phone(market.accounts, somebody, CLIENT, code)
    lost = await told(market, Action.PHONE_VERIFIED, changing(market, ann), verifying)
    assert is_refused(lost, AGAIN)


async def test_changes_that_anybody_may_make_again_are_made_upon_the_newest_version(
    market: Market,
) -> None:
    ann = await a_person(market)
    somebody: SignedIn = await entered(market, ann)
    later = [f"2026-06-0{day}T00:00:00.000Z" for day in range(1, 5)]
    changes = [changing(market, ann, updatedAt=at, phone=f"+1772555010{n}") for n, at in enumerate(later)]  # fmt: skip
    with overtaken(market.trail, Action.USER_UPDATED, changes[0]):
        user = await edit_profile(market.accounts, somebody, CLIENT, {"name": "Ann New"})
    assert (user.name, user.phone) == ("Ann New", "+17725550100")
    with overtaken(market.trail, Action.USER_LOGOUT, changes[1]):
        await end_all_sessions(market.accounts, TESTS, user)
    with overtaken(market.trail, Action.MFA_DISABLED, changes[2]):
        user = await clear_second_factor(market.accounts, TESTS, user)
    assert user.phone == "+17725550102"
    with overtaken(market.trail, Action.PERMISSION_GRANTED, changes[3]):
        user = await assign_role(market.accounts, TESTS, user, UserRole.SUPPORT, [])
    assert (user.role, user.phone) == (UserRole.SUPPORT, "+17725550103")


async def test_an_account_erased_meanwhile_cannot_be_changed(
    market: Market,
) -> None:
    ann = await a_person(market)
    gone = partial(market.store.commit, Delete(USERS, (ann.id,)))
    lost = await told(
        market, Action.USER_LOGOUT, gone, end_all_sessions(market.accounts, TESTS, ann)
    )
    assert isinstance(lost, NotFound)


async def test_a_user_promoted_meanwhile_is_not_demoted_by_an_equal(
    market: Market,
) -> None:
    key = Passkey(id="a", public_key="b", name="Phone", created_at="2025-01-01T00:00:00.000Z")
    admin = await a_person(market, name="admin", role=UserRole.ADMIN, passkeys=(key,))
    ann = await a_person(market, role=UserRole.SUPPORT, passkeys=(key,))
    by = SignedIn(admin, (await entered_directly(market, admin)).session)
    risen = changing(market, ann, role=UserRole.SUPER_ADMIN.value)
    taking = set_role(market.accounts, by, CLIENT, ann.id, UserRole.USER, [])
    lost = await told(market, Action.PERMISSION_REVOKED, risen, taking)
    assert isinstance(lost, Forbidden)
    standing = await find_user(market.store, ann.id)
    assert standing is not None
    assert standing.role is UserRole.SUPER_ADMIN


async def entered_directly(market: Market, user: User) -> Entered:
    """A session for a user, without any further proof."""
    entered = new_session(user, CLIENT, market.clock(), market.accounts.rules)
    await market.trail.commit_operational(Operational.CHALLENGE, session_put(entered.session))
    return entered
