"""Users, sessions and login attempts in the store: their items, and which index serves which query.

No rule relies on an index, since it may lag behind the commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import CLOCK_TOLERANCE, DAY_SECONDS, from_iso, iso
from ..errors import Conflict, FieldError, Invalid, Refused
from ..i18n.texts import gettext as _
from ..store.items import Item, Key
from ..store.schema import CLAIMS, LOGIN_ATTEMPTS, SESSIONS, USERS
from ..store.store import Between, Query, Store
from ..store.writes import Absent, Check, Equals, Put, Update, Write
from ..wire import checked_address
from .email_claims import claiming, owner_by_email
from .login_attempt import LoginAttempt, attempted_email
from .session import AuthSession
from .user import User, UserStatus, normalised_email

MARKET_ID = str(uuid5(NAMESPACE_URL, "marinemarket:the-market-itself"))
"""The account that owns listings imported without an owner."""

MARKET_EMAIL = "market@marinemarket.example"

IS_ACTIVE = Equals(status=UserStatus.ACTIVE.value)

BETWEEN_SIGNS_OF_LIFE = 60_000
"""The minimum time between two updates of a session's `last_activity`, in milliseconds."""


# -- Users -------------------------------------------------------------------------------------


async def find_user(store: Store, id: str) -> User | None:
    item = await store.get(USERS, id)
    return User.parse(item) if item else None


async def find_users(store: Store, ids: Sequence[str]) -> list[User]:
    """Those of up to 100 users that exist, in the order given, each once."""
    keys: list[Key] = [(id,) for id in dict.fromkeys(ids) if id]
    items = await store.get_many(USERS, keys) if keys else []
    return [User.parse(item) for item in items if item]


async def find_user_by_email(store: Store, email: str) -> User | None:
    """The user with this address, found by its claim: unlike an index, a claim never lags."""
    try:
        owner = await owner_by_email(store, normalised_email(email))
    except ValueError:
        return None
    return await find_user(store, owner) if owner else None


async def active_among(store: Store, ids: Collection[str]) -> set[str]:
    """Which of up to 100 users are active now, by a consistent read: for pages with many sellers."""
    wanted = sorted(set(ids))
    items = await store.get_many(USERS, [(id,) for id in wanted])
    return {id for id, item in zip(wanted, items, strict=True) if IS_ACTIVE.holds(item)}


def still_active(user_id: str, *, otherwise: str | None = None) -> Check:
    """The condition that an account is active, for commits that only active people may make.

    `otherwise` is the message of the Refused that is raised when it is not.
    """
    return Check(
        USERS,
        (user_id,),
        when=IS_ACTIVE,
        otherwise=Refused(otherwise or _("the account is not active")),
    )


async def is_account_active(store: Store, user_id: str) -> bool:
    """Is there such an account, and is it active?"""
    return IS_ACTIVE.holds(await store.get(USERS, user_id))


async def add_user(trail: Trail, actor: Actor, user: User, *others: Write) -> None:
    """Add an account, with other writes of the same commit. Raises Invalid if its email is taken or ours."""
    if user.email == MARKET_EMAIL and user.id != MARKET_ID:
        raise Invalid([FieldError("email", _("is the market's own"))])
    entry = actor.entry(Action.USER_CREATED, "user", user.id, trail.clock(), role=user.role.value)
    await trail.commit(
        entry,
        Put(USERS, user.to_wire(), when=Absent()),
        *await claiming(trail.store, user.email, user.id),
        *others,
        otherwise=Invalid([FieldError("email", _("already belongs to an account"))]),
    )


async def market_account(trail: Trail, actor: Actor, *, name: str) -> User:
    """The market's own account, created when first needed. Nobody can sign in to it."""
    if found := await find_user(trail.store, MARKET_ID):
        return found
    now = iso(trail.clock())
    user = User(
        id=MARKET_ID,
        email=MARKET_EMAIL,
        name=name,
        status=UserStatus.ACTIVE,
        created_at=now,
        updated_at=now,
    )
    try:
        await add_user(trail, actor, user)
    except Invalid:
        # Another process created it between our read and our commit.
        if found := await find_user(trail.store, MARKET_ID):
            return found
        raise
    return user


@dataclass(frozen=True, slots=True)
class UserPage:
    users: list[User]
    next: str | None


