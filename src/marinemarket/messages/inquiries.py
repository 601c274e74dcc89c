"""Inquiries: sent at once by a signed-in user, and by a visitor after confirming their address.

A visitor's address might be anybody's. So the message waits, for a day at most, until the link in our
email to that address is used; a seller never gets a message written in somebody else's name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from pydantic import field_validator

from ..accounts.accounts import Client
from ..accounts.idempotency import IdempotencyKey
from ..accounts.names import name_errors
from ..accounts.records import MARKET_ID, find_user, still_active
from ..accounts.registration import may_write_to
from ..accounts.secrets import hash_of
from ..accounts.user import Email, User
from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import DAY, HOUR, from_iso, iso
from ..errors import Invalid, NotFound, Refused
from ..i18n.texts import gettext as _
from ..listings.listing import Listing
from ..listings.records import PUBLIC
from ..lookalikes import visible_length
from ..store.schema import LISTINGS, PASSING, THREADS
from ..store.store import Store
from ..store.writes import Absent, Check, Equals, Put, Update, Write
from ..wire import Model
from .context import MessagingContext
from .inquiry import (
    WAITS_HOURS,
    Message,
    MessageState,
    MessageText,
    Name,
    Side,
    Thread,
    ThreadState,
    mailbox_key,
)
from .notifications import confirmation_email, email_puts
from .reach import Bar, reach, reason_of
from .records import (
    find_thread,
    message_put,
    messages_of,
    state_put,
    thread_item,
    thread_update,
)
from .replies import Words, add_message, email_writes
from .screening import COPIES, MOST_COPIES, fingerprint_of, is_held, screen
from .suggested_questions import OPENING, STARTERS

_THREADS = UUID("6b2f2a53-5b5e-5b0c-9a53-2f1d0f5f3c11")


class Question(Model):
    """The input of a signed-in user."""

    message: MessageText
    """The text of the message."""

    @field_validator("message")
    @classmethod
    def _is_seen(cls, value: str) -> str:
        if visible_length(value) == 0:
            raise ValueError(_("must hold something that can be read"))
        return value


class Inquiry(Question):
    """The input of a visitor."""

    name: Name
    """Your name, which the seller sees."""
    email: Email
    """Your email address, which the seller does not see."""

    @field_validator("name", mode="before")
    @classmethod
    def _is_one_line(cls, value: Any) -> Any:
        if isinstance(value, str) and any(unicodedata.category(sign) == "Cc" for sign in value):
            raise ValueError(_("must be one line: no control characters"))
        return value


@dataclass(frozen=True, slots=True)
class SentInquiry:
    """The thread of an inquiry, and its message as accepted."""

    thread: Thread
    message: Message


def demand_askable(listing: Listing, user: User | None) -> None:
    """Raises Refused for a boat whose seller cannot be reached here, and for one's own."""
    if listing.owner_id == MARKET_ID:
        raise Refused(_("this advert was imported, and its seller has no mailbox here"))
    if user is not None and listing.owner_id == user.id:
        raise Refused(_("this is your own boat"))


async def demand_reachable(store: Store, listing: Listing, user: User | None) -> None:
    """Raises Refused where a question of this person could not reach a boat's seller now.

    So nobody writes in vain. Nothing is known of a visitor; `ask` decides.
    """
    demand_askable(listing, user)
    if user is None:
        return
    known = await find_thread(store, _thread_id(listing, user))
    thread = known or Thread(
        id=_thread_id(listing, user),
        listing_id=listing.id,
        title=listing.title,
        seller_id=listing.owner_id,
        buyer=user.id,
        last_at=iso(listing.updated_at),
        created_at=iso(listing.updated_at),
    )
    (await reach(store, thread, Side.BUYER)).demand()


def _thread_id(listing: Listing, user: User) -> str:
    return str(uuid5(_THREADS, f"{listing.id} {user.id}"))


