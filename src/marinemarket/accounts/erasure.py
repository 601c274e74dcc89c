"""Erasing a person: what is theirs goes, what must be kept names nobody.

Users' ids are random, and stay as the pseudonym of who is gone: the audit trail still tells which
entries are of one person, and the ledger of erasures names them by it. Archived copies keep what
they hold until the retention window has passed; a restore erases again.

What is theirs is found by the indexes. Where those lag, what was made in the last moments before may
be missed: block the account first, and erase once the indexes have caught up.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from pydantic.alias_generators import to_camel

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import from_iso, iso
from ..errors import NotFound, Refused
from ..mail.email import Email, outgoing
from ..media.studio import Waiting
from ..store.items import Item, Key
from ..store.schema import (
    AUDIT_LOGS,
    CASES,
    CLAIMS,
    DRAFTS,
    IMPORTS,
    LISTINGS,
    LOGIN_ATTEMPTS,
    MEDIA,
    OUTBOX,
    REPORTS,
    SAVED_SEARCHES,
    SESSIONS,
    TOLD,
    USERS,
    VIEWS,
    WATCHLIST,
    Table,
)
from ..store.store import Query, Store
from ..store.writes import Delete, Equals, Exists, Put, Update
from .accounts import VISITOR, Accounts, Client
from .records import (
    MARKET_ID,
    email_claim,
    passkey_claim,
    saved_searches_claim,
    watchlist_claim,
)
from .sessions import SignedIn
from .thread_erasure import erase_threads
from .user import UserStatus

IN_ONE_COMMIT = 50

_OURS = frozenset({"because", "removed", "count", "entriesRenamed"})
"""Details that this module writes, and that name nobody."""

_LINKS = (
    "pendingEmail",
    "emailVerificationToken",
    "emailVerificationExpires",
    "passwordResetToken",
    "passwordResetExpires",
)

_NOBODY = {
    "user_email": "erased",
    "ip_address": "0.0.0.0",  # noqa: S104 - the address of nobody, and nobody listens on it
    "user_agent": "erased",
    "session_id": "erased",
}
"""What an audit entry says of its actor once that person is erased."""


@dataclass(slots=True)
class Erased:
    """What an erasure removed or rewrote, by table."""

    counts: dict[str, int] = field(default_factory=dict)
    keys: list[tuple[Table, Key]] = field(default_factory=list, repr=False)

    def note(self, table: Table, keys: Sequence[Key]) -> None:
        self.counts[table.name] = self.counts.get(table.name, 0) + len(keys)
        self.keys += [(table, key) for key in keys]


async def erase(trail: Trail, actor: Actor, user_id: str) -> Erased:
    """Erase a person and what is theirs, in commits of bounded size. Run again, it goes on.

    The account goes last, with the entry USER_DELETED: while it is there, the erasure is not done.
    Raises NotFound when there is no such account, Refused for the market's own.
    """
    if user_id == MARKET_ID:
        raise Refused("the market's own account cannot be erased")
    user = await trail.store.get(USERS, user_id)
    if user is None:
        raise NotFound("user", user_id)
    # Whoever erases themselves is not named by the entries that tell of it.
    by = replace(actor, **_NOBODY) if actor.user_id == user_id else actor
    erased = Erased()
    await trail.retrying(lambda: _shut_out(trail, by, user_id))
    await _remove_all(trail, by, erased, user_id, _of_user(SESSIONS, user_id), "session")
    emails = await _addresses(trail.store, user)
    for email in emails:
        attempts = Query(LOGIN_ATTEMPTS, email, LOGIN_ATTEMPTS.index("email-index"))
        await _remove_all(trail, by, erased, user_id, attempts, "login-attempt")
        left = Query(REPORTS, email, REPORTS.index("email-index"))
        await _remove_all(trail, by, erased, user_id, left, "report")
    await _remove_all(trail, by, erased, user_id, _of_user(OUTBOX, user_id), "letter")
    # Before what they told, since nothing more is told of one that is gone.
    searches = _of_user(SAVED_SEARCHES, user_id)
    await _remove_all(trail, by, erased, user_id, searches, "saved-search")
    await _remove_all(trail, by, erased, user_id, _of_user(TOLD, user_id), "told")
    await _remove_all(trail, by, erased, user_id, _of_user(WATCHLIST, user_id), "watched")
    drafts = Query(DRAFTS, user_id, DRAFTS.index("owner-index"))
    await _remove_all(trail, by, erased, user_id, drafts, "draft")
    await _remove_all(trail, by, erased, user_id, Query(IMPORTS, user_id), "import")
    await erase_threads(trail, by, user_id, emails, erased.note)
    await _remove_listings(trail, by, erased, user_id)
    # After the listings, since nothing more is said of one that is gone.
    for table, kind in ((CASES, "case"), (REPORTS, "report")):
        of_seller = Query(table, user_id, table.index("seller-index"))
        await _remove_all(trail, by, erased, user_id, of_seller, kind)
    await _remove_all(trail, by, erased, user_id, _of_user(REPORTS, user_id), "report")
    await _give_up_media(trail, by, erased, user_id)
    await _rename_entries(trail, by, erased, user_id)
    await trail.retrying(lambda: _remove_account(trail, by, erased, user_id))
    await trail.store.forget(erased.keys)
    return erased


async def erase_oneself(accounts: Accounts, somebody: SignedIn, client: Client) -> Erased:
    """Erase the person who asks, and say goodbye to the address that is forgotten with the letter."""
    user, now = somebody.user, accounts.now()
    actor = somebody.acting_from(client)
    letter = Email("goodbye", user.email, None, values={"name": user.name})
    entry = actor.entry(Action.USER_UPDATED, "user", user.id, now, because="erasure")
    await accounts.trail.commit(entry, await outgoing(accounts.vault, letter, now))
    return await erase(accounts.trail, actor, user.id)


async def _addresses(store: Store, user: Item) -> list[str]:
    """The address of a person and those they had before, as the trail of their doings names them."""
    known = {str(user[name]) for name in ("email", "pendingEmail") if name in user}
    async for items in _pages(store, _of_user(AUDIT_LOGS, user["id"])):
        known |= {item["userEmail"] for item in items if "@" in item["userEmail"]}
    return sorted(known)


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


async def _remove_all(
    trail: Trail, actor: Actor, erased: Erased, user_id: str, query: Query, kind: str
) -> None:
    async for items in _pages(trail.store, query):
        keys = [query.table.key_of(item) for item in items]
        entry = actor.entry(
            Action.USER_UPDATED, "user", user_id, trail.clock(), removed=kind, count=len(keys)
        )
        await trail.commit(entry, *(Delete(query.table, key) for key in keys))
        erased.note(query.table, keys)


async def _remove_listings(trail: Trail, actor: Actor, erased: Erased, user_id: str) -> None:
    query = Query(LISTINGS, user_id, LISTINGS.index("owner-index"))
    async for items in _pages(trail.store, query):
        for item in items:
            # An entry each: whoever looks for what became of a listing looks for its id.
            entry = actor.entry(
                Action.LISTING_DELETED, "listing", item["id"], trail.clock(), because="erasure"
            )
            await trail.commit(entry, Delete(LISTINGS, (item["id"],)))
            erased.note(LISTINGS, [(item["id"],)])
            looks = Query(VIEWS, item["id"])
            await _remove_all(trail, actor, erased, user_id, looks, "views")


async def _give_up_media(trail: Trail, actor: Actor, erased: Erased, user_id: str) -> None:
    """Photos and videos are nobody's any more; the worker removes their files within a minute.

    What is left says which files those are, so that they go even if this process ends now.
    """
    query = Query(MEDIA, user_id, MEDIA.index("owner-index"))
    async for items in _pages(trail.store, query):
        now = trail.clock()
        entry = actor.entry(
            Action.USER_UPDATED, "user", user_id, now, removed="medium", count=len(items)
        )
        waiting = {"waiting": Waiting.ERASED.value, "since": now}
        nobodys = [{"id": item["id"], "kind": item["kind"]} | waiting for item in items]
        await trail.commit(entry, *(Put(MEDIA, item, when=Exists()) for item in nobodys))
        erased.note(MEDIA, [(item["id"],) for item in items])


async def _rename_entries(trail: Trail, actor: Actor, erased: Erased, user_id: str) -> None:
    """Audit entries of and about the person keep what was done, when and to what, and no more.

    Those about them are found among all entries about users: the trail has no index by resource id.
    """
    about_users = Query(AUDIT_LOGS, "user", AUDIT_LOGS.index("resource-index"))
    for query in (_of_user(AUDIT_LOGS, user_id), about_users):
        async for items in _pages(trail.store, query):
            named = [new for item in items if (new := _renamed(item, user_id)) != item]
            if not named:
                continue
            keys = [AUDIT_LOGS.key_of(item) for item in named]
            entry = actor.entry(
                Action.USER_UPDATED, "user", user_id, trail.clock(), entriesRenamed=len(named)
            )
            await trail.commit(entry, *(Put(AUDIT_LOGS, item, when=Exists()) for item in named))
            erased.note(AUDIT_LOGS, keys)


def _renamed(entry: Item, user_id: str) -> Item:
    """An entry without what it says of a person; one that says nothing of them stays as it is."""
    theirs = entry["userId"] == user_id
    about = entry["resource"] == "user" and entry.get("resourceId") == user_id
    if not (theirs or about):
        return entry
    # A visitor who tried to be them may well have been them.
    is_named = theirs or entry["userId"] == VISITOR
    payload = {to_camel(name): value for name, value in _NOBODY.items()} if is_named else {}
    kept = {name: value for name, value in entry["details"].items() if name in _OURS}
    return entry | payload | {"details": kept}


async def _remove_account(trail: Trail, actor: Actor, erased: Erased, id: str) -> None:
    user = await trail.store.get(USERS, id)
    if user is None:
        return
    claims: list[Key] = [(email_claim(user["email"]),)] if "email" in user else []
    lists = (saved_searches_claim(id), watchlist_claim(id))
    claims += [(claim,) for claim in lists if await trail.store.get(CLAIMS, claim)]
    claims += [(passkey_claim(key["id"]),) for key in user.get("passkeys", ())]
    entry = actor.entry(Action.USER_DELETED, "user", id, trail.clock())
    # An account that was changed at this moment may have other claims.
    gone = Delete(USERS, (id,), when=Equals(updatedAt=user.get("updatedAt")))
    await trail.commit(entry, gone, *(Delete(CLAIMS, key) for key in claims))
    erased.note(USERS, [(id,)])
    erased.note(CLAIMS, claims)


def _of_user(table: Table, user_id: str) -> Query:
    return Query(table, user_id, table.index("user-index"))


async def _pages(store: Store, query: Query) -> AsyncIterator[list[Item]]:
    """The items of an index, each read again: an index may show what has changed since."""
    after: str | None = None
    while True:
        page = await store.query(replace(query, limit=IN_ONE_COMMIT, after=after))
        keys = [query.table.key_of(item) for item in page.items]
        found = await store.get_many(query.table, keys)
        if items := [item for item in found if item is not None]:
            yield items
        after = page.next
        if after is None:
            return
