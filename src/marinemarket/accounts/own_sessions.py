"""Signing out one's other devices, or all: with a proof, since a thief would lock the owner out."""

from __future__ import annotations

from .accounts import Accounts, Client
from .proof import demand_proof
from .sessions import SignedIn, end_all_sessions, end_found, session_by_handle


async def end_own_session(
    accounts: Accounts, somebody: SignedIn, client: Client, handle: str, password: str | None
) -> None:
    """End one of one's own sessions. Signing out here needs no proof.

    Raises NotFound for an unknown handle, and Invalid without a proof.
    """
    session = await session_by_handle(accounts.store, somebody.user.id, handle)
    if session.session_id != somebody.session.session_id:
        await demand_proof(accounts, somebody, client, password)
    await end_found(accounts, somebody.acting_from(client), somebody.user, session)


async def end_own_sessions(
    accounts: Accounts, somebody: SignedIn, client: Client, password: str | None
) -> None:
    """End every session of one's own, this one too. Raises Invalid without a proof."""
    await demand_proof(accounts, somebody, client, password)
    await end_all_sessions(accounts, somebody.acting_from(client), somebody.user)