async def ask(
    context: MessagingContext,
    actor: Actor,
    user: User,
    listing: Listing,
    payload: dict[str, Any],
    once: IdempotencyKey | None = None,
) -> SentInquiry:
    """Ask about a boat as a signed-in user. Raises Invalid, Refused.

    Further questions about the same boat are added to the first one's thread.
    """
    question = Question.parse(payload)
    demand_askable(listing, user)
    id = _thread_id(listing, user)

    async def send() -> SentInquiry:
        if once and await once.made(context.store):
            return await _asked_before(context, id)
        known = await find_thread(context.store, id)
        if known is None:
            thread = _thread(context, listing, id, buyer=user.id, buyer_name=user.name)
            return await _begin(context, actor, listing, thread, question.message, once)
        noted = [once.making(id, context.now())] if once else []
        words = Words(question.message)
        return SentInquiry(*await add_message(context, actor, known, Side.BUYER, words, *noted))

    return await context.trail.retrying(send)


async def ask_as_visitor(
    context: MessagingContext,
    client: Client,
    listing: Listing,
    payload: dict[str, Any],
    once: IdempotencyKey | None = None,
) -> SentInquiry:
    """Ask about a boat as a visitor; the message waits until the address is confirmed.

    Whether the address has an account makes no difference. Raises Invalid, Refused.
    """
    inquiry = Inquiry.parse(payload)
    if unfit := name_errors(inquiry.name, market=context.accounts.rules.market_name, field="name"):
        raise Invalid(unfit)
    demand_askable(listing, None)
    if once and (made := await once.made(context.store)):
        return await _asked_before(context, made)
    if not await may_write_to(context.accounts, "inquiry", inquiry.email):
        raise Refused(
            _(
                "we have just sent several emails to this address: use the link in the latest, "
                "or try again in a quarter of an hour"
            )
        )
    id = str(uuid4())
    thread = _thread(
        context,
        listing,
        id,
        buyer=mailbox_key(inquiry.email),
        buyer_email=inquiry.email,
        buyer_name=inquiry.name,
        ticket=hash_of(context.secret_of(id, inquiry.email)),
        state=ThreadState.UNCONFIRMED,
    )

    async def send() -> SentInquiry:
        if once and (made := await once.made(context.store)):
            return await _asked_before(context, made)
        return await _begin(context, client.visitor(), listing, thread, inquiry.message, once)

    return await context.trail.retrying(send)


async def _asked_before(context: MessagingContext, id: str) -> SentInquiry:
    """What the same request created the first time."""
    thread = await find_thread(context.store, id)
    theirs = [one for one in await messages_of(context.store, id) if one.by is Side.BUYER]
    if thread is None or not theirs:
        raise NotFound("inquiry", id)
    return SentInquiry(thread, theirs[-1])


def _thread(context: MessagingContext, listing: Listing, id: str, **buyer: Any) -> Thread:
    now = iso(context.now())
    return Thread(
        id=id,
        listing_id=listing.id,
        title=listing.title,
        seller_id=listing.owner_id,
        last_at=now,
        created_at=now,
        **buyer,
    )


async def _begin(
    context: MessagingContext,
    actor: Actor,
    listing: Listing,
    thread: Thread,
    text: str,
    once: IdempotencyKey | None,
) -> SentInquiry:
    """A new thread, its message and an email, all in one commit.

    Raises Refused where it is not possible, Conflict where another attempt may succeed.
    """
    now = context.now()
    conditions = await _possible(context, thread)
    copies = await _copies(context, listing, thread, text)
    signs = (*screen(text), *((COPIES.id,) if copies.are_many else ()))
    message = Message(
        thread_id=thread.id,
        sent_at=thread.created_at,
        by=Side.BUYER,
        text=text,
        state=_first_state(thread, signs),
        signs=signs,
    )
    waits = thread.state is ThreadState.UNCONFIRMED
    until = now // 1000 + WAITS_HOURS * HOUR // 1000 if waits else None
    if message.state is MessageState.SENT:
        thread = _reached(thread, thread.created_at)
    entry = actor.entry(
        Action.INQUIRY_SENT, "thread", thread.id, now, listing=listing.id, signs=list(signs)
    )
    await context.trail.commit(
        entry,
        *conditions,
        Put(THREADS, thread_item(thread, until=until), when=Absent()),
        message_put(message, until=until),
        *copies.writes,
        *await _first_letter(context, thread, message),
        *([once.making(thread.id, now)] if once else []),
    )
    return SentInquiry(thread, message)


def _first_state(thread: Thread, signs: Sequence[str]) -> MessageState:
    if thread.state is ThreadState.UNCONFIRMED:
        return MessageState.WAITING
    return MessageState.HELD if is_held(signs) else MessageState.SENT


