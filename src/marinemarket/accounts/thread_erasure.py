"""What an erasure does to conversations: the other side keeps the words, and no name beside them.

Once both sides are gone a conversation goes with them. By items alone, as all of erasing does: whose
a thread is stands in its attributes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from hashlib import sha256

from ..audit.actions import Action
from ..audit.entry import Actor, AuditLog
from ..audit.trail import Trail
from ..store.items import Item, Key
from ..store.schema import ANSWER_TIMES, MESSAGE_BLOCKS, MESSAGES, THREADS, Table
from ..store.store import Query, Store
from ..store.writes import Delete, Equals, Update

_AT_ONCE = 50
_OF_BUYER = ("buyer", "buyerName", "buyerEmail", "ticket")
_OF_SELLER = ("sellerId",)

Note = Callable[[Table, list[Key]], None]
"""Is told which items an erasure removed or rewrote."""


async def erase_threads(
    trail: Trail, actor: Actor, user_id: str, emails: Iterable[str], note: Note
) -> None:
    """Take a person out of the conversations that they had, as users or as visitors, by address."""
    keys = [user_id, *(f"mail:{sha256(email.encode()).hexdigest()}" for email in emails)]
    for key in keys:
        async for thread in _threads(trail.store, "buyer", key):
            await _leave(trail, actor, user_id, thread["id"], _OF_BUYER, "sellerId", note)
    async for thread in _threads(trail.store, "seller", user_id):
        await _leave(trail, actor, user_id, thread["id"], _OF_SELLER, "buyer", note)
    blocks = Query(MESSAGE_BLOCKS, user_id, limit=_AT_ONCE)
    while items := (await trail.store.query(blocks)).items:
        await _delete(trail, actor, user_id, MESSAGE_BLOCKS, items, note)
    if known := await trail.store.get(ANSWER_TIMES, user_id):
        await _delete(trail, actor, user_id, ANSWER_TIMES, [known], note)


async def _leave(
    trail: Trail,
    actor: Actor,
    user_id: str,
    thread_id: str,
    names: tuple[str, ...],
    other: str,
    note: Note,
) -> None:
    """Take one side out of a thread; the last one takes the thread with it."""

    async def leave() -> None:
        thread = await trail.store.get(THREADS, thread_id)
        if thread is None:
            return
        if other not in thread or thread.get("state") == "unconfirmed":
            await _delete_thread(trail, actor, user_id, thread, note)
            return
        left = Update(
            THREADS,
            (thread_id,),
            set={"state": "closed", "version": thread["version"] + 1},
            remove=names,
            when=Equals(version=thread["version"]),
        )
        await trail.commit(_entry(trail, actor, user_id, "conversation", 1), left)
        note(THREADS, [(thread_id,)])

    await trail.retrying(leave)


async def _delete_thread(
    trail: Trail, actor: Actor, user_id: str, thread: Item, note: Note
) -> None:
    messages = Query(MESSAGES, thread["id"], limit=_AT_ONCE)
    while items := (await trail.store.query(messages)).items:
        await _delete(trail, actor, user_id, MESSAGES, items, note)
    await _delete(trail, actor, user_id, THREADS, [thread], note)


async def _delete(
    trail: Trail, actor: Actor, user_id: str, table: Table, items: list[Item], note: Note
) -> None:
    keys = [table.key_of(item) for item in items]
    entry = _entry(trail, actor, user_id, table.name.removeprefix("boat-"), len(keys))
    await trail.commit(entry, *(Delete(table, key) for key in keys))
    note(table, keys)


def _entry(trail: Trail, actor: Actor, user_id: str, removed: str, count: int) -> AuditLog:
    return actor.entry(
        Action.USER_UPDATED, "user", user_id, trail.clock(), removed=removed, count=count
    )


async def _threads(store: Store, side: str, key: str) -> AsyncIterator[Item]:
    """The threads of one side, each read again: an index may show what has changed since."""
    query = Query(THREADS, key, THREADS.index(f"{side}-index"), limit=_AT_ONCE)
    after: str | None = None
    while True:
        page = await store.query(replace(query, after=after))
        keys = [THREADS.key_of(item) for item in page.items]
        found = await store.get_many(THREADS, keys) if keys else []
        for item in found:
            if item is not None:
                yield item
        after = page.next
        if after is None:
            return
