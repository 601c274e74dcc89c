"""Erasing a person from conversations: the other side keeps the messages, without the name.

What was cut from their emails goes, since signatures name people. What the other side never saw goes:
messages that are held, refused or not confirmed, and a whole conversation that has not reached its seller.
What the other side wrote, and a moderator holds, stays with them as not delivered. Once both sides are
erased, the conversation is deleted.
Like all erasure it works on items alone, whose attributes name a thread's sides.
"""

from __future__ import annotations

from ..accounts.audit_entries import forget_visitor
from ..privacy.pages import by_index, current_pages
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import MESSAGES, THREADS
from ..store.store import Query
from ..store.writes import Equals, Update
from .inquiry import MessageState, Side, mailbox_key

_OF_SIDE = {
    Side.BUYER: ("buyer", "buyerName", "buyerEmail", "ticket"),
    Side.SELLER: ("sellerId",),
}
_KEY_OF_SIDE = {Side.BUYER: "buyer", Side.SELLER: "sellerId"}


async def erase_threads(removal: Removal) -> None:
    """Remove a person from their conversations, as a user and, by address, as a visitor."""
    await _leave_all(removal, Side.BUYER, removal.user_id)
    # While the conversations still name them: an interrupted erasure finds them again.
    await _forget_visits(removal)
    for address in removal.confirmed_addresses:
        key = mailbox_key(address.email)
        await _leave_all(removal, Side.BUYER, key, until=address.until)
    await _leave_all(removal, Side.SELLER, removal.user_id)


async def _forget_visits(removal: Removal) -> None:
    """Take the person out of the audit entries that a visitor left in these conversations."""
    begun: dict[str, str] = {}
    for address in removal.confirmed_addresses:
        query = by_index(THREADS, Side.BUYER.value, mailbox_key(address.email))
        async for threads in current_pages(removal.trail.store, query):
            begun |= {
                one["id"]: one["createdAt"] for one in threads if one["createdAt"] <= address.until
            }
    if begun:
        await forget_visitor(removal, "thread", begun, min(begun.values()))


async def _leave_all(removal: Removal, side: Side, key: str, *, until: str = "") -> None:
    """Leave the conversations of a side with this key; only those begun by `until`, if given."""
    query = by_index(THREADS, side.value, key)
    async for threads in current_pages(removal.trail.store, query):
        for thread in threads:
            if not until or thread.get("createdAt", "") <= until:
                await _leave(removal, thread["id"], side, key)


async def _leave(removal: Removal, thread_id: str, side: Side, key: str) -> None:
    """Remove one side from a thread; the last one deletes the thread."""
    store = removal.trail.store
    await _delete_unseen(removal, thread_id, side)
    await _forget_full_texts(removal, thread_id, side)

    async def leave() -> bool:
        thread = await store.get(THREADS, thread_id)
        if thread is None or thread.get(_KEY_OF_SIDE[side]) != key:
            return True
        is_unseen = side is Side.BUYER and "reachedAt" not in thread
        if _KEY_OF_SIDE[side.other] not in thread or is_unseen:
            return False
        await _give_back_held(removal, thread_id, side.other)
        left = Update(
            THREADS,
            (thread_id,),
            set={"state": "closed", "version": thread["version"] + 1},
            remove=_OF_SIDE[side],
            when=Equals(version=thread["version"]),
        )
        entry = removal.entry("conversation", 1)
        await removal.commit(entry, left, places=[(THREADS, (thread_id,))])
        return True

    if not await removal.trail.retrying(leave):
        await removal.delete_all(Query(MESSAGES, thread_id), "messages")
        await removal.delete(THREADS, [(thread_id,)], "threads")


async def _delete_unseen(removal: Removal, thread_id: str, side: Side) -> None:
    """Delete what a side wrote and the other one has not got; what is held for it is not delivered."""
    async for messages in current_pages(removal.trail.store, Query(MESSAGES, thread_id)):
        unseen = [one for one in messages if one["by"] == side and not _was_sent(one)]
        if unseen:
            keys = [MESSAGES.key_of(one) for one in unseen]
            await removal.delete(MESSAGES, keys, "messages")
        if held := [one for one in messages if one["by"] != side and "held" in one]:
            state = {"state": MessageState.UNDELIVERED.value}
            await removal.commit(
                removal.entry("held messages", len(held)),
                *(
                    Update(MESSAGES, MESSAGES.key_of(one), set=state, remove=("held",))
                    for one in held
                ),
                places=[(MESSAGES, MESSAGES.key_of(one)) for one in held],
            )


async def _forget_full_texts(removal: Removal, thread_id: str, side: Side) -> None:
    """Remove what was cut from a side's emails: signatures say who and where somebody is."""
    async for messages in current_pages(removal.trail.store, Query(MESSAGES, thread_id)):
        keys = [MESSAGES.key_of(one) for one in messages if one["by"] == side and "fullText" in one]
        if keys:
            await removal.commit(
                removal.entry("full texts", len(keys)),
                *(Update(MESSAGES, key, remove=("fullText",)) for key in keys),
                places=[(MESSAGES, key) for key in keys],
            )


async def _give_back_held(removal: Removal, thread_id: str, side: Side) -> None:
    """Mark what a side wrote, and a moderator holds, as not delivered: its reader is leaving."""
    held = MessageState.HELD.value
    undelivered = {"state": MessageState.UNDELIVERED.value}
    async for messages in current_pages(removal.trail.store, Query(MESSAGES, thread_id)):
        given_back = [
            Update(
                MESSAGES,
                MESSAGES.key_of(one),
                set=undelivered,
                remove=("held",),
                when=Equals(state=held),
            )
            for one in messages
            if one["by"] == side and one.get("state") == held
        ]
        if given_back:
            entry = removal.entry("held-messages", len(given_back))
            await removal.trail.commit(entry, *given_back)


def _was_sent(message: Item) -> bool:
    return bool(message.get("state", MessageState.SENT) == MessageState.SENT)
