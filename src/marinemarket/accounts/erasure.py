"""Erasing a person: their data is deleted, and what must be kept no longer identifies them.

User ids are random, and remain as pseudonyms: the audit trail still shows which entries belong to
one person, and the ledger of erasures refers to them. Archived copies keep their content until the
retention window has passed; a restore repeats the erasures.

A person's data is found through indexes. Where those lag, data from the last moments may be missed:
block the account first, and erase once the indexes have caught up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import from_iso, iso
from ..errors import NotFound, Refused
from ..i18n.texts import gettext as _
from ..mail.email import Email, outgoing
from ..privacy.personal_data import PersonalData
from ..privacy.removal import Erased, Removal
from ..store.items import Item, Key
from ..store.schema import CLAIMS, USERS
from ..store.store import Store
from ..store.writes import Delete, Equals, Update
from .accounts import Accounts, Client
from .audit_entries import NOBODY, addresses_in_entries
from .records import MARKET_ID, email_claim, passkey_claim
from .sessions import SignedIn
from .user import UserStatus

_LINKS = (
    "pendingEmail",
    "emailVerificationToken",
    "emailVerificationExpires",
    "passwordResetToken",
    "passwordResetExpires",
)


async def erase(
    trail: Trail, actor: Actor, user_id: str, domains: Sequence[PersonalData]
) -> Erased:
    """Erase a person and what some domains keep of them, in the order given. It may run again.

    The account goes last, with the audit entry USER_DELETED: while it exists, the erasure is incomplete.
    Raises NotFound when there is no such account, Refused for the market's own.
    """
    if user_id == MARKET_ID:
        raise Refused(_("the market's own account cannot be erased"))
    user = await trail.store.get(USERS, user_id)
    if user is None:
        raise NotFound("user", user_id)
    # People who erase themselves are not named in the audit entries of the erasure.
    by = replace(actor, **NOBODY) if actor.user_id == user_id else actor
    await trail.retrying(lambda: _shut_out(trail, by, user_id))
    removal = Removal(trail, by, user_id, await _addresses(trail.store, user))
    for domain in domains:
        await domain.erase(removal)
    await trail.retrying(lambda: _remove_account(removal, domains))
    await trail.store.forget(removal.erased.keys)
    return removal.erased


async def erase_oneself(
    accounts: Accounts, somebody: SignedIn, client: Client, domains: Sequence[PersonalData]
) -> Erased:
    """Erase the person who asks, and send a farewell email; the address is deleted with the email."""
    user, now = somebody.user, accounts.now()
    actor = somebody.acting_from(client)
    email = Email("goodbye", user.email, None, values={"name": user.name})
    entry = actor.entry(Action.USER_UPDATED, "user", user.id, now, because="erasure")
    await accounts.trail.commit(entry, await outgoing(accounts.vault, email, now))
    return await erase(accounts.trail, actor, user.id, domains)


async def _addresses(store: Store, user: Item) -> tuple[str, ...]:
    """A person's current address, and their past ones from the audit trail."""
    known = {str(user[name]) for name in ("email", "pendingEmail") if name in user}
    return tuple(sorted(known | await addresses_in_entries(store, user["id"])))


async def _shut_out(trail: Trail, actor: Actor, user_id: str) -> None:
    """Ensure that nothing new is created in the person's name meanwhile, and void their links."""
    user = await trail.store.get(USERS, user_id)
    if user is None:
        return  # somebody else has just erased them
    now = trail.clock()
    entry = actor.entry(Action.USER_STATUS_CHANGED, "user", user_id, now, because="erasure")
    moment = iso(max(now, from_iso(user["updatedAt"]) + 1)) if "updatedAt" in user else iso(now)
    shut = {
        "status": UserStatus.BANNED.value,
        "sessionsValidAfter": moment,
        "updatedAt": moment,
    }
    still = Equals(updatedAt=user.get("updatedAt"))
    await trail.commit(entry, Update(USERS, (user_id,), set=shut, remove=_LINKS, when=still))


async def _remove_account(removal: Removal, domains: Sequence[PersonalData]) -> None:
    trail, id = removal.trail, removal.user_id
    user = await trail.store.get(USERS, id)
    if user is None:
        return
    claims: list[Key] = [(email_claim(user["email"]),)] if "email" in user else []
    of_domains = [claim for domain in domains for claim in domain.claims(id)]
    claims += [(claim,) for claim in of_domains if await trail.store.get(CLAIMS, claim)]
    claims += [(passkey_claim(key["id"]),) for key in user.get("passkeys", ())]
    entry = removal.actor.entry(Action.USER_DELETED, "user", id, trail.clock())
    # An account that was changed just now may have other claims.
    gone = Delete(USERS, (id,), when=Equals(updatedAt=user.get("updatedAt")))
    await trail.commit(entry, gone, *(Delete(CLAIMS, key) for key in claims))
    removal.erased.note(USERS, [(id,)])
    removal.erased.note(CLAIMS, claims)
