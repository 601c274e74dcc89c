"""Roles, permissions and status: changed by those who may, never beyond their own.

What is taken away is gone with the next request; what is granted ends the sessions that began
without it. An attempt to exceed one's permissions is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import uuid4

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import iso
from ..errors import Forbidden, NotFound, Refused
from ..i18n.texts import gettext as _
from ..text import clean_line
from .accounts import INVITATION_LASTS, Accounts, Client
from .permissions import granted_to, may_grant, may_manage
from .records import MARKET_ID, add_user, find_user, find_user_by_email
from .reset_links import password_link, password_link_fields
from .secrets import new_secret
from .sessions import SignedIn
from .user import AdminPermission, User, UserRole, UserStatus
from .user_changes import NO_LINKS, UserChange, user_to_change


async def set_role(
    accounts: Accounts,
    by: SignedIn,
    client: Client,
    user_id: str,
    role: UserRole,
    permissions: Collection[AdminPermission],
) -> User:
    """Give a user a role and additional permissions. Their sessions end.

    Only a super admin grants; those who manage users may take away permissions that they have
    themselves. Raises NotFound, and Forbidden, which is recorded.
    """
    whom, actor = await _user(accounts, user_id), by.acting_from(client)

    def may_set(user: User) -> bool:
        wanted = user.changed(role=role, permissions=tuple(permissions))
        is_less = granted_to(wanted) < granted_to(user) and not wanted.is_staff
        return may_manage(by.user, user) and (may_grant(by.user) or is_less)

    if not may_set(whom):
        attempted: dict[str, Any] = {"role": role.value, "permissions": [*map(str, permissions)]}
        await deny(accounts, actor, "user", user_id, **attempted)
    return await assign_role(accounts, actor, whom, role, permissions, may_set=may_set)


async def assign_role(
    accounts: Accounts,
    actor: Actor,
    whom: User,
    role: UserRole,
    permissions: Collection[AdminPermission],
    *,
    may_set: Callable[[User], bool] = lambda user: True,
) -> User:
    """Set a user's role and permissions, for any actor. The user's sessions end.

    Raises Forbidden where `may_set` returns False for the user's current state.
    """

    def given(user: User) -> dict[str, Any]:
        if not may_set(user):
            raise Forbidden(_("you may not do this"))
        return {"role": role, "permissions": tuple(sorted(set(permissions)))}

    before = granted_to(whom)
    after = granted_to(whom.changed(role=role, permissions=tuple(permissions)))
    action = Action.PERMISSION_GRANTED if after - before else Action.PERMISSION_REVOKED
    return await _change(accounts, actor, whom, action, given)


async def set_status(
    accounts: Accounts,
    by: SignedIn,
    client: Client,
    user_id: str,
    status: UserStatus,
    reason: str,
) -> User:
    """Suspend, ban, or reinstate a user, and thereby their boats, from the next request on.

    Raises NotFound, Refused for a status that cannot be set, and Forbidden, which is recorded.
    """
    whom = await _user(accounts, user_id)
    if not may_manage(by.user, whom):
        await deny(accounts, by.acting_from(client), "user", user_id, status=status.value)
    if status is UserStatus.PENDING_VERIFICATION:
        raise Refused(_("accounts await verification by themselves; this status cannot be set"))
    actor = by.acting_from(client)

    def given(user: User) -> dict[str, Any]:
        if not may_manage(by.user, user):
            raise Forbidden(_("you may not do this"))
        if status is UserStatus.ACTIVE and not user.email_verified:
            raise Refused(_("this person has not confirmed their address, and cannot be let in"))
        return {"status": status, **({} if status is UserStatus.ACTIVE else NO_LINKS)}

    return await _change(accounts, actor, whom, Action.USER_STATUS_CHANGED, given, reason=reason)


async def deny(
    accounts: Accounts, actor: Actor, resource: str, resource_id: str, **attempted: Any
) -> None:
    """Record an attempt to do something forbidden. Raises Forbidden."""
    entry = actor.entry(
        Action.ADMIN_ACCESS_DENIED,
        resource,
        clean_line(resource_id)[:200] or "?",
        accounts.now(),
        **attempted,
    )
    await accounts.trail.commit(entry)
    raise Forbidden(_("you may not do this"))


async def _change(
    accounts: Accounts,
    actor: Actor,
    whom: User,
    action: Action,
    changes: Callable[[User], dict[str, Any]],
    **details: Any,
) -> User:
    async def change_user() -> User:
        user = await user_to_change(accounts.store, whom.id)
        change = UserChange.of(user, accounts.now(), ends_sessions=True, **changes(user))
        entry = actor.entry(
            action, "user", user.id, accounts.now(), changes=change.for_audit(), **details
        )
        await accounts.trail.commit(entry, change.write())
        return change.new

    return await accounts.trail.retrying(change_user)


async def _user(accounts: Accounts, user_id: str) -> User:
    user = await find_user(accounts.store, user_id) if 0 < len(user_id) <= 100 else None
    if user is None:
        raise NotFound("user", user_id)
    if user.id == MARKET_ID:
        raise Refused(_("the market's own account cannot be changed"))
    if user.is_being_erased:
        raise Refused(_("this account is being erased; it cannot be changed any more"))
    return user


# -- From the command line ---------------------------------------------------------------------


async def add_staff(
    accounts: Accounts, actor: Actor, email: str, name: str, role: UserRole
) -> tuple[User, str]:
    """A new member of staff, and the link for choosing their password, valid for three days.

    Raises Invalid for an address that is invalid or taken.
    """
    now, secret = accounts.now(), new_secret()
    user = User.parse(
        {
            "id": str(uuid4()),
            "email": email,
            "name": name,
            "role": role.value,
            "createdAt": iso(now),
            "updatedAt": iso(now),
        }
    )
    asked = password_link_fields(secret, user.email, now, lasts=INVITATION_LASTS)
    user = user.changed(**asked)
    await add_user(accounts.trail, actor, user)
    return user, password_link(accounts.links, user, secret)


async def account_by_email(accounts: Accounts, email: str) -> User:
    """The account of an address. Raises NotFound."""
    user = await find_user_by_email(accounts.store, email)
    if user is None or user.id == MARKET_ID:
        raise NotFound("account with the address", email)
    return user
