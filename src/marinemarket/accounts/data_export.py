"""Everything that the market holds about one person, for themselves to take away.

No secret and no hash is in it: they are the market's means of telling who somebody is, and say
nothing about them.
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
    """All that some domains keep of a user, as JSON values: from their account to what they did.

    What was made in the last moments may be missing where indexes lag.
    """
    entry = actor.entry(Action.DATA_EXPORTED, "user", user.id, accounts.now())
    await accounts.trail.commit(entry)
    person = Person(user.id, user.email, user.email if user.email_verified else "")
    document: dict[str, Any] = {"at": iso(accounts.now()), "account": seen_by_self(user)}
    for domain in domains:
        document |= await domain.export(accounts.store, person)
    return document
