"""Erasing a person from conversations: the other side keeps the messages, without the name.

Once both sides are erased, the conversation is deleted. Like all erasure it works on items alone,
whose attributes name a thread's sides.
"""

from __future__ import annotations

from ..privacy.pages import by_index, current_pages
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import MESSAGES, THREADS
from ..store.store import Query
from ..store.writes import Equals, Update
from .inquiry import mailbox_key

_OF_BUYER = ("buyer", "buyerName", "buyerEmail", "ticket")
_OF_SELLER = ("sellerId",)


async def erase_threads(removal: Removal) -> None:
    """Remove a person from their conversations, as a user and, by address, as a visitor."""
    for buyer in (removal.user_id, *map(mailbox_key, removal.emails)):
        await _leave_all(removal, by_index(THREADS, "buyer", buyer), _OF_BUYER, "sellerId")
    await _leave_all(removal, by_index(THREADS, "seller", removal.user_id), _OF_SELLER, "buyer")


async def _leave_all(removal: Removal, query: Query, names: tuple[str, ...], other: str) -> None:
    async for threads in current_pages(removal.trail.store, query):
        for thread in threads:
            await _leave(removal, thread["id"], names, other)


async def _leave(removal: Removal, thread_id: str, names: tuple[str, ...], other: str) -> None:
    """Remove one side from a thread; the last one deletes the thread."""
    trail = removal.trail

    async def leave() -> None:
        thread = await trail.store.get(THREADS, thread_id)
        if thread is None:
            return
        if other not in thread or thread.get("state") == "unconfirmed":
            await _delete_thread(removal, thread)
            return
        left = Update(
            THREADS,
            (thread_id,),
            set={"state": "closed", "version": thread["version"] + 1},
            remove=names,
            when=Equals(version=thread["version"]),
        )
        await trail.commit(removal.entry("conversation", 1), left)
        removal.erased.note(THREADS, [(thread_id,)])

    await trail.retrying(leave)


async def _delete_thread(removal: Removal, thread: Item) -> None:
    await removal.delete_all(Query(MESSAGES, thread["id"]), "messages")
    await removal.delete(THREADS, [(thread["id"],)], "threads")
