"""The second factor: authenticator codes (TOTP, RFC 6238), and ten recovery codes.

A code is valid for its step of 30 seconds and one step either side, and is accepted once. That no
later code was accepted before proves it, unless the clock was ahead then: so each accepted code is
also noted by its step, for longer than a clock is likely to be wrong unnoticed. Staff must have a
second factor, or a passkey, before any permission counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pyotp
import segno

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import DAY_SECONDS
from ..errors import FieldError, Invalid, Refused
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..store.schema import CLAIMS, PASSING, USERS
from ..store.writes import Absent, Delete, Equals, Put, Update, Write
from .accounts import Accounts, Client
from .login_throttle import WRONG_CODE
from .proof import Proved, confirm, demand_proof, judge_guess
from .records import passkey_claim
from .secrets import hash_of, is_same
from .security_emails import security_email
from .sessions import Entered, SignedIn, renewal
from .user import User
from .user_changes import UserChange, user_to_change

STEP_SECONDS = 30
CODE_NOTED_SECONDS = 8 * DAY_SECONDS
"""How long an accepted code is noted, from its own step on."""
DIGITS = 6
RECOVERY_CODES = 10
_CHARACTERS_OF_A_CODE = 24
"""Of thirty: 117 bits, too many to guess even from a hash that is fast to compute (ASVS 6.5.2)."""
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CHANGED = mark("The account has just been changed; please try again.")


@dataclass(frozen=True, slots=True)
class SecondFactorProof:
    """What a correct code changes on its user, and which conditions must still hold."""

    changes: Mapping[str, Any]
    rests_on: Mapping[str, Any]
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret for an authenticator: as text, as a URI, and as a picture (SVG)."""

    secret: str = field(repr=False)
    address: str = field(repr=False)

    @property
    def picture(self) -> str:
        """The URI as a QR code."""
        code = segno.make_qr(self.address, error="m")
        return code.svg_inline(scale=5, border=2, svgclass="qr", lineclass=None, omitsize=False)


@dataclass(frozen=True, slots=True)
class Enabled:
    """The second factor is now on. The codes are returned only this once."""

    entered: Entered
    recovery_codes: tuple[str, ...] = field(repr=False)


def bound_to(user_id: str) -> str:
    """The context to which a user's sealed secret is bound."""
    return f"mfaSecret of {user_id}"


async def offer_second_factor(
    accounts: Accounts, somebody: SignedIn, client: Client, password: str | None, market_name: str
) -> Enrolment:
    """A new secret, which takes effect once a code made with it has been entered.

    Requires a proof: with a session alone, a thief could lock the owner out. Raises Invalid for a
    wrong password, and Refused where a second factor is on already.
    """
    user = somebody.user
    if user.mfa_enabled:
        raise Refused(_("the second factor is on already; turn it off first"))
    await demand_proof(accounts, somebody, client, password)
    secret = pyotp.random_base32()
    sealed = await accounts.vault.seal(secret, bound_to=bound_to(user.id))
    change = UserChange.of(user, accounts.now(), mfa_secret=sealed)
    actor = somebody.acting_from(client)
    entry = actor.entry(
        Action.USER_UPDATED, "user", user.id, accounts.now(), changes=change.for_audit()
    )
    await accounts.trail.commit(entry, change.write(), otherwise=Refused(_(_CHANGED)))
    return Enrolment(secret, _address(secret, user.email, market_name))


async def current_enrolment(accounts: Accounts, user: User, market_name: str) -> Enrolment:
    """The latest secret offered, again. Raises Refused if there is none."""
    if user.mfa_secret is None or user.mfa_enabled:
        raise Refused(_("no second factor is being set up"))
    secret = await accounts.vault.open(user.mfa_secret, bound_to=bound_to(user.id))
    return Enrolment(secret, _address(secret, user.email, market_name))


def _address(secret: str, email: str, market_name: str) -> str:
    label = f"{quote(market_name)}:{quote(email)}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(market_name)}"


async def enable_second_factor(
    accounts: Accounts, somebody: SignedIn, client: Client, code: str
) -> Enabled:
    """Turn the second factor on, with a code made with the secret that was offered.

    Every session ends; the current one is replaced. Raises Invalid for a wrong code.
    """
    user, now = somebody.user, accounts.now()
    if user.mfa_enabled:
        raise Refused(_("the second factor is on already"))
    step = await _step_of(accounts, user, code) if user.mfa_secret else None
    if step is None:
        raise Invalid([FieldError("code", _("is not the code that the authenticator shows now"))])
    codes, hashes = new_recovery_codes()
    change = UserChange.of(
        user, now, ends_sessions=True, mfa_enabled=True, mfa_last_step=step, recovery_codes=hashes
    )
    entered = await _with_new_session(
        accounts,
        somebody,
        client,
        change,
        Action.MFA_ENABLED,
        mark("The second factor was turned on"),
        _accepted(user, step),
    )
    return Enabled(entered, codes)


