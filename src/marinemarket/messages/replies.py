"""Replying in a thread, from either side: on the site, by API, or by email through the relay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..accounts.idempotency import IdempotencyKey
from ..accounts.permissions import is_own
from ..accounts.records import find_user
from ..accounts.user import User
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..clock import from_iso, iso
from ..errors import Conflict, NotFound, Refused
from ..i18n.texts import gettext as _
from ..store.items import may_be_id
from ..store.store import Store
from ..store.writes import Write
from .context import MessagingContext
from .inquiry import UNREAD, Message, MessageState, Side, Thread, ThreadState, Via, mailbox_key
from .notifications import email_puts, message_email, minutes_between
from .reach import blocks_of, reach
from .records import (
    answer_time_put,
    block_delete,
    block_put,
    find_message,
    find_thread,
    message_put,
    thread_update,
)
from .reply_text import bounded
from .screening import is_held, screen

# -- Access ------------------------------------------------------------------------------------


def side_of(user: User, thread: Thread) -> Side | None:
    """A user's side of a thread, or None. A visitor's thread belongs to its address's current owner."""
    if thread.seller_id and is_own(user.id, thread.seller_id):
        return Side.SELLER if thread.reached_at else None
    mine = {user.id, mailbox_key(user.email)} if user.email_verified else {user.id}
    return Side.BUYER if thread.buyer in mine else None


async def own_thread(store: Store, user: User, id: str) -> tuple[Thread, Side]:
    """A thread that a user takes part in, and their side. Raises NotFound for anybody else's."""
    thread = await find_thread(store, id) if may_be_id(id) else None
    side = side_of(user, thread) if thread else None
    if thread is None or side is None:
        raise NotFound("conversation", id)
    return thread, side


