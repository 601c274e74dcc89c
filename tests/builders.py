"""Builders of test data: say what matters to the test, the rest is a sound default."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from marinemarket.accounts.login_attempt import LoginAttempt
from marinemarket.accounts.session import AuthSession
from marinemarket.accounts.user import User, UserStatus
from marinemarket.clock import iso
from marinemarket.listings.listing import Listing

NOW = 1_767_225_600_000
"""2026-01-01T00:00:00Z, the time at which tests begin."""


def uuid_of(name: str) -> str:
    """A UUID that is always the same for a name."""
    return str(uuid5(NAMESPACE_OID, name))


OWNER = uuid_of("owner")


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def wire_listing(
    *, name: str = "boat", boat: dict[str, Any] | None = None, **overrides: Any
) -> dict[str, Any]:
    """A listing on the wire. `boat` overrides its boatDetails; `name` decides its id."""
    details = {
        "type": "sailboat",
        "manufacturer": "Beneteau",
        "model": "Oceanis 40",
        "year": 2010,
        "length": 40,
    }
    return {
        "id": uuid_of(name),
        "ownerId": OWNER,
        "title": "2010 Beneteau Oceanis 40",
        "description": "Well kept, and sailed every summer.",
        "price": 12_000_000,
        "location": {"country": "US", "state": "FL", "city": "Stuart"},
        "boatDetails": details | (boat or {}),
        "status": "active",
        "moderation": {"state": "approved"},
        "createdAt": NOW,
        "updatedAt": NOW,
    } | overrides  # fmt: skip


def a_listing(**overrides: Any) -> Listing:
    """A listing that is offered, unless said otherwise."""
    return Listing.parse(wire_listing(**overrides))


def a_user(*, name: str = "owner", **overrides: Any) -> User:
    """An active account; `name` decides its id and its address."""
    return User(
        **{
            "id": uuid_of(name),
            "email": f"{name}@example.com",
            "name": name.capitalize(),
            "status": UserStatus.ACTIVE,
            "consents": [{"to": "terms", "version": "2026-11", "at": "2025-01-01T00:00:00.000Z"}],
            "created_at": "2025-01-01T00:00:00.000Z",
            "updated_at": "2025-01-01T00:00:00.000Z",
        }
        | overrides
    )


def secret_of(name: str) -> str:
    """The secret of the session of this name: what its holder sends."""
    return f"the secret of {name}"


def a_session(
    *,
    name: str = "session",
    user: str = OWNER,
    at: int = NOW,
    lasts: int = 86_400_000,
    **overrides: Any,
) -> AuthSession:
    """A session begun at a moment; it lasts a day of milliseconds unless told otherwise."""
    return AuthSession(
        **{
            "session_id": sha256(secret_of(name).encode()).hexdigest(),
            "user_id": user,
            "device_id": "b" * 64,
            "ip_address": "192.0.2.7",
            "user_agent": "Mozilla/5.0",
            "issued_at": iso(at),
            "expires_at": iso(at + lasts),
            "last_activity": iso(at),
        }
        | overrides
    )


def an_attempt(*, name: str = "attempt", at: int = NOW, **overrides: Any) -> LoginAttempt:
    """A failed login attempt of the owner at a moment."""
    return LoginAttempt(
        **{
            "id": uuid_of(name),
            "timestamp": iso(at),
            "email": "owner@example.com",
            "ip_address": "192.0.2.7",
            "user_agent": "Mozilla/5.0",
            "success": False,
            "failure_reason": "wrong password",
        }
        | overrides
    )
