"""Everything that the market holds about one person, for themselves to take away.

No secret and no hash is in it: they are the market's means of telling who somebody is, and say
nothing about them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.records import entry_of
from ..clock import iso
from ..store.items import Item
from ..store.schema import (
    ANSWER_TIMES,
    AUDIT_LOGS,
    CASES,
    DRAFTS,
    IMPORTS,
    LISTINGS,
    LOGIN_ATTEMPTS,
    MEDIA,
    MESSAGE_BLOCKS,
    MESSAGES,
    OUTBOX,
    REPORTS,
    SAVED_SEARCHES,
    SESSIONS,
    THREADS,
    TOLD,
    VIEWS,
    WATCHLIST,
    Table,
)
from ..store.store import Query, Store
from .accounts import Accounts
from .records import attempt_of, session_of
from .user import User
from .visible_fields import seen_by_self, seen_session

_AT_ONCE = 100
_OURS = frozenset(
    {"locationState", "publicity", "hin", "source", "shape", "unconfirmed", "unconfirmedSince"}
)
"""What a listing's item holds for the market's own use."""
_OF_THE_STORE = frozenset({"ownerId", "ttl", "shape"})
_OF_A_SEARCH = ("id", "name", "filters", "frequency", "createdAt", "lastToldAt", "collected")
_OF_A_REPORT = ("listingId", "complaint", "words", "email", "createdAt")
_OF_A_CASE = ("listingId", "flags", "createdAt", "updatedAt")
"""Of a case about one's advert: not who reported it, nor who decided."""
_OF_A_STEP = ("at", "event", "said")
_OF_A_MEDIUM = ("id", "kind", "advertId", "createdAt", "waiting", "since")
_OF_A_CONVERSATION = ("id", "listingId", "title", "buyerName", "state", "createdAt", "lastAt")
_OF_A_MESSAGE = ("sentAt", "by", "text", "via", "state", "leftOut")
_OF_A_WATCHED_BOAT = ("listingId", "at", "price", "note")
_OF_WHAT_WAS_TOLD = ("searchId", "listingId", "price", "at")


async def export_person(accounts: Accounts, actor: Actor, user: User) -> dict[str, Any]:
    """All that is kept of a user, as JSON values: from their account to what they did.

    What was made in the last moments may be missing where indexes lag.
    """
    store = accounts.store
    entry = actor.entry(Action.DATA_EXPORTED, "user", user.id, accounts.now())
    await accounts.trail.commit(entry)
    return {
        "at": iso(accounts.now()),
        "account": seen_by_self(user),
        "sessions": [
            seen_session(session_of(item)) async for item in _of(store, SESSIONS, "user", user.id)
        ],
        "signInAttempts": [
            attempt_of(item).to_wire()
            async for item in _of(store, LOGIN_ATTEMPTS, "email", user.email)
        ],
        "listings": [
            {name: value for name, value in item.items() if name not in _OURS}
            async for item in _of(store, LISTINGS, "owner", user.id)
        ],
        "views": [
            {name: day[name] for name in ("listingId", "day", "count")}
            async for item in _of(store, LISTINGS, "owner", user.id)
            async for day in _all(store, Query(VIEWS, item["id"], limit=_AT_ONCE))
        ],
        "imports": [
            {name: value for name, value in item.items() if name not in _OF_THE_STORE}
            async for item in _all(store, Query(IMPORTS, user.id, limit=1))
        ],
        "drafts": [
            {name: value for name, value in item.items() if name not in _OURS}
            async for item in _of(store, DRAFTS, "owner", user.id)
        ],
        "media": [
            {name: item[name] for name in _OF_A_MEDIUM if name in item}
            async for item in _of(store, MEDIA, "owner", user.id)
        ],
        "letters": [
            {name: item[name] for name in ("template", "createdAt", "sentAt") if name in item}
            async for item in _of(store, OUTBOX, "user", user.id)
        ],
        "savedSearches": [
            {name: item[name] for name in _OF_A_SEARCH if name in item}
            async for item in _of(store, SAVED_SEARCHES, "user", user.id)
        ],
        "toldOf": [
            {name: item[name] for name in _OF_WHAT_WAS_TOLD if name in item}
            async for item in _of(store, TOLD, "user", user.id)
        ],
        "reports": [
            {name: item[name] for name in _OF_A_REPORT if name in item}
            async for item in _of(store, REPORTS, "user", user.id)
        ],
        "moderation": [
            {name: item[name] for name in _OF_A_CASE if name in item}
            | {"history": [_step(step) for step in item.get("history", ())]}
            async for item in _of(store, CASES, "seller", user.id)
        ],
        "conversations": [
            one
            for side, whose in (
                ("buyer", user.id),
                ("buyer", _as_visitor(user)),
                ("seller", user.id),
            )
            async for one in _conversations(store, side, whose)
        ],
        "blocked": [
            item["whom"]
            for item in (await store.query(Query(MESSAGE_BLOCKS, user.id, limit=1000))).items
        ],
        "answerMinutes": (await store.get(ANSWER_TIMES, user.id) or {}).get("minutes", []),
        "watchlist": [
            {name: item[name] for name in _OF_A_WATCHED_BOAT if name in item}
            async for item in _of(store, WATCHLIST, "user", user.id)
        ],
        "actions": [
            entry_of(item).to_wire() async for item in _of(store, AUDIT_LOGS, "user", user.id)
        ],
    }


def _step(step: Item) -> Item:
    return {name: step[name] for name in _OF_A_STEP if name in step}


def _as_visitor(user: User) -> str:
    """Under which key conversations stand that a person had as a visitor, by their address."""
    email = user.email if user.email_verified else ""
    return f"mail:{sha256(email.encode()).hexdigest()}"


async def _conversations(store: Store, side: str, whose: str) -> AsyncIterator[dict[str, Any]]:
    """The conversations of one side, with the messages that it may read and none of the market's own."""
    async for item in _of(store, THREADS, side, whose):
        if side == "seller" and "reachedAt" not in item:
            continue
        messages = [
            {name: message[name] for name in _OF_A_MESSAGE if name in message}
            async for message in _messages(store, item["id"])
            if message["by"] == side or message["state"] == "sent"
        ]
        payload = {name: item[name] for name in _OF_A_CONVERSATION if name in item}
        yield payload | {"role": side, "messages": messages}


async def _messages(store: Store, thread_id: str) -> AsyncIterator[Item]:
    async for item in _all(store, Query(MESSAGES, thread_id, limit=_AT_ONCE)):
        yield item


async def _all(store: Store, query: Query) -> AsyncIterator[Item]:
    after: str | None = None
    while True:
        page = await store.query(replace(query, after=after))
        for item in page.items:
            yield item
        after = page.next
        if after is None:
            return


async def _of(store: Store, table: Table, whose: str, value: str) -> AsyncIterator[Item]:
    query = Query(table, value, table.index(f"{whose}-index"), newest_first=True, limit=_AT_ONCE)
    async for item in _all(store, query):
        yield item
