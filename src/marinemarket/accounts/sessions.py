"""Sessions: who somebody is by the secret they send. All of it is read anew at each request."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from ..clock import iso
from ..store.store import Store
from .records import find_session, find_user
from .session import AuthSession
from .user import User

LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whom the market knows, and the session that they are known by."""

    user: User
    session: AuthSession


async def signed_in(store: Store, secret: str, now: int) -> SignedIn | None:
    """Who sends this secret at a moment (Unix milliseconds); None unless all of it still holds.

    The store knows only the secret's hash. The session is active and not over, its user is
    active, and has not ended all sessions since it began.
    """
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    session = await find_session(store, sha256(secret.encode("utf-8", "replace")).hexdigest())
    if session is None or not session.is_active or session.expires_at <= iso(now):
        return None
    user = await find_user(store, session.user_id)
    if user is None or not user.is_active or session.issued_at <= (user.sessions_valid_after or ""):
        return None
    return SignedIn(user, session)
