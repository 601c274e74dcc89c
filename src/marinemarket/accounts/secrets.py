"""Secrets that are sent to people: created here, and stored only as hashes."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_HANDLE = 24


def new_secret() -> str:
    """256 random bits, safe in URLs and headers."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """The hash that the store keeps: SHA-256 is enough for a secret that nobody can guess."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_same(given: str, kept: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(given.encode(), kept.encode())


def handle_of(hashed: str) -> str:
    """A name for a secret that may be displayed: derived from the stored hash, irreversibly."""
    return sha256(f"handle of {hashed}".encode()).hexdigest()[:_HANDLE]


def ticket(id: str, secret: str) -> str:
    """A one-time token that includes the id of its owner, so that it can be found by a consistent read."""
    return f"{id}.{secret}"


def read_ticket(text: str) -> tuple[str, str]:
    """The id and the secret of a ticket; two empty strings if it is malformed."""
    id, _, secret = text.strip().partition(".") if len(text) <= 200 else ("", "", "")
    return (id, secret) if id and secret else ("", "")
