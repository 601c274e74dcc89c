"""Staff endpoints: users, sessions, the audit trail and the sign-in log."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, delete, get, put
from litestar.params import FromPath, JSONBody, QueryParameter
from pydantic import Field

from ...accounts.permissions import MATRIX, may_manage
from ...accounts.records import (
    attempts_for,
    attempts_from,
    find_user,
    find_users,
    sessions_of,
    users_by_email,
)
from ...accounts.sessions import end_all_sessions, end_session, is_live, live_session
from ...accounts.staff import deny, set_role, set_status
from ...accounts.user import AdminPermission, User, UserRole, UserStatus
from ...accounts.visible_fields import seen_by_staff, seen_session
from ...audit.actions import Action
from ...audit.records import (
    AuditPage,
    entries_by_action,
    entries_by_resource,
    entries_by_user,
)
from ...clock import DAY, from_iso, iso
from ...composition import Market
from ...errors import FieldError, Invalid, NotFound
from ...i18n.texts import gettext as _
from ...wire import Model, Text
from ..dependencies import CurrentMarket
from ..security.access import CurrentClient, CurrentStaff
from ..statuses import also
from .answers.accounts import (
    AuditLogPage,
    AuthSession,
    AuthSessionPage,
    LoginAttemptPage,
    PermissionsOfRoles,
    UserForStaff,
    UserPage,
)
from .listings import json
from .paging import FromAfter, FromLimit

_PRIVATE = {"Cache-Control": "no-store"}
Asked = Annotated[str | None, QueryParameter(max_length=1000)]


class NewStatus(Model):
    """Whether an account may be used, and why."""

    status: UserStatus
    """The new status."""
    reason: Text
    """Why, for the audit trail."""


class NewRole(Model):
    """A role, and permissions beyond it."""

    role: UserRole
    """The new role."""
    permissions: Annotated[tuple[AdminPermission, ...], Field(max_length=6)] = ()
    """Permissions beyond those of the role."""


# -- Users -------------------------------------------------------------------------------------


@get(
    "/admin/users",
    summary="Find accounts",
    operation_id="listUsers",
    answers=UserPage,
)
async def list_users(
    market: CurrentMarket,
    user_manager: CurrentStaff,
    email: Asked = None,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """Find a user by email. Without an email, list the newest accounts."""
    if email is not None:
        page = await users_by_email(market.store, email, limit=limit, after=after)
        users, following = page.users, page.next
    else:
        made = await entries_by_action(market.store, Action.USER_CREATED, limit=limit, after=after)
        ids = [entry.resource_id or "" for entry in made.entries]
        users, following = await find_users(market.store, ids), made.next
    return json(
        {"results": [seen_by_staff(user) for user in users], "next": following}, headers=_PRIVATE
    )


@get(
    "/admin/users/{user_id:str}",
    summary="Read an account",
    operation_id="getUser",
    answers=UserForStaff,
)
async def show_user(
    user_id: FromPath[str], market: CurrentMarket, user_manager: CurrentStaff
) -> Response[bytes]:
    """With their status, role and permissions; never a secret."""
    user = await _user(market, user_id)
    return json(seen_by_staff(user), headers=_PRIVATE)


@put(
    "/admin/users/{user_id:str}/status",
    summary="Suspend, ban or reinstate an account",
    operation_id="setUserStatus",
    answers=UserForStaff,
)
async def change_status(
    user_id: FromPath[str],
    data: JSONBody[NewStatus],
    market: CurrentMarket,
    client: CurrentClient,
    user_manager: CurrentStaff,
) -> Response[bytes]:
    """Takes effect on the user's next request; their boats are hidden immediately."""
    user = await set_status(
        market.accounts, user_manager, client, user_id, data.status, data.reason
    )
    return json(seen_by_staff(user), headers=_PRIVATE)


@put(
    "/admin/users/{user_id:str}/role",
    summary="Change an account's role and permissions",
    operation_id="setUserRole",
    answers=UserForStaff,
)
async def change_role(
    user_id: FromPath[str],
    data: JSONBody[NewRole],
    market: CurrentMarket,
    client: CurrentClient,
    user_manager: CurrentStaff,
) -> Response[bytes]:
    """Only a super admin grants roles. Anyone who manages users may revoke roles they hold
    themselves.
    """
    user = await set_role(
        market.accounts, user_manager, client, user_id, data.role, data.permissions
    )
    return json(seen_by_staff(user), headers=_PRIVATE)


async def _user(market: Market, user_id: str) -> User:
    user = await find_user(market.store, user_id) if 0 < len(user_id) <= 100 else None
    if user is None:
        raise NotFound("user", user_id)
    return user


# -- Sessions ----------------------------------------------------------------------------------


