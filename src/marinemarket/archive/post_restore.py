"""After a restore: what must not come back with the market, each step an ordinary audited change.

Every step may run again. One that sends or owes anything to the world belongs here as well, so
that a restored market starts silent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from ..accounts.erasure import erase
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import iso
from ..errors import NotFound
from ..store.items import Item
from ..store.schema import OUTBOX, PASSING, SAVED_SEARCHES, SESSIONS, USERS, Table
from ..store.store import Store
from ..store.writes import Delete, Equals, Update
from .erasures import Erasure

ACTOR = Actor.system("restore")

_IN_ONE_COMMIT = 50
_TOKENS = (
    "passwordResetToken",
    "passwordResetExpires",
    "emailVerificationToken",
    "emailVerificationExpires",
    "pendingEmail",
)

_COLLECTED = ("waiting", "dueAt", "collected", "beyond")

Step = Callable[[Trail, Sequence[Erasure]], Awaitable[int]]


async def run(
    trail: Trail, erasures: Sequence[Erasure], progress: Callable[[str, int], None]
) -> dict[str, int]:
    """Do every step; how many items each one changed. `erasures` came after the moment."""
    done = {}
    for name, step in STEPS.items():
        done[name] = await step(trail, erasures)
        progress(name, done[name])
    return done


async def end_sessions(trail: Trail, erasures: Sequence[Erasure]) -> int:
    """Nobody is signed in: whoever stole a session before the restore gains nothing by it."""
    ended = 0
    async for items in _pages(trail.store, SESSIONS):
        entry = ACTOR.entry(Action.USER_LOGOUT, "session", "all", trail.clock(), ended=len(items))
        await trail.commit(entry, *(Delete(SESSIONS, SESSIONS.key_of(item)) for item in items))
        ended += len(items)
    return ended


async def void_tokens(trail: Trail, erasures: Sequence[Erasure]) -> int:
    """One-time tokens, used meanwhile perhaps, are void, and sessions elsewhere count no more."""
    users = 0
    now = trail.clock()
    async for items in _pages(trail.store, USERS):
        ids = [item["id"] for item in items]
        entry = ACTOR.entry(Action.USER_UPDATED, "user", "all", now, tokensVoid=ids)
        await trail.commit(entry, *(_without_tokens(item, now) for item in items))
        users += len(items)
    return users


async def forget_passing(trail: Trail, erasures: Sequence[Erasure]) -> int:
    """What stood for minutes is over: half-done sign-ins, challenges, codes on their way."""
    forgotten = 0
    async for items in _pages(trail.store, PASSING):
        entry = ACTOR.entry(
            Action.USER_UPDATED, "passing", "all", trail.clock(), forgotten=len(items)
        )
        await trail.commit(entry, *(Delete(PASSING, PASSING.key_of(item)) for item in items))
        forgotten += len(items)
    return forgotten


def _without_tokens(user: Item, now: int) -> Update:
    moment = max(iso(now), user.get("updatedAt", ""))
    return Update(
        USERS,
        (user["id"],),
        set={"sessionsValidAfter": moment, "updatedAt": moment},
        remove=_TOKENS,
        when=Equals(updatedAt=user.get("updatedAt")),
    )


async def mute_outbox(trail: Trail, erasures: Sequence[Erasure]) -> int:
    """No letter goes out twice: what was still to be sent then may have been sent meanwhile."""
    muted = 0
    async for items in _pages(trail.store, OUTBOX):
        waiting = [item for item in items if "waiting" in item]
        if waiting:
            now = trail.clock()
            entry = ACTOR.entry(Action.LETTERS_MUTED, "letter", "all", now, muted=len(waiting))
            await trail.commit(entry, *(Delete(OUTBOX, OUTBOX.key_of(item)) for item in waiting))
            muted += len(waiting)
    return muted


async def mute_alerts(trail: Trail, erasures: Sequence[Erasure]) -> int:
    """What saved searches were still to tell then may have been told meanwhile."""
    muted = 0
    async for items in _pages(trail.store, SAVED_SEARCHES):
        waiting = [item for item in items if "waiting" in item]
        if waiting:
            now = trail.clock()
            entry = ACTOR.entry(
                Action.LETTERS_MUTED, "saved-search", "all", now, muted=len(waiting)
            )
            await trail.commit(
                entry,
                *(Update(SAVED_SEARCHES, (item["id"],), remove=_COLLECTED) for item in waiting),
            )
            muted += len(waiting)
    return muted


async def erase_again(trail: Trail, erasures: Sequence[Erasure]) -> int:
    """Whoever was erased after the moment is erased again."""
    erased = 0
    for erasure in erasures:
        try:
            await erase(trail, ACTOR, erasure.user)
        except NotFound:
            continue  # they had not come yet
        erased += 1
    return erased


STEPS: dict[str, Step] = {
    "sessionsEnded": end_sessions,
    "tokensVoid": void_tokens,
    "passingForgotten": forget_passing,
    "outboxMuted": mute_outbox,
    "alertsMuted": mute_alerts,
    "erasedAgain": erase_again,
}


async def _pages(store: Store, table: Table) -> AsyncIterator[list[Item]]:
    """Every item of a table. A scan: for what is done once, before anybody visits."""
    after: str | None = None
    while True:
        page = await store.scan(table, limit=_IN_ONE_COMMIT, after=after)
        if page.items:
            yield page.items
        after = page.next
        if after is None:
            return
