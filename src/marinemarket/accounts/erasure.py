"""Erasing a person: what is theirs goes, what must be kept names nobody.

Users' ids are random, and stay as the pseudonym of who is gone: the audit trail still tells which
entries are of one person, and the ledger of erasures names them by it. Archived copies keep what
they hold until the retention window has passed; a restore erases again.

What is theirs is found by the indexes. Where those lag, what was made in the last moments before may
be missed: block the account first, and erase once the indexes have caught up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import from_iso, iso
from ..errors import NotFound, Refused
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
    """Erase a person and what some domains keep of them, in their order. Run again, it goes on.

    The account goes last, with the entry USER_DELETED: while it is there, the erasure is not done.
    Raises NotFound when there is no such account, Refused for the market's own.
    """
    if user_id == MARKET_ID:
        raise Refused("the market's own account cannot be erased")
    user = await trail.store.get(USERS, user_id)
    if user is None:
        raise NotFound("user", user_id)
    # Whoever erases themselves is not named by the entries that tell of it.
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
    """Erase the person who asks, and say goodbye to the address that is forgotten with the letter."""
    user, now = somebody.user, accounts.now()
    actor = somebody.acting_from(client)
    letter = Email("goodbye", user.email, None, values={"name": user.name})
    entry = actor.entry(Action.USER_UPDATED, "user", user.id, now, because="erasure")
    await accounts.trail.commit(entry, await outgoing(accounts.vault, letter, now))
    return await erase(accounts.trail, actor, user.id, domains)


async def _addresses(store: Store, user: Item) -> tuple[str, ...]:
    """The address of a person and those they had before, as the trail of their doings names them."""
    known = {str(user[name]) for name in ("email", "pendingEmail") if name in user}
    return tuple(sorted(known | await addresses_in_entries(store, user["id"])))


async def _shut_out(trail: Trail, actor: Actor, user_id: str) -> None:
    """Nothing new is made in the person's name while the rest is removed, and no link counts."""
    user = await trail.store.get(USERS, user_id)
    if user is None:
        return  # erased by somebody else at this moment
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
    # An account that was changed at this moment may have other claims.
    gone = Delete(USERS, (id,), when=Equals(updatedAt=user.get("updatedAt")))
    await trail.commit(entry, gone, *(Delete(CLAIMS, key) for key in claims))
    removal.erased.note(USERS, [(id,)])
    removal.erased.note(CLAIMS, claims)
