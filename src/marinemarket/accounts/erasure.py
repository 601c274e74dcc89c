"""Erasing a person: shutting them out at once, and then removing all that the market has of them.

The first commit makes the account unusable, frees its email address and passkeys for another one,
and leaves the item by which the worker finds the erasure. The rest is done in commits of bounded
size, each with a note of the keys that it removes, so that it can be interrupted anywhere and
continues. Two passes are made, with a pause between: an index may lag, and followers of the feed may
still have been writing about the person. At the end the account goes, the feed is made to forget
everything noted, and the notes go.

User ids are random, and remain as pseudonyms: the audit trail still shows which entries belong to
one person, and the ledger of erasures refers to them. Archived copies keep their content until the
retention window has passed; a restore repeats the erasures.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import CLOCK_TOLERANCE, MINUTE, SECOND, from_iso, iso
from ..errors import Conflict, MarketError, NotFound, Refused
from ..i18n.texts import gettext as _
from ..mail.email import Email, outgoing
from ..privacy.pages import IN_ONE_COMMIT
from ..privacy.personal_data import PersonalData
from ..privacy.removal import Address, Place, Removal, Watch, places_removed
from ..store.items import Item
from ..store.schema import CLAIMS, ERASURES, USERS
from ..store.store import Query, Store
from ..store.writes import Absent, Delete, Equals, Put, Update, Write
from .accounts import Accounts, Client
from .audit_entries import NOBODY, addresses_of
from .email_claims import clear_key, releasing
from .records import MARKET_ID, find_user_by_email, passkey_claim
from .sessions import SignedIn
from .user import UserStatus

log = logging.getLogger(__name__)

ACTOR = Actor.system("erasure")
SETTLES_SECONDS = 2
SETTLES_SECONDS_WITH_LAG = 60
"""Between the two passes; the second where an index may lag behind the commits."""
AT_ONCE = 4
"""How many people the worker erases side by side."""
_PUT_OFF = MINUTE
_LONGEST_WAIT = 10 * MINUTE
_WAITING = "waiting"
_HEAD, _ADDRESSES = "head", "addresses"
_MEANS_OF_ENTRY = (
    "pendingEmail",
    "emailVerificationToken",
    "emailVerificationExpires",
    "passwordResetToken",
    "passwordResetExpires",
    "password",
    "mfaSecret",
    "mfaEnabled",
    "mfaLastStep",
    "recoveryCodes",
    "passkeys",
    "devices",
)

Afterwards = Callable[[Removal], Awaitable[object]]
"""What is done outside the store at the end of each pass, such as removing files. It may run again."""


# -- At once -----------------------------------------------------------------------------------


async def erase_oneself(accounts: Accounts, somebody: SignedIn, client: Client) -> None:
    """Begin to erase the person who asks, and send a farewell email, in one commit."""
    user = somebody.user
    # People who erase themselves are not named in the audit entries of the erasure.
    actor = replace(somebody.acting_from(client), **NOBODY)
    email = Email("goodbye", user.email, None, values={"name": user.name})
    farewell = await outgoing(accounts.vault, email, accounts.now())
    await begin_erasure(accounts.trail, actor, user.id, farewell)


async def begin_erasure(trail: Trail, actor: Actor, user_id: str, *also: Write) -> None:
    """Shut a person out, and leave the rest to the worker. Does nothing if that was done before.

    `also` belongs to the same commit. Raises NotFound when there is no such account, Refused for the
    market's own.
    """
    if user_id == MARKET_ID:
        raise Refused(_("the market's own account cannot be erased"))
    await trail.retrying(lambda: _begin(trail, actor, user_id, also))


async def _begin(trail: Trail, actor: Actor, user_id: str, also: tuple[Write, ...]) -> None:
    user = await trail.store.get(USERS, user_id)
    if user is None:
        raise NotFound("user", user_id)
    if "erasingSince" in user:
        return
    now = trail.clock()
    before = user.get("updatedAt")
    moment = iso(max(now, from_iso(before) + 1)) if before else iso(now)
    shut = {
        "status": UserStatus.BANNED.value,
        "erasingSince": iso(now),
        "sessionsValidAfter": max(moment, user.get("sessionsValidAfter", "")),
        "updatedAt": moment,
    }
    # An account that was changed just now may have other claims.
    still = Equals(updatedAt=before)
    claims = await releasing(trail.store, user["email"]) if "email" in user else []
    claims += [Delete(CLAIMS, (passkey_claim(key["id"]),)) for key in user.get("passkeys", ())]
    await trail.commit(
        actor.entry(Action.ERASURE_BEGUN, "user", user_id, now, because="erasure"),
        Update(USERS, (user_id,), set=shut, remove=_MEANS_OF_ENTRY, when=still),
        Put(ERASURES, _head(user_id, now), when=Absent()),
        Put(ERASURES, await _address_part(trail.store, user, now), when=Absent()),
        *claims,
        *also,
    )


def _head(user_id: str, now: int) -> Item:
    return {
        "userId": user_id,
        "part": _HEAD,
        "waiting": _WAITING,
        "since": iso(now),
        "dueAt": iso(now),
        "pass": 1,
    }


async def _address_part(store: Store, user: Item, now: int) -> Item:
    """The addresses of an account, which another one may have from now on."""
    is_confirmed = bool(user.get("emailVerified"))
    known = [{"email": user["email"], "isConfirmed": is_confirmed}] if "email" in user else []
    # Anybody can ask to move to an address that is another's.
    if (asked := user.get("pendingEmail")) and await find_user_by_email(store, asked) is None:
        known.append({"email": asked, "isConfirmed": False})
    known = [one | {"until": iso(now)} for one in known]
    created = user.get("createdAt", "")
    return {"userId": user["id"], "part": _ADDRESSES, "known": known, "createdAt": created}


# -- The rest ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an erasure has come. `removed` counts items; `why` is what holds it up, if anything."""

    user_id: str
    since: str
    pass_number: int
    removed: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class ErasureJob:
    """Removes all that some domains have of the people who are being erased.

    `settles` is the pause between the two passes, in seconds.
    """

    trail: Trail
    domains: Sequence[PersonalData]
    settles: float = 0
    afterwards: Sequence[Afterwards] = field(default=())

    async def run_once(self) -> int:
        """Continue with whoever is due, side by side; returns how many erasures came further."""
        now = self.trail.clock()
        due = [head for head in await erasures_under_way(self.trail.store) if _is_due(head, now)]
        done = await asyncio.gather(*(self._advanced(head) for head in due[:AT_ONCE]))
        return sum(done)

    async def run(self, user_id: str, watch: Watch = lambda count: None) -> dict[str, int]:
        """Erase one person to the end, here and now; returns what was removed or rewritten, by table.

        Raises NotFound when nobody with this id is being erased.
        """
        if await self.trail.store.get(ERASURES, user_id, _HEAD) is None:
            raise NotFound("erasure", user_id)
        while head := await self.trail.store.get(ERASURES, user_id, _HEAD):
            if head["pass"] == 2 and self.settles:
                await asyncio.sleep(self.settles)
            counts = await self._advance(head, watch)
        return counts

    async def _advanced(self, head: Item) -> bool:
        try:
            await self._advance(head)
        except (MarketError, OSError) as trouble:
            # One that cannot go on must not hold up the others.
            log.warning("erasing %s: %s", head["userId"], trouble)
            due = {"dueAt": iso(self.trail.clock() + _PUT_OFF), "why": str(trouble)[:500]}
            await self._note(head, due)
            return False
        return True

    async def _advance(self, head: Item, watch: Watch = lambda count: None) -> dict[str, int]:
        """Make one pass; after the second one, end the erasure and return what it removed."""
        removal = await self._removal(head["userId"], watch)
        for domain in self.domains:
            await domain.erase(removal)
        for step in self.afterwards:
            await step(removal)
        if head["pass"] == 1:
            due = iso(self.trail.clock() + int(self.settles * SECOND))
            await self._note(head, {"pass": 2, "dueAt": due})
            return {}
        return await self._end(removal)

    async def _note(self, head: Item, changes: Item) -> None:
        key, still = (head["userId"], _HEAD), Equals(**{"pass": head["pass"]})
        stale = () if "why" in changes or "why" not in head else ("why",)
        write = Update(ERASURES, key, set=changes, remove=stale, when=still)
        try:
            await self.trail.commit_operational(Operational.ERASURE, write)
        except Conflict:
            return  # a command has come further than the worker, or the other way round

    async def _removal(self, user_id: str, watch: Watch) -> Removal:
        kept = await self.trail.store.get(ERASURES, user_id, _ADDRESSES) or {}
        known = kept.get("known", []) and await self._with_past(user_id, kept["known"])
        addresses = [
            Address(one["email"], one["until"], is_confirmed=one["isConfirmed"]) for one in known
        ]
        since = kept.get("createdAt", "")
        return Removal(self.trail, ACTOR, user_id, tuple(addresses), since=since, watch=watch)

    async def _with_past(self, user_id: str, known: list[Item]) -> list[Item]:
        """The addresses that are known, and those of audit entries, which the first pass rewrites."""
        there = {one["email"] for one in known}
        past = await addresses_of(self.trail.store, user_id)
        more = [
            {"email": email, "until": until, "isConfirmed": True}
            for email, until in past.items()
            if email not in there
        ]
        if more:
            write = Update(ERASURES, (user_id, _ADDRESSES), set={"known": [*known, *more]})
            await self.trail.commit_operational(Operational.ERASURE, write)
        return [*known, *more]

    async def _end(self, removal: Removal) -> dict[str, int]:
        """Remove the account, and every trace of what was removed; the item that finds it goes last."""
        store, user_id = self.trail.store, removal.user_id
        await self.trail.retrying(lambda: self._remove_account(removal))
        places = await places_removed(store, user_id)
        # From here on nothing personal is kept, neither in an item nor in what an item was.
        addresses = (user_id, _ADDRESSES)
        await self.trail.commit_operational(Operational.ERASURE, Delete(ERASURES, addresses))
        old_claims: list[Place] = [(CLAIMS, clear_key(one.email)) for one in removal.addresses]
        await store.forget([*places, *old_claims, (USERS, (user_id,)), (ERASURES, addresses)])
        await self._delete_notes(user_id)
        return _counted(places)

    async def _remove_account(self, removal: Removal) -> None:
        store, user_id = self.trail.store, removal.user_id
        user = await store.get(USERS, user_id)
        if user is None:
            return
        of_domains = [claim for domain in self.domains for claim in domain.claims(user_id)]
        claims = [claim for claim in of_domains if await store.get(CLAIMS, claim)]
        gone = Delete(USERS, (user_id,), when=Equals(updatedAt=user.get("updatedAt")))
        places: list[Place] = [(USERS, (user_id,)), *((CLAIMS, (claim,)) for claim in claims)]
        entry = removal.actor.entry(Action.USER_DELETED, "user", user_id, self.trail.clock())
        deletes = [Delete(CLAIMS, (claim,)) for claim in claims]
        await removal.commit(entry, gone, *deletes, places=places)

    async def _delete_notes(self, user_id: str) -> None:
        store, query = self.trail.store, Query(ERASURES, user_id, limit=IN_ONE_COMMIT)
        while items := (await store.query(query)).items:
            others = [item for item in items if item["part"] != _HEAD]
            # The head goes alone, after all others: as long as it is there, the worker comes back.
            going = others or items
            deletes = [Delete(ERASURES, ERASURES.key_of(item)) for item in going]
            await self.trail.commit_operational(Operational.ERASURE, *deletes)


