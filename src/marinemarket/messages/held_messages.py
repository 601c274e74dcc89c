"""A moderator's decision about a held message: it is delivered, or it is not.

Between writing and releasing lie hours or days. So releasing asks again whether the message may reach
its reader: a ban or a suspension, which may be lifted, keeps it where it is; what is for good (the
reader has left, or blocked its writer) leaves it with its writer, as not delivered.
"""

from __future__ import annotations

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import from_iso, iso
from ..errors import NotFound, Refused
from ..i18n.texts import gettext as _
from ..store.writes import Write
from .context import MessagingContext
from .inquiry import UNREAD, Message, MessageState, Thread
from .reach import Bar, reach_of_written
from .records import find_message, find_thread, state_put, thread_update
from .replies import email_writes


class KeptBack(Refused):
    """A message cannot be released as long as an account is banned or suspended. It stays held."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        super().__init__(why_kept(bar))


def why_kept(bar: Bar) -> str:
    """Why a held message cannot be delivered, as a moderator may know it; a sentence."""
    return {
        Bar.UNCONFIRMED: _("The sender has not confirmed their address."),
        Bar.WRITER_LEFT: _("The sender has left the market."),
        Bar.WRITER_BANNED: _("The sender is banned."),
        Bar.WRITER_SUSPENDED: _("The sender’s account is suspended."),
        Bar.READER_LEFT: _("The recipient has left the market."),
        Bar.READER_BANNED: _("The recipient is banned."),
        Bar.READER_SUSPENDED: _("The recipient’s account is suspended."),
        Bar.BLOCKED: _("The recipient has blocked the sender."),
        Bar.BLOCKING: _("The sender has blocked the recipient."),
        Bar.CLOSED: _("The recipient has closed the conversation."),
        Bar.BOAT_GONE: _("The boat is no longer for sale."),
    }[bar]


async def release_message(
    context: MessagingContext, actor: Actor, thread_id: str, sent_at: str
) -> Message:
    """Deliver a held message to the other side, or mark it as undelivered if they cannot be reached.

    The state of the returned message says which. Raises NotFound, Refused if it is not held, and
    KeptBack while an account is banned or suspended.
    """

    async def release() -> Message:
        thread, message = await _held(context, thread_id, sent_at)
        answer = await reach_of_written(context.store, thread, message.by)
        if answer.bar is None:
            decided = message.changed(state=MessageState.SENT)
            reached = _reached(thread, context.now(), decided)
            is_first = thread.reached_at is None
            return await _decide(
                context,
                actor,
                message,
                decided,
                thread_update(thread, reached),
                *answer.conditions,
                *await email_writes(context, reached, decided, is_first=is_first),
            )
        if answer.bar.is_of_account:
            raise KeptBack(answer.bar)
        undelivered = message.changed(state=MessageState.UNDELIVERED)
        return await _decide(context, actor, message, undelivered, because=answer.bar.value)

    return await context.trail.retrying(release)


async def refuse_message(
    context: MessagingContext, actor: Actor, thread_id: str, sent_at: str
) -> Message:
    """Withhold a held message for good; its writer sees that. Raises NotFound, and Refused if it is
    not held.
    """

    async def refuse() -> Message:
        _thread, message = await _held(context, thread_id, sent_at)
        refused = message.changed(state=MessageState.REFUSED)
        return await _decide(context, actor, message, refused)

    return await context.trail.retrying(refuse)


async def _held(context: MessagingContext, thread_id: str, sent_at: str) -> tuple[Thread, Message]:
    thread = await find_thread(context.store, thread_id)
    message = await find_message(context.store, thread_id, sent_at)
    if thread is None or message is None:
        raise NotFound("message", sent_at)
    if message.state is not MessageState.HELD:
        raise Refused(_("this message is no longer held"))
    return thread, message


async def _decide(
    context: MessagingContext,
    actor: Actor,
    message: Message,
    decided: Message,
    *others: Write,
    **details: str,
) -> Message:
    entry = actor.entry(
        Action.MESSAGE_MODERATED,
        "thread",
        message.thread_id,
        context.now(),
        decision=decided.state.value,
        **details,
    )
    await context.trail.commit(entry, state_put(message, decided), *others)
    return decided


def _reached(thread: Thread, now: int, message: Message) -> Thread:
    other = message.by.other
    moment = iso(max(now, from_iso(thread.last_at)))
    return thread.changed(
        version=thread.version + 1,
        reached_at=thread.reached_at or moment,
        **{UNREAD[other]: thread.unread_by(other) + 1},
    )
