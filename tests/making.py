"""Builders of test data: say what matters to the test, the rest is a sound default."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from marinemarket.accounts.user import User, UserStatus
from marinemarket.listings.listing import Listing

NOW = 1_767_225_600_000
"""2026-01-01T00:00:00Z, the time at which tests begin."""


def uuid_of(name: str) -> str:
    """A UUID that is always the same for a name."""
    return str(uuid5(NAMESPACE_OID, name))


OWNER = uuid_of("owner")


class Hand:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def wire_listing(
    *, name: str = "boat", boat: dict[str, Any] | None = None, **said: Any
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
    } | said  # fmt: skip


def a_listing(**said: Any) -> Listing:
    """A listing that is offered, unless said otherwise."""
    return Listing.parse(wire_listing(**said))


def a_user(*, name: str = "owner", **said: Any) -> User:
    """An active account; `name` decides its id and its address."""
    return User(
        **{
            "id": uuid_of(name),
            "email": f"{name}@example.com",
            "name": name.capitalize(),
            "status": UserStatus.ACTIVE,
            "created_at": "2025-01-01T00:00:00.000Z",
            "updated_at": "2025-01-01T00:00:00.000Z",
        }
        | said
    )