async def users_by_email(
    store: Store, email: str, *, limit: int = 50, after: str | None = None
) -> UserPage:
    """Users by the email-index, which may lag behind commits and so must not decide anything.

    Raises Invalid for an invalid address.
    """
    try:
        normalised = normalised_email(email)
    except ValueError as error:
        raise Invalid([FieldError("email", str(error))]) from None
    index = USERS.index("email-index")
    page = await store.query(Query(USERS, normalised, index, limit=limit, after=after))
    return UserPage([User.parse(item) for item in page.items], page.next)


def passkey_claim(credential: str) -> str:
    """The key of the claim that names a passkey's owner."""
    return f"passkey:{sha256(credential.encode()).hexdigest()}"


async def find_user_by_passkey(store: Store, credential: str) -> User | None:
    """The owner of the passkey with this id (base64url)."""
    claim = await store.get(CLAIMS, passkey_claim(credential))
    return await find_user(store, str(claim["owner"])) if claim else None


# -- Sessions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionPage:
    sessions: list[AuthSession]
    next: str | None


def session_item(session: AuthSession) -> Item:
    """The item of a session, which expires at the full second before its `expires_at`."""
    return session.to_wire() | {"expiresAt": from_iso(session.expires_at) // 1000}


def session_of(item: Mapping[str, Any]) -> AuthSession:
    """The session of an item. Raises Invalid if it is not one."""
    return AuthSession.parse({**item, "expiresAt": iso(item["expiresAt"] * 1000)})


async def find_session(store: Store, session_id: str) -> AuthSession | None:
    """The session with this id, which is the hash of the secret."""
    item = await store.get(SESSIONS, session_id)
    return session_of(item) if item else None


async def sessions_of(
    store: Store, user_id: str, *, limit: int = 50, after: str | None = None
) -> SessionPage:
    """One user's unexpired sessions, the most recently active first."""
    index = SESSIONS.index("user-index")
    page = await store.query(
        Query(SESSIONS, user_id, index, newest_first=True, limit=limit, after=after)
    )
    return SessionPage([session_of(item) for item in page.items], page.next)


async def note_activity(trail: Trail, session: AuthSession) -> None:
    """Update a session's last activity to now, unless that was done less than a minute ago."""
    now = trail.clock()
    passed = now - from_iso(session.last_activity)
    if -CLOCK_TOLERANCE <= passed < BETWEEN_SIGNS_OF_LIFE:
        return
    # If another request or the end of the session won, there is nothing to add.
    with suppress(Conflict):
        await trail.commit_operational(
            Operational.SESSION_ACTIVITY,
            Update(
                SESSIONS,
                (session.session_id,),
                set={"lastActivity": iso(now)},
                when=Equals(lastActivity=session.last_activity),
            ),
        )


# -- Login attempts ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AttemptPage:
    attempts: list[LoginAttempt]
    next: str | None


def attempt_of(item: Mapping[str, Any]) -> LoginAttempt:
    """The login attempt of an item. Raises Invalid if it is not one."""
    without_ttl = {name: value for name, value in item.items() if name != LOGIN_ATTEMPTS.ttl}
    return LoginAttempt.parse(without_ttl)


def attempt_put(attempt: LoginAttempt, *, retention_days: int) -> Put:
    """The write that keeps a login attempt for `retention_days`."""
    ends = from_iso(attempt.timestamp) // 1000 + retention_days * DAY_SECONDS
    return Put(LOGIN_ATTEMPTS, attempt.to_wire() | {"ttl": ends}, when=Absent())


async def attempts_for(
    store: Store, email: str, *, since: int, limit: int = 50, after: str | None = None
) -> AttemptPage:
    """The attempts with one address after `since`, the newest first.

    `since` is in Unix milliseconds, exclusive. Pass the same value for the next page.
    """
    between = Between(lowest=iso(since), without_lowest=True)
    return await _attempts(store, "email-index", attempted_email(email), between, limit, after)


async def attempts_from(
    store: Store, ip_address: str, *, limit: int = 100, after: str | None = None
) -> AttemptPage:
    """The attempts from one IP address, the newest first. Raises Invalid for an invalid address."""
    try:
        address = checked_address(ip_address)
    except ValueError as error:
        raise Invalid([FieldError("ipAddress", str(error))]) from None
    return await _attempts(store, "ip-index", address, Between(), limit, after)


async def _attempts(
    store: Store, index: str, partition: str, between: Between, limit: int, after: str | None
) -> AttemptPage:
    page = await store.query(
        Query(
            LOGIN_ATTEMPTS,
            partition,
            LOGIN_ATTEMPTS.index(index),
            between,
            newest_first=True,
            limit=limit,
            after=after,
        )
    )
    return AttemptPage([attempt_of(item) for item in page.items], page.next)
