"""The context of all account operations: the trail, the vault, the hasher and the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from anyio import CancelScope, current_time, sleep

from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import DAY, MINUTE
from ..links import Links
from ..store.store import Store
from ..vault.vault import Vault
from .passwords import Passwords

VERIFICATION_LASTS = DAY
RESET_LASTS = 30 * MINUTE
INVITATION_LASTS = 3 * DAY
CHALLENGE_LASTS = 5 * MINUTE
PHONE_CODE_LASTS = 10 * MINUTE
LETTERS_WITHIN = ((3, 15 * MINUTE), (20, DAY))
"""Limits (count, milliseconds) on emails of one kind that strangers can trigger to one address.

They are so low that a link just sent stays the newest long enough to be used.
"""
SAME_TIME_SECONDS = 0.25
"""The minimum duration of operations whose timing must reveal nothing."""


VISITOR = "visitor"
"""The audit trail's user id for people who have not yet proved who they are."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits that a market may set. Times are in milliseconds."""

    tries: int
    tries_within: int
    locked_for: int
    session_lasts: int
    session_idles: int
    staff_session_lasts: int
    staff_session_idles: int
    attempt_retention_days: int
    terms_version: str
    market_name: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """The context of signing in and of everything related to accounts."""

    trail: Trail
    vault: Vault
    passwords: Passwords
    rules: Rules
    links: Links

    @property
    def store(self) -> Store:
        return self.trail.store

    def now(self) -> int:
        return self.trail.clock()


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from. `device` is the hash of the value in its long-lived cookie."""

    ip_address: str
    user_agent: str
    device: str

    def visitor(self) -> Actor:
        """An unidentified visitor, as the audit trail names them."""
        return self._actor(VISITOR, VISITOR, "none")

    def acting_as(self, user_id: str, email: str, session: str) -> Actor:
        return self._actor(user_id, email, session)

    def _actor(self, user_id: str, email: str, session: str) -> Actor:
        return Actor(user_id, email, self.ip_address, self.user_agent, session)


@asynccontextmanager
async def same_time() -> AsyncIterator[None]:
    """Make the block take at least SAME_TIME_SECONDS, however it ends."""
    began = current_time()
    try:
        yield
    finally:
        with CancelScope(shield=True):
            await sleep(max(0.0, SAME_TIME_SECONDS - (current_time() - began)))