def _reached(thread: Thread, at: str) -> Thread:
    return thread.changed(reached_at=at, unread_by_seller=1)


async def _first_letter(context: MessagingContext, thread: Thread, message: Message) -> list[Write]:
    if message.state is MessageState.WAITING:
        return [*await email_puts(context, confirmation_email(context, thread))]
    if message.state is MessageState.SENT:
        return await email_writes(context, thread, message, is_first=True)
    return []


async def _possible(context: MessagingContext, thread: Thread) -> Sequence[Write]:
    """The conditions under which a seller can be asked. Raises Refused where they do not hold."""
    if thread.state is not ThreadState.UNCONFIRMED:
        answer = await reach(context.store, thread, Side.BUYER)
        answer.demand()
        return answer.conditions
    # Only the owner of an address may learn whether it is blocked, or has an account.
    gone, is_public = Refused(reason_of(Bar.BOAT_GONE)), Equals(publicity=PUBLIC)
    return [
        Check(LISTINGS, (thread.listing_id,), when=is_public, otherwise=gone),
        still_active(str(thread.seller_id), otherwise=reason_of(Bar.BOAT_GONE)),
    ]


# -- Confirming --------------------------------------------------------------------------------


async def confirm(context: MessagingContext, client: Client, thread: Thread) -> Thread:
    """Confirm a visitor's address, by the link sent to it: the waiting message goes to the seller.

    Repeating it has no effect. Raises Refused if it cannot reach the seller by now (see `reach`).
    """

    async def confirm_once() -> Thread:
        known = await find_thread(context.store, thread.id)
        if known is None:
            raise NotFound("conversation", thread.id)
        if known.state is not ThreadState.UNCONFIRMED:
            return known
        waiting = [
            one
            for one in await messages_of(context.store, known.id)
            if one.state is MessageState.WAITING
        ]
        possible = await _possible(context, known.changed(state=ThreadState.OPEN))
        opened, writes = await _opened(context, known, waiting)
        entry = client.visitor().entry(
            Action.INQUIRY_CONFIRMED, "thread", known.id, context.now(), listing=known.listing_id
        )
        await context.trail.commit(entry, thread_update(known, opened), *possible, *writes)
        return opened

    return await context.trail.retrying(confirm_once)


async def _opened(
    context: MessagingContext, thread: Thread, waiting: Sequence[Message]
) -> tuple[Thread, list[Write]]:
    """The confirmed thread, and the writes for the messages that waited."""
    now = iso(max(context.now(), from_iso(thread.last_at)))
    opened = thread.changed(state=ThreadState.OPEN, version=thread.version + 1)
    writes: list[Write] = []
    for message in waiting:
        held = is_held(message.signs)
        state = MessageState.HELD if held else MessageState.SENT
        writes.append(state_put(message, message.changed(state=state)))
        if not held:
            opened = _reached(opened, now)
            writes += await email_writes(
                context, opened, message.changed(state=state), is_first=True
            )
    return opened, writes


# -- One text, many sellers --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Copies:
    """Whether a text went to many sellers within a day, and the writes that count one more."""

    are_many: bool = False
    writes: tuple[Write, ...] = ()


async def _copies(
    context: MessagingContext, listing: Listing, thread: Thread, text: str
) -> _Copies:
    seller = await find_user(context.store, listing.owner_id)
    phrases = (OPENING, *STARTERS.values())
    filled = [
        one.format(seller=seller.name if seller else "", boat=listing.title) for one in phrases
    ]
    print_ = fingerprint_of(text, without=(*filled, listing.title, thread.buyer_name or ""))
    if print_ is None:
        return _Copies()
    name = f"copies:{print_}"
    known = await context.store.get(PASSING, name)
    sellers = list(known["sellers"]) if known else []
    if listing.owner_id in sellers or len(sellers) >= MOST_COPIES:
        return _Copies(len(sellers) >= MOST_COPIES)
    more = [*sellers, listing.owner_id]
    write: Write
    if known:
        write = Update(PASSING, (name,), set={"sellers": more}, when=Equals(sellers=sellers))
    else:
        noted = {"name": name, "sellers": more, "ttl": (context.now() + DAY) // 1000}
        write = Put(PASSING, noted, when=Absent())
    return _Copies(len(more) >= MOST_COPIES, (write,))