# -- Writing -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """The content of a message. `left_out` counts an email's attachments; `full_text` is all that it said,
    if something was cut from it.
    """

    text: str
    via: Via = Via.SITE
    left_out: int = 0
    full_text: str = ""


async def write_message(
    context: MessagingContext,
    actor: Actor,
    thread: Thread,
    side: Side,
    words: Words,
    *others: Write,
    once: IdempotencyKey | None = None,
) -> tuple[Thread, Message]:
    """Add a side's message, and email it to the other side; returns the thread and the message.

    `others` are further writes of the same commit. With `once` it is sent once, however often the
    request comes. Raises Invalid for an invalid text, Refused if the message cannot reach the other side
    (see `reach`), and the reason of a failed one of `others`.
    """

    async def write() -> tuple[Thread, Message]:
        known = await _as_it_is(context.store, thread.id)
        if once and (made := await once.made(context.store)):
            sent = await find_message(context.store, thread.id, made)
            if sent is None:
                raise NotFound("message", made)
            return known, sent
        return await add_message(context, actor, known, side, words, *others, once=once)

    return await context.trail.retrying(write)


async def add_message(
    context: MessagingContext,
    actor: Actor,
    thread: Thread,
    side: Side,
    words: Words,
    *others: Write,
    once: IdempotencyKey | None = None,
) -> tuple[Thread, Message]:
    """One attempt to add a message to a thread as it was read. Raises Conflict when somebody was faster,
    and otherwise as `write_message` does.
    """
    answer = await reach(context.store, thread, side)
    answer.demand()
    message = Message.parse(_new_message(thread, side, words, context.now()))
    changed = _with(thread, message).changed(ticket=context.ticket_of(thread))
    writes = await _writes(context, thread, changed, message)
    entry = actor.entry(
        Action.MESSAGE_SENT,
        "thread",
        thread.id,
        context.now(),
        by=side.value,
        via=words.via.value,
        state=message.state.value,
        signs=list(message.signs),
    )
    noted = [once.making(message.sent_at, context.now())] if once else []
    await context.trail.commit(entry, *writes, *answer.conditions, *others, *noted)
    return changed, message


def _new_message(thread: Thread, side: Side, words: Words, now: int) -> dict[str, Any]:
    # What was cut is shown, too: it must not be a way around the rules.
    signs = screen(words.text, words.full_text)
    state = MessageState.HELD if is_held(signs) else MessageState.SENT
    return {
        "threadId": thread.id,
        # Later than the last one even if the clock is not: it is the message's key.
        "sentAt": iso(max(now, from_iso(thread.last_at) + 1)),
        "by": side,
        "text": words.text,
        "via": words.via,
        "state": state,
        "signs": signs,
        "leftOut": words.left_out,
    } | ({"fullText": bounded(words.full_text)} if words.full_text else {})


def _with(thread: Thread, message: Message) -> Thread:
    """The thread after a message was added. Its writer has read everything before it."""
    other = message.by.other
    is_sent = message.state is MessageState.SENT
    is_answer = is_sent and message.by is Side.SELLER and thread.answered_at is None
    return thread.changed(
        last_at=message.sent_at,
        version=thread.version + 1,
        answered_at=message.sent_at if is_answer else thread.answered_at,
        reached_at=thread.reached_at or (message.sent_at if is_sent else None),
        **{UNREAD[message.by]: 0, UNREAD[other]: thread.unread_by(other) + is_sent},
    )


async def _writes(
    context: MessagingContext, old: Thread, new: Thread, message: Message
) -> list[Write]:
    writes: list[Write] = [thread_update(old, new), message_put(message)]
    if new.answered_at and not old.answered_at and new.seller_id:
        took = minutes_between(new.reached_at or new.created_at, new.answered_at)
        writes.append(await answer_time_put(context.store, new.seller_id, took))
    if message.state is MessageState.SENT:
        writes += await email_writes(context, new, message, is_first=old.reached_at is None)
    return writes


async def email_writes(
    context: MessagingContext, thread: Thread, message: Message, *, is_first: bool
) -> list[Write]:
    """The write that emails a message to the other side, if that side may be emailed."""
    seller = await find_user(context.store, thread.seller_id) if thread.seller_id else None
    buyer = await account_of(context.store, thread, Side.BUYER)
    author = thread.buyer_name if message.by is Side.BUYER else seller and seller.name
    to = seller if message.by is Side.BUYER else buyer
    letter = message_email(context, thread, message, to=to, author=author or "", is_first=is_first)
    return [*await email_puts(context, letter)]


async def account_of(store: Store, thread: Thread, side: Side) -> User | None:
    """The account of one side; None for a visitor, and for an erased person."""
    key = thread.key_of(side)
    is_visitor = side is Side.BUYER and thread.is_of_visitor
    return None if key is None or is_visitor else await find_user(store, key)


async def _as_it_is(store: Store, id: str) -> Thread:
    thread = await find_thread(store, id)
    if thread is None:
        raise NotFound("conversation", id)
    return thread


# -- Reading, closing, blocking ----------------------------------------------------------------


async def note_read(context: MessagingContext, thread: Thread, side: Side) -> Thread:
    """Record that a side has read everything up to this version of the thread."""
    if not thread.unread_by(side):
        return thread
    read = thread.changed(**{UNREAD[side]: 0}, version=thread.version + 1)
    try:
        await context.trail.commit_operational(Operational.READ, thread_update(thread, read))
    except Conflict:
        return thread  # a new message has just arrived, and is still unread
    return read


async def close_thread(
    context: MessagingContext, actor: Actor, thread: Thread, side: Side
) -> Thread:
    """Close a thread for both sides. Its messages stay."""
    return await _end(context, actor, thread, side)


async def block_other(
    context: MessagingContext, actor: Actor, thread: Thread, side: Side
) -> Thread:
    """Close a thread, and refuse further messages from the other side, about any boat.

    A visitor has no account in which to store a block: for them the thread is only closed.
    """
    own, other = thread.key_of(side), thread.key_of(side.other)
    visitor = side is Side.BUYER and thread.is_of_visitor
    block = [block_put(own, other)] if own and other and not visitor else []
    return await _end(context, actor, thread, side, *block)


async def _end(
    context: MessagingContext, actor: Actor, thread: Thread, side: Side, *block: Write
) -> Thread:
    async def end() -> Thread:
        known = await _as_it_is(context.store, thread.id)
        if known.state is ThreadState.CLOSED and not block:
            return known
        closed = known.changed(
            state=ThreadState.CLOSED,
            closed_by=known.closed_by or side,
            version=known.version + 1,
            **{UNREAD[side]: 0},
        )
        action = Action.SENDER_BLOCKED if block else Action.THREAD_CLOSED
        entry = actor.entry(action, "thread", known.id, context.now(), by=side.value)
        await context.trail.commit(entry, thread_update(known, closed), *block)
        return closed

    return await context.trail.retrying(end)


async def reopen(context: MessagingContext, actor: Actor, thread: Thread, side: Side) -> Thread:
    """Reopen a thread that this side has closed, and lift its block of the other side.

    The block may have been set in another thread. Raises Refused if the other side closed this one, and
    there is no block to lift.
    """

    async def open_again() -> Thread:
        known = await _as_it_is(context.store, thread.id)
        blocks = await blocks_of(context.store, known, side)
        if known.state is not ThreadState.CLOSED and not blocks:
            return known
        if known.is_gone(side) or known.is_gone(side.other):
            raise Refused(_("the other person has left the market"))
        opened = known.changed(version=known.version + 1)
        if known.closed_by is side:
            opened = opened.changed(state=ThreadState.OPEN, closed_by=None)
        elif known.state is ThreadState.CLOSED and not blocks:
            raise Refused(_("it was closed by the other side"))
        entry = actor.entry(
            Action.SENDER_UNBLOCKED, "thread", known.id, context.now(), by=side.value
        )
        lifted = [block_delete(own, other) for own, other in blocks]
        await context.trail.commit(entry, thread_update(known, opened), *lifted)
        return opened

    return await context.trail.retrying(open_again)
