"""Setting a new password: by a link sent to those who forgot theirs, or with the old one.

A reset proves that somebody reads the account's email, which is as much as confirming the address
does. It also unlocks a locked account, so that an attacker cannot lock anyone out for good.
"""

from __future__ import annotations

from ..audit.actions import Action
from ..clock import iso
from ..errors import Conflict, FieldError, Invalid, Refused
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..mail.email import Email, outgoing
from ..store.writes import Put
from .accounts import RESET_LASTS, Accounts, Client
from .login_attempt import attempted_email
from .login_throttle import cleared
from .proof import prove_password
from .records import MARKET_ID, find_user, find_user_by_email
from .registration import TERMS, may_write_to
from .reset_links import is_link_secret, password_link, password_link_fields
from .secrets import new_secret, read_ticket
from .sessions import Entered, SignedIn, renewal
from .terms import with_answer
from .user import User, UserStatus
from .user_changes import NO_LINKS, UserChange

_USED = mark("This link has been used, has expired, or was replaced by a newer one.")


async def ask_for_reset(accounts: Accounts, client: Client, email: str) -> None:
    """Send a link for a new password if the address has an account. Never reveals whether it has."""
    typed = attempted_email(email)
    user = await find_user_by_email(accounts.store, typed)
    if not await may_write_to(accounts, "reset", typed):
        return
    if user is None or user.id == MARKET_ID or user.status is UserStatus.BANNED:
        return
    actor = client.visitor()
    try:
        secret = new_secret()
        now = accounts.now()
        asked = password_link_fields(secret, user.email, now, lasts=RESET_LASTS)
        change = UserChange.of(user, now, **asked)
        entry = actor.entry(
            Action.PASSWORD_RESET_REQUESTED,
            "user",
            user.id,
            accounts.now(),
            changes=change.for_audit(),
        )
        values = {"name": user.name, "link": password_link(accounts.links, user, secret)}
        notification = Email("reset-password", user.email, user.id, values=values)
        sent = await outgoing(accounts.vault, notification, accounts.now())
        await accounts.trail.commit(entry, change.write(), sent)
    except Conflict:
        return  # the account has just been changed; they can ask again in a minute


async def reset_password(accounts: Accounts, client: Client, token: str, password: str) -> None:
    """Set a new password by the link that was sent. Every session ends, and a lock is lifted.

    Raises Invalid for a link that was used or replaced or has expired, and for a weak password.
    """
    id, secret = read_ticket(token)
    user = await find_user(accounts.store, id) if id else None
    now = accounts.now()
    if user is None or not is_link_secret(user, secret, now):
        raise Invalid([FieldError("token", _(_USED))])
    await _demand_strong(accounts, user, password, field="password")
    kept = await accounts.passwords.hashed(password)
    is_new = user.status is UserStatus.PENDING_VERIFICATION
    # Who was invited agrees to the terms by choosing a password, as the page says.
    is_invited = is_new and not any(one.to == TERMS for one in user.consents)
    version = accounts.rules.terms_version
    agreed = with_answer(user, version, iso(now), agreed=True) if is_invited else {}
    change = UserChange.of(
        user,
        now,
        ends_sessions=True,
        password=kept,
        email_verified=True,
        **agreed,
        status=UserStatus.ACTIVE if is_new else user.status,
        **NO_LINKS,
    )
    actor = client.acting_as(user.id, user.email, "none")
    entry = actor.entry(Action.PASSWORD_RESET, "user", user.id, now, changes=change.for_audit())
    used = cleared(change.write(passwordResetToken=user.password_reset_token))
    otherwise = Invalid([FieldError("token", _(_USED))])
    await accounts.trail.commit(
        entry, used, await _password_changed_email(accounts, user), otherwise=otherwise
    )


async def change_password(
    accounts: Accounts, somebody: SignedIn, client: Client, old: str, new: str
) -> Entered:
    """Set a new password, given the old one. Other sessions end, and the current one is replaced.

    Raises Invalid if the old one is wrong or the new one is weak.
    """
    user = somebody.user
    await prove_password(accounts, somebody, client, old)
    await _demand_strong(accounts, user, new, field="newPassword")
    now = accounts.now()
    kept = await accounts.passwords.hashed(new)
    change = UserChange.of(user, now, ends_sessions=True, password=kept, **NO_LINKS)
    renewed = renewal(somebody, change.new, client, now, accounts.rules)
    entry = somebody.acting_from(client).entry(
        Action.PASSWORD_CHANGED, "user", user.id, now, changes=change.for_audit()
    )
    await accounts.trail.commit(
        entry,
        change.write(),
        *renewed.writes,
        await _password_changed_email(accounts, user),
        otherwise=Refused(_("The account has just been changed; please try again.")),
    )
    return renewed.entered


async def _demand_strong(accounts: Accounts, user: User, password: str, *, field: str) -> None:
    errors = await accounts.passwords.errors(
        password,
        names=[user.name, user.trade_name or ""],
        email=user.email,
        market=accounts.rules.market_name,
        field=field,
    )
    if errors:
        raise Invalid(errors)


async def _password_changed_email(accounts: Accounts, user: User) -> Put:
    now = accounts.now()
    values = {"name": user.name, "when": iso(now)}
    notification = Email("password-changed", user.email, user.id, values=values)
    return await outgoing(accounts.vault, notification, now)
