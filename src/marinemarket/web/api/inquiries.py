"""Inquiries to sellers, and your conversations, for API clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody

from ...accounts.records import find_users
from ...composition import Market
from ...errors import NotFound
from ...i18n.texts import gettext as _
from ...listings.visibility import public_listing
from ...messages.inbox import threads_of
from ...messages.inquiries import Question, SentInquiry, ask, ask_as_visitor
from ...messages.inquiry import Message, Side, Thread
from ...messages.reach import reach, reason_of
from ...messages.records import messages_of
from ...messages.replies import Words, note_read, own_thread, write_message
from ...messages.screening import warnings_of
from ..dependencies import CurrentMarket
from ..idempotency import asked_once
from ..security.access import CurrentActor, CurrentClient, CurrentSignedIn, MaybeSignedIn
from ..security.rate_limits import limited
from .answers.messages import Conversation, InquiryPage
from .answers.messages import SentInquiry as SentInquiryAnswer
from .bodies import NewInquiry
from .listings import json
from .paging import FromAfter, FromLimit

AnyRequest = Request[Any, Any, Any]

_PRIVATE = {"Cache-Control": "no-store"}


@post(
    "/listings/{listing_id:str}/inquiries",
    status_code=201,
    summary="Ask the seller about a boat",
    guards=[limited("inquiries")],
    operation_id="createInquiry",
    takes=NewInquiry,
    answers=SentInquiryAnswer,
    once=True,
)
async def add_inquiry(
    listing_id: FromPath[str],
    data: JSONBody[dict[str, Any]],
    request: AnyRequest,
    market: CurrentMarket,
    visitor: MaybeSignedIn,
    client: CurrentClient,
) -> Response[bytes]:
    """Send a `message`; if you are not signed in, also a `name` and an `email`. Its `state` is
    `sent`, `held` (for a moderator) or `waiting` (until the emailed link is used, within a day).
    `warnings` are those shown to the recipient.

    With an `Idempotency-Key`, the same request sent again within a day returns the same inquiry.
    """
    listing = await public_listing(market.listings, listing_id)
    if listing is None:
        raise NotFound("listing", listing_id)
    asker = visitor.user.id if visitor else f"visitor at {client.ip_address}"
    what = f"POST /listings/{listing.id}/inquiries"
    once = asked_once(request, asker, what, data)
    if visitor is not None:
        actor = visitor.acting_from(client)
        asked = await ask(market.messaging(), actor, visitor.user, listing, data, once)
    else:
        asked = await ask_as_visitor(market.messaging(), client, listing, data, once)
    answer = json(_seen_asked(asked), headers=_PRIVATE)
    answer.status_code = 201
    return answer


def _seen_asked(asked: SentInquiry) -> dict[str, Any]:
    message = asked.message
    return {
        "id": asked.thread.id,
        "listingId": asked.thread.listing_id,
        "state": message.state.value,
        "sentAt": message.sent_at,
        "warnings": _warnings(message),
    }


@get(
    "/me/inquiries",
    summary="List your conversations",
    operation_id="listInquiries",
    answers=InquiryPage,
)
async def list_inquiries(
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """Conversations in which you ask (`role` buyer) or are asked (seller)."""
    box = await threads_of(market.store, somebody.user, limit=limit, after=after)
    names = await _names(market, [thread for thread, _ in box.threads])
    results = [_seen(thread, side, names) for thread, side in box.threads]
    return json({"results": results, "next": box.next}, headers=_PRIVATE)


@get(
    "/me/inquiries/{inquiry_id:str}",
    summary="Read a conversation",
    operation_id="getInquiry",
    answers=Conversation,
)
async def show_own_inquiry(
    inquiry_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """One conversation with at most its latest 200 messages, oldest first."""
    thread, side = await own_thread(market.store, somebody.user, inquiry_id)
    return json(await _whole(market, thread, side), headers=_PRIVATE)


@post(
    "/me/inquiries/{inquiry_id:str}/messages",
    status_code=201,
    summary="Reply in a conversation",
    operation_id="createMessage",
    answers=Conversation,
    once=True,
)
async def add_message(
    inquiry_id: FromPath[str],
    data: JSONBody[Question],
    request: AnyRequest,
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    actor: CurrentActor,
) -> Response[bytes]:
    """Send a `message`. Returns the updated conversation.

    With an `Idempotency-Key`, the same message sent again within a day is sent once.
    """
    thread, side = await own_thread(market.store, somebody.user, inquiry_id)
    what = f"POST /me/inquiries/{thread.id}/messages"
    once = asked_once(request, somebody.user.id, what, data.to_wire())
    words = Words(data.message)
    thread, _ = await write_message(market.messaging(), actor, thread, side, words, once=once)
    answer = json(await _whole(market, thread, side), headers=_PRIVATE)
    answer.status_code = 201
    return answer


@post(
    "/me/inquiries/{inquiry_id:str}/reading",
    status_code=204,
    summary="Mark a conversation as read",
    operation_id="markInquiryRead",
)
async def add_reading(
    inquiry_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> None:
    """Mark every message of the conversation as read."""
    thread, side = await own_thread(market.store, somebody.user, inquiry_id)
    await note_read(market.messaging(), thread, side)


async def _names(market: Market, threads: Sequence[Thread]) -> dict[str, str]:
    """The names of the sellers in these threads, by seller id."""
    users = await find_users(market.store, [thread.seller_id or "" for thread in threads])
    return {user.id: user.name for user in users}


async def _whole(market: Market, thread: Thread, side: Side) -> dict[str, Any]:
    messages = await messages_of(market.store, thread.id)
    names = await _names(market, [thread])
    seen = [_seen_message(one, side) for one in messages if one.is_seen_by(side)]
    told = (await reach(market.store, thread, side)).told
    stands = {"canWrite": told is None, "whyNot": reason_of(told) if told else None}
    return _seen(thread, side, names) | stands | {"messages": seen}


def _seen(thread: Thread, side: Side, names: dict[str, str]) -> dict[str, Any]:
    """A thread as one side sees it: of the other person, only the name."""
    other = thread.buyer_name if side is Side.SELLER else names.get(thread.seller_id or "")
    return {
        "id": thread.id,
        "listingId": thread.listing_id,
        "title": thread.title,
        "role": side.value,
        "with": other,
        "state": thread.state.value,
        "unread": thread.unread_by(side),
        "createdAt": thread.created_at,
        "lastAt": thread.last_at,
    }


def _seen_message(message: Message, side: Side) -> dict[str, Any]:
    return {
        "sentAt": message.sent_at,
        "by": message.by.value,
        "text": message.text,
        "via": message.via.value,
        "state": message.state.value,
        "fullText": message.full_text,
        "attachmentsLeftOut": message.left_out,
        "warnings": [] if message.by is side else _warnings(message),
    }


def _warnings(message: Message) -> list[dict[str, Any]]:
    return [
        {"id": rule.id, "title": _(rule.title), "advice": _(rule.advice), "isNote": rule.is_note}
        for rule in warnings_of(message.signs)
    ]
