"""The export of all data that the market holds about one person, for that person.

It contains no secrets and no hashes: these serve to authenticate somebody, and say nothing about
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import iso
from ..privacy.personal_data import Person, PersonalData
from .accounts import Accounts
from .user import User
from .visible_fields import seen_by_self


async def export_person(
    accounts: Accounts, actor: Actor, user: User, domains: Sequence[PersonalData]
) -> dict[str, Any]:
    """All data that some domains keep about a user, as JSON values: from the account to the audit trail.

    Where indexes lag, data from the last moments may be missing.
    """
    entry = actor.entry(Action.DATA_EXPORTED, "user", user.id, accounts.now())
    await accounts.trail.commit(entry)
    person = Person(user.id, user.email, user.email if user.email_verified else "")
    document: dict[str, Any] = {"at": iso(accounts.now()), "account": seen_by_self(user)}
    for domain in domains:
        document |= await domain.export(accounts.store, person)
    return document