@get(
    "/admin/sessions",
    summary="List a user's sessions",
    responses=also(404),
    operation_id="listUserSessions",
    answers=AuthSessionPage,
)
async def list_user_sessions(
    market: CurrentMarket,
    user_manager: CurrentStaff,
    user: Asked = None,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """The sessions of the user named by `user`, the latest activity first."""
    whose = await _asked_user(market, user)
    page = await sessions_of(market.store, whose.id, limit=limit, after=after)
    now, rules = market.clock(), market.accounts.rules
    shown = [seen_session(one) for one in page.sessions if is_live(one, whose, now, rules)]
    return json({"results": shown, "next": page.next}, headers=_PRIVATE)


@delete(
    "/admin/sessions",
    summary="End all sessions of a user",
    responses=also(404),
    operation_id="endUserSessions",
)
async def end_user_sessions(
    market: CurrentMarket, client: CurrentClient, user_manager: CurrentStaff, user: Asked = None
) -> None:
    """Signs the user named by `user` out everywhere."""
    whose = await _asked_user(market, user)
    actor = user_manager.acting_from(client)
    if not may_manage(user_manager.user, whose):
        await deny(market.accounts, actor, "session", "all", userId=whose.id)
    await end_all_sessions(market.accounts, actor, whose)


@get(
    "/admin/sessions/{session_id:str}",
    summary="Read one session of a user",
    operation_id="getUserSession",
    answers=AuthSession,
)
async def show_user_session(
    session_id: FromPath[str],
    market: CurrentMarket,
    user_manager: CurrentStaff,
    user: Asked = None,
) -> Response[bytes]:
    """One of the live sessions of the user named by `user`."""
    whose = await _asked_user(market, user)
    found = await live_session(market.accounts, whose, session_id)
    return json(seen_session(found), headers=_PRIVATE)


@delete(
    "/admin/sessions/{session_id:str}",
    summary="End one session of a user",
    operation_id="endUserSession",
)
async def end_user_session(
    session_id: FromPath[str],
    market: CurrentMarket,
    client: CurrentClient,
    user_manager: CurrentStaff,
    user: Asked = None,
) -> None:
    """Signs the user named by `user` out on one device."""
    whose = await _asked_user(market, user)
    actor = user_manager.acting_from(client)
    if not may_manage(user_manager.user, whose):
        await deny(market.accounts, actor, "session", session_id[:200], userId=whose.id)
    await end_session(market.accounts, actor, whose, session_id)


async def _asked_user(market: Market, user_id: str | None) -> User:
    if user_id is None:
        raise Invalid([FieldError("user", _("says whose sessions are meant, by id"))])
    return await _user(market, user_id)


# -- What was done -----------------------------------------------------------------------------


@get(
    "/admin/audit-logs",
    summary="Read the audit trail",
    operation_id="listAuditLogs",
    answers=AuditLogPage,
)
async def list_entries(
    market: CurrentMarket,
    auditor: CurrentStaff,
    user: Asked = None,
    action: Asked = None,
    resource: Asked = None,
    since: Asked = None,
    until: Asked = None,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """Filter by user (an id), action or resource (a kind), optionally between two moments."""
    bounds: dict[str, Any] = {
        "since": _moment("since", since),
        "until": _moment("until", until),
        "limit": limit,
        "after": after,
    }
    given = {"user": user, "action": action, "resource": resource}
    page = await _entries(market, {n: v for n, v in given.items() if v is not None}, bounds)
    shown = [entry.to_wire() for entry in page.entries]
    return json({"results": shown, "next": page.next}, headers=_PRIVATE)


async def _entries(market: Market, asked: dict[str, str], bounds: dict[str, Any]) -> AuditPage:
    match asked:
        case {"user": user} if len(asked) == 1:
            return await entries_by_user(market.store, user, **bounds)
        case {"action": action} if len(asked) == 1:
            if action not in Action.__members__:
                raise Invalid([FieldError("action", _("is none that is recorded"))])
            return await entries_by_action(market.store, Action(action), **bounds)
        case {"resource": resource} if len(asked) == 1:
            return await entries_by_resource(market.store, resource, **bounds)
    raise Invalid([FieldError("user", _("or action or resource must be given, one of them alone"))])


@get(
    "/admin/login-attempts",
    summary="List sign-in attempts",
    operation_id="listLoginAttempts",
    answers=LoginAttemptPage,
)
async def list_attempts(
    market: CurrentMarket,
    auditor: CurrentStaff,
    email: Asked = None,
    ip: Asked = None,
    since: Asked = None,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """By email (in the last day, or since a moment), or by IP address."""
    if (email is None) == (ip is None):
        raise Invalid([FieldError("email", _("or ip must be given, one of them alone"))])
    if email is not None:
        begin = _moment("since", since)
        begin = market.clock() // DAY * DAY - DAY if begin is None else begin
        page = await attempts_for(market.store, email, since=begin, limit=limit, after=after)
    else:
        page = await attempts_from(market.store, ip or "", limit=limit, after=after)
    shown = [attempt.to_wire() for attempt in page.attempts]
    return json({"results": shown, "next": page.next}, headers=_PRIVATE)


def _moment(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = from_iso(text)
        iso(moment)
        return moment
    except (ValueError, OverflowError):
        raise Invalid(
            [FieldError(name, _("must be an ISO 8601 time with its time zone"))]
        ) from None


@get(
    "/admin/permissions",
    summary="List the permissions of each role",
    operation_id="listRolePermissions",
    answers=PermissionsOfRoles,
)
async def show_matrix(user_manager: CurrentStaff) -> Response[bytes]:
    """What each role may do without further permissions."""
    return json({role.value: sorted(granted) for role, granted in MATRIX.items()})
