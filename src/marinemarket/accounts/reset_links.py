"""Links that let the reader of an account's email choose its password."""

from __future__ import annotations

from typing import Any

from ..clock import from_iso, is_yet_to_come, iso
from ..links import Links
from .accounts import INVITATION_LASTS, RESET_LASTS, VERIFICATION_LASTS
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


def is_link_secret(user: User, secret: str, now: int) -> bool:
    """Is this the secret of the latest link sent to this user, and has it not expired?

    `now` is in Unix milliseconds.
    """
    kept, expires = user.password_reset_token, user.password_reset_expires
    if kept is None or expires is None:
        return False
    if not is_yet_to_come(from_iso(expires), now, lasts=_lasting(user)):
        return False
    return is_same(_token(secret, user.email), kept)


def _lasting(user: User) -> int:
    """The longest that a link to this user may last, in milliseconds."""
    if user.email_verified:
        return RESET_LASTS
    return INVITATION_LASTS if user.is_staff else VERIFICATION_LASTS


def _token(secret: str, address: str) -> str:
    # Bound to the address it was sent to: once the address changes, the link is void.
    return hash_of(f"{secret} {address}")
