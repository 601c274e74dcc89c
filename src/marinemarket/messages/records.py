"""Threads and messages in the store: their items, and which index serves which query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..store.items import Item, Key
from ..store.schema import ANSWER_TIMES, MESSAGE_BLOCKS, MESSAGES, THREADS
from ..store.store import Between, Query, Store
from ..store.writes import Absent, Check, Delete, Equals, Put, Reason, Update, Write
from .inquiry import Message, MessageState, Thread, ThreadState

HELD = "held"
MOST_MESSAGES = 200
"""How many of a thread's latest messages are shown."""
FEWEST_ANSWERS, MOST_ANSWERS = 3, 20
"""A seller's answer time is shown from this many first answers, and based on at most so many."""
_DERIVED_OF_THREAD = frozenset({"ttl"})
_DERIVED_OF_MESSAGE = frozenset({"held", "ttl"})


# -- Items -------------------------------------------------------------------------------------


def thread_item(thread: Thread, *, until: int | None = None) -> Item:
    """The item of a thread; an unconfirmed one expires at `until`, a Unix second."""
    item = thread.to_wire()
    return item | ({"ttl": until} if until and thread.state is ThreadState.UNCONFIRMED else {})


def thread_of(item: Mapping[str, Any]) -> Thread:
    """The thread of an item. Raises Invalid if it is not one."""
    return Thread.parse({n: value for n, value in item.items() if n not in _DERIVED_OF_THREAD})


def message_item(message: Message, *, until: int | None = None) -> Item:
    """The item of a message; a waiting one expires at `until`, a Unix second."""
    item = message.to_wire()
    item |= {"held": HELD} if message.state is MessageState.HELD else {}
    return item | ({"ttl": until} if until and message.state is MessageState.WAITING else {})


def message_of(item: Mapping[str, Any]) -> Message:
    """The message of an item. Raises Invalid if it is not one."""
    return Message.parse({n: value for n, value in item.items() if n not in _DERIVED_OF_MESSAGE})


# -- Writes ------------------------------------------------------------------------------------


def thread_update(old: Thread, new: Thread) -> Update:
    """The write that changes `old` to `new`, if unchanged since; a confirmed thread no longer expires."""
    before, after = thread_item(old), thread_item(new)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    gone = tuple(name for name in before if name not in after)
    confirmed = old.state is ThreadState.UNCONFIRMED and new.state is not old.state
    return Update(
        THREADS,
        (old.id,),
        set=changed,
        remove=(*gone, "ttl") if confirmed else gone,
        when=Equals(version=old.version),
    )


def message_put(message: Message, *, until: int | None = None) -> Put:
    """The write that adds a message."""
    return Put(MESSAGES, message_item(message, until=until), when=Absent())


def state_put(old: Message, new: Message) -> Put:
    """The write that changes a message's state, if it is unchanged since."""
    return Put(MESSAGES, message_item(new), when=Equals(state=old.state.value))


def block_put(user_id: str, whom: str) -> Put:
    return Put(MESSAGE_BLOCKS, {"userId": user_id, "whom": whom})


def block_delete(user_id: str, whom: str) -> Delete:
    return Delete(MESSAGE_BLOCKS, (user_id, whom))


def not_blocked(user_id: str, whom: str, *, otherwise: Reason | None = None) -> Check:
    """The condition that a user has not blocked somebody."""
    return Check(MESSAGE_BLOCKS, (user_id, whom), when=Absent(), otherwise=otherwise)


async def answer_time_put(store: Store, seller_id: str, minutes: int) -> Write:
    """The write that records how many minutes a seller took for a first answer."""
    known = await store.get(ANSWER_TIMES, seller_id)
    kept = [*(known["minutes"] if known else ()), minutes][-MOST_ANSWERS:]
    when = Equals(minutes=known["minutes"]) if known else Absent()
    return Put(ANSWER_TIMES, {"sellerId": seller_id, "minutes": kept}, when=when)


