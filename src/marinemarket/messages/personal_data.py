"""The personal data of messages: conversations, blocks, and answer times."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from ..privacy.pages import every_item, newest_first, picked
from ..privacy.personal_data import Person, PersonalData
from ..privacy.removal import Removal
from ..store.schema import ANSWER_TIMES, MESSAGE_BLOCKS, MESSAGES, THREADS
from ..store.store import Query, Store
from .inquiry import mailbox_key
from .thread_erasure import erase_threads

_OF_A_CONVERSATION = ("id", "listingId", "title", "buyerName", "state", "createdAt", "lastAt")
_OF_A_MESSAGE = ("sentAt", "by", "text", "via", "state", "leftOut", "fullText")


async def _erase(removal: Removal) -> None:
    store, user_id = removal.trail.store, removal.user_id
    await erase_threads(removal)
    await removal.delete_all(Query(MESSAGE_BLOCKS, user_id), "message-blocks")
    if await store.get(ANSWER_TIMES, user_id):
        await removal.delete(ANSWER_TIMES, [(user_id,)], "answer-times")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    sides = [("buyer", person.id), ("seller", person.id)]
    if person.verified_email:
        sides.insert(1, ("buyer", mailbox_key(person.verified_email)))
    answers = await store.get(ANSWER_TIMES, person.id) or {}
    return {
        "conversations": [
            one for side, whose in sides async for one in _conversations(store, side, whose)
        ],
        "blocked": [
            item["whom"] async for item in every_item(store, Query(MESSAGE_BLOCKS, person.id))
        ],
        "answerMinutes": answers.get("minutes", []),
    }


async def _conversations(store: Store, side: str, whose: str) -> AsyncIterator[dict[str, Any]]:
    """The conversations of one side, with the messages that it may see, without internal attributes."""
    async for item in newest_first(store, THREADS, side, whose):
        if side == "seller" and "reachedAt" not in item:
            continue
        messages = [
            picked(message, _OF_A_MESSAGE)
            async for message in every_item(store, Query(MESSAGES, item["id"]))
            if message["by"] == side or message["state"] == "sent"
        ]
        yield picked(item, _OF_A_CONVERSATION) | {"role": side, "messages": messages}


CONVERSATIONS = PersonalData(
    tables=(THREADS, MESSAGES, MESSAGE_BLOCKS, ANSWER_TIMES), erase=_erase, export=_export
)
