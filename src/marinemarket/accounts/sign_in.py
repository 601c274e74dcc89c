"""Signing in: a password, then a second factor if there is one.

The answer and its timing are the same whether the account exists, whether it is locked, and
whichever part was wrong. Every attempt is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..audit.actions import Action
from ..clock import CLOCK_TOLERANCE, from_iso, is_yet_to_come, iso
from ..errors import Forbidden, WrongCredentials
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..mail.email import Email, outgoing
from ..store.schema import PASSING, USERS
from ..store.writes import Absent, Delete, Equals, Exists, Put, Update, Write
from .accounts import CHALLENGE_LASTS, Accounts, Client
from .devices import device_name
from .login_attempt import attempted_email
from .login_throttle import (
    CLEARED,
    CLEARED_AWAY,
    LOCKED,
    WRONG_CODE,
    WRONG_PASSWORD,
    CountedAttempt,
    attempt_write,
    count_attempt,
    forget_attempt,
    is_right,
    note_failure,
)
from .passwords import is_outdated
from .records import find_user, find_user_by_email
from .registration import send_verification_again
from .second_factor import SecondFactorProof, proof_of
from .secrets import hash_of, new_secret
from .sessions import Entered, new_session, session_put
from .user import MOST_DEVICES, User, UserStatus

_WRONG = mark(
    "The email or the password is not right, or there were too many attempts. You "
    "can set a new password at once. If you have just registered, use the link in your mail first."
)
_WRONG_CODE = mark("The code is not right, was used already, or there were too many attempts.")
_STALE = mark("This sign-in has taken too long. Please start again.")

CLOSED = {
    UserStatus.SUSPENDED: mark("This account is suspended. Please write to the market's staff."),
    UserStatus.BANNED: mark("This account is closed."),
}


class Closed(Forbidden):
    """The password was right, and the account is closed; `user_id` is whose it is."""

    def __init__(self, why: str, user_id: str) -> None:
        super().__init__(why)
        self.user_id = user_id


@dataclass(frozen=True, slots=True)
class Challenge:
    """The password was right; now the second factor is due. `secret` identifies this sign-in."""

    secret: str
    expires_at: str
    methods: tuple[str, ...]


async def sign_in(
    accounts: Accounts, client: Client, email: str, password: str
) -> Entered | Challenge:
    """Start a session with a password, or ask for the second factor.

    Raises WrongCredentials, or Closed if the password is right but the account is closed.
    """
    typed = attempted_email(email)
    user = await find_user_by_email(accounts.store, typed)
    guess = await count_attempt(accounts, user, typed)
    kept = user.password if user else None
    # A locked account takes as much time to answer, and reveals as little.
    right = await (
        is_right(accounts, guess, password, kept)
        if guess
        else accounts.passwords.is_right(password, None)
    )
    if user is None or guess is None or not right:
        reason = WRONG_PASSWORD if guess else LOCKED
        await note_failure(accounts, client, user, typed, reason, guess)
        raise WrongCredentials(_(_WRONG))
    if not user.is_active:
        await _refuse(accounts, client, user, guess)
    if user.has_second_factor:
        await forget_attempt(accounts, guess)
        return await _challenge(accounts, client, user)
    return await enter(accounts, client, user, when={"password": user.password}, rehash=password)


async def finish_sign_in(accounts: Accounts, client: Client, challenge: str, code: str) -> Entered:
    """The second step: a code from the authenticator, or one of the recovery codes.

    Raises WrongCredentials.
    """
    user = await challenged(accounts, challenge)
    guess = await count_attempt(accounts, user, user.email)
    proof = await proof_of(accounts, user, code) if guess else None
    if proof is None:
        reason = WRONG_CODE if guess else LOCKED
        await note_failure(accounts, client, user, user.email, reason, guess)
        raise WrongCredentials(_(_WRONG_CODE))
    otherwise = WrongCredentials(_(_WRONG_CODE))
    return await enter(
        accounts, client, user, challenge_delete(challenge), proof=proof, otherwise=otherwise
    )


async def _challenge(accounts: Accounts, client: Client, user: User) -> Challenge:
    secret, ends = new_secret(), accounts.now() + CHALLENGE_LASTS
    known = (
        ("code", user.mfa_enabled),
        ("recovery-code", user.recovery_codes),
        ("passkey", user.passkeys),
    )
    methods = tuple(method for method, is_there in known if is_there)
    item = {
        "name": _name_of(secret),
        "userId": user.id,
        "begun": _as_begun(user),
        "ttl": ends // 1000,
    }
    entry = client.visitor().entry(
        Action.SECOND_FACTOR_ASKED, "user", user.id, accounts.now(), methods=list(methods)
    )
    await accounts.trail.commit(entry, Put(PASSING, item, when=Absent()))
    return Challenge(secret, iso(ends), methods)


def _name_of(challenge: str) -> str:
    return f"sign-in:{hash_of(challenge)}"


async def challenged(accounts: Accounts, challenge: str) -> User:
    """The user of this half-finished sign-in. Raises WrongCredentials."""
    asked = await accounts.store.get(PASSING, _name_of(challenge))
    if asked and not is_yet_to_come(asked["ttl"] * 1000, accounts.now(), lasts=CHALLENGE_LASTS):
        asked = None
    user = await find_user(accounts.store, str(asked["userId"])) if asked else None
    if asked is None or user is None or asked["begun"] != _as_begun(user):
        raise WrongCredentials(_(_STALE))
    return user


def _as_begun(user: User) -> str:
    """What a half-finished sign-in depends on: a new password, or ending all sessions, voids it."""
    return hash_of(f"{user.password} {user.sessions_valid_after}")


def challenge_delete(challenge: str) -> Delete:
    """The write that ends a half-finished sign-in, so that it is completed only once."""
    return Delete(PASSING, (_name_of(challenge),), when=Exists())


async def enter(
    accounts: Accounts,
    client: Client,
    user: User,
    *writes: Write,
    when: dict[str, Any] | None = None,
    proof: SecondFactorProof | None = None,
    rehash: str | None = None,
    otherwise: WrongCredentials | None = None,
) -> Entered:
    """Start a session for somebody who has proved their identity, in one commit with all it changes.

    `when` and the conditions of `proof` must still hold on the user, who must not have been closed or
    changed meanwhile; the conditions of `writes` must hold too. If one fails, raises `otherwise` or
    WrongCredentials.
    """
    now = accounts.now()
    changes = dict(CLEARED) | {"lastLogin": iso(now)}
    valid_after = user.sessions_valid_after
    if user.last_login and from_iso(user.last_login) > now + CLOCK_TOLERANCE:
        # The clock was ahead when they last signed in: what began then would be valid too long.
        valid_after = max(user.last_login, valid_after or "")
        changes["sessionsValidAfter"] = valid_after
    entered = new_session(
        user.changed(sessions_valid_after=valid_after), client, now, accounts.rules
    )
    if client.device not in user.devices:
        changes["devices"] = [*user.devices, client.device][-MOST_DEVICES:]
    if rehash is not None and user.password and is_outdated(user.password):
        changes["password"] = await accounts.passwords.hashed(rehash)
    if proof:
        changes |= proof.changes
    conditions = {"status": UserStatus.ACTIVE.value, **(when or {})}
    conditions |= {"sessionsValidAfter": user.sessions_valid_after}
    conditions |= proof.rests_on if proof else {}
    noting = Update(USERS, (user.id,), set=changes, remove=CLEARED_AWAY, when=Equals(**conditions))
    action = Action.ADMIN_LOGIN if user.is_staff else Action.USER_LOGIN
    entry = entered.acting_from(client).entry(action, "user", user.id, now)
    attempt = attempt_write(accounts, client, user.email, now)
    await accounts.trail.commit(
        entry,
        noting,
        session_put(entered.session),
        attempt,
        *await _new_device_email(accounts, client, user, now),
        *(proof.writes if proof else ()),
        *writes,
        otherwise=otherwise or WrongCredentials(_(_WRONG)),
    )
    return entered


async def _new_device_email(
    accounts: Accounts, client: Client, user: User, now: int
) -> list[Write]:
    """An email, if somebody who has signed in before does so from a new device."""
    if user.last_login is None or client.device in user.devices:
        return []
    values = {
        "name": user.name,
        "device": device_name(client.user_agent),
        "address": client.ip_address,
        "when": iso(now),
    }
    email = Email("new-device", user.email, user.id, values=values)
    return [await outgoing(accounts.vault, email, now)]


async def _refuse(accounts: Accounts, client: Client, user: User, guess: CountedAttempt) -> None:
    """Tell somebody who knows the password that the account is closed. Raises Closed.

    An unconfirmed account gets the same answer as a missing one: otherwise anyone could find out by
    registering an address whether it has an account.
    """
    await forget_attempt(accounts, guess)
    reason = f"account {user.status.value}"
    await note_failure(accounts, client, user, user.email, reason, None)
    if user.status is UserStatus.PENDING_VERIFICATION:
        await send_verification_again(accounts, client, user)
        raise WrongCredentials(_(_WRONG))
    raise Closed(_(CLOSED[user.status]), user.id)
