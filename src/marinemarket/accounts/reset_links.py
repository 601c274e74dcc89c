"""Links that let the reader of an account's email choose its password."""

from __future__ import annotations

from typing import Any

from ..clock import iso
from ..links import Links
from .secrets import hash_of, is_same, ticket
from .user import User


def password_link_fields(secret: str, address: str, now: int, *, lasts: int) -> dict[str, Any]:
    """The fields that a user keeps about such a link. A newer link voids it."""
    return {
        "password_reset_token": _token(secret, address),
        "password_reset_expires": iso(now + lasts),
    }


def password_link(links: Links, user: User, secret: str) -> str:
    """The path of the link on this site."""
    return links.password_choice(ticket(user.id, secret))


def is_link_secret(user: User, secret: str, now: str) -> bool:
    """Is this the secret of the latest link sent to this user, and has it not expired?"""
    kept, expires = user.password_reset_token, user.password_reset_expires
    if kept is None or expires is None or expires <= now:
        return False
    return is_same(_token(secret, user.email), kept)


def _token(secret: str, address: str) -> str:
    # Bound to the address it was sent to: once the address changes, the link is void.
    return hash_of(f"{secret} {address}")
