"""The personal data of accounts, except the account itself, which the erasure removes last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..audit.actions import Action
from ..audit.trail import Trail
from ..clock import iso
from ..privacy.pages import by_index, newest_first, scanned_pages
from ..privacy.personal_data import RESTORE, Person, PersonalData
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import CLAIMS, LOGIN_ATTEMPTS, PASSING, SESSIONS, USERS
from ..store.store import Between, Store
from ..store.writes import Delete, Equals, Update
from .records import attempt_of, session_of
from .visible_fields import seen_session

_TOKENS = (
    "passwordResetToken",
    "passwordResetExpires",
    "emailVerificationToken",
    "emailVerificationExpires",
    "pendingEmail",
)


async def _erase(removal: Removal) -> None:
    await removal.delete_all(by_index(SESSIONS, "user", removal.user_id), "session")
    for address in removal.addresses:
        attempts = by_index(LOGIN_ATTEMPTS, "email", address.email)
        theirs = replace(attempts, between=Between(highest=address.until))
        await removal.delete_all(theirs, "login-attempt")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    return {
        "sessions": [
            seen_session(session_of(item))
            async for item in newest_first(store, SESSIONS, "user", person.id)
        ],
        "signInAttempts": [
            attempt_of(item).to_wire()
            async for item in newest_first(store, LOGIN_ATTEMPTS, "email", person.email)
        ],
    }


async def end_sessions(trail: Trail) -> int:
    """Sign everybody out: a session stolen before the restore must be worthless."""
    ended = 0
    async for items in scanned_pages(trail.store, SESSIONS):
        entry = RESTORE.entry(Action.USER_LOGOUT, "session", "all", trail.clock(), ended=len(items))
        await trail.commit(entry, *(Delete(SESSIONS, SESSIONS.key_of(item)) for item in items))
        ended += len(items)
    return ended


async def void_tokens(trail: Trail) -> int:
    """Void one-time tokens, which may have been used meanwhile, and end all sessions."""
    users = 0
    now = trail.clock()
    async for items in scanned_pages(trail.store, USERS):
        ids = [item["id"] for item in items]
        entry = RESTORE.entry(Action.USER_UPDATED, "user", "all", now, tokensVoid=ids)
        await trail.commit(entry, *(_without_tokens(item, now) for item in items))
        users += len(items)
    return users


def _without_tokens(user: Item, now: int) -> Update:
    moment = max(iso(now), user.get("updatedAt", ""))
    return Update(
        USERS,
        (user["id"],),
        set={"sessionsValidAfter": moment, "updatedAt": moment},
        remove=_TOKENS,
        when=Equals(updatedAt=user.get("updatedAt")),
    )


async def forget_passing(trail: Trail) -> int:
    """Drop everything short-lived: half-finished sign-ins, challenges, codes on their way."""
    forgotten = 0
    async for items in scanned_pages(trail.store, PASSING):
        entry = RESTORE.entry(
            Action.USER_UPDATED, "passing", "all", trail.clock(), forgotten=len(items)
        )
        await trail.commit(entry, *(Delete(PASSING, PASSING.key_of(item)) for item in items))
        forgotten += len(items)
    return forgotten


ACCOUNTS = PersonalData(
    tables=(USERS, CLAIMS, SESSIONS, LOGIN_ATTEMPTS),
    erase=_erase,
    export=_export,
    after_restore={
        "sessionsEnded": end_sessions,
        "tokensVoid": void_tokens,
        "passingForgotten": forget_passing,
    },
)
