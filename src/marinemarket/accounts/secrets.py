"""Secrets that travel: made here, and kept as a hash alone."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_HANDLE = 24


def new_secret() -> str:
    """256 random bits, fit for an address or a header."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the store keeps of a secret: SHA-256 is enough for what nobody can guess."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_same(given: str, kept: str) -> bool:
    """Are two hashes the same, told in a time that says nothing?"""
    return hmac.compare_digest(given.encode(), kept.encode())


def handle_of(hashed: str) -> str:
    """A name for a secret that may be shown: from the stored hash, and no way back to it."""
    return sha256(f"handle of {hashed}".encode()).hexdigest()[:_HANDLE]


def ticket(id: str, secret: str) -> str:
    """A one-time token that says whose it is, so that it is found by a consistent read."""
    return f"{id}.{secret}"


def read_ticket(text: str) -> tuple[str, str]:
    """The id and the secret of a ticket; two empty texts for what is none."""
    id, _, secret = text.strip().partition(".") if len(text) <= 200 else ("", "", "")
    return (id, secret) if id and secret else ("", "")