async def erase(
    trail: Trail, actor: Actor, user_id: str, domains: Sequence[PersonalData]
) -> dict[str, int]:
    """Erase a person at once and to the end, without a farewell; returns the counts by table.

    For indexes that do not lag. Raises as `begin_erasure` does.
    """
    if await trail.store.get(ERASURES, user_id, _HEAD) is None:
        await begin_erasure(trail, actor, user_id)
    return await ErasureJob(trail, domains).run(user_id)


async def erasures_under_way(store: Store, *, limit: int = 100) -> list[Item]:
    """The erasures that are not done, those due first."""
    query = Query(ERASURES, _WAITING, ERASURES.index("due-index"), limit=limit)
    return (await store.query(query)).items


async def progress_of_erasures(store: Store) -> list[Progress]:
    """How far every erasure under way has come."""
    return [
        Progress(
            head["userId"],
            head["since"],
            head["pass"],
            len(await places_removed(store, head["userId"])),
            head.get("why", ""),
        )
        for head in await erasures_under_way(store)
    ]


def _is_due(head: Item, now: int) -> bool:
    due = from_iso(head["dueAt"])
    # What is put off for longer than it can be was dated by a clock that was ahead.
    return due <= now or due > now + _LONGEST_WAIT + CLOCK_TOLERANCE


def _counted(places: Sequence[Place]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, _key in places:
        counts[table.name] = counts.get(table.name, 0) + 1
    return counts
