"""The email that tells people about a change to how they sign in, or an attempt at one."""

from __future__ import annotations

from ..clock import iso
from ..mail.email import Email, outgoing
from ..store.writes import Put
from .accounts import Accounts
from .user import User


async def security_email(accounts: Accounts, user: User, what: str) -> Put:
    """The email to its owner that something happened to an account; `what` is in their language."""
    now = accounts.now()
    values = {"name": user.name, "what": what, "when": iso(now)}
    email = Email("second-factor-changed", user.email, user.id, values=values)
    return await outgoing(accounts.vault, email, now)
