"""Registration, and confirming an email address.

Registering never reveals whether the address already has an account: the answer is the same, and
the rest is sent by email.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from ..audit.actions import Action
from ..audit.operational import Operational
from ..clock import from_iso, is_yet_to_come, iso
from ..errors import Conflict, FieldError, Invalid
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..mail.email import Email, outgoing
from ..mail.failures import masked_address
from ..store.schema import PASSING
from ..store.writes import Absent, Equals, Put, Update, Write
from .accounts import LETTERS_WITHIN, VERIFICATION_LASTS, Accounts, Client
from .email_claims import claiming, releasing
from .names import name_errors
from .records import MARKET_ID, add_user, find_user, find_user_by_email
from .reset_links import password_link, password_link_fields
from .secrets import hash_of, is_same, new_secret, read_ticket, ticket
from .user import User, UserStatus
from .user_changes import UserChange

TERMS = "terms"
NEWS = "news"
CONSENTS = (TERMS, NEWS)
"""What a person may agree to. Registering requires agreement to the terms."""

_USED = mark("This link has been used, has expired, or was replaced by a newer one.")


@dataclass(frozen=True, slots=True)
class Registration:
    """The data of somebody who wants an account."""

    email: str
    name: str
    password: str = field(repr=False)
    terms: bool = False
    news: bool = False


async def register(accounts: Accounts, client: Client, registration: Registration) -> None:
    """Create an account, which becomes active once its address is confirmed by the link sent.

    For an address with an account nothing is created, and its owner gets an email. Raises Invalid with
    every broken rule at once, none of which reveals other accounts.
    """
    now = iso(accounts.now())
    id, secret = str(uuid4()), new_secret()
    errors = [] if registration.terms else [FieldError("terms", _("must be agreed to"))]
    errors += name_errors(registration.name, market=accounts.rules.market_name, field="name")
    agreed = (TERMS, NEWS) if registration.news else (TERMS,)
    version = accounts.rules.terms_version
    try:
        user = User.parse(
            {
                "id": id,
                "email": registration.email,
                "name": registration.name,
                "consents": [{"to": to, "version": version, "at": now} for to in agreed],
                "createdAt": now,
                "updatedAt": now,
            }
        )
    except Invalid as invalid:
        weak = await _weak(accounts, registration)
        raise Invalid(_once([*invalid.errors, *weak, *errors])) from None
    errors += await _weak(accounts, registration)
    if errors:
        raise Invalid(errors)
    kept = await accounts.passwords.hashed(registration.password)
    user = user.changed(password=kept, **verification_fields(secret, user.email, accounts.now()))
    if not await may_write_to(accounts, "registration", user.email):
        return
    if known := await find_user_by_email(accounts.store, user.email):
        await _register_again(accounts, client, known, user, secret)
        return
    actor = client.acting_as(user.id, user.email, "none")
    try:
        await add_user(accounts.trail, actor, user, await verification(accounts, user, secret))
    except Invalid:
        return  # somebody has just registered the same address, and an email was sent to it


async def _weak(accounts: Accounts, registration: Registration) -> list[FieldError]:
    return await accounts.passwords.errors(
        registration.password,
        names=[registration.name],
        email=registration.email,
        market=accounts.rules.market_name,
        field="password",
    )


def _once(errors: list[FieldError]) -> list[FieldError]:
    """The first error of each field: a name that is too short needs no second reason."""
    return list({error.field: error for error in reversed(errors)}.values())[::-1]


def verification_fields(secret: str, address: str, now: int) -> dict[str, Any]:
    """The fields that a user keeps about the link that was sent to an address."""
    return {
        "email_verification_token": _token(secret, address),
        "email_verification_expires": iso(now + VERIFICATION_LASTS),
    }


def _token(secret: str, address: str) -> str:
    # Bound to the address: a link counts only for the address it was sent to.
    return hash_of(f"{secret} {address}")


async def verification(accounts: Accounts, user: User, secret: str) -> Put:
    """The email with the link that confirms an address.

    It does not contain the name given: otherwise strangers could have us send their words to others.
    """
    address = user.pending_email or user.email
    link = accounts.links.email_confirmation(ticket(user.id, secret))
    email = Email("verify-email", address, user.id, values={"link": link})
    return await outgoing(accounts.vault, email, accounts.now())


async def _register_again(
    accounts: Accounts, client: Client, known: User, wanted: User, secret: str
) -> None:
    """Registration of an address that already has an account: only its owner is told, by email.

    Anybody may have opened an account that was never confirmed. Once it has been opened twice, neither
    password counts: the person who reads the email chooses one.
    """
    if known.id == MARKET_ID or (known.is_staff and not known.email_verified):
        return  # the market's own address; or it was invited, and has its own link
    now = accounts.now()
    if known.status is UserStatus.PENDING_VERIFICATION and not known.email_verified:
        change = after_second_registration(known, wanted, secret, now)
        link = {"link": password_link(accounts.links, known, secret)}
        email = Email("choose-password", known.email, known.id, values=link)
        details: dict[str, Any] = {"changes": change.for_audit()}
        writes: list[Write] = [change.write()]
    else:
        email = Email("already-registered", known.email, known.id, values={"name": known.name})
        details, writes = {"registeredAgain": True}, []
    entry = client.visitor().entry(Action.USER_UPDATED, "user", known.id, now, **details)
    try:
        await accounts.trail.commit(entry, *writes, await outgoing(accounts.vault, email, now))
    except Conflict:
        return  # the account has just been changed: its owner is using it


def after_second_registration(known: User, wanted: User, secret: str, now: int) -> UserChange:
    """The change to an unconfirmed account that is opened a second time."""
    return UserChange.of(
        known,
        now,
        name=wanted.name,
        consents=wanted.consents,
        password=None,
        email_verification_token=None,
        email_verification_expires=None,
        **password_link_fields(secret, known.email, now, lasts=VERIFICATION_LASTS),
    )


async def send_verification_again(accounts: Accounts, client: Client, user: User) -> None:
    """Send a new link to the address that is still to be confirmed; the older link is void."""
    address = user.pending_email or user.email
    if not await may_write_to(accounts, "verification", address):
        return
    secret, now = new_secret(), accounts.now()
    change = UserChange.of(user, now, **verification_fields(secret, address, now))
    entry = client.acting_as(user.id, user.email, "none").entry(
        Action.USER_UPDATED, "user", user.id, now, changes=change.for_audit()
    )
    try:
        await accounts.trail.commit(
            entry, change.write(), await verification(accounts, user, secret)
        )
    except Conflict:
        return  # the account has just been changed; the user can ask again


async def may_write_to(accounts: Accounts, kind: str, whom: str) -> bool:
    """May another email of a kind that strangers can trigger be sent to somebody? If so, count it."""
    for most, within in LETTERS_WITHIN:
        if not await _is_among(accounts, f"letters:{kind}:{within}:{hash_of(whom)}", most, within):
            return False
    return True


async def _is_among(accounts: Accounts, name: str, most: int, within: int) -> bool:
    """Count one more under a name, unless there were `most` within a time since the first."""

    async def count() -> bool:
        counted, now = await accounts.store.get(PASSING, name), accounts.now()
        if counted is None or not is_yet_to_come(counted["ttl"] * 1000, now, lasts=within):
            # None was sent lately; or under a clock that was ahead, which must hold back nothing.
            first = {"name": name, "count": 1, "ttl": (now + within) // 1000}
            when = Equals(count=counted["count"], ttl=counted["ttl"]) if counted else Absent()
            write: Write = Put(PASSING, first, when=when)
        elif counted["count"] >= most:
            return False
        else:
            more = {"count": counted["count"] + 1}
            same = Equals(count=counted["count"])
            write = Update(PASSING, (name,), set=more, when=same)
        await accounts.trail.commit_operational(Operational.LETTER_PACE, write)
        return True

    return await accounts.trail.retrying(count)


async def verify_email(accounts: Accounts, client: Client, token: str) -> User:
    """Confirm the address that a link was sent to; returns the changed user.

    Raises Invalid for a link that was used or replaced or has expired.
    """
    id, secret = read_ticket(token)
    user = await find_user(accounts.store, id) if id else None
    if user is None or not _is_asked_of(user, secret, accounts.now()):
        raise Invalid([FieldError("token", _(_USED))])
    return await _confirm(accounts, client, user)


def _is_asked_of(user: User, secret: str, now: int) -> bool:
    kept, expires = user.email_verification_token, user.email_verification_expires
    if kept is None or expires is None:
        return False
    if not is_yet_to_come(from_iso(expires), now, lasts=VERIFICATION_LASTS):
        return False
    return is_same(_token(secret, user.pending_email or user.email), kept)


async def _confirm(accounts: Accounts, client: Client, user: User) -> User:
    now = accounts.now()
    moved_to = user.pending_email
    is_new = user.status is UserStatus.PENDING_VERIFICATION
    change = UserChange.of(
        user,
        now,
        email=moved_to or user.email,
        pending_email=None,
        email_verified=True,
        status=UserStatus.ACTIVE if is_new else user.status,
        email_verification_token=None,
        email_verification_expires=None,
        email_refusals=0,
        email_bounced_at=None,
        email_bounce_reason=None,
    )
    action = Action.EMAIL_CHANGED if moved_to else Action.EMAIL_VERIFIED
    actor = client.acting_as(user.id, user.email, "none")
    entry = actor.entry(action, "user", user.id, now, changes=change.for_audit())
    used = change.write(
        emailVerificationToken=user.email_verification_token,
        otherwise=Invalid([FieldError("token", _(_USED))]),
    )
    moving = await _moving(accounts, user, moved_to) if moved_to else []
    taken = Invalid([FieldError("email", _("now belongs to another account"))])
    await accounts.trail.commit(entry, used, *moving, otherwise=taken)
    return change.new


async def _moving(accounts: Accounts, user: User, to: str) -> list[Write]:
    """The claim moves from the old address to the new one, and the old address is notified."""
    told = Email(
        "email-changed",
        user.email,
        user.id,
        values={"name": user.name, "address": masked_address(to)},
    )
    return [
        *await claiming(accounts.store, to, user.id),
        *await releasing(accounts.store, user.email),
        await outgoing(accounts.vault, told, accounts.now()),
    ]
