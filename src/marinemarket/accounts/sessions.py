"""Sessions: identifying people by the secret they send. Everything is read again on each request."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import CLOCK_TOLERANCE, from_iso, iso
from ..errors import Conflict, NotFound
from ..store.schema import SESSIONS
from ..store.store import Store
from ..store.writes import Absent, Delete, Exists, Put, Write
from .accounts import Accounts, Client, Rules
from .records import find_session, find_user, session_item, sessions_of
from .secrets import handle_of, hash_of, new_secret
from .session import AuthSession
from .user import User
from .user_changes import UserChange, user_to_change

LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in user, and their session."""

    user: User
    session: AuthSession

    @property
    def handle(self) -> str:
        """The session's public name, which proves nothing."""
        return handle_of(self.session.session_id)

    def acting_from(self, client: Client) -> Actor:
        return client.acting_as(self.user.id, self.user.email, self.handle)


@dataclass(frozen=True, slots=True)
class Entered(SignedIn):
    """Somebody who has just signed in. `secret` is returned only this once."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A session that replaces another, and the writes that do so."""

    entered: Entered
    writes: tuple[Write, ...]


async def signed_in(store: Store, secret: str, now: int, rules: Rules) -> SignedIn | None:
    """The user who sends this secret at `now` (Unix milliseconds); None if any condition fails.

    The store has only the secret's hash. The session must be active, unexpired and not idle too long;
    its user must be active, and must not have ended all sessions since it began.
    """
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    session = await find_session(store, hash_of(secret))
    user = await find_user(store, session.user_id) if session else None
    if session is None or user is None or not user.is_active:
        return None
    return SignedIn(user, session) if is_live(session, user, now, rules) else None


def is_live(session: AuthSession, user: User, now: int, rules: Rules) -> bool:
    """Is a session of this user still valid at `now` (Unix milliseconds)?"""
    idles = rules.staff_session_idles if user.is_staff else rules.session_idles
    active_at = from_iso(session.last_activity)
    if active_at > now + CLOCK_TOLERANCE:
        # Noted while the clock was ahead. Only when the session began is known.
        active_at = from_iso(session.issued_at)
    return (
        session.is_active
        and session.expires_at > iso(now)
        and session.issued_at > (user.sessions_valid_after or "")
        and now - idles < active_at <= now + CLOCK_TOLERANCE
    )


def new_session(user: User, client: Client, now: int, rules: Rules) -> Entered:
    """A new session of a user, not stored yet. Staff stay signed in for hours, others for weeks."""
    # After the latest end of all sessions, even if that was within this millisecond, or under a clock
    # that was ahead. How long it lasts is a matter of the clock alone.
    ended = from_iso(user.sessions_valid_after) + 1 if user.sessions_valid_after else 0
    issued = max(now, ended)
    lasts = rules.staff_session_lasts if user.is_staff else rules.session_lasts
    secret = new_secret()
    session = AuthSession(
        session_id=hash_of(secret),
        user_id=user.id,
        device_id=client.device,
        ip_address=client.ip_address,
        user_agent=client.user_agent,
        issued_at=iso(issued),
        expires_at=iso(now + lasts),
        last_activity=iso(now),
    )
    return Entered(user, session, secret)


def session_put(session: AuthSession) -> Put:
    return Put(SESSIONS, session_item(session), when=Absent())


def renewal(somebody: SignedIn, user: User, client: Client, now: int, rules: Rules) -> Renewal:
    """A new session that replaces the current one, since the user's permissions or secrets have changed.

    `user` is the user after the change.
    """
    entered = new_session(user, client, now, rules)
    gone = Delete(SESSIONS, (somebody.session.session_id,), when=Exists())
    return Renewal(entered, (gone, session_put(entered.session)))


# -- Ending them -------------------------------------------------------------------------------


async def sign_out(accounts: Accounts, somebody: SignedIn, client: Client) -> None:
    """End the current session."""
    await end_found(accounts, somebody.acting_from(client), somebody.user, somebody.session)


async def end_session(accounts: Accounts, actor: Actor, user: User, handle: str) -> None:
    """End one of a user's sessions, named by its handle. Raises NotFound for an unknown handle."""
    await end_found(accounts, actor, user, await session_by_handle(accounts.store, user.id, handle))


async def session_by_handle(store: Store, user_id: str, handle: str) -> AuthSession:
    """The session of a user with this handle. Raises NotFound."""
    after: str | None = None
    while True:
        page = await sessions_of(store, user_id, limit=100, after=after)
        for session in page.sessions:
            if handle_of(session.session_id) == handle:
                return session
        after = page.next
        if after is None:
            raise NotFound("session", handle)


async def live_session(accounts: Accounts, user: User, handle: str) -> AuthSession:
    """A session of a user that still lasts, by its handle. Raises NotFound."""
    session = await session_by_handle(accounts.store, user.id, handle)
    if not is_live(session, user, accounts.now(), accounts.rules):
        raise NotFound("session", handle)
    return session


async def end_found(accounts: Accounts, actor: Actor, user: User, session: AuthSession) -> None:
    """End a session that was found; nothing happens where it has ended already."""
    action = Action.ADMIN_LOGOUT if user.is_staff else Action.USER_LOGOUT
    handle = handle_of(session.session_id)
    entry = actor.entry(action, "session", handle, accounts.now(), userId=user.id)
    try:
        await accounts.trail.commit(entry, Delete(SESSIONS, (session.session_id,), when=Exists()))
    except Conflict:
        return  # it has already ended


async def end_all_sessions(accounts: Accounts, actor: Actor, user: User) -> None:
    """End every session of a user, by a time on the user that each request reads."""
    action = Action.ADMIN_LOGOUT if user.is_staff else Action.USER_LOGOUT

    async def end() -> None:
        standing = await user_to_change(accounts.store, user.id)
        change = UserChange.of(standing, accounts.now(), ends_sessions=True)
        entry = actor.entry(action, "session", "all", accounts.now(), userId=user.id)
        await accounts.trail.commit(entry, change.write())

    await accounts.trail.retrying(end)