async def disable_second_factor(
    accounts: Accounts, somebody: SignedIn, client: Client, password: str | None
) -> Entered:
    """Turn the second factor off; requires the password.

    Raises Invalid for a wrong password, and Refused for staff without a passkey.
    """
    user = somebody.user
    if not user.mfa_enabled:
        raise Refused(_("the second factor is off already"))
    if user.is_staff and not user.passkeys:
        raise Refused(_("staff need a second factor"))
    await demand_proof(accounts, somebody, client, password)
    change = UserChange.of(
        user,
        accounts.now(),
        ends_sessions=True,
        mfa_enabled=False,
        mfa_secret=None,
        mfa_last_step=None,
        recovery_codes=user.recovery_codes if user.passkeys else (),
    )
    return await _with_new_session(
        accounts,
        somebody,
        client,
        change,
        Action.MFA_DISABLED,
        mark("The second factor was turned off"),
    )


async def clear_second_factor(accounts: Accounts, actor: Actor, user: User) -> User:
    """Remove every second factor from an account whose owner has lost theirs, and tell them.

    For an operator who has verified that it is the owner who asks. Every session ends.
    """
    return await accounts.trail.retrying(lambda: _clear(accounts, actor, user.id))


async def _clear(accounts: Accounts, actor: Actor, user_id: str) -> User:
    now, user = accounts.now(), await user_to_change(accounts.store, user_id)
    change = UserChange.of(
        user,
        now,
        ends_sessions=True,
        mfa_enabled=False,
        mfa_secret=None,
        mfa_last_step=None,
        recovery_codes=(),
        passkeys=(),
    )
    entry = actor.entry(Action.MFA_DISABLED, "user", user.id, now, changes=change.for_audit())
    claims = [Delete(CLAIMS, (passkey_claim(key.id),)) for key in user.passkeys]
    email = await security_email(accounts, user, _("Our staff removed your second factors"))
    await accounts.trail.commit(entry, change.write(), *claims, email)
    return change.new


async def _with_new_session(
    accounts: Accounts,
    somebody: SignedIn,
    client: Client,
    change: UserChange,
    action: Action,
    what: str,
    *others: Write,
) -> Entered:
    now = accounts.now()
    renewed = renewal(somebody, change.new, client, now, accounts.rules)
    entry = somebody.acting_from(client).entry(
        action, "user", change.new.id, now, changes=change.for_audit()
    )
    email = await security_email(accounts, change.new, _(what))
    await accounts.trail.commit(
        entry, change.write(), *renewed.writes, email, *others, otherwise=Refused(_(_CHANGED))
    )
    return renewed.entered


# -- Codes -------------------------------------------------------------------------------------


async def proof_of(accounts: Accounts, user: User, code: str) -> SecondFactorProof | None:
    """What a code of either kind proves; None for a wrong one."""
    step = await _step_of(accounts, user, code) if user.mfa_enabled else None
    if step is not None:
        rests_on = {"mfaLastStep": user.mfa_last_step}
        return SecondFactorProof({"mfaLastStep": step}, rests_on, (_accepted(user, step),))
    given = hash_of(_plain(code))
    left = [kept for kept in user.recovery_codes if not is_same(given, kept)]
    if len(left) == len(user.recovery_codes):
        return None
    return SecondFactorProof({"recoveryCodes": left}, {"recoveryCodes": [*user.recovery_codes]})


async def confirm_by_code(
    accounts: Accounts, somebody: SignedIn, client: Client, code: str
) -> Proved:
    """Prove by a code of either kind who one is. Raises Invalid."""
    proof: list[SecondFactorProof] = []

    async def is_right() -> bool:
        found = await proof_of(accounts, somebody.user, code)
        proof.extend([found] if found else [])
        return found is not None

    await judge_guess(accounts, somebody, client, is_right, "code", WRONG_CODE)
    used = Update(
        USERS, (somebody.user.id,), set=dict(proof[0].changes), when=Equals(**proof[0].rests_on)
    )
    return await confirm(accounts, somebody, client, "code", used, *proof[0].writes)


async def _step_of(accounts: Accounts, user: User, code: str) -> int | None:
    """The time step of this code, unless it or a later one was accepted before.

    A step that is still to come was accepted under a clock that was ahead: it refuses nothing but
    itself, or its owner could not sign in until then.
    """
    digits = code.replace(" ", "").strip()
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit() and user.mfa_secret):
        return None
    secret = await accounts.vault.open(user.mfa_secret, bound_to=bound_to(user.id))
    totp = pyotp.TOTP(secret)
    now = accounts.now() // 1000 // STEP_SECONDS
    found = None
    for step in (now - 1, now, now + 1):
        # All are compared, so that the time taken does not reveal which one matched.
        if is_same(totp.generate_otp(step), digits):
            found = step
    last = -1 if user.mfa_last_step is None else user.mfa_last_step
    if found is None or found <= last <= now + 1:
        return None
    return None if await accounts.store.get(PASSING, _code_name(user, found)) else found


def _accepted(user: User, step: int) -> Put:
    """The note that a code was accepted; it can be written once."""
    item = {"name": _code_name(user, step), "ttl": step * STEP_SECONDS + CODE_NOTED_SECONDS}
    return Put(PASSING, item, when=Absent())


def _code_name(user: User, step: int) -> str:
    return f"code:{user.id}:{step}"


def new_recovery_codes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ten recovery codes, and the hashes that are kept of them."""
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    return codes, tuple(hash_of(_plain(code)) for code in codes)


def _recovery_code() -> str:
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS_OF_A_CODE))
    return "-".join(characters[start : start + 4] for start in range(0, len(characters), 4))


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").strip().upper()