# -- Reads -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some threads, and the cursor for the next page; None if there is none."""

    threads: list[Thread]
    next: str | None


async def find_thread(store: Store, id: str) -> Thread | None:
    item = await store.get(THREADS, id)
    return thread_of(item) if item else None


async def find_threads(store: Store, ids: Sequence[str]) -> dict[str, Thread]:
    """Those of up to 100 threads that exist, by id."""
    keys: list[Key] = [(id,) for id in dict.fromkeys(ids)]
    items = await store.get_many(THREADS, keys) if keys else []
    threads = [thread_of(item) for item in items if item]
    return {thread.id: thread for thread in threads}


async def threads_of_seller(
    store: Store, seller_id: str, *, limit: int = 50, after: str | None = None
) -> ThreadPage:
    """A seller's threads, the latest message first. A page may hold fewer than `limit`."""
    page = await _newest(store, "seller-index", seller_id, limit, after)
    return ThreadPage([thread for thread in page.threads if thread.reached_at], page.next)


async def threads_of_buyer(
    store: Store, buyer: str, *, limit: int = 50, after: str | None = None
) -> ThreadPage:
    """The threads of a buyer (a user's id, or a `mailbox_key`), the latest message first."""
    return await _newest(store, "buyer-index", buyer, limit, after)


async def inquiries_of(
    store: Store, listing_id: str, *, limit: int = 50, after: str | None = None
) -> ThreadPage:
    """The inquiries about a listing that reached its seller, the newest first, by when they began."""
    page = await _newest(store, "listing-index", listing_id, limit, after)
    return ThreadPage([thread for thread in page.threads if thread.reached_at], page.next)


async def inquiry_moments(
    store: Store, listing_id: str, *, since: str, most: int = 100
) -> tuple[str, ...]:
    """When the latest inquiries about a listing began (ISO 8601), since a time, if they reached its seller.

    At most `most` threads are read.
    """
    index = THREADS.index("listing-index")
    query = Query(THREADS, listing_id, index, Between(lowest=since), newest_first=True, limit=most)
    page = await store.query(query)
    return tuple(str(item["createdAt"]) for item in page.items if item.get("reachedAt"))


async def _newest(
    store: Store, index: str, partition: str, limit: int, after: str | None
) -> ThreadPage:
    query = Query(
        THREADS, partition, THREADS.index(index), newest_first=True, limit=limit, after=after
    )
    page = await store.query(query)
    return ThreadPage([thread_of(item) for item in page.items], page.next)


async def messages_of(store: Store, thread_id: str, *, most: int = MOST_MESSAGES) -> list[Message]:
    """A thread's latest messages, the oldest of them first, by a consistent read."""
    page = await store.query(Query(MESSAGES, thread_id, newest_first=True, limit=most))
    return [message_of(item) for item in reversed(page.items)]


async def find_message(store: Store, thread_id: str, sent_at: str) -> Message | None:
    item = await store.get(MESSAGES, thread_id, sent_at)
    return message_of(item) if item else None


async def held_messages(
    store: Store, *, limit: int = 50, after: str | None = None
) -> tuple[list[Message], str | None]:
    """Messages that wait for a moderator, the oldest first, and the cursor for the next page."""
    index = MESSAGES.index("held-index")
    page = await store.query(Query(MESSAGES, HELD, index, limit=limit, after=after))
    return [message_of(item) for item in page.items], page.next


async def is_blocked(store: Store, user_id: str, whom: str) -> bool:
    return await store.get(MESSAGE_BLOCKS, user_id, whom) is not None


async def answer_time(store: Store, seller_id: str) -> int | None:
    """The median time in minutes of a seller's latest first answers; None for too few.

    Based on at most MOST_ANSWERS, and at least FEWEST_ANSWERS.
    """
    known = await store.get(ANSWER_TIMES, seller_id)
    minutes = sorted(map(int, known["minutes"])) if known else []
    return minutes[len(minutes) // 2] if len(minutes) >= FEWEST_ANSWERS else None
